// The conditions of a rule, and the rule as it is for one outcome of them.
#include "compiler/transforms/Specialize.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include <gmock/gmock.h>

using namespace ravine;
using testing::ElementsAre;

namespace {

/// Two states and a case share the condition `flag`; another case asks for the rank.
constexpr llvm::StringRef source = R"(
!element = !ravine.field<f32, element>
!tensor = !ravine.field<f64, tensor>
!truth = !ravine.field<i1, group>
ravine.optimizer @rule doc "" citation "" {
  ravine.hyper @flag : bool = 0.0 from 0.0 to 1.0 doc ""
  ravine.state @always : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  } when "" {}
  ravine.state @m : !element doc "" initial {
    %zero = ravine.constant 0.0 : f32 : !element
    ravine.yield %zero : !element
  } when "flag" {
    %flag = ravine.hyper_value @flag : !truth
    ravine.yield %flag : !truth
  }
  ravine.state @count : !tensor doc "" initial {
    %zero = ravine.constant 0.0 : f64 : !tensor
    ravine.yield %zero : !tensor
  } when "flag" {
    %flag = ravine.hyper_value @flag : !truth
    ravine.yield %flag : !truth
  }
  ravine.case @case_0 "rank == 1" {
    %rank = ravine.clock rank : !tensor
    %one = ravine.constant 1.0 : f64 : !tensor
    %holds = ravine.compare eq %rank, %one : !tensor -> !ravine.field<i1, tensor>
    ravine.yield %holds : !ravine.field<i1, tensor>
  }
  ravine.case @case_1 "flag " {
    %flag = ravine.hyper_value @flag : !truth
    ravine.yield %flag : !truth
  }
  ravine.view @seen doc "" {
    %w = ravine.parameter : !element
    %m = ravine.current @m : !element
    %exists = ravine.exists @m : !truth
    %condition = ravine.broadcast %exists : !truth to !ravine.field<i1, element>
    %seen = ravine.select %condition, %m, %w : !ravine.field<i1, element>, !element
    ravine.yield %seen : !element
  }
  ravine.step {
    %g = ravine.gradient : !element
    %m = ravine.current @m : !element
    %sum = ravine.add %m, %g : !element
    ravine.next @m, %sum : !element
    %t = ravine.clock t : !tensor
    ravine.next @count, %t : !tensor
    %isRow = ravine.exists @case_0 : !ravine.field<i1, tensor>
    %size = ravine.clock size : !tensor
    %ofRow = ravine.select %isRow, %t, %size : !ravine.field<i1, tensor>, !tensor
    %flag = ravine.exists @case_1 : !truth
    %flagOfTensor = ravine.broadcast %flag : !truth to !ravine.field<i1, tensor>
    %rank = ravine.clock rank : !tensor
    %scalar = ravine.select %flagOfTensor, %ofRow, %rank : !ravine.field<i1, tensor>, !tensor
    %w = ravine.broadcast %scalar : !tensor to !element
    ravine.update %w : !element
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

  /// The states that a variant's step defines, and what its parameter becomes: the kind of clock that is read.
  struct Outcome {
    std::vector<std::string> defined;
    ir::ClockKind clock;
  };

  Outcome outcome(uint32_t variant) {
    auto copy = specialize(rule, conditions, variant);
    EXPECT_TRUE(succeeded(mlir::verify(copy->getOperation())));
    EXPECT_TRUE(copy->getStep().getBody().getOps<ir::ExistsOp>().empty());
    Outcome outcome;
    for (ir::NextOp next : copy->getStep().getBody().getOps<ir::NextOp>())
      outcome.defined.push_back(next.getState().str());
    auto clock = (*copy->getStep().getBody().getOps<ir::UpdateOp>().begin())
                     .getValue()
                     .getDefiningOp<ir::BroadcastOp>()
                     .getOperand()
                     .getDefiningOp<ir::ClockOp>();
    outcome.clock = clock.getKind();
    return outcome;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ir::OptimizerOp rule;
  Conditions conditions;
};

TEST_F(Specialize, EqualConditionsCountOnce) {
  EXPECT_THAT(conditions.ofState, ElementsAre(Conditions::Always, 0, 0));
  EXPECT_THAT(conditions.ofCase, ElementsAre(1, 0));
  EXPECT_EQ(conditions.regions.size(), 2u);
  EXPECT_THAT(conditions.texts, ElementsAre("flag", "rank == 1"));
}

TEST_F(Specialize, VariantsHaveTheirStatesAndCases) {
  for (uint32_t variant = 0; variant < 4; ++variant) {
    bool flag = (variant & 1) != 0, isRow = (variant & 2) != 0;
    EXPECT_TRUE(conditions.exists(0, variant));
    EXPECT_EQ(conditions.exists(1, variant), flag);
    EXPECT_EQ(conditions.exists(2, variant), flag);
    EXPECT_EQ(conditions.applies(0, variant), isRow);
    EXPECT_EQ(conditions.applies(1, variant), flag);
  }
}

TEST_F(Specialize, StepsKeepWhatTheirVariantHas) {
  EXPECT_THAT(outcome(0b00).defined, ElementsAre());
  EXPECT_EQ(outcome(0b00).clock, ir::ClockKind::Rank);
  EXPECT_THAT(outcome(0b01).defined, ElementsAre("m", "count"));
  EXPECT_EQ(outcome(0b01).clock, ir::ClockKind::Size);
  EXPECT_THAT(outcome(0b11).defined, ElementsAre("m", "count"));
  EXPECT_EQ(outcome(0b11).clock, ir::ClockKind::T);
  EXPECT_EQ(outcome(0b10).clock, ir::ClockKind::Rank);
}

TEST_F(Specialize, ViewsKeepWhatTheirVariantHas) {
  auto seen = [&](uint32_t variant) {
    auto copy = specialize(rule, conditions, variant);
    ir::ViewOp view = *copy->declared<ir::ViewOp>().begin();
    mlir::Block &body = view.getValue().front();
    return mlir::cast<ir::YieldOp>(body.getTerminator()).getValue().getDefiningOp()->getName().getStringRef().str();
  };
  EXPECT_EQ(seen(0b00), "ravine.parameter");
  EXPECT_EQ(seen(0b01), "ravine.current");
}

} // namespace
