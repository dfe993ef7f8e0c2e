// The rule as it is for one outcome of its conditions, one way of storing parameters and one exit.
#include "compiler/transforms/Specialize.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include <gmock/gmock.h>

using namespace ravine;
using testing::ElementsAre;

namespace {

/// Two states are under `flag`, one of them only for tensors with one axis.
constexpr llvm::StringRef source = R"(
!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!tensor = !ravine.field<f64, tensor>
!model = !ravine.field<f64, model>
!truth = !ravine.field<i1, group>
ravine.optimizer @rule doc "" citation ""
    precisions [#ravine.precision<"f32", f32, f32>, #ravine.precision<"bf16", bf16, bf16>] {
  ravine.hyper @flag : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.case @flagged "flag" {
    %flag = ravine.hyper_value @flag : !truth
    ravine.yield %flag : !truth
  }
  ravine.case @row "rank == 1" {
    %rank = ravine.clock rank : !tensor
    %one = ravine.constant 1.0 : f64 : !tensor
    %holds = ravine.compare eq %rank, %one : !tensor -> !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.state @always : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.state @m : !element under [@flagged] doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  }
  ravine.state @count : !tensor under [@flagged, @row] doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !tensor
    ravine.yield %zero : !tensor
  }
  ravine.state @master : !element master doc "" initial {
    %w = ravine.parameter : !element
    ravine.yield %w : !element
  }
  ravine.metric @norm : !model doc ""
  ravine.view @seen doc "" {
    %w = ravine.parameter : !element
    %m = ravine.current @m : !element
    %exists = ravine.exists @flagged : !truth
    %condition = ravine.broadcast %exists : !truth to !ravine.field<i1, element>
    %seen = ravine.select %condition, %m, %w : !ravine.field<i1, element>, !element
    ravine.yield %seen : !element
  }
  ravine.step {
    %g = ravine.gradient : !element
    %wideG = ravine.widen %g : !element to !wide
    %square = ravine.mul %wideG, %wideG : !wide
    %norm = ravine.reduce sum %square under [@row] : !wide to !model
    ravine.measure @norm, %norm : !model
    %zero = ravine.constant 0.0 : f64 : !model
    %isLost = ravine.compare lt %norm, %zero : !model -> !ravine.field<i1, model>
    ravine.skip %isLost : !ravine.field<i1, model>
    ravine.zero_gradient
    %m = ravine.current @m : !element
    %sum = ravine.add %m, %g : !element
    ravine.next @m, %sum : !element
    %t = ravine.clock t : !tensor
    ravine.next @count, %t after 1 : !tensor
    %isRow = ravine.exists @row : !ravine.field<i1, tensor>
    %size = ravine.clock size : !tensor
    %ofRow = ravine.select %isRow, %t, %size : !ravine.field<i1, tensor>, !tensor
    %flag = ravine.exists @flagged : !truth
    %flagOfTensor = ravine.broadcast %flag : !truth to !ravine.field<i1, tensor>
    %rank = ravine.clock rank : !tensor
    %scalar = ravine.select %flagOfTensor, %ofRow, %rank : !ravine.field<i1, tensor>, !tensor
    %scale = ravine.broadcast %scalar : !tensor to !element
    %w = ravine.parameter : !element
    %next = ravine.mul %scale, %w : !element
    ravine.update %next after 1 : !element
  }
})";

class Specialize : public testing::Test {
protected:
  void SetUp() override {
    context.loadDialect<ir::RavineDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(source, &context);
    ASSERT_TRUE(module);
    rule = *module->getOps<ir::OptimizerOp>().begin();
    conditions = collectConditions(rule);
  }

  ir::PrecisionAttr precision(size_t index) { return rule.getStorage()[index]; }

  mlir::OwningOpRef<ir::OptimizerOp> specialized(uint32_t outcome, size_t storage = 0) {
    auto copy = specialize(rule, conditions, outcome, precision(storage));
    EXPECT_TRUE(succeeded(mlir::verify(copy->getOperation())));
    EXPECT_TRUE(all<ir::ExistsOp>(*copy).empty());
    return copy;
  }

