// Numbers of rows, columns, channels and blocks: what is folded to them, folded from them, kept and spread.
#include "test/interpreter/Rules.h"
#include "test/interpreter/Vectors.h"

#include <gmock/gmock.h>

using namespace ravine;
using namespace ravine::test;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsNan;
using testing::Pointwise;

namespace {

InterpretedModel step(const RuleText &text, std::vector<InterpretedTensor> tensors,
                      Arithmetic arithmetic = Arithmetic::Exact) {
  Interpreter interpreter(const_cast<RuleText &>(text).optimizer(), arithmetic);
  InterpretedModel model{std::move(tensors)};
  Interpreter::Gradients gradients;
  for (const InterpretedTensor &tensor : model.tensors)
    gradients.emplace_back(tensor.parameter);
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, gradients));
  return model;
}

/// Keeps, for each member of an index set, the sum, the norm and the maximum of g.
std::string foldingOver(const std::string &set) {
  std::string rule = "!group_ = !ravine.field<f64, " + set + ">\n";
  rule += "ravine.optimizer @folding doc \"\" citation \"\" {\n";
  for (const char *state : {"sum", "norm", "max"})
    rule += std::string("ravine.state @") + state + R"( : !group_ doc "" initial {
      %zero = ravine.constant 0.0 : f64 : !group_
      ravine.yield %zero : !group_
    }
)";
  return rule + R"(
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %square = ravine.mul %wide, %wide : !wide
    %sum = ravine.reduce sum %wide : !wide to !group_
    %squares = ravine.reduce sum %square : !wide to !group_
    %norm = ravine.sqrt %squares : !group_
    %max = ravine.reduce max %wide : !wide to !group_
    ravine.next @sum, %sum : !group_
    ravine.next @norm, %norm : !group_
    ravine.next @max, %max : !group_
  }
})";
}

TEST(Groups, FoldTheirElementsAsNumPyDoes) {
  for (const llvm::json::Object &vector : vectors("groups")) {
    std::vector<int64_t> shape;
    for (double extent : numbers(*vector.getArray("shape")))
      shape.push_back(static_cast<int64_t>(extent));
    InterpretedTensor tensor = shaped(shape, numbers(*vector.getArray("elements")), *vector.getInteger("rowAxes"));
    std::string block = "block " + std::to_string(*vector.getInteger("block"));
    for (const auto &[set, name] : {std::pair<std::string, std::string>{"row", "row"},
                                    {"col", "col"},
                                    {"channel", "channel"},
                                    {block, "blocks"}}) {
      InterpretedModel model = step(RuleText(foldingOver(set)), {tensor});
      for (const auto &[fold, values] : *vector.getObject(name))
        EXPECT_THAT(model.tensors[0].states.at(fold.str()), Pointwise(DoubleNear(1e-13), numbers(*values.getAsArray())))
            << set << " " << fold.str();
    }
  }
}

/// A 2 × 4 matrix with two channels; g is w.
///   1  2 |  3  4
///   5  6 |  7  8
InterpretedTensor matrix() {
  return shaped({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
}

TEST(Groups, EachIsFoldedOnce) {
  InterpretedModel model = step(RuleText(R"(
ravine.optimizer @folding doc "" citation "" {
  ravine.state @of_channels : !channel doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !channel
    ravine.yield %zero : !channel
  }
  ravine.metric @of_tensor : !tensor doc ""
  ravine.metric @of_rows : !model doc ""
  ravine.metric @of_tensors : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %rows = ravine.reduce max %wide : !wide to !row
    %cols = ravine.reduce sum %wide : !wide to !col
    %of_channels = ravine.reduce max %cols : !col to !channel
    %of_tensor = ravine.reduce sum %rows : !row to !tensor
    %of_rows = ravine.reduce sum %rows : !row to !model
    %of_tensors = ravine.reduce min %of_tensor : !tensor to !model
    ravine.next @of_channels, %of_channels : !channel
    ravine.measure @of_tensor, %of_tensor : !tensor
    ravine.measure @of_rows, %of_rows : !model
    ravine.measure @of_tensors, %of_tensors : !model
  }
})"),
                                {matrix(), shaped({1, 1}, {100})});
  EXPECT_THAT(model.tensors[0].states.at("of_channels"), ElementsAre(8, 12)); // of the sums 6 8 10 12
  EXPECT_EQ(model.tensors[0].metrics.at("of_tensor"), 4 + 8);
  EXPECT_EQ(model.tensors[1].metrics.at("of_tensor"), 100);
  EXPECT_EQ(model.metrics.at("of_rows"), 4 + 8 + 100);
  EXPECT_EQ(model.metrics.at("of_tensors"), 12);
}

