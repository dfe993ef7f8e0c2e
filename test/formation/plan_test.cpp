// Plans of rules that fold, search and rearrange groups of elements: bytes per parameter and passes that are known
// beforehand, counted by hand from what has to move.
#include "compiler/formation/Reductions.h"
#include "compiler/formation/StepPlan.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

namespace {

/// The aliases that the rules of this file use.
constexpr const char *aliases = R"(
!element = !ravine.field<f32, element>
!wide = !ravine.field<f64, element>
!row = !ravine.field<f64, row>
!tensor = !ravine.field<f64, tensor>
!model = !ravine.field<f64, model>
)";

class Plan : public testing::Test {
protected:
  Plan() { context.loadDialect<ir::RavineDialect, sweep::SweepDialect>(); }

  /// The rule that `text` holds, with its reductions numbered.
  ir::OptimizerOp parse(const std::string &text) {
    module = parseSourceString<ModuleOp>(aliases + text, ParserConfig(&context));
    if (!module) {
      ADD_FAILURE() << "the rule is not well-formed";
      return nullptr;
    }
    ir::OptimizerOp rule = *module->getOps<ir::OptimizerOp>().begin();
    numberReductions(rule);
    return rule;
  }

  /// A rule with this body and these declarations.
  ir::OptimizerOp parse(const std::string &declarations, const std::string &step) {
    return parse("ravine.optimizer @rule doc \"\" citation \"\" {" + declarations + "ravine.step {" + step + "} }");
  }

  /// The step of a rule that has one variant.
  VariantPlan planStepOf(ir::OptimizerOp rule) {
    Conditions conditions = collectConditions(rule);
    RulePrecision precision = {rule, rule.getStorage().front()};
    StepPlan plan = planStep(rule, precision, conditions);
    EXPECT_EQ(plan.step.variants.size(), 1u);
    return std::move(plan.step.variants.front());
  }

