// The pass ravine-form-sweeps: from what is computed to how memory is walked.
#include "compiler/formation/Passes.h"

#include "compiler/formation/Reductions.h"
#include "compiler/formation/ScalarProgram.h"
#include "compiler/formation/StageWriter.h"
#include "compiler/formation/StepPasses.h"
#include "compiler/formation/StepPlan.h"
#include "compiler/transforms/MinimumRank.h"

#include <map>

namespace ravine {
#define GEN_PASS_DEF_FORMSWEEPS
#include "compiler/formation/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

namespace {

/// Writes the sweep.program of one rule.
class ProgramWriter {
public:
  ProgramWriter(ir::OptimizerOp rule, ArrayRef<RulePrecision> precisions, const Conditions &conditions)
      : rule(rule), precisions(precisions), conditions(conditions), builder(rule.getContext()), tables(rule),
        groups(rule), plan(planStep(rule, precisions, conditions)) {}

  void write() {
    auto requirements = llvm::map_to_vector(rule.declared<ir::RequirementOp>(),
                                            [](ir::RequirementOp op) { return yielded(op.getCondition()); });
    builder.setInsertionPointAfter(rule);
    // No optimizer can have a name with a dot in it.
    program = sweep::ProgramOp::create(
        builder, rule.getLoc(), (rule.getSymName() + ".program").str(), rule.getSymName(), conditions.cases.size(),
        llvm::map_to_vector(conditions.outcomes, [](uint32_t outcome) { return static_cast<int32_t>(outcome); }),
        precisions.size(), stateExists(), stateTypes(), requirements.size(), tables.ofTensors(), tables.ofModel(),
        exits(), tables.patterns(), minimumRanks(), groups.sets(), groups.fieldCount());
    builder.createBlock(&program.getBody());
    emitConditions(builder, rule, tables, conditions.cases);
    emitScalarProgram(builder, {"requirements", sweep::ScalarRole::Requirements}, rule, tables, requirements);
    emitSchedules(builder, rule, tables);
    writeInitialScalars(rule, IndexSet::Model, 0);
    for (auto [number, variant] : llvm::enumerate(plan.step.variants))
      writeVariant(variant, static_cast<uint32_t>(number));
    // The model has no variant: a condition that its numbers depend on is the same for all tensors.
    OwningOpRef<ir::OptimizerOp> whole(rule.clone());
    writeEnd(*whole, IndexSet::Model, 0, theStepItself);
    for (auto [number, exit] : llvm::enumerate(plan.exits))
      writeExit(exit, static_cast<int32_t>(number));
    // Sweeps have asked for more of them.
    program.setGroupSetsAttr(groups.sets());
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
        culprit = tables.ofReduction(numberOf(skip.getCulprit().getDefiningOp())).index;
      return sweep::ExitAttr::get(builder.getContext(), exit.afterStages, skip.getRefuse(), culprit);
    });
    return builder.getArrayAttr(attributes);
  }

  /// By outcome, which the order of variants repeats for each precision.
  SmallVector<int32_t> minimumRanks() {
    SmallVector<int32_t> ranks(conditions.outcomes.size(), 0);
    for (auto [number, variant] : llvm::enumerate(plan.step.variants)) {
      auto isThere = [&, number = number](size_t state) { return exists(state, number); };
      int32_t &rank = ranks[number % ranks.size()];
      rank = std::max(rank, static_cast<int32_t>(minimumRank(variant.variant.rule.get(), isThere)));
    }
    return ranks;
  }

  // ---- variants and exits

  void writeVariant(const VariantPlan &planned, uint32_t number) {
    ir::OptimizerOp specialized = planned.variant.rule.get();
    const Memory &memory = planned.variant.memory;
    writeInitialScalars(specialized, IndexSet::Tensor, number);
    writeInitialStage(specialized, memory, number);
    writeStages(plan.step, number, theStepItself);
    for (auto [index, view] : llvm::enumerate(specialized.declared<ir::ViewOp>())) {
      StageHeader header{sweep::SweepRole::View, number, theStepItself, static_cast<uint32_t>(index)};
      writeSingleStage(header, "view_" + view.getSymName().str(), planView(view, memory), {}, specialized, memory);
    }
    writeEnd(specialized, IndexSet::Tensor, number, theStepItself);
  }

  void writeExit(const ExitPlan &exit, int32_t number) {
    std::string name = nameOf(number) + "condition";
    ir::SkipOp skip = exit.skip;
    emitScalarProgram(builder, {name, sweep::ScalarRole::ExitCondition, 0, number}, rule, tables, skip.getCondition());
    if (skip.getRefuse())
      return;
    for (uint32_t variant = 0; variant < exit.stages.variants.size(); ++variant) {
      writeStages(exit.stages, variant, number);
      writeEnd(exit.stages.variants[variant].variant.rule.get(), IndexSet::Tensor, variant, number);
    }
    writeEnd(exit.rule.get(), IndexSet::Model, 0, number);
  }