/// w becomes a number of its group.
std::string spreading(const std::string &set) {
  return "!group_ = !ravine.field<f64, " + set + R"(>
ravine.optimizer @spreading doc "" citation "" {
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !group_
    %w = ravine.broadcast %sum : !group_ to !element
    ravine.update %w : !element
  }
})";
}

TEST(Groups, NumbersAreSpreadOverTheElementsOfEach) {
  auto spread = [](const std::string &set) { return step(RuleText(spreading(set)), {matrix()}).tensors[0].parameter; };
  EXPECT_THAT(spread("row"), ElementsAre(10, 10, 10, 10, 26, 26, 26, 26));
  EXPECT_THAT(spread("col"), ElementsAre(6, 8, 10, 12, 6, 8, 10, 12));
  EXPECT_THAT(spread("channel"), ElementsAre(14, 14, 22, 22, 14, 14, 22, 22));
  EXPECT_THAT(spread("block 3"), ElementsAre(6, 6, 6, 15, 15, 15, 15, 15));
}

TEST(Groups, NumbersOfChannelsAreSpreadOverColumns) {
  InterpretedModel model = step(RuleText(R"(
ravine.optimizer @spreading doc "" citation "" {
  ravine.state @cols : !col doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !col
    ravine.yield %zero : !col
  }
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %channels = ravine.reduce max %wide : !wide to !channel
    %cols = ravine.broadcast %channels : !channel to !col
    ravine.next @cols, %cols : !col
  }
})"),
                                {matrix()});
  EXPECT_THAT(model.tensors[0].states.at("cols"), ElementsAre(6, 6, 8, 8));
}

TEST(Groups, TheClockKnowsTheirNumber) {
  RuleText rule(R"(
ravine.optimizer @counting doc "" citation "" {
  ravine.metric @rows : !tensor doc ""
  ravine.metric @cols : !tensor doc ""
  ravine.metric @channels : !tensor doc ""
  ravine.step {
    %rows = ravine.clock rows : !tensor
    %cols = ravine.clock cols : !tensor
    %channels = ravine.clock channels : !tensor
    ravine.measure @rows, %rows : !tensor
    ravine.measure @cols, %cols : !tensor
    ravine.measure @channels, %channels : !tensor
  }
})");
  auto counted = [&](std::vector<int64_t> shape, int64_t rowAxes) {
    InterpretedTensor tensor = shaped(std::move(shape), {}, rowAxes);
    tensor.parameter.resize(static_cast<size_t>(tensor.size()));
    std::map<std::string, double> metrics = step(rule, {tensor}).tensors[0].metrics;
    return std::vector<double>{metrics["rows"], metrics["cols"], metrics["channels"]};
  };
  EXPECT_THAT(counted({2, 3, 4, 5}, 1), ElementsAre(2, 60, 3));
  EXPECT_THAT(counted({2, 3, 4, 5}, 2), ElementsAre(6, 20, 4));
  EXPECT_THAT(counted({2, 3}, 1), ElementsAre(2, 3, 3));
  EXPECT_THAT(counted({6}, 1), ElementsAre(0, 0, 0));
  EXPECT_THAT(counted({}, 1), ElementsAre(0, 0, 0));
  EXPECT_THAT(counted({3, 0}, 1), ElementsAre(3, 0, 0));
}

/// As in compiled code, which has no memory for such a tensor.
TEST(Groups, ATensorWithoutElementsHasNone) {
  auto states = [](const std::string &set, InterpretedTensor tensor) {
    return step(RuleText(foldingOver(set)), {std::move(tensor)}).tensors[0].states;
  };
  for (std::vector<int64_t> shape : {std::vector<int64_t>{2, 0}, {0, 2}, {2, 3, 0}})
    for (const char *set : {"row", "col", "channel", "block 4"})
      EXPECT_THAT(states(set, shaped(shape, {}))["sum"], ElementsAre()) << set;
  EXPECT_THAT(states("block 4", shaped({0}, {}))["sum"], ElementsAre());
}

