// The pass ravine-form-sweeps: from what is computed to how memory is walked.
#include "compiler/formation/Passes.h"

#include "compiler/formation/ScalarProgram.h"
#include "compiler/formation/StepPlan.h"
#include "compiler/formation/SweepEmitter.h"

namespace ravine {
#define GEN_PASS_DEF_FORMSWEEPS
#include "compiler/formation/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

namespace {

/// Each condition doubles the kernels. The checker refuses more in source (E0702); this guards the pass itself.
constexpr size_t MaxConditions = 4;

Value yielded(Region &region) {
  return cast<ir::YieldOp>(region.front().getTerminator()).getValue();
}

bool isScalar(ir::StateOp state) {
  return state.getFieldType().isScalar();
}

/// Writes the sweep.program of one rule.
class ProgramWriter {
public:
  ProgramWriter(ir::OptimizerOp rule, const Conditions &conditions)
      : rule(rule), conditions(conditions), builder(rule.getContext()), tables(rule), plan(planStep(rule, conditions)) {
  }

  void write() {
    auto requirements = llvm::map_to_vector(rule.declared<ir::RequirementOp>(),
                                            [](ir::RequirementOp op) { return yielded(op.getCondition()); });
    builder.setInsertionPointAfter(rule);
    auto [guard, guardStage] = findGuard();
    // No optimizer can have a name with a dot in it.
    auto program = sweep::ProgramOp::create(
        builder, rule.getLoc(), (rule.getSymName() + ".program").str(), rule.getSymName(), conditions.ofState,
        conditions.regions.size(), requirements.size(), tables.ofTensors(), tables.ofModel(), guard, guardStage);
    builder.createBlock(&program.getBody());
    emitScalarProgram(builder, {"conditions", sweep::ScalarRole::Conditions}, rule, tables,
                      llvm::map_to_vector(conditions.regions, [](Region *region) { return yielded(*region); }));
    emitScalarProgram(builder, {"requirements", sweep::ScalarRole::Requirements}, rule, tables, requirements);
    writeInitialScalars(rule, ir::IndexSet::Model, 0);
    for (auto [number, variant] : llvm::enumerate(plan.variants))
      writeVariant(variant, static_cast<uint32_t>(number));
    // The model has no variant: a condition that its numbers depend on is the same for all tensors.
    OwningOpRef<ir::OptimizerOp> whole(rule.clone());
    writeEnd(*whole, ir::IndexSet::Model, 0);
  }

private:
  /// The column of the number without which nothing is written, and the stage that makes it: the same in every variant.
  /// -1 where there is none.
  std::pair<int32_t, int32_t> findGuard() {
    const StepGraph &graph = plan.variants.front().graph;
    std::optional<unsigned> guard = graph.problem.guard;
    if (!guard)
      return {-1, -1};
    return {tables.ofReduction(numberOf(graph.reductions[*guard])).index,
            static_cast<int32_t>(graph.problem.reductions[*guard].stage)};
  }

  void writeVariant(const VariantPlan &variant, uint32_t number) {
    ir::OptimizerOp specialized = variant.rule.get();
    std::string suffix = "_" + std::to_string(number);
    writeInitialScalars(specialized, ir::IndexSet::Tensor, number);
    if (SmallVector<Place> stores = initialValues(specialized, number); !stores.empty())
      emitSweep(builder, {"initial" + suffix, sweep::SweepRole::Initial, number, 0, {}, stores, {}}, specialized,
                tables);
    writeStages(variant, number);
    for (auto [index, view] : llvm::enumerate(specialized.declared<ir::ViewOp>())) {
      std::string name = "view_" + view.getSymName().str() + suffix;
      Place output = {yielded(view.getValue()), {sweep::BufferKind::View, 0}};
      emitSweep(builder, {name, sweep::SweepRole::View, number, static_cast<uint32_t>(index), {}, {output}, {}},
                specialized, tables);
    }
    writeEnd(specialized, ir::IndexSet::Tensor, number);
  }

  /// The initial values that have to be written: memory is zero to begin with.
  SmallVector<Place> initialValues(ir::OptimizerOp specialized, uint32_t variant) {
    SmallVector<Place> stores;
    for (auto [index, state] : llvm::enumerate(specialized.declared<ir::StateOp>())) {
      Value initial = yielded(state.getInitial());
      auto constant = initial.getDefiningOp<ir::ConstantOp>();
      bool isZero = constant && cast<FloatAttr>(constant.getValue()).getValue().isPosZero();
      if (!isScalar(state) && conditions.exists(index, variant) && !isZero)
        stores.push_back({initial, {sweep::BufferKind::State, static_cast<uint32_t>(index)}});
    }
    return stores;
  }

  static std::string nameFor(ir::IndexSet set, StringRef what, uint32_t variant) {
    if (set == ir::IndexSet::Model)
      return (what + "_model").str();
    return (what + "_tensor_" + llvm::Twine(variant)).str();
  }

  /// The states of one table of values, in the order of its columns.
  static SmallVector<ir::StateOp> statesOf(ir::OptimizerOp of, ir::IndexSet set) {
    return llvm::to_vector(llvm::make_filter_range(
        of.declared<ir::StateOp>(), [&](ir::StateOp state) { return state.getFieldType().getSet() == set; }));
  }

  void writeInitialScalars(ir::OptimizerOp of, ir::IndexSet set, uint32_t variant) {
    auto values = llvm::map_to_vector(statesOf(of, set), [](ir::StateOp state) { return yielded(state.getInitial()); });
    auto role = set == ir::IndexSet::Model ? sweep::ScalarRole::InitialModel : sweep::ScalarRole::InitialTensor;
    emitScalarProgram(builder, {nameFor(set, "initial", variant), role, variant}, of, tables, values);
  }