  Memory memoryOf(ir::OptimizerOp rule) { return Memory({rule, rule.getStorage().front()}); }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

std::vector<Epoch> epochsOf(const Schedule &schedule) {
  std::vector<Epoch> epochs;
  for (const PlannedSweep &pass : schedule.sweeps)
    epochs.push_back(pass.epoch);
  return epochs;
}

const std::vector<Epoch> onePass = {{0, 0, 0}};
const std::vector<Epoch> twoPasses = {{0, 0, 0}, {0, 0, 1}};
const std::vector<Epoch> twoSweeps = {{0, 0, 0}, {0, 1, 0}};

unsigned bytesOf(const VariantPlan &variant) {
  return bytesMoved(variant.graph.problem, variant.streaming);
}

/// `%norm`: of the value with that name, for each member of an index set.
std::string normOf(const std::string &value, const std::string &set) {
  return "%wide_" + value + " = ravine.widen %" + value + " : !element to !wide\n" + "%squares_" + value +
         " = ravine.mul %wide_" + value + ", %wide_" + value + " : !wide\n" + "%sum_" + value +
         " = ravine.reduce sum %squares_" + value + " : !wide to !ravine.field<f64, " + set + ">\n" +
         "%norm = ravine.sqrt %sum_" + value + " : !ravine.field<f64, " + set + ">\n";
}

/// w′ = w·‖w‖ in each group.
std::string groupProx(const std::string &set) {
  return "%w = ravine.parameter : !element\n" + normOf("w", set) +
         "%each = ravine.broadcast %norm : !ravine.field<f64, " + set + "> to !element\n" +
         "%next = ravine.mul %w, %each : !element\n"
         "ravine.update %next : !element\n";
}

// ---- what passes save

// Each byte of w once each way.
TEST_F(Plan, OfRowsAndBlocksIsOneSweep) {
  for (const char *set : {"row", "block 64"}) {
    SCOPED_TRACE(set);
    VariantPlan plan = planStepOf(parse("", groupProx(set)));
    EXPECT_EQ(epochsOf(plan.streaming), twoPasses);
    EXPECT_EQ(bytesOf(plan), 8u);
  }
}

// They are complete when the tensor has been walked: w is read twice and written once.
TEST_F(Plan, OfColumnsAndChannelsIsTwoSweeps) {
  for (const char *set : {"col", "channel", "tensor"}) {
    SCOPED_TRACE(set);
    VariantPlan plan = planStepOf(parse("", groupProx(set)));
    EXPECT_EQ(epochsOf(plan.streaming), twoSweeps);
    EXPECT_EQ(bytesOf(plan), 12u);
  }
}

// u′ is what the rows of w shrink to, and w goes towards it: w and g are read, w and u written.
TEST_F(Plan, OfARelaxedSplitting) {
  VariantPlan plan = planStepOf(parse(R"(
    ravine.state @u : !element doc "" initial {
      %w = ravine.parameter : !element
      ravine.yield %w : !element
    })",
                                      "%w = ravine.parameter : !element\n" + normOf("w", "row") + R"(
      %g = ravine.gradient : !element
      %each = ravine.broadcast %norm : !row to !element
      %u_next = ravine.mul %w, %each : !element
      ravine.next @u, %u_next : !element
      %gap = ravine.sub %w, %u_next : !element
      %toward = ravine.add %g, %gap : !element
      %next = ravine.sub %w, %toward : !element
      ravine.update %next : !element
    )"));
  EXPECT_EQ(epochsOf(plan.streaming), twoPasses);
  EXPECT_EQ(bytesOf(plan), 16u);
}

// Adam with one second moment for each row: g is read, w and m are read and written. The moment itself is no tensor.
TEST_F(Plan, OfSecondMomentsOfRows) {
  VariantPlan plan = planStepOf(parse(R"(
    ravine.state @m : !element doc "" initial {
      %zero = ravine.constant 0.0 : f32 : !element
      ravine.yield %zero : !element
    }
    ravine.state @v : !row store f32 doc "" initial {
      %zero = ravine.constant 0.0 : f64 : !row
      ravine.yield %zero : !row
    })",
                                      "%g = ravine.gradient : !element\n" + normOf("g", "row") + R"(
      %w = ravine.parameter : !element
      %m = ravine.current @m : !element
      %v = ravine.current @v : !row
      %v_next = ravine.add %v, %norm : !row
      ravine.next @v, %v_next : !row
      %m_next = ravine.add %m, %g : !element
      ravine.next @m, %m_next : !element
      %v_each = ravine.broadcast %v_next : !row to !element
      %direction = ravine.div %m_next, %v_each : !element
      %next = ravine.sub %w, %direction : !element
      ravine.update %next : !element
    )"));
  EXPECT_EQ(epochsOf(plan.streaming), twoPasses);
  EXPECT_EQ(bytesOf(plan), 20u);
}

// A group state alone: g is read for it and nothing written.
TEST_F(Plan, OfAStateOfRowsAlone) {
  VariantPlan plan =
      planStepOf(parse(R"(
    ravine.state @v : !row store f32 doc "" initial {
      %zero = ravine.constant 0.0 : f64 : !row
      ravine.yield %zero : !row
    })",
                       "%g = ravine.gradient : !element\n" + normOf("g", "row") + "ravine.next @v, %norm : !row\n"));
  EXPECT_EQ(epochsOf(plan.streaming), onePass);
  EXPECT_EQ(bytesOf(plan), 4u);
}

// ---- numbers of groups and tensors

