// A step of a whole model: reductions, states and metrics of tensors and of the model, and who takes part.
#include "test/interpreter/Rules.h"

#include <gmock/gmock.h>

using namespace ravine;
using namespace ravine::test;
using testing::ElementsAre;
using testing::IsNan;
using testing::Pair;

namespace {

/// Measures what g folds to, in every way.
constexpr llvm::StringRef measuring = R"(
ravine.optimizer @measuring doc "" citation "" {
  ravine.metric @own_sum : !tensor doc ""
  ravine.metric @own_max : !tensor doc ""
  ravine.metric @sum : !model doc ""
  ravine.metric @max : !model doc ""
  ravine.metric @min : !model doc ""
  ravine.metric @size : !model doc ""
  ravine.metric @rank : !tensor doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %own_sum = ravine.reduce sum %wide : !wide to !tensor
    %own_max = ravine.reduce max %wide : !wide to !tensor
    %sum = ravine.reduce sum %wide : !wide to !model
    %max = ravine.reduce max %wide : !wide to !model
    %min = ravine.reduce min %wide : !wide to !model
    %size = ravine.clock model_size : !model
    %rank = ravine.clock rank : !tensor
    ravine.measure @own_sum, %own_sum : !tensor
    ravine.measure @own_max, %own_max : !tensor
    ravine.measure @sum, %sum : !model
    ravine.measure @max, %max : !model
    ravine.measure @min, %min : !model
    ravine.measure @size, %size : !model
    ravine.measure @rank, %rank : !tensor
  }
})";

TEST(Model, ReductionsFoldTensorsAndTheModel) {
  RuleText rule(measuring);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({0, 0, 0}), row({}), row({0})}};
  model.tensors[2].shape = {};
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{1, -5, 2}}, std::vector<double>(), {{7}}}));
  EXPECT_THAT(model.metrics, ElementsAre(Pair("max", 7), Pair("min", -5), Pair("size", 4), Pair("sum", 5)));
  EXPECT_THAT(model.tensors[0].metrics, ElementsAre(Pair("own_max", 2), Pair("own_sum", -2), Pair("rank", 1)));
  EXPECT_THAT(model.tensors[1].metrics, ElementsAre(Pair("own_max", -INFINITY), Pair("own_sum", 0), Pair("rank", 1)));
  EXPECT_THAT(model.tensors[2].metrics, ElementsAre(Pair("own_max", 7), Pair("own_sum", 7), Pair("rank", 0)));
}

TEST(Model, KeepsItsNumbersWhereNothingTakesPart) {
  RuleText rule(R"(
ravine.optimizer @keeping doc "" citation "" {
  ravine.state @largest : !model doc "" initial {
    %one = ravine.constant 1.0 : f64 : !model
    ravine.yield %one : !model
  }
  ravine.metric @max : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %max = ravine.reduce max %wide : !wide to !model
    ravine.next @largest, %max : !model
    ravine.measure @max, %max : !model
  }
})");
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({0}), row({})}};
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {std::nullopt, std::vector<double>()}));
  EXPECT_THAT(model.states, ElementsAre(Pair("largest", 1)));
  EXPECT_THAT(model.metrics, ElementsAre(Pair("max", IsNan())));
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{5}}, std::vector<double>()}));
  EXPECT_THAT(model.states, ElementsAre(Pair("largest", 5)));
}

TEST(Model, AnAbsentGradientLeavesTheTensorOutOfEverything) {
  RuleText rule(measuring);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({0}), row({0, 0})}};
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{3}}, {{10, 20}}}));
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{4}}, std::nullopt}));
  EXPECT_THAT(model.metrics, ElementsAre(Pair("max", 4), Pair("min", 4), Pair("size", 1), Pair("sum", 4)));
  EXPECT_EQ(model.tensors[0].metrics.at("own_sum"), 4);
  EXPECT_THAT(model.tensors[1].metrics.at("own_sum"), IsNan());
  EXPECT_EQ(model.steps, 2);
  EXPECT_EQ(model.tensors[0].t, 2);
  EXPECT_EQ(model.tensors[1].t, 1);
}

/// Counts elements into a state of the model and one of each tensor; w becomes the count that the step began with.
constexpr llvm::StringRef counting = R"(
ravine.optimizer @counting doc "" citation "" {
  ravine.state @total : !model doc "" initial {
    %start = ravine.constant 100.0 : f64 : !model
    ravine.yield %start : !model
  }
  ravine.state @own : !tensor doc "" initial {
    %size = ravine.clock size : !tensor
    ravine.yield %size : !tensor
  }
  ravine.metric @before : !model doc ""
  ravine.step {
    %total = ravine.current @total : !model
    %own = ravine.current @own : !tensor
    %size = ravine.clock size : !tensor
    %all = ravine.clock model_size : !model
    %next_total = ravine.add %total, %all : !model
    %next_own = ravine.add %own, %size : !tensor
    ravine.next @own, %next_own : !tensor
    ravine.next @total, %next_total : !model
    ravine.measure @before, %total : !model
    %spread = ravine.broadcast %total : !model to !tensor
    %both = ravine.add %spread, %own : !tensor
    %w = ravine.broadcast %both : !tensor to !element
    ravine.update %w : !element
  }
})";

TEST(Model, EverythingReadsWhatTheStepBeganWith) {
  RuleText rule(counting);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({0, 0}), row({0})}};
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{0, 0}}, std::nullopt}));
  EXPECT_EQ(model.states.at("total"), 102);
  EXPECT_EQ(model.metrics.at("before"), 100);
  EXPECT_THAT(model.tensors[0].states.at("own"), ElementsAre(4));
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(102, 102));
  EXPECT_TRUE(model.tensors[1].states.empty());
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(0));

  // The other tensor starts its own state at its first step; that of the model goes on.
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {std::nullopt, {{0}}}));
  EXPECT_EQ(model.states.at("total"), 103);
  EXPECT_EQ(model.metrics.at("before"), 102);
  EXPECT_THAT(model.tensors[0].states.at("own"), ElementsAre(4));
  EXPECT_THAT(model.tensors[1].states.at("own"), ElementsAre(2));
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(103));
}

TEST(Model, AStepOfNoTensorIsAStep) {
  RuleText rule(counting);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({5})}};
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {std::nullopt}));
  EXPECT_EQ(model.steps, 1);
  EXPECT_EQ(model.states.at("total"), 100);
  EXPECT_EQ(model.tensors[0].t, 0);
}

} // namespace