  template <typename Op> static std::vector<Op> all(ir::OptimizerOp optimizer) {
    auto ops = optimizer.getStep().getBody().getOps<Op>();
    return {ops.begin(), ops.end()};
  }

  static std::vector<std::string> defined(ir::OptimizerOp optimizer) {
    std::vector<std::string> names;
    for (ir::NextOp next : all<ir::NextOp>(optimizer))
      names.push_back(next.getState().str());
    return names;
  }

  /// What the parameter is multiplied by: the kind of clock that is read.
  static ir::ClockKind scale(ir::OptimizerOp optimizer) {
    auto product = all<ir::UpdateOp>(optimizer).front().getValue().getDefiningOp<ir::MulOp>();
    auto broadcast = product.getLhs().getDefiningOp<ir::BroadcastOp>();
    return broadcast.getOperand().getDefiningOp<ir::ClockOp>().getKind();
  }

  static constexpr uint32_t Flagged = 0b01, Row = 0b10;

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ir::OptimizerOp rule;
  Conditions conditions;
};

TEST_F(Specialize, StatesExistWhereAllTheirCasesHold) {
  for (uint32_t outcome : {0u, Flagged, Row, Flagged | Row}) {
    EXPECT_TRUE(conditions.exists(0, outcome, false));
    EXPECT_EQ(conditions.exists(1, outcome, false), (outcome & Flagged) != 0);
    EXPECT_EQ(conditions.exists(2, outcome, false), outcome == (Flagged | Row));
  }
}

TEST_F(Specialize, AMasterExistsWhereParametersAreNarrow) {
  EXPECT_FALSE(isNarrow(rule, precision(0)));
  EXPECT_TRUE(isNarrow(rule, precision(1)));
  EXPECT_FALSE(conditions.exists(3, 0, false));
  EXPECT_TRUE(conditions.exists(3, 0, true));
}

TEST_F(Specialize, StepsKeepWhatTheirOutcomeHas) {
  EXPECT_THAT(defined(*specialized(0)), ElementsAre());
  EXPECT_EQ(scale(*specialized(0)), ir::ClockKind::Rank);
  EXPECT_EQ(scale(*specialized(Row)), ir::ClockKind::Rank);
  EXPECT_THAT(defined(*specialized(Flagged)), ElementsAre("m"));
  EXPECT_EQ(scale(*specialized(Flagged)), ir::ClockKind::Size);
  EXPECT_THAT(defined(*specialized(Flagged | Row)), ElementsAre("m", "count"));
  EXPECT_EQ(scale(*specialized(Flagged | Row)), ir::ClockKind::T);
}

TEST_F(Specialize, ViewsKeepWhatTheirOutcomeHas) {
  auto seen = [&](uint32_t outcome, size_t storage) {
    auto copy = specialized(outcome, storage);
    ir::ViewOp view = *copy->declared<ir::ViewOp>().begin();
    mlir::Operation *value =
        mlir::cast<ir::YieldOp>(view.getValue().front().getTerminator()).getValue().getDefiningOp();
    auto current = mlir::dyn_cast<ir::CurrentOp>(value);
    return current ? current.getState().str() : value->getName().getStringRef().str();
  };
  EXPECT_EQ(seen(0, 0), "ravine.parameter");
  EXPECT_EQ(seen(Flagged, 0), "m");
  EXPECT_EQ(seen(0, 1), "master");
}

TEST_F(Specialize, AMasterIsReadAndDefinedInPlaceOfTheParameter) {
  auto copy = specialized(Flagged, 1);
  EXPECT_TRUE(all<ir::ParameterOp>(*copy).empty());
  EXPECT_THAT(defined(*copy), ElementsAre("m", "master"));
  ir::NextOp master = all<ir::NextOp>(*copy).back();
  ir::UpdateOp update = all<ir::UpdateOp>(*copy).front();
  EXPECT_EQ(master.getValue(), update.getValue());
  EXPECT_EQ(master.getSkipsBefore(), 1u);
  // Its initial value is still the parameter.
  auto state = copy->lookupSymbol<ir::StateOp>("master");
  EXPECT_FALSE(state.getMaster());
  EXPECT_FALSE(state.getInitial().getOps<ir::ParameterOp>().empty());
}