  /// What the names of all that belongs to an exit begin with.
  static std::string nameOf(int32_t exit) { return exit == theStepItself ? "" : "exit_" + std::to_string(exit) + "_"; }

  // ---- scalar programs

  static std::string nameFor(IndexSet set, StringRef what, uint32_t variant) {
    if (set == IndexSet::Model)
      return (what + "_model").str();
    return (what + "_tensor_" + llvm::Twine(variant)).str();
  }

  /// The states of one table of values, in the order of its columns.
  static SmallVector<ir::StateOp> statesOf(ir::OptimizerOp of, IndexSet set) {
    return llvm::to_vector(llvm::make_filter_range(
        of.declared<ir::StateOp>(), [&](ir::StateOp state) { return state.getFieldType().getSet() == set; }));
  }

  void writeInitialScalars(ir::OptimizerOp of, IndexSet set, uint32_t variant) {
    auto values = llvm::map_to_vector(statesOf(of, set), [](ir::StateOp state) { return yielded(state.getInitial()); });
    auto role = set == IndexSet::Model ? sweep::ScalarRole::InitialModel : sweep::ScalarRole::InitialTensor;
    emitScalarProgram(builder, {nameFor(set, "initial", variant), role, variant}, of, tables, values);
  }

  /// Metrics have no value in a step that ends early.
  void writeEnd(ir::OptimizerOp of, IndexSet set, uint32_t variant, int32_t exit) {
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
    auto role = set == IndexSet::Model ? sweep::ScalarRole::EndModel : sweep::ScalarRole::EndTensor;
    emitScalarProgram(builder, {nameFor(set, nameOf(exit) + "end", variant), role, variant, exit}, of, tables, values);
  }

  /// A state that the step does not define keeps its value.
  static Value readCurrent(ir::OptimizerOp of, ir::StateOp state) {
    OpBuilder inStep = OpBuilder::atBlockEnd(&of.getStep().getBody().front());
    return ir::CurrentOp::create(inStep, state.getLoc(), state.getFieldType(), state.getSymName());
  }

  // ---- stages

  struct StageHeader {
    sweep::SweepRole role = sweep::SweepRole::Step;
    uint32_t variant = 0;
    int32_t exit = theStepItself;
    uint32_t view = 0;
  };

  /// All stages that were planned, and one more where states of groups are known only when these are done.
  unsigned countStages(const StagePlan &stages, int32_t exit) const {
    bool isStep = exit == theStepItself;
    unsigned before = isStep ? 0 : plan.exits[exit].afterStages;
    unsigned firstWrite = isStep && !plan.exits.empty() ? plan.exits.back().afterStages : 0;
    unsigned count = stages.stageCount;
    for (const VariantPlan &variant : stages.variants)
      for (const Place &commit : groupCommits(variant.variant.rule.get(), variant.variant.memory)) {
        count = std::max(count, firstWrite + 1);
        for (Operation *needed : reductionsBehind(commit.value)) {
          bool isKnown = !isStep && plan.step.stageOfReduction[numberOf(needed)] < before;
          if (isOverModel(needed) && !isKnown)
            count = std::max(count, stages.stageOfReduction[numberOf(needed)] + 2);
        }
      }
    return count;
  }

  void writeStages(const StagePlan &stages, uint32_t number, int32_t exit) {
    const VariantPlan &planned = stages.variants[number];
    GroupNumbers numbers(groups);
    unsigned count = countStages(stages, exit);
    for (unsigned stage = 0; stage < count; ++stage) {
      std::string prefix = (nameOf(exit) + "step_" + llvm::Twine(number) + "_" + llvm::Twine(stage) + "_").str();
      StageFrame frame{
          prefix, "",     sweep::SweepRole::Step, number, 0, planned.variant.rule.get(), planned.variant.memory,
          tables, numbers};
      SmallVector<Place> commits;
      if (stage + 1 == count)
        commits = groupCommits(planned.variant.rule.get(), planned.variant.memory);
      SweepList sweeps =
          StageWriter(builder, frame).write(passesOf(planned.graph, planned.streaming, stage, groups), commits);
      SweepList resident;
      if (differsInCache(planned, stage)) {
        frame.suffix = "_resident";
        resident = StageWriter(builder, frame).write(passesOf(planned.graph, planned.resident, stage, groups), commits);
        if (foldOrders(sweeps) != foldOrders(resident))
          discard(std::exchange(resident, {}));
      }
      writeStage({sweep::SweepRole::Step, number, exit}, frame, sweeps, resident);
    }
  }

