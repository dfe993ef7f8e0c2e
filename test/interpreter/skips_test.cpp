// How steps end: what comes about where a skip ends one, and what does not.
#include "test/interpreter/Rules.h"

#include <gmock/gmock.h>

using namespace ravine;
using namespace ravine::test;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

namespace {

/// Adds gradients up, two at a time, and drops what is too large: `sum` takes g in each step, unless the total of g is
/// over 100; w takes the sum in every second one.
constexpr llvm::StringRef accumulating = R"(
ravine.optimizer @accumulating doc "" citation "" {
  ravine.state @sum : !element doc "" initial {
    %w = ravine.parameter : !element
    %zero = ravine.constant 0.0 : f32 : !element
    %initial = ravine.mul %w, %zero : !element
    ravine.yield %initial : !element
  }
  ravine.state @taken : !model doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !model
    ravine.yield %zero : !model
  }
  ravine.state @own : !tensor doc "" initial {
    %ten = ravine.constant 10.0 : f64 : !tensor
    ravine.yield %ten : !tensor
  }
  ravine.metric @total : !model doc ""
  ravine.metric @t : !tensor doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %total = ravine.reduce sum %wide : !wide to !model
    %limit = ravine.constant 100.0 : f64 : !model
    %isLarge = ravine.compare gt %total, %limit : !model -> !ravine.field<i1, model>
    ravine.skip %isLarge : !ravine.field<i1, model>
    %taken = ravine.current @taken : !model
    %one = ravine.constant 1.0 : f64 : !model
    %isFirst = ravine.compare lt %taken, %one : !model -> !ravine.field<i1, model>
    ravine.skip %isFirst : !ravine.field<i1, model>
    %more = ravine.add %taken, %one : !model
    %zero = ravine.constant 0.0 : f64 : !model
    %next = ravine.select %isFirst, %more, %zero : !ravine.field<i1, model>, !model
    ravine.next @taken, %next after 1 : !model
    %sum = ravine.current @sum : !element
    %larger = ravine.add %sum, %g : !element
    %isFirstOfElement = ravine.broadcast %isFirst : !ravine.field<i1, model> to !ravine.field<i1, element>
    %none = ravine.constant 0.0 : f32 : !element
    %kept = ravine.select %isFirstOfElement, %larger, %none : !ravine.field<i1, element>, !element
    ravine.next @sum, %kept after 1 : !element
    ravine.update %larger after 2 : !element
    %t = ravine.clock t : !tensor
    ravine.next @own, %t after 2 : !tensor
    ravine.measure @t, %t : !tensor
    ravine.measure @total, %total : !model
    ravine.zero_gradient
  }
})";

TEST(Skips, CommitWhatStandsBeforeThem) {
  RuleText rule(accumulating);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  EXPECT_TRUE(interpreter.zeroesGradients());
  InterpretedModel model{{row({7}), row({8})}};

  EXPECT_EQ(StepEnd::Skipped, interpreter.step(model, {{{1}}, std::nullopt}));
  EXPECT_EQ(model.steps, 0);
  EXPECT_EQ(model.skipped, 1);
  EXPECT_THAT(model.states, ElementsAre(Pair("taken", 1)));
  EXPECT_THAT(model.metrics, IsEmpty());
  EXPECT_THAT(model.tensors[0].states, ElementsAre(Pair("own", ElementsAre(10)), Pair("sum", ElementsAre(1))));
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(7));
  EXPECT_EQ(model.tensors[0].t, 0);
  EXPECT_TRUE(model.tensors[0].isInitialized);
  EXPECT_FALSE(model.tensors[1].isInitialized);

  // The second gradient completes the sum. The other tensor has its initial values only now.
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{2}}, {{40}}}));
  EXPECT_EQ(model.steps, 1);
  EXPECT_THAT(model.states, ElementsAre(Pair("taken", 0)));
  EXPECT_THAT(model.metrics, ElementsAre(Pair("total", 42)));
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(3));
  EXPECT_THAT(model.tensors[0].states, ElementsAre(Pair("own", ElementsAre(1)), Pair("sum", ElementsAre(0))));
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(40));
  EXPECT_EQ(model.tensors[0].t, 1);
}

