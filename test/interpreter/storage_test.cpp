// What memory holds between steps: parameters, gradients and states in other types than they are computed in.
#include "compiler/interpreter/Storage.h"
#include "test/interpreter/Rules.h"

#include <gmock/gmock.h>

using namespace ravine;
using namespace ravine::test;
using testing::ElementsAre;
using testing::Pair;

namespace {

class Convert : public testing::Test {
protected:
  mlir::MLIRContext context;
  mlir::Type f32 = mlir::Float32Type::get(&context), f64 = mlir::Float64Type::get(&context);
  mlir::Type bf16 = mlir::BFloat16Type::get(&context), f16 = mlir::Float16Type::get(&context);
};

// bf16 has 8 binary digits, f16 has 11.
TEST_F(Convert, RoundsToNearestAndTiesToEven) {
  EXPECT_EQ(convert(1 + 0x1p-8, f32, bf16, true), 1);
  EXPECT_EQ(convert(1 + 0x1p-8 + 0x1p-23, f32, bf16, true), 1 + 0x1p-7);
  EXPECT_EQ(convert(1 + 0x3p-8, f32, bf16, true), 1 + 0x1p-6);
  EXPECT_EQ(convert(-1 - 0x1p-11, f32, f16, true), -1);
  EXPECT_EQ(convert(1 + 0x3p-11, f32, f16, true), 1 + 0x1p-9);
  EXPECT_EQ(convert(1.0 + 0x1p-24, f64, f32, true), 1);
}

TEST_F(Convert, RoundsOnce) {
  // To f32 first, it would be a tie, and go down.
  EXPECT_EQ(convert(1 + 0x1p-8 + 0x1p-40, f64, bf16, true), 1 + 0x1p-7);
}

TEST_F(Convert, OverflowsToInfinity) {
  EXPECT_EQ(convert(65519, f32, f16, true), 65504);
  EXPECT_EQ(convert(65520, f32, f16, true), INFINITY);
  EXPECT_EQ(convert(-3.39e38, f32, bf16, true), -0xFFp120);
  EXPECT_EQ(convert(-3.4028e38, f32, bf16, true), -INFINITY);
  EXPECT_EQ(convert(1e300, f64, f32, true), INFINITY);
  EXPECT_TRUE(std::isnan(convert(NAN, f32, bf16, true)));
}

TEST_F(Convert, FlushesBetweenF64AndF32) {
  EXPECT_EQ(convert(0x1p-130, f64, f32, false), 0x1p-130);
  EXPECT_EQ(convert(0x1p-130, f64, f32, true), 0);
  EXPECT_TRUE(std::signbit(convert(-0x1p-130, f64, bf16, true)));
  EXPECT_EQ(convert(0x1p-130, f32, f64, true), 0);
  EXPECT_EQ(convert(0x1p-126, f64, f32, true), 0x1p-126);
  // Rounds to a normal number.
  EXPECT_EQ(convert(0x1p-126 - 0x1p-160, f64, f32, true), 0x1p-126);
  EXPECT_EQ(convert(0x1p-130, f32, bf16, true), 0x1p-130);
  EXPECT_EQ(convert(0x1p-24, f16, f64, true), 0x1p-24);
}

/// m' = m + g, w' = w + g, with m in bf16; the master is kept where parameters are narrow.
constexpr llvm::StringRef adding = R"(
ravine.optimizer @adding doc "" citation ""
    precisions [#ravine.precision<"f32", f32, f32>, #ravine.precision<"bf16/f16", bf16, f16>] {
  ravine.state @m : !element store bf16 doc "" initial {
    %third = ravine.constant 0.25390625 : f32 : !element
    ravine.yield %third : !element
  }
  ravine.state @own : !tensor doc "" initial {
    %one = ravine.constant 1.0 : f64 : !tensor
    ravine.yield %one : !tensor
  }
  ravine.state @master : !element master doc "" initial {
    %w = ravine.parameter : !element
    ravine.yield %w : !element
  }
  ravine.metric @sum : !model doc ""
  ravine.view @shown doc "" {
    %w = ravine.parameter : !element
    ravine.yield %w : !element
  }
  ravine.step {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !model
    ravine.measure @sum, %sum : !model
    %g = ravine.gradient : !element
    %m = ravine.current @m : !element
    %nextM = ravine.add %m, %g : !element
    ravine.next @m, %nextM : !element
    %next = ravine.add %w, %nextM : !element
    ravine.update %next : !element
  }
})";

TEST(Storage, RoundsWhatIsWritten) {
  RuleText rule(adding);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Rounded);
  InterpretedModel model{{row({1})}};
  interpreter.step(model, {{{0x1p-10}}});
  // 0.25390625 = 2^-2 + 2^-8 is a bf16; 2^-10 more is a tie, and goes to the even side. w sees the sum before that.
  EXPECT_THAT(model.tensors[0].states, ElementsAre(Pair("m", ElementsAre(0.25390625)), Pair("own", ElementsAre(1))));
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(1.25390625 + 0x1p-10));
}

TEST(Storage, DoesNotRoundExactArithmetic) {
  RuleText rule(adding);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact, {}, rule.optimizer().getStorage()[1]);
  InterpretedModel model{{row({1})}};
  interpreter.step(model, {{{0x1p-10}}});
  EXPECT_THAT(model.tensors[0].states.at("m"), ElementsAre(0.25390625 + 0x1p-10));
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(1.25390625 + 0x1p-10));
}

TEST(Storage, OfNarrowParametersHasAMaster) {
  RuleText rule(adding);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Rounded, {}, rule.optimizer().getStorage()[1]);
  InterpretedModel model{{row({1})}};
  interpreter.step(model, {{{0x1p-10}}});
  EXPECT_THAT(model.tensors[0].states.at("master"), ElementsAre(1.25390625 + 0x1p-10));
  EXPECT_THAT(model.tensors[0].parameter,
              ElementsAre(1.2578125)); // 1.25 + 2^-8 would be a tie
  EXPECT_EQ(model.metrics.at("sum"), 1);

  // Steps go on from the master, in reductions too, and a view shows it in the parameter's type.
  interpreter.step(model, {{{0}}});
  EXPECT_EQ(model.metrics.at("sum"), 1.25390625 + 0x1p-10);
  EXPECT_THAT(model.tensors[0].states.at("master"), ElementsAre(1.5078125 + 0x1p-10));
  EXPECT_THAT(interpreter.view(model, "shown", 0), ElementsAre(model.tensors[0].parameter.front()));
}

} // namespace