/// Nor is it one of the tensors that are folded: the least of their norms is not its 0.
TEST(Groups, ATensorWithoutElementsIsNotFoldedOverTheModel) {
  RuleText rule(R"(
ravine.optimizer @folding doc "" citation "" {
  ravine.metric @least : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !tensor
    %least = ravine.reduce min %sum : !tensor to !model
    ravine.measure @least, %least : !model
  }
})");
  EXPECT_EQ(step(rule, {shaped({2}, {1, 2}), shaped({2, 0}, {})}).metrics["least"], 3);
}

TEST(Groups, AMaximumIsNaNOnlyWhereItsOwnElementsAre) {
  InterpretedModel model = step(RuleText(foldingOver("row")), {shaped({2, 2}, {1, NAN, 3, 4})});
  EXPECT_THAT(model.tensors[0].states.at("max"), ElementsAre(IsNan(), 4));
}

// ---- states

/// Keeps the running sum of each row; begins with the row's largest w.
std::string keeping(const std::string &store) {
  return R"(
ravine.optimizer @keeping doc "" citation "" {
  ravine.state @r : !row )" +
         store + R"( doc "" initial {
    %w = ravine.parameter : !element
    %wide = ravine.widen %w : !element to !wide
    %max = ravine.reduce max %wide : !wide to !row
    ravine.yield %max : !row
  }
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %sum = ravine.reduce sum %wide : !wide to !row
    %r = ravine.current @r : !row
    %next = ravine.add %r, %sum : !row
    %seen = ravine.broadcast %r : !row to !element
    ravine.next @r, %next : !row
    ravine.update %seen : !element
  }
})";
}

TEST(GroupStates, HaveANumberForEachAndBeginWithWhatTheParameterSays) {
  InterpretedModel model = step(RuleText(keeping("")), {matrix()});
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(4, 4, 4, 4, 8, 8, 8, 8));
  EXPECT_THAT(model.tensors[0].states.at("r"), ElementsAre(4 + 10, 8 + 26));
}

TEST(GroupStates, AreRoundedToWhatTheyAreStoredIn) {
  // 1 + 2^-30 needs f64; 1 + 2^-10 needs f32.
  InterpretedTensor tensor = shaped({2, 2}, {1, 0x1p-30, 1, 0x1p-10});
  auto kept = [&](const std::string &store, Arithmetic arithmetic) {
    InterpretedModel model = step(RuleText(keeping(store)), {tensor}, arithmetic);
    return model.tensors[0].states.at("r");
  };
  EXPECT_THAT(kept("", Arithmetic::Rounded), ElementsAre(2 + 0x1p-30, 2 + 0x1p-10));
  EXPECT_THAT(kept("store f32", Arithmetic::Rounded), ElementsAre(2, 2 + 0x1p-10));
  EXPECT_THAT(kept("store bf16", Arithmetic::Rounded), ElementsAre(2, 2));
  EXPECT_THAT(kept("store bf16", Arithmetic::Exact), ElementsAre(2 + 0x1p-30, 2 + 0x1p-10));
}

TEST(GroupStates, LoseWhatIsSubnormalWhereTheyAreStored) {
  // 2^-140 is subnormal in f32 and an ordinary number in f64.
  InterpretedTensor tensor = shaped({2, 1}, {0x1p-120, 1});
  auto kept = [&](const std::string &store) {
    RuleText rule(keeping(store));
    Interpreter interpreter(rule.optimizer(), Arithmetic::Rounded);
    InterpretedModel model{{tensor}};
    EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{0, 0}}}));
    model.tensors[0].states["r"][0] = 0x1p-140;
    EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {{{0, 0}}}));
    return model.tensors[0].states.at("r");
  };
  EXPECT_THAT(kept("store f32"), ElementsAre(0, 1));
  EXPECT_THAT(kept(""), ElementsAre(0x1p-140, 1));
}

TEST(Groups, OfTheModelAreThoseOfTheTensorsThatTakePart) {
  InterpretedModel model{{matrix(), shaped({1, 2}, {50, 60}), matrix()}};
  model.tensors[1].name = "weights";
  model.tensors[2].name = "weights too";
  RuleText rule(R"(
ravine.optimizer @folding doc "" citation "" {
  ravine.case @weights "weights" {
    %isWeight = ravine.matches name "weights*" : !ravine.field<i1, tensor>
    ravine.yield %isWeight : !ravine.field<i1, tensor>
  }
  ravine.metric @sum : !model doc ""
  ravine.metric @count : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %cols = ravine.reduce max %wide : !wide to !col
    %one = ravine.constant 1.0 : f64 : !col
    %sum = ravine.reduce sum %cols under [@weights] : !col to !model
    %count = ravine.reduce sum %one under [@weights] : !col to !model
    ravine.measure @sum, %sum : !model
    ravine.measure @count, %count : !model
  }
})");
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  const std::vector<double> ofMatrix = matrix().parameter;
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {ofMatrix, {{50, 60}}, std::nullopt}));
  EXPECT_EQ(model.metrics.at("sum"), 110);
  EXPECT_EQ(model.metrics.at("count"), 2);
  EXPECT_EQ(StepEnd::Committed, interpreter.step(model, {ofMatrix, {{50, 60}}, ofMatrix}));
  EXPECT_EQ(model.metrics.at("sum"), 110 + 5 + 6 + 7 + 8);
  EXPECT_EQ(model.metrics.at("count"), 2 + 4);
}

