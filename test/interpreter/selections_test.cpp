// Tensors are told apart by names and extents: branches of a selection, and reductions over one of them.
#include "compiler/interpreter/Patterns.h"
#include "test/interpreter/Rules.h"

#include <gmock/gmock.h>

using namespace ravine;
using namespace ravine::test;
using testing::ElementsAre;
using testing::Pair;

namespace {

TEST(Patterns, StandForCharacters) {
  EXPECT_TRUE(isLike("layer.bias", "*.bias"));
  EXPECT_FALSE(isLike("layer.bias.", "*.bias"));
  EXPECT_TRUE(isLike("embed", "embed*"));
  EXPECT_TRUE(isLike("a.b.c", "*.*.c"));
  EXPECT_TRUE(isLike("aab", "*ab"));
  EXPECT_TRUE(isLike("head1", "head?"));
  EXPECT_FALSE(isLike("head", "head?"));
  EXPECT_TRUE(isLike("", "*"));
  EXPECT_FALSE(isLike("", "?"));
  EXPECT_TRUE(isLike("β1", "?1"));
  EXPECT_FALSE(isLike("β1", "??1"));
}

/// Tensors of a group named `hidden` get the sum of their gradients over all of these; of the others those whose name
/// ends in `bias` get the number of rows times 10, plus that of columns, and all else 0.
constexpr llvm::StringRef selecting = R"(
ravine.optimizer @selecting doc "" citation "" {
  ravine.case @hidden "hidden" choice 0 {
    %holds = ravine.matches group "hidden" : !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.case @other "_" choice 0 {
    %hidden = ravine.matches group "hidden" : !ravine.field<i1, tensor>
    %holds = ravine.not %hidden : !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.case @bias "name" under [@other] {
    %holds = ravine.matches name "*bias" : !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.state @extent : !tensor under [@bias] doc "" initial {
    %rows = ravine.clock rows : !tensor
    %cols = ravine.clock cols : !tensor
    %ten = ravine.constant 10.0 : f64 : !tensor
    %tens = ravine.mul %rows, %ten : !tensor
    %extent = ravine.add %tens, %cols : !tensor
    ravine.yield %extent : !tensor
  }
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %sum = ravine.reduce sum %wide under [@hidden] : !wide to !model
    %own = ravine.broadcast %sum : !model to !tensor
    %zero = ravine.constant 0.0 : f64 : !tensor
    %isHidden = ravine.exists @hidden : !ravine.field<i1, tensor>
    %isBias = ravine.exists @bias : !ravine.field<i1, tensor>
    %extent = ravine.current @extent : !tensor
    %ofOther = ravine.select %isBias, %extent, %zero : !ravine.field<i1, tensor>, !tensor
    %chosen = ravine.select %isHidden, %own, %ofOther : !ravine.field<i1, tensor>, !tensor
    %w = ravine.broadcast %chosen : !tensor to !element
    ravine.update %w : !element
  }
})";

InterpretedTensor named(std::string name, std::string group, std::vector<int64_t> shape) {
  InterpretedTensor tensor;
  tensor.name = std::move(name);
  tensor.group = std::move(group);
  tensor.shape = std::move(shape);
  tensor.parameter.assign(static_cast<size_t>(tensor.size()), 0);
  return tensor;
}

TEST(Selections, GoByNamesAndExtents) {
  RuleText rule(selecting);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{named("a", "hidden", {1}), named("b.bias", "hidden", {1}), named("c.bias", "out", {1, 1, 2}),
                          named("d.bias", "", {1}), named("e", "hidden2", {1})}};
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{1}}, {{2}}, {{4, 8}}, {{16}}, {{32}}}));
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(3));
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(3));
  EXPECT_THAT(model.tensors[2].parameter, ElementsAre(12, 12));
  EXPECT_THAT(model.tensors[3].parameter, ElementsAre(0)); // has no rows and no columns
  EXPECT_THAT(model.tensors[4].parameter, ElementsAre(0));
  // A name like that of a bias is asked for only where the case that it is under holds.
  EXPECT_TRUE(model.tensors[1].states.empty());
  EXPECT_THAT(model.tensors[2].states, ElementsAre(Pair("extent", ElementsAre(12))));
}

TEST(Selections, HaveTheOutcomesThatThereCanBe) {
  RuleText rule(selecting);
  Conditions conditions = collectConditions(rule.optimizer());
  EXPECT_THAT(conditions.outcomes, ElementsAre(0b001u, 0b010u, 0b110u));
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  EXPECT_EQ(interpreter.outcome(named("b.bias", "hidden", {1})), 0u);
  EXPECT_EQ(interpreter.outcome(named("e", "", {1})), 1u);
  EXPECT_EQ(interpreter.outcome(named("d.bias", "", {1})), 2u);
}

} // namespace