  void writeEnd(ir::OptimizerOp of, ir::IndexSet set, uint32_t variant) {
    llvm::StringMap<Value> next, measured;
    for (Operation &op : of.getStep().getBody().front()) {
      if (auto nextOp = dyn_cast<ir::NextOp>(op))
        next[nextOp.getState()] = nextOp.getValue();
      else if (auto measure = dyn_cast<ir::MeasureOp>(op))
        measured[measure.getMetric()] = measure.getValue();
    }
    SmallVector<Value> values;
    for (ir::StateOp state : statesOf(of, set)) {
      Value value = next.lookup(state.getSymName());
      values.push_back(value ? value : readCurrent(of, state));
    }
    for (ir::MetricOp metric : of.declared<ir::MetricOp>())
      if (metric.getFieldType().getSet() == set)
        values.push_back(measured.lookup(metric.getSymName()));
    auto role = set == ir::IndexSet::Model ? sweep::ScalarRole::EndModel : sweep::ScalarRole::EndTensor;
    emitScalarProgram(builder, {nameFor(set, "end", variant), role, variant}, of, tables, values);
  }

  /// A state that the step does not define keeps its value.
  static Value readCurrent(ir::OptimizerOp of, ir::StateOp state) {
    OpBuilder inStep = OpBuilder::atBlockEnd(&of.getStep().getBody().front());
    return ir::CurrentOp::create(inStep, state.getLoc(), state.getFieldType(), state.getSymName());
  }

  // ---- stages

  void writeStages(const VariantPlan &variant, uint32_t number) {
    for (unsigned stage = 0; stage < plan.stageCount; ++stage) {
      SmallVector<Attribute> sweeps = writeSweeps(variant, number, variant.streaming, stage, "");
      SmallVector<Attribute> resident;
      if (sweeps.size() > 1 && !isSame(variant.streaming, variant.resident, stage))
        resident = writeSweeps(variant, number, variant.resident, stage, "_resident");
      sweep::StageOp::create(builder, rule.getLoc(), number, builder.getArrayAttr(sweeps),
                             builder.getArrayAttr(resident));
    }
  }

  static SmallVector<const PlannedSweep *> sweepsOf(const Schedule &schedule, unsigned stage) {
    SmallVector<const PlannedSweep *> sweeps;
    for (const PlannedSweep &sweep : schedule.sweeps)
      if (sweep.epoch.stage == stage)
        sweeps.push_back(&sweep);
    return sweeps;
  }

  static bool isSame(const Schedule &left, const Schedule &right, unsigned stage) {
    return llvm::equal(sweepsOf(left, stage), sweepsOf(right, stage),
                       [](const PlannedSweep *a, const PlannedSweep *b) { return *a == *b; });
  }

  SmallVector<Attribute> writeSweeps(const VariantPlan &variant, uint32_t number, const Schedule &schedule,
                                     unsigned stage, StringRef suffix) {
    SmallVector<Attribute> names;
    llvm::DenseMap<unsigned, uint32_t> scratchOf;
    for (const PlannedSweep *planned : sweepsOf(schedule, stage)) {
      std::string name =
          ("step_" + llvm::Twine(number) + "_" + llvm::Twine(stage) + "_" + llvm::Twine(names.size()) + suffix).str();
      for (unsigned node : planned->saves)
        scratchOf.try_emplace(node, scratchOf.size());
      emitSweep(builder, contentsOf(variant.graph, *planned, scratchOf, name, number), variant.rule.get(), tables);
      names.push_back(FlatSymbolRefAttr::get(builder.getContext(), name));
    }
    return names;
  }

  static SweepContents contentsOf(const StepGraph &graph, const PlannedSweep &planned,
                                  const llvm::DenseMap<unsigned, uint32_t> &scratchOf, StringRef name,
                                  uint32_t variant) {
    auto scratch = [&](unsigned node) { return BufferKey{sweep::BufferKind::Scratch, scratchOf.lookup(node)}; };
    SweepContents contents;
    contents.name = name;
    contents.variant = variant;
    for (const Load &load : planned.loads)
      contents.loads.push_back(
          {graph.values[load.node], load.buffer ? graph.buffers[*load.buffer] : scratch(load.node)});
    for (unsigned buffer : planned.commits)
      contents.stores.push_back({graph.values[graph.problem.buffers[buffer].written()], graph.buffers[buffer]});
    for (unsigned node : planned.saves)
      contents.stores.push_back({graph.values[node], scratch(node)});
    for (unsigned reduction : planned.reductions)
      contents.reductions.push_back(graph.reductions[reduction]);
    return contents;
  }

  ir::OptimizerOp rule;
  const Conditions &conditions;
  OpBuilder builder;
  ValueTables tables;
  StepPlan plan;
};

struct FormSweeps : ravine::impl::FormSweepsBase<FormSweeps> {
  void runOnOperation() override {
    for (auto optimizer : llvm::make_early_inc_range(getOperation().getOps<ir::OptimizerOp>()))
      if (failed(form(optimizer)))
        return signalPassFailure();
  }

  static LogicalResult form(ir::OptimizerOp optimizer) {
    Conditions conditions = collectConditions(optimizer);
    if (conditions.regions.size() > MaxConditions)
      return optimizer.emitError("has ") << conditions.regions.size() << " different conditions; at most "
                                         << MaxConditions << " are supported";
    numberReductions(optimizer);
    ProgramWriter(optimizer, conditions).write();
    return success();
  }
};

} // namespace