TEST_F(Specialize, OfAReductionThatItIsNoPartOfATensorFoldsNothing) {
  auto operand = [&](uint32_t outcome) {
    auto copy = specialized(outcome);
    return all<ir::ReduceOp>(*copy).front().getOperand().getDefiningOp()->getName().getStringRef().str();
  };
  EXPECT_EQ(operand(Row), "ravine.mul");
  EXPECT_EQ(operand(0), "ravine.constant");
}

TEST_F(Specialize, OfASearchThatItIsNoPartOfATensorAsksNothingOfItsElements) {
  mlir::OwningOpRef<mlir::ModuleOp> own = mlir::parseSourceString<mlir::ModuleOp>(R"(
!element = !ravine.field<f32, element>
!model = !ravine.field<f64, model>
ravine.optimizer @rule doc "" citation "" {
  ravine.case @row "name" {
    %isRow = ravine.matches name "row" : !ravine.field<i1, tensor>
    ravine.yield %isRow : !ravine.field<i1, tensor>
  }
  ravine.metric @found : !model doc ""
  ravine.step {
    %g = ravine.gradient : !element
    %two = ravine.constant 2.0 : f64 : !model
    %found = ravine.search kth_largest %g, %two under [@row] : !element, !model to !model
    %kept = ravine.rearrange largest %g, %two in <model> under [@row] : !element, !model
    ravine.measure @found, %found : !model
    ravine.update %kept : !element
  }
})",
                                                                                  &context);
  ASSERT_TRUE(own);
  rule = *own->getOps<ir::OptimizerOp>().begin();
  conditions = collectConditions(rule);
  auto part = specialized(1), noPart = specialized(0);
  EXPECT_EQ(all<ir::SearchOp>(*part).front().getOperand().getDefiningOp()->getName().getStringRef(), "ravine.gradient");
  EXPECT_EQ(all<ir::RearrangeOp>(*part).size(), 1u);
  // The number is still measured; what is rearranged without the tensor is 0 for it.
  EXPECT_TRUE(all<ir::GradientOp>(*noPart).empty());
  EXPECT_EQ(all<ir::SearchOp>(*noPart).size(), 1u);
  auto zero = all<ir::UpdateOp>(*noPart).front().getValue().getDefiningOp<ir::ConstantOp>();
  ASSERT_TRUE(zero);
  EXPECT_TRUE(mlir::cast<mlir::FloatAttr>(zero.getValue()).getValue().isZero());
}

TEST_F(Specialize, AnExitKeepsWhatStandsBeforeItsSkip) {
  auto copy = specializeToExit(*specialized(Flagged | Row), 0);
  EXPECT_TRUE(succeeded(mlir::verify(copy->getOperation())));
  EXPECT_THAT(defined(*copy), ElementsAre("m"));
  EXPECT_TRUE(all<ir::UpdateOp>(*copy).empty());
  EXPECT_TRUE(all<ir::SkipOp>(*copy).empty());
  EXPECT_TRUE(all<ir::ReduceOp>(*copy).empty());
  EXPECT_EQ(all<ir::ZeroGradientOp>(*copy).size(), 1u);
}

TEST_F(Specialize, ARefusingExitKeepsNothing) {
  ir::SkipOp skip = all<ir::SkipOp>(rule).front();
  skip.setRefuse(true);
  skip.getCulpritMutable().assign(all<ir::ReduceOp>(rule).front().getResult());
  auto copy = specializeToExit(rule, 0);
  EXPECT_TRUE(copy->getStep().getBody().front().empty());
}

} // namespace