// The mean of the rows' norms is known to the next sweep, which reads w again and writes it.
TEST_F(Plan, FoldsNumbersOfRowsWithTheirSweep) {
  VariantPlan plan = planStepOf(parse("", "%w = ravine.parameter : !element\n" + normOf("w", "row") + R"(
      %total = ravine.reduce sum %norm : !row to !tensor
      %each = ravine.broadcast %total : !tensor to !element
      %next = ravine.mul %w, %each : !element
      ravine.update %next : !element
    )"));
  EXPECT_EQ(epochsOf(plan.streaming), twoSweeps);
  EXPECT_EQ(bytesOf(plan), 12u);
  EXPECT_EQ(plan.streaming.sweeps[0].reductions.size(), 1u);
  EXPECT_EQ(plan.streaming.sweeps[0].folds.size(), 1u);
}

// The greatest norm of a tensor of the model: g is read for it, and in the next stage with w, which is written.
TEST_F(Plan, FoldsNumbersOfTensorsWhenTheStageEnds) {
  VariantPlan plan = planStepOf(parse("", "%g = ravine.gradient : !element\n" + normOf("g", "tensor") + R"(
      %greatest = ravine.reduce max %norm : !tensor to !model
      %w = ravine.parameter : !element
      %each = ravine.broadcast %greatest : !model to !element
      %scaled = ravine.mul %g, %each : !element
      %next = ravine.sub %w, %scaled : !element
      ravine.update %next : !element
    )"));
  EXPECT_EQ(epochsOf(plan.streaming), (std::vector<Epoch>{{0, 0, 0}, {1, 0, 0}}));
  EXPECT_EQ(bytesOf(plan), 16u);
  EXPECT_EQ(plan.streaming.sweeps[0].folds.size(), 1u);
}

// A state of rows is folded without any element being touched.
TEST_F(Plan, FoldsStatesOfRowsWithoutASweepOverElements) {
  VariantPlan plan = planStepOf(parse(R"(
    ravine.state @v : !row store f32 doc "" initial {
      %zero = ravine.constant 0.0 : f64 : !row
      ravine.yield %zero : !row
    }
    ravine.metric @total : !model doc "")",
                                      R"(
      %v = ravine.current @v : !row
      %total = ravine.reduce sum %v : !row to !model
      ravine.measure @total, %total : !model
    )"));
  ASSERT_EQ(plan.streaming.sweeps.size(), 1u);
  EXPECT_EQ(plan.streaming.sweeps[0].folds.size(), 1u);
  EXPECT_TRUE(plan.streaming.sweeps[0].loads.empty());
  EXPECT_EQ(bytesOf(plan), 0u);
}

// ---- operations

// The threshold of rows: w is read and stored in the field; then it is in cache, and written.
TEST_F(Plan, OfASearchInRows) {
  VariantPlan plan = planStepOf(parse("", R"(
      %w = ravine.parameter : !element
      %one = ravine.constant 1.0 : f64 : !model
      %theta = ravine.search simplex_threshold %w, %one : !element, !model to !row
      %each = ravine.broadcast %theta : !row to !element
      %next = ravine.sub %w, %each : !element
      ravine.update %next : !element
    )"));
  EXPECT_EQ(epochsOf(plan.streaming), twoPasses);
  EXPECT_EQ(bytesOf(plan), 12u);
}

// Total variation over the tensor: w is read, the field written and read, w written.
TEST_F(Plan, OfARearrangementOfTensors) {
  VariantPlan plan = planStepOf(parse("", R"(
      %w = ravine.parameter : !element
      %one = ravine.constant 1.0 : f64 : !model
      %next = ravine.rearrange taut_string %w, %one in <tensor> : !element, !model
      ravine.update %next : !element
    )"));
  EXPECT_EQ(epochsOf(plan.streaming), twoSweeps);
  EXPECT_EQ(bytesOf(plan), 16u);
  EXPECT_TRUE(plan.graph.problem.reductions[0].isOperation);
  EXPECT_EQ(plan.streaming.sweeps[1].loads.size(), 1u);
  EXPECT_EQ(plan.streaming.sweeps[1].loads[0].field, 0u);
}

// A search whose argument is folded from the same rows can be done in the same pass.
TEST_F(Plan, OfASearchForWhatTheRowsGive) {
  VariantPlan plan = planStepOf(parse("", "%w = ravine.parameter : !element\n" + normOf("w", "row") + R"(
      %theta = ravine.search simplex_threshold %w, %norm : !element, !row to !row
      %each = ravine.broadcast %theta : !row to !element
      %next = ravine.sub %w, %each : !element
      ravine.update %next : !element
    )"));
  EXPECT_EQ(epochsOf(plan.streaming), twoPasses);
  EXPECT_EQ(bytesOf(plan), 12u);
}

// The k greatest of the model are known in the next stage: g is read and its field written, then the field is read, and
// w read and written.
TEST_F(Plan, OfARearrangementOfTheModel) {
  VariantPlan plan = planStepOf(parse("", R"(
      %g = ravine.gradient : !element
      %w = ravine.parameter : !element
      %k = ravine.constant 100.0 : f64 : !model
      %kept = ravine.rearrange largest %g, %k in <model> : !element, !model
      %next = ravine.mul %w, %kept : !element
      ravine.update %next : !element
    )"));
  EXPECT_EQ(epochsOf(plan.streaming), (std::vector<Epoch>{{0, 0, 0}, {1, 0, 0}}));
  EXPECT_EQ(bytesOf(plan), 4u + 4 + 4 + 4 + 4);
}

// ---- outside of steps

// Both states are found in one sweep: w is read once, both are written. That of the rows' norms is no tensor.
TEST_F(Plan, OfInitialValues) {
  ir::OptimizerOp rule = parse("ravine.state @u : !element doc \"\" initial {\n%w = ravine.parameter : !element\n" +
                                   normOf("w", "row") + R"(
      %each = ravine.broadcast %norm : !row to !element
      %u = ravine.mul %w, %each : !element
      ravine.yield %u : !element
    }
    ravine.state @copy : !element doc "" initial {
      %w = ravine.parameter : !element
      ravine.yield %w : !element
    }
    ravine.state @norms : !row store f32 doc "" initial {
      %w = ravine.parameter : !element
)" + normOf("w", "row") + "ravine.yield %norm : !row }",
                               "%w = ravine.parameter : !element\nravine.update %w : !element\n");
  SingleStagePlan plan = planInitial(llvm::to_vector(rule.declared<ir::StateOp>()), memoryOf(rule));
  EXPECT_EQ(epochsOf(plan.schedule), twoPasses);
  EXPECT_EQ(bytesMoved(plan.graph.problem, plan.schedule), 12u);
  EXPECT_EQ(plan.graph.reductions.size(), 2u);
}

// A view in which tensors are scaled by their norms: w is read twice, the view written.
TEST_F(Plan, OfAView) {
  ir::OptimizerOp rule =
      parse("ravine.view @shown doc \"\" {\n%w = ravine.parameter : !element\n" + normOf("w", "tensor") + R"(
      %each = ravine.broadcast %norm : !tensor to !element
      %shown = ravine.mul %w, %each : !element
      ravine.yield %shown : !element
    })",
            "%w = ravine.parameter : !element\nravine.update %w : !element\n");
  SingleStagePlan plan = planView(*rule.declared<ir::ViewOp>().begin(), memoryOf(rule));
  EXPECT_EQ(epochsOf(plan.schedule), twoSweeps);
  EXPECT_EQ(bytesMoved(plan.graph.problem, plan.schedule), 12u);
  ASSERT_EQ(plan.schedule.sweeps.size(), 2u);
  EXPECT_EQ(plan.graph.buffers[plan.schedule.sweeps[1].commits.front()], (BufferKey{sweep::BufferKind::View, 0}));
}

// ---- numbers

// Searches, initial values and views have numbers in both forms of a rule, each place by itself.
TEST_F(Plan, NumbersBothFormsAlike) {
  auto form = [](const std::string &name, const std::string &number, const std::string &wide) {
    std::string element = "!ravine.field<" + number + ", element>";
    std::string search = "%w = ravine.parameter : " + element + "\n%k = ravine.constant 3.0 : f64 : !model\n" +
                         "%kth = ravine.search kth_largest %w, %k : " + element + ", !model to !tensor\n" +
                         "%each = ravine.broadcast %kth : !tensor to " + element + "\n";
    return "ravine.optimizer @" + name + " doc \"\" citation \"\" " + wide + " {\n" +
           "ravine.view @shown doc \"\" {\n" + search + "ravine.yield %each : " + element + "\n}\n" +
           "ravine.step {\n" + search + "ravine.update %each : " + element + "\n}\n}\n";
  };
  ir::OptimizerOp rule = parse(form("rule", "f32", "wide @rule.f64") +
                               form("rule.f64", "f64", R"(precisions [#ravine.precision<"f64", f64, f64>])"));
  ir::OptimizerOp wide = module->lookupSymbol<ir::OptimizerOp>("rule.f64");
  ASSERT_TRUE(succeeded(numberReductionsAlike(wide, rule)));
  for (ir::OptimizerOp each : {rule, wide}) {
    EXPECT_EQ(numberOf(*each.getStep().getBody().getOps<ir::SearchOp>().begin()), 0u);
    EXPECT_EQ(numberOf(*(*each.declared<ir::ViewOp>().begin()).getValue().getOps<ir::SearchOp>().begin()), 1u);
    EXPECT_EQ(countReductionsOfStep(each), 1u);
  }
}

} // namespace
