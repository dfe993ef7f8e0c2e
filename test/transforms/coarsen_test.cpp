// Numbers of groups of elements that are numbers of the tensor once conditions are decided.
#include "compiler/transforms/MinimumRank.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace ravine;

namespace {

/// A number of SET is of COARSE where the case does not hold; `reduction` is what is measured of it.
std::string rule(const std::string &set, const std::string &coarse,
                 const std::string &reduction = "%folded = ravine.reduce sum %wide : !wide to !model") {
  std::string text = R"(
!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!fine = !ravine.field<f64, SET>
!coarse = !ravine.field<f64, COARSE>
!model = !ravine.field<f64, model>
!truth = !ravine.field<i1, SET>
ravine.optimizer @rule doc "" citation "" {
  ravine.case @chosen "name" {
    %isChosen = ravine.matches name "chosen" : !ravine.field<i1, tensor>
    ravine.yield %isChosen : !ravine.field<i1, tensor>
  }
  ravine.state @kept : !fine under [@chosen] doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !fine
    ravine.yield %zero : !fine
  }
  ravine.metric @folded : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %wide = ravine.widen %g : !element to !wide
    %ofSet = ravine.reduce sum %wide : !wide to !fine
    %ofCoarse = ravine.reduce sum %wide : !wide to !coarse
    %spread = ravine.broadcast %ofCoarse : !coarse to !fine
    %exists = ravine.exists @chosen : !ravine.field<i1, tensor>
    %isChosen = ravine.broadcast %exists : !ravine.field<i1, tensor> to !truth
    %n = ravine.select %isChosen, %ofSet, %spread : !truth, !fine
    %one = ravine.constant 1.0 : f64 : !fine
    %isLarge = ravine.compare gt %n, %one : !fine -> !truth
    %root = ravine.sqrt %n : !fine
    %scale = ravine.select %isLarge, %root, %one : !truth, !fine
    %kept = ravine.current @kept : !fine
    %next = ravine.add %kept, %scale : !fine
    ravine.next @kept, %next : !fine
    REDUCTION
    ravine.measure @folded, %folded : !model
    %each = ravine.broadcast %scale : !fine to !element
    %product = ravine.mul %each, %g : !element
    ravine.update %product : !element
  }
})";
  for (auto [word, meaning] : {std::pair("SET", &set), {"COARSE", &coarse}, {"REDUCTION", &reduction}})
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word))
      text.replace(at, std::string_view(word).size(), *meaning);
  return text;
}

class Coarsen : public testing::Test {
protected:
  void SetUp() override { context.loadDialect<ir::RavineDialect>(); }

  /// The rule where the case holds or does not.
  ir::OptimizerOp specialized(const std::string &source, bool isChosen) {
    module = mlir::parseSourceString<mlir::ModuleOp>(source, &context);
    if (!module)
      throw std::runtime_error("the rule cannot be read");
    ir::OptimizerOp optimizer = *module->getOps<ir::OptimizerOp>().begin();
    Conditions conditions = collectConditions(optimizer);
    uint32_t outcome = isChosen ? 1 : 0;
    copy = specialize(optimizer, conditions, outcome, optimizer.getStorage().front());
    rank = minimumRank(optimizer, conditions, outcome, optimizer.getStorage().front());
    EXPECT_TRUE(succeeded(mlir::verify(copy->getOperation())));
    return *copy;
  }

  template <typename Op> static std::vector<Op> all(ir::OptimizerOp optimizer) {
    auto ops = optimizer.getStep().getBody().getOps<Op>();
    return {ops.begin(), ops.end()};
  }

  static IndexSet setOf(mlir::Value value) { return mlir::cast<ir::FieldType>(value.getType()).getSet(); }

  /// Over what the arithmetic is done, which is all over one index set and spread over elements from there.
  static IndexSet setOfArithmetic(ir::OptimizerOp optimizer) {
    IndexSet set = setOf(all<ir::SqrtOp>(optimizer).front().getResult());
    EXPECT_EQ(setOf(all<ir::CompareOp>(optimizer).front().getResult()), set);
    EXPECT_EQ(setOf(all<ir::SelectOp>(optimizer).front().getResult()), set);
    auto product = all<ir::UpdateOp>(optimizer).front().getValue().getDefiningOp<ir::MulOp>();
    EXPECT_EQ(setOf(product.getLhs().getDefiningOp<ir::BroadcastOp>().getOperand()), set);
    return set;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::OwningOpRef<ir::OptimizerOp> copy;
  unsigned rank = 0;
};

TEST_F(Coarsen, WhatIsTheSameThroughoutTheTensorIsOfTheTensor) {
  for (IndexSet set :
       {IndexSet(IndexSet::Row), IndexSet(IndexSet::Col), IndexSet(IndexSet::Channel), IndexSet(IndexSet::Block, 64)}) {
    SCOPED_TRACE(spelling(set));
    std::string source = rule(spelling(set), "tensor");
    EXPECT_EQ(setOfArithmetic(specialized(source, true)), set);
    EXPECT_EQ(rank, set.needsMatrix() ? 2u : 0u);
    ir::OptimizerOp other = specialized(source, false);
    EXPECT_EQ(setOfArithmetic(other), IndexSet::Tensor);
    EXPECT_EQ(all<ir::ReduceOp>(other).size(), 2u); // over the tensor, and for the metric
    EXPECT_EQ(rank, 0u);
  }
}

TEST_F(Coarsen, WhatIsTheSameForAllTensorsIsOfTheModel) {
  EXPECT_EQ(setOfArithmetic(specialized(rule("row", "model"), false)), IndexSet::Model);
}

TEST_F(Coarsen, ColumnsOfAChannelShareItsNumber) {
  std::string source = rule("col", "channel");
  EXPECT_EQ(setOfArithmetic(specialized(source, true)), IndexSet::Col);
  EXPECT_EQ(setOfArithmetic(specialized(source, false)), IndexSet::Channel);
  EXPECT_EQ(rank, 2u);
}

TEST_F(Coarsen, WhatIsFoldedOfRowsIsOfRows) {
  std::string source = rule("row", "tensor", "%folded = ravine.reduce max %scale : !fine to !model");
  ir::OptimizerOp other = specialized(source, false);
  EXPECT_EQ(setOfArithmetic(other), IndexSet::Tensor);
  EXPECT_EQ(setOf(all<ir::ReduceOp>(other).back().getOperand()), IndexSet::Row);
  EXPECT_EQ(rank, 2u);
}

/// So that a tensor without rows can stand beside those that are folded.
TEST_F(Coarsen, WhoseRowsAreNotFoldedATensorNeedsNone) {
  std::string source = rule("row", "tensor", "%folded = ravine.reduce max %scale under [@chosen] : !fine to !model");
  ir::OptimizerOp other = specialized(source, false);
  EXPECT_EQ(setOf(all<ir::ReduceOp>(other).back().getOperand()), IndexSet::Tensor);
  EXPECT_EQ(rank, 0u);
  specialized(source, true);
  EXPECT_EQ(rank, 2u);
}

} // namespace
