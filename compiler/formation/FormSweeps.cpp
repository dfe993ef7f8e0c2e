// The pass ravine-form-sweeps: from what is computed to how memory is walked.
#include "compiler/formation/Passes.h"

#include "compiler/formation/Reductions.h"
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

Value yielded(Region &region) {
  return cast<ir::YieldOp>(region.front().getTerminator()).getValue();
}

bool isScalar(ir::StateOp state) {
  return state.getFieldType().isScalar();
}

/// The step itself, among its exits.
constexpr int32_t theStepItself = -1;

/// Writes the sweep.program of one rule.
class ProgramWriter {
public:
  ProgramWriter(ir::OptimizerOp rule, ArrayRef<RulePrecision> precisions, const Conditions &conditions)
      : rule(rule), precisions(precisions), conditions(conditions), builder(rule.getContext()), tables(rule),
        plan(planStep(rule, precisions, conditions)) {}

  void write() {
    auto requirements = llvm::map_to_vector(rule.declared<ir::RequirementOp>(),
                                            [](ir::RequirementOp op) { return yielded(op.getCondition()); });
    builder.setInsertionPointAfter(rule);
    // No optimizer can have a name with a dot in it.
    auto program = sweep::ProgramOp::create(
        builder, rule.getLoc(), (rule.getSymName() + ".program").str(), rule.getSymName(), conditions.cases.size(),
        llvm::map_to_vector(conditions.outcomes, [](uint32_t outcome) { return static_cast<int32_t>(outcome); }),
        precisions.size(), stateExists(), stateTypes(), requirements.size(), tables.ofTensors(), tables.ofModel(),
        exits(), tables.patterns());
    builder.createBlock(&program.getBody());
    emitConditions(builder, rule, tables, conditions.cases);
    emitScalarProgram(builder, {"requirements", sweep::ScalarRole::Requirements}, rule, tables, requirements);
    emitSchedules(builder, rule, tables);
    writeInitialScalars(rule, ir::IndexSet::Model, 0);
    for (auto [number, variant] : llvm::enumerate(plan.step.variants))
      writeVariant(variant, static_cast<uint32_t>(number));
    // The model has no variant: a condition that its numbers depend on is the same for all tensors.
    OwningOpRef<ir::OptimizerOp> whole(rule.clone());
    writeEnd(*whole, ir::IndexSet::Model, 0, theStepItself);
    for (auto [number, exit] : llvm::enumerate(plan.exits))
      writeExit(exit, static_cast<int32_t>(number));
  }

private:
  // ---- what the program says of itself

  bool exists(size_t state, size_t variant) const {
    const RulePrecision &precision = precisions[variant / conditions.outcomes.size()];
    return conditions.exists(state, conditions.outcomes[variant % conditions.outcomes.size()],
                             isNarrow(precision.rule, precision.storage));
  }

  SmallVector<bool> stateExists() {
    SmallVector<bool> all;
    for (size_t state = 0; state < llvm::range_size(rule.declared<ir::StateOp>()); ++state)
      for (size_t variant = 0; variant < plan.step.variants.size(); ++variant)
        all.push_back(exists(state, variant));
    return all;
  }

  ArrayAttr stateTypes() {
    SmallVector<Attribute> types;
    auto memories = llvm::map_to_vector(precisions, [](const RulePrecision &precision) { return Memory(precision); });
    for (size_t state = 0; state < llvm::range_size(rule.declared<ir::StateOp>()); ++state)
      for (const Memory &memory : memories)
        types.push_back(TypeAttr::get(memory.typeOfState(state)));
    return builder.getArrayAttr(types);
  }

  ArrayAttr exits() {
    auto attributes = llvm::map_to_vector(plan.exits, [&](const ExitPlan &exit) -> Attribute {
      ir::SkipOp skip = exit.skip;
      int32_t culprit = -1;
      if (skip.getCulprit())
        culprit = tables.ofReduction(numberOf(skip.getCulprit().getDefiningOp<ir::ReduceOp>())).index;
      return sweep::ExitAttr::get(builder.getContext(), exit.afterStages, skip.getRefuse(), culprit);
    });
    return builder.getArrayAttr(attributes);
  }

  // ---- variants and exits

  void writeVariant(const VariantPlan &planned, uint32_t number) {
    ir::OptimizerOp specialized = planned.variant.rule.get();
    const Memory &memory = planned.variant.memory;
    std::string suffix = "_" + std::to_string(number);
    writeInitialScalars(specialized, ir::IndexSet::Tensor, number);
    if (SmallVector<Place> stores = initialValues(specialized, number); !stores.empty())
      emitSweep(builder, {"initial" + suffix, sweep::SweepRole::Initial, number, 0, {}, stores, {}}, specialized,
                memory, tables);
    writeStages(plan.step, number, theStepItself);
    for (auto [index, view] : llvm::enumerate(specialized.declared<ir::ViewOp>())) {
      std::string name = "view_" + view.getSymName().str() + suffix;
      Place output = {yielded(view.getValue()), {sweep::BufferKind::View, 0}};
      emitSweep(builder, {name, sweep::SweepRole::View, number, static_cast<uint32_t>(index), {}, {output}, {}},
                specialized, memory, tables);
    }
    writeEnd(specialized, ir::IndexSet::Tensor, number, theStepItself);
  }