// ---- which tensors there may be

constexpr llvm::StringRef choosing = R"(
ravine.optimizer @choosing doc "" citation "" {
  ravine.case @is_matrix "matrix" {
    %rank = ravine.clock rank : !tensor
    %two = ravine.constant 2.0 : f64 : !tensor
    %holds = ravine.compare ge %rank, %two : !tensor -> !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %rows = ravine.reduce sum %wide : !wide to !row
    %spread = ravine.broadcast %rows : !row to !element
    %exists = ravine.exists @is_matrix : !ravine.field<i1, tensor>
    %condition = ravine.broadcast %exists : !ravine.field<i1, tensor> to !ravine.field<i1, element>
    %w = ravine.select %condition, %spread, %g : !ravine.field<i1, element>, !element
    ravine.update %w : !element
  }
})";

TEST(MinimumRank, IsThatOfMatricesWhereRowsAreUsed) {
  RuleText always(spreading("row")), blocks(spreading("block 4")), sometimes(choosing);
  InterpretedTensor vector = row({1, 2, 3});
  EXPECT_EQ(Interpreter(always.optimizer(), Arithmetic::Exact).minimumRank(vector), 2u);
  EXPECT_EQ(Interpreter(blocks.optimizer(), Arithmetic::Exact).minimumRank(vector), 0u);
  EXPECT_EQ(Interpreter(sometimes.optimizer(), Arithmetic::Exact).minimumRank(vector), 0u);
  EXPECT_EQ(Interpreter(sometimes.optimizer(), Arithmetic::Exact).minimumRank(matrix()), 2u);
  EXPECT_THAT(step(sometimes, {vector, shaped({1, 2}, {5, 6})}).tensors[0].parameter, ElementsAre(1, 2, 3));
}

TEST(MinimumRank, IsThatOfMatricesWhereTheRuleIsForThem) {
  RuleText rule(R"(
ravine.optimizer @plain doc "" citation "" on_matrices {
  ravine.step {
    %g = ravine.gradient : !element
    ravine.update %g : !element
  }
})");
  EXPECT_EQ(Interpreter(rule.optimizer(), Arithmetic::Exact).minimumRank(row({1})), 2u);
}

TEST(MinimumRank, IsThatOfMatricesWhereRowsAreKeptOrFoldedOverTheModel) {
  RuleText kept(R"(
ravine.optimizer @kept doc "" citation "" {
  ravine.state @r : !row doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !row
    ravine.yield %zero : !row
  }
  ravine.step {
    %g = ravine.gradient : !element
    ravine.update %g : !element
  }
})");
  EXPECT_EQ(Interpreter(kept.optimizer(), Arithmetic::Exact).minimumRank(row({1})), 2u);
  // A vector has no use for the sum over the model, but is part of it.
  RuleText folded(R"(
ravine.optimizer @folded doc "" citation "" {
  ravine.case @is_matrix "matrix" {
    %rank = ravine.clock rank : !tensor
    %two = ravine.constant 2.0 : f64 : !tensor
    %holds = ravine.compare ge %rank, %two : !tensor -> !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %rows = ravine.reduce max %wide : !wide to !row
    %sum = ravine.reduce sum %rows : !row to !model
    %spread = ravine.broadcast %sum : !model to !element
    %exists = ravine.exists @is_matrix : !ravine.field<i1, tensor>
    %condition = ravine.broadcast %exists : !ravine.field<i1, tensor> to !ravine.field<i1, element>
    %w = ravine.select %condition, %spread, %g : !ravine.field<i1, element>, !element
    ravine.update %w : !element
  }
})");
  EXPECT_EQ(Interpreter(folded.optimizer(), Arithmetic::Exact).minimumRank(row({1})), 2u);
}

} // namespace