TEST(Skips, TheFirstThatIsTrueEndsTheStep) {
  RuleText rule(accumulating);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({7})}};
  EXPECT_EQ(StepEnd::Skipped, interpreter.step(model, {{{101}}}));
  EXPECT_THAT(model.states, ElementsAre(Pair("taken", 0)));
  EXPECT_THAT(model.tensors[0].states.at("sum"), ElementsAre(0));
  EXPECT_EQ(model.skipped, 1);
}

TEST(Skips, KeepTheMetricsOfTheLastCommittedStep) {
  RuleText rule(accumulating);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({7})}};
  for (double g : {1.0, 2.0, 3.0})
    interpreter.step(model, {{{g}}});
  EXPECT_EQ(model.skipped, 2);
  EXPECT_EQ(model.metrics.at("total"), 2);
  EXPECT_EQ(model.tensors[0].metrics.at("t"), 1);
}

/// w becomes g, unless the sum of squares is infinite or NaN.
std::string guarded(llvm::StringRef skip) {
  return R"(
ravine.optimizer @guarded doc "" citation "" {
  ravine.state @m : !element doc "" initial {
    %w = ravine.parameter : !element
    ravine.yield %w : !element
  }
  ravine.state @steps : !model doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !model
    ravine.yield %zero : !model
  }
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %square : !wide to !model
    %infinity = ravine.constant 0x7FF0000000000000 : f64 : !model
    %isFinite = ravine.compare lt %sum, %infinity : !model -> !ravine.field<i1, model>
    %isNot = ravine.not %isFinite : !ravine.field<i1, model>
    ravine.skip %isNot )" +
         skip.str() + R"( : !ravine.field<i1, model>
    %step = ravine.clock step : !model
    ravine.next @steps, %step after 1 : !model
    ravine.next @m, %g after 1 : !element
    ravine.update %g after 1 : !element
  }
})";
}

TEST(Skips, AtInfiniteGradientsLeaveInitialValues) {
  RuleText rule(guarded(""));
  Interpreter interpreter(rule.optimizer(), Arithmetic::Rounded);
  EXPECT_FALSE(interpreter.zeroesGradients());
  InterpretedModel model{{row({8}), row({9})}};
  EXPECT_EQ(StepEnd::Skipped, interpreter.step(model, {{{1}}, {{NAN}}}));
  EXPECT_EQ(model.steps, 0);
  EXPECT_EQ(model.skipped, 1);
  EXPECT_EQ(model.states.at("steps"), 0);
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(8));
  EXPECT_THAT(model.tensors[0].states.at("m"), ElementsAre(8));
  EXPECT_EQ(model.tensors[0].t, 0);

  // The largest finite gradient has a finite square in f64.
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{2}}, {{3.4028234663852886e38}}}));
  EXPECT_EQ(StepEnd::Skipped, interpreter.step(model, {{{-INFINITY}}, {{1}}}));
  EXPECT_EQ(model.steps, 1);
  EXPECT_EQ(model.skipped, 2);
  EXPECT_EQ(model.states.at("steps"), 1);
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(2));
  EXPECT_THAT(model.tensors[0].states.at("m"), ElementsAre(2));
}

TEST(Skips, ThatRefuseChangeNothing) {
  RuleText rule(guarded("refuse culprit %sum : !model"));
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({8})}};
  EXPECT_EQ(StepEnd::Refused, interpreter.step(model, {{{INFINITY}}}));
  EXPECT_EQ(model.steps, 0);
  EXPECT_EQ(model.skipped, 0);
  EXPECT_THAT(model.states, IsEmpty());
  EXPECT_THAT(model.tensors[0].states, IsEmpty());
  EXPECT_FALSE(model.isInitialized);
}

} // namespace