  /// In which order elements are folded follows from whether the sweep knows of groups: row by row, or as they lie in
  /// memory. Both forms of a stage have to give the same bits.
  std::map<std::pair<bool, uint32_t>, bool> foldOrders(const SweepList &sweeps) {
    std::map<std::pair<bool, uint32_t>, bool> goesRowByRow;
    for (Attribute name : sweeps.names)
      if (auto sweep = SymbolTable::lookupNearestSymbolFrom<sweep::SweepOp>(program, cast<FlatSymbolRefAttr>(name)))
        for (sweep::ReductionAttr reduction : sweep.getReductionAttrs())
          if (!reduction.getSet().isOfGroups() && sweep.getMembers() == IndexSet::Element)
            goesRowByRow[{reduction.getSet() == IndexSet::Model, reduction.getValue()}] = sweep.knowsOfGroups();
    return goesRowByRow;
  }

  /// Takes sweeps back that have been written, with their scalar programs.
  void discard(const SweepList &sweeps) {
    for (Attribute name : sweeps.names) {
      Operation *op = SymbolTable::lookupNearestSymbolFrom(program, cast<FlatSymbolRefAttr>(name));
      FlatSymbolRefAttr scalars = TypeSwitch<Operation *, FlatSymbolRefAttr>(op)
                                      .Case([](sweep::SweepOp sweep) { return sweep.getScalarsAttr(); })
                                      .Case([](sweep::OperationOp operation) { return operation.getScalarsAttr(); });
      SymbolTable::lookupNearestSymbolFrom(program, scalars)->erase();
      op->erase();
    }
  }

  /// A stage outside of steps; none where there is nothing to do.
  void writeSingleStage(const StageHeader &header, StringRef name, const SingleStagePlan &planned,
                        ArrayRef<Place> commits, ir::OptimizerOp specialized, const Memory &memory) {
    GroupNumbers numbers(groups);
    std::string prefix = (name + "_" + llvm::Twine(header.variant) + "_").str();
    StageFrame frame{prefix, "", header.role, header.variant, header.view, specialized, memory, tables, numbers};
    SweepList sweeps = StageWriter(builder, frame).write(passesOf(planned.graph, planned.schedule, 0, groups), commits);
    if (!sweeps.names.empty())
      writeStage(header, frame, sweeps, {});
  }

  void writeStage(const StageHeader &header, const StageFrame &frame, const SweepList &sweeps,
                  const SweepList &resident) {
    FlatSymbolRefAttr fold;
    if (!sweeps.folds.empty()) {
      std::string name = frame.prefix + "fold";
      auto folded = llvm::map_to_vector(sweeps.folds, [](ir::ReduceOp reduce) -> Value { return reduce.getOperand(); });
      emitScalarProgram(builder, {name, sweep::ScalarRole::Fold, header.variant, header.exit}, frame.rule, tables,
                        folded);
      fold = FlatSymbolRefAttr::get(builder.getContext(), name);
    }
    auto reductions = llvm::map_to_vector(
        sweeps.folds, [&](ir::ReduceOp reduce) -> Attribute { return reductionAttr(reduce, tables, groups); });
    sweep::StageOp::create(builder, rule.getLoc(), header.role, header.view, header.variant, header.exit,
                           builder.getArrayAttr(sweeps.names), sweeps.tiles, builder.getArrayAttr(resident.names),
                           resident.tiles, fold, builder.getArrayAttr(reductions));
  }

  /// The initial values that have to be written: memory is zero to begin with.
  void writeInitialStage(ir::OptimizerOp specialized, const Memory &memory, uint32_t variant) {
    SmallVector<ir::StateOp> states;
    SmallVector<Place> commits;
    for (auto [index, state] : llvm::enumerate(specialized.declared<ir::StateOp>())) {
      Value initial = yielded(state.getInitial());
      auto constant = initial.getDefiningOp<ir::ConstantOp>();
      bool isZero = constant && cast<FloatAttr>(constant.getValue()).getValue().isPosZero();
      if (state.getFieldType().isScalar() || !exists(index, variant) || isZero)
        continue;
      states.push_back(state);
      if (state.getFieldType().getSet().isOfGroups())
        commits.push_back({initial, memory.ofState(state.getSymName())});
    }
    writeSingleStage({sweep::SweepRole::Initial, variant}, "initial", planInitial(states, memory), commits, specialized,
                     memory);
  }

  ir::OptimizerOp rule;
  ArrayRef<RulePrecision> precisions;
  const Conditions &conditions;
  OpBuilder builder;
  ValueTables tables;
  GroupBuffers groups;
  StepPlan plan;
  /// What is being written.
  sweep::ProgramOp program;
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