  void writeExit(const ExitPlan &exit, int32_t number) {
    std::string name = nameOf(number) + "condition";
    ir::SkipOp skip = exit.skip;
    emitScalarProgram(builder, {name, sweep::ScalarRole::ExitCondition, 0, number}, rule, tables, skip.getCondition());
    if (skip.getRefuse())
      return;
    for (uint32_t variant = 0; variant < exit.stages.variants.size(); ++variant) {
      writeStages(exit.stages, variant, number);
      writeEnd(exit.stages.variants[variant].variant.rule.get(), ir::IndexSet::Tensor, variant, number);
    }
    writeEnd(exit.rule.get(), ir::IndexSet::Model, 0, number);
  }

  /// What the names of all that belongs to an exit begin with.
  static std::string nameOf(int32_t exit) { return exit == theStepItself ? "" : "exit_" + std::to_string(exit) + "_"; }

  /// The initial values that have to be written: memory is zero to begin with.
  SmallVector<Place> initialValues(ir::OptimizerOp specialized, uint32_t variant) {
    SmallVector<Place> stores;
    for (auto [index, state] : llvm::enumerate(specialized.declared<ir::StateOp>())) {
      Value initial = yielded(state.getInitial());
      auto constant = initial.getDefiningOp<ir::ConstantOp>();
      bool isZero = constant && cast<FloatAttr>(constant.getValue()).getValue().isPosZero();
      if (!isScalar(state) && exists(index, variant) && !isZero)
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

  /// Metrics have no value in a step that ends early.
  void writeEnd(ir::OptimizerOp of, ir::IndexSet set, uint32_t variant, int32_t exit) {
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
      if (exit == theStepItself && metric.getFieldType().getSet() == set)
        values.push_back(measured.lookup(metric.getSymName()));
    auto role = set == ir::IndexSet::Model ? sweep::ScalarRole::EndModel : sweep::ScalarRole::EndTensor;
    emitScalarProgram(builder, {nameFor(set, nameOf(exit) + "end", variant), role, variant, exit}, of, tables, values);
  }

  /// A state that the step does not define keeps its value.
  static Value readCurrent(ir::OptimizerOp of, ir::StateOp state) {
    OpBuilder inStep = OpBuilder::atBlockEnd(&of.getStep().getBody().front());
    return ir::CurrentOp::create(inStep, state.getLoc(), state.getFieldType(), state.getSymName());
  }

  // ---- stages

  void writeStages(const StagePlan &stages, uint32_t number, int32_t exit) {
    const VariantPlan &variant = stages.variants[number];
    for (unsigned stage = 0; stage < stages.stageCount; ++stage) {
      std::string name = (nameOf(exit) + "step_" + llvm::Twine(number) + "_" + llvm::Twine(stage) + "_").str();
      SmallVector<Attribute> sweeps = writeSweeps(variant, number, sweepsOf(variant.streaming, stage), {name, ""});
      SmallVector<Attribute> resident;
      if (sweeps.size() > 1 && !isSame(variant.streaming, variant.resident, stage))
        resident = writeSweeps(variant, number, sweepsOf(variant.resident, stage), {name, "_resident"});
      sweep::StageOp::create(builder, rule.getLoc(), number, exit, builder.getArrayAttr(sweeps),
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

  /// What the names of sweeps have before and behind their number.
  struct Affixes {
    std::string prefix, suffix;
  };

  SmallVector<Attribute> writeSweeps(const VariantPlan &plan, uint32_t number, ArrayRef<const PlannedSweep *> sweeps,
                                     const Affixes &affixes) {
    SmallVector<Attribute> names;
    llvm::DenseMap<unsigned, uint32_t> scratchOf;
    for (const PlannedSweep *planned : sweeps) {
      std::string name = affixes.prefix + std::to_string(names.size()) + affixes.suffix;
      for (unsigned node : planned->saves)
        scratchOf.try_emplace(node, scratchOf.size());
      emitSweep(builder, contentsOf(plan.graph, *planned, scratchOf, name, number), plan.variant.rule.get(),
                plan.variant.memory, tables);
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
  ArrayRef<RulePrecision> precisions;
  const Conditions &conditions;
  OpBuilder builder;
  ValueTables tables;
  StepPlan plan;
};

struct FormSweeps : ravine::impl::FormSweepsBase<FormSweeps> {
  void runOnOperation() override {
    for (auto optimizer : llvm::make_early_inc_range(getOperation().getOps<ir::OptimizerOp>()))
      if (!isWideForm(optimizer) && failed(form(optimizer)))
        return signalPassFailure();
  }

  static LogicalResult form(ir::OptimizerOp optimizer) {
    Conditions conditions = collectConditions(optimizer);
    SmallVector<RulePrecision> precisions = precisionsOf(optimizer);
    // The checker refuses more in source (E0702); this guards the pass itself.
    if (conditions.outcomes.size() > Conditions::mostOutcomes)
      return optimizer.emitError("has more variants than are supported: its conditions may have ")
             << Conditions::mostOutcomes << " outcomes";
    numberReductions(optimizer);
    if (ir::OptimizerOp wide = wideFormOf(optimizer); wide && failed(numberReductionsAlike(wide, optimizer)))
      return failure();
    ProgramWriter(optimizer, precisions, conditions).write();
    return success();
  }
};

} // namespace
