// What is decided for each tensor: cases, optional states and hypers; and what a view shows.
#include "test/interpreter/Rules.h"

#include <gmock/gmock.h>

using namespace ravine;
using namespace ravine::test;
using testing::ElementsAre;

namespace {

/// Matrices get the value of `a`, which exists where it is positive; all else gets 7, and a state that only it has.
constexpr llvm::StringRef choosing = R"(
ravine.optimizer @choosing doc "" citation "" {
  ravine.hyper @a : real = 0.0 from 0.0 to 10.0 doc ""
  ravine.requirement "a < 9" {
    %a = ravine.hyper_value @a : !group
    %nine = ravine.constant 9.0 : f64 : !group
    %holds = ravine.compare lt %a, %nine : !group -> !ravine.field<i1, group>
    ravine.yield %holds : !ravine.field<i1, group>
  }
  ravine.case @positive_a "a > 0" {
    %a = ravine.hyper_value @a : !group
    %zero = ravine.constant 0.0 : f64 : !group
    %holds = ravine.compare gt %a, %zero : !group -> !ravine.field<i1, group>
    ravine.yield %holds : !ravine.field<i1, group>
  }
  ravine.state @positive : !tensor under [@positive_a] doc "" initial {
    %one = ravine.constant 1.0 : f64 : !tensor
    ravine.yield %one : !tensor
  }
  ravine.case @case_0 "matrix" {
    %rank = ravine.clock rank : !tensor
    %two = ravine.constant 2.0 : f64 : !tensor
    %holds = ravine.compare ge %rank, %two : !tensor -> !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.step {
    %a = ravine.hyper_value @a : !group
    %own = ravine.broadcast %a : !group to !tensor
    %positive = ravine.current @positive : !tensor
    %more = ravine.add %positive, %own : !tensor
    ravine.next @positive, %more : !tensor
    %seven = ravine.constant 7.0 : f64 : !tensor
    %matrix = ravine.exists @case_0 : !ravine.field<i1, tensor>
    %chosen = ravine.select %matrix, %own, %seven : !ravine.field<i1, tensor>, !tensor
    %w = ravine.broadcast %chosen : !tensor to !element
    ravine.update %w : !element
  }
})";

TEST(Conditions, AreDecidedForEachTensor) {
  RuleText rule(choosing);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact, {{"a", 2}});
  InterpretedModel model{{row({0, 0}), row({0, 0}), row({0, 0})}};
  model.tensors[1].shape = {2, 1};
  model.tensors[2].shape = {1, 1, 2};
  model.tensors[2].hypers = {{"a", 0}};
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{0, 0}}, {{0, 0}}, {{0, 0}}}));
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(7, 7));
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(2, 2));
  EXPECT_THAT(model.tensors[2].parameter, ElementsAre(0, 0));
  EXPECT_THAT(model.tensors[0].states.at("positive"), ElementsAre(3));
  EXPECT_THAT(model.tensors[1].states.at("positive"), ElementsAre(3));
  EXPECT_TRUE(model.tensors[2].states.empty());

  // Bit 0 is the state's condition, bit 1 the case's, and everything is possible.
  EXPECT_EQ(interpreter.outcome(model.tensors[0]), 0b01u);
  EXPECT_EQ(interpreter.outcome(model.tensors[1]), 0b11u);
  EXPECT_EQ(interpreter.outcome(model.tensors[2]), 0b10u);
}

TEST(Conditions, RequirementsAreThoseOfTheTensorsHypers) {
  RuleText rule(choosing);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedTensor tensor = row({0});
  EXPECT_TRUE(interpreter.requirementsHold(tensor));
  tensor.hypers["a"] = 9.5;
  EXPECT_FALSE(interpreter.requirementsHold(tensor));
}

TEST(Views, ShowWhatTheLastStepLeft) {
  RuleText rule(R"(
ravine.optimizer @viewed doc "" citation "" {
  ravine.state @count : !model doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !model
    ravine.yield %zero : !model
  }
  ravine.view @sum doc "" {
    %w = ravine.parameter : !element
    %count = ravine.current @count : !model
    %t = ravine.clock t : !tensor
    %of_model = ravine.broadcast %count : !model to !tensor
    %scalar = ravine.add %of_model, %t : !tensor
    %spread = ravine.broadcast %scalar : !tensor to !element
    %sum = ravine.add %w, %spread : !element
    ravine.yield %sum : !element
  }
  ravine.step {
    %size = ravine.clock model_size : !model
    ravine.next @count, %size : !model
    %g = ravine.gradient : !element
    ravine.update %g : !element
  }
})");
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({5, 6}), row({7})}};
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{10, 20}}, std::nullopt}));
  EXPECT_THAT(interpreter.view(model, "sum", 0), ElementsAre(13, 23)); // 2 elements took part, t is 1
  EXPECT_THAT(interpreter.view(model, "sum", 1), ElementsAre(7));      // w itself before the tensor's first step
}

TEST(Rounding, WidenedSubnormalsCountAsZeroUnlessKept) {
  auto text = [](llvm::StringRef keeps) {
    return (R"(ravine.optimizer @widening doc "" citation "" )" + keeps + R"({
  ravine.metric @sum : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !model
    ravine.measure @sum, %sum : !model
  }
})")
        .str();
  };
  auto sum = [](const std::string &rule, Arithmetic arithmetic) {
    RuleText parsed(rule);
    InterpretedModel model{{row({0, 0})}};
    Interpreter(parsed.optimizer(), arithmetic).step(model, {{{0x1p-149, 0}}});
    return model.metrics.at("sum");
  };
  EXPECT_EQ(sum(text(""), Arithmetic::Rounded), 0);
  EXPECT_EQ(sum(text("keeps_subnormals "), Arithmetic::Rounded), 0x1p-149);
  EXPECT_EQ(sum(text(""), Arithmetic::Exact), 0x1p-149);
}

} // namespace
