// How an optimizer is walked, as constant data. Each function writes one struct of plan.h, field by field in its order.
#include "compiler/codegen/ProgramData.h"

#include "compiler/codegen/cpu/Passes.h"

using namespace ravine;
using llvm::Constant;
using llvm::SmallVector;
using llvm::StringRef;

// The dialects count as the plan does.
static_assert(static_cast<int>(ir::ClockKind::T) == RAVINE_CLOCK_T);
static_assert(static_cast<int>(ir::ClockKind::Step) == RAVINE_CLOCK_STEP);
static_assert(static_cast<int>(ir::ClockKind::Size) == RAVINE_CLOCK_SIZE);
static_assert(static_cast<int>(ir::ClockKind::Rank) == RAVINE_CLOCK_RANK);
static_assert(static_cast<int>(ir::ClockKind::ModelSize) == RAVINE_CLOCK_MODEL_SIZE);
static_assert(static_cast<int>(ir::ClockKind::Rows) == RAVINE_CLOCK_ROWS);
static_assert(static_cast<int>(ir::ClockKind::Cols) == RAVINE_CLOCK_COLS);
static_assert(static_cast<int>(ir::ClockKind::Channels) == RAVINE_CLOCK_CHANNELS);
static_assert(static_cast<int>(ir::ReductionKind::Sum) == RAVINE_REDUCE_SUM);
static_assert(static_cast<int>(ir::ReductionKind::Max) == RAVINE_REDUCE_MAX);
static_assert(static_cast<int>(ir::ReductionKind::Min) == RAVINE_REDUCE_MIN);
static_assert(static_cast<int>(sweep::ValueKind::Hyper) == RAVINE_VALUE_HYPER);
static_assert(static_cast<int>(sweep::ValueKind::State) == RAVINE_VALUE_STATE);
static_assert(static_cast<int>(sweep::ValueKind::Reduction) == RAVINE_VALUE_REDUCTION);
static_assert(static_cast<int>(sweep::BufferKind::Parameter) == RAVINE_BUFFER_PARAMETER);
static_assert(static_cast<int>(sweep::BufferKind::Gradient) == RAVINE_BUFFER_GRADIENT);
static_assert(static_cast<int>(sweep::BufferKind::State) == RAVINE_BUFFER_STATE);
static_assert(static_cast<int>(sweep::BufferKind::Scratch) == RAVINE_BUFFER_SCRATCH);
static_assert(static_cast<int>(sweep::BufferKind::View) == RAVINE_BUFFER_VIEW);
static_assert(static_cast<int>(sweep::BufferKind::Group) == RAVINE_BUFFER_GROUP);
static_assert(static_cast<int>(sweep::BufferKind::Field) == RAVINE_BUFFER_FIELD);
static_assert(static_cast<int>(sweep::OperationKind::KthLargest) == RAVINE_OPERATION_KTH_LARGEST);
static_assert(static_cast<int>(sweep::OperationKind::Quantile) == RAVINE_OPERATION_QUANTILE);
static_assert(static_cast<int>(sweep::OperationKind::SimplexThreshold) == RAVINE_OPERATION_SIMPLEX_THRESHOLD);
static_assert(static_cast<int>(sweep::OperationKind::Largest) == RAVINE_OPERATION_LARGEST);
static_assert(static_cast<int>(sweep::OperationKind::Difference) == RAVINE_OPERATION_DIFFERENCE);
static_assert(static_cast<int>(sweep::OperationKind::TautString) == RAVINE_OPERATION_TAUT_STRING);

namespace {

class ProgramWriter {
public:
  ProgramWriter(ConstantData &data, OptimizerDescription optimizer, llvm::ArrayRef<StringRef> suffixes)
      : data(data), rule(optimizer.rule), program(optimizer.program), suffixes(suffixes), names(program) {}

  Constant *write() {
    sweep::ScalarsOp conditions = scalars(sweep::ScalarRole::Conditions);
    SmallVector<Constant *> sweeps;
    for (mlir::Operation &part : program.getBody().front())
      if (isa<sweep::SweepOp, sweep::OperationOp>(part)) {
        sweepNumbers[mlir::SymbolTable::getSymbolName(&part).getValue()] = static_cast<uint32_t>(sweeps.size());
        auto sweep = dyn_cast<sweep::SweepOp>(part);
        sweeps.push_back(sweep ? sweepPlan(sweep) : operationPlan(cast<sweep::OperationOp>(part)));
      }
    SmallVector<Constant *> initial, initialTensor;
    for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant) {
      initial.push_back(stagePlan(program.getInitial(variant)));
      initialTensor.push_back(scalarsPlan(scalars(sweep::ScalarRole::InitialTensor, variant)));
    }
    SmallVector<Constant *> tensorValues = values(program.getTensorValues());
    SmallVector<Constant *> modelValues = values(program.getModelValues());
    SmallVector<Constant *> namePatterns = patterns(), earlyExits = exits();
    return data.structure<ravine_plan_optimizer>({
        {offsetof(ravine_plan_optimizer, conditions), scalarFunction(conditions)},
        {offsetof(ravine_plan_optimizer, condition_count), data.i32(program.getConditionCount())},
        {offsetof(ravine_plan_optimizer, condition_clock_mask), data.i32(conditions.getClockMask())},
        {offsetof(ravine_plan_optimizer, patterns), data.array(namePatterns)},
        {offsetof(ravine_plan_optimizer, pattern_count), count(namePatterns)},
        {offsetof(ravine_plan_optimizer, outcomes), data.array(outcomes())},
        {offsetof(ravine_plan_optimizer, outcome_count), data.i32(program.getOutcomeCount())},
        {offsetof(ravine_plan_optimizer, precision_count), data.i32(program.getPrecisionCount())},
        {offsetof(ravine_plan_optimizer, state_exists), data.array(stateExists())},
        {offsetof(ravine_plan_optimizer, state_dtypes), data.array(stateTypes())},
        {offsetof(ravine_plan_optimizer, schedules), scalarsPlan(scalars(sweep::ScalarRole::Schedules))},
        {offsetof(ravine_plan_optimizer, requirements), scalarFunction(scalars(sweep::ScalarRole::Requirements))},
        {offsetof(ravine_plan_optimizer, tensor_values), data.array(tensorValues)},
        {offsetof(ravine_plan_optimizer, tensor_value_count), count(tensorValues)},
        {offsetof(ravine_plan_optimizer, model_values), data.array(modelValues)},
        {offsetof(ravine_plan_optimizer, model_value_count), count(modelValues)},
        {offsetof(ravine_plan_optimizer, group_sets), data.array(groupSets())},
        {offsetof(ravine_plan_optimizer, group_block_sizes), data.array(groupBlockSizes())},
        {offsetof(ravine_plan_optimizer, group_count), data.i32(static_cast<int64_t>(program.getGroupSets().size()))},
        {offsetof(ravine_plan_optimizer, field_count), data.i32(program.getFieldCount())},
        {offsetof(ravine_plan_optimizer, minimum_ranks), data.array(minimumRanks())},
        {offsetof(ravine_plan_optimizer, initial), data.array(initial)},
        {offsetof(ravine_plan_optimizer, sweeps), data.array(sweeps)},
        {offsetof(ravine_plan_optimizer, sweep_count), count(sweeps)},
        {offsetof(ravine_plan_optimizer, stages), data.array(stages(theStepItself))},
        {offsetof(ravine_plan_optimizer, stage_count), stageCount(theStepItself)},
        {offsetof(ravine_plan_optimizer, exits), data.array(earlyExits)},
        {offsetof(ravine_plan_optimizer, exit_count), count(earlyExits)},
        {offsetof(ravine_plan_optimizer, views), data.array(views())},
        {offsetof(ravine_plan_optimizer, initial_tensor), data.array(initialTensor)},
        {offsetof(ravine_plan_optimizer, end_tensor), data.array(tensorEnds(theStepItself))},
        {offsetof(ravine_plan_optimizer, initial_model), scalarsPlan(scalars(sweep::ScalarRole::InitialModel))},
        {offsetof(ravine_plan_optimizer, end_model), scalarsPlan(scalars(sweep::ScalarRole::EndModel))},
        {offsetof(ravine_plan_optimizer, flush_subnormals), data.i32(!rule.getKeepsSubnormals())},
    });
  }

private:
  Constant *count(llvm::ArrayRef<Constant *> elements) { return data.i32(static_cast<int64_t>(elements.size())); }

  // ---- what is decided at creation

  SmallVector<Constant *> patterns() {
    return llvm::map_to_vector(program.getPatterns().getAsRange<sweep::PatternAttr>(), [&](sweep::PatternAttr pattern) {
      return data.structure<ravine_plan_pattern>({
          {offsetof(ravine_plan_pattern, pattern), data.string(pattern.getPattern())},
          {offsetof(ravine_plan_pattern, is_of_group), data.i32(pattern.getIsOfGroup())},
      });
    });
  }

  SmallVector<Constant *> outcomes() {
    return llvm::map_to_vector(program.getOutcomes(), [&](int32_t outcome) -> Constant * { return data.i32(outcome); });
  }

  SmallVector<Constant *> stateExists() {
    return llvm::map_to_vector(program.getStateExists(), [&](bool exists) -> Constant * { return data.u8(exists); });
  }

  SmallVector<Constant *> stateTypes() {
    return llvm::map_to_vector(program.getStateTypes().getAsValueRange<mlir::TypeAttr>(),
                               [&](mlir::Type type) -> Constant * { return data.i32(storedAs(type)); });
  }

  SmallVector<Constant *> minimumRanks() {
    return llvm::map_to_vector(program.getMinimumRanks(), [&](int32_t rank) -> Constant * { return data.i32(rank); });
  }

  // ---- numbers of groups

  SmallVector<Constant *> groupSets() {
    return llvm::map_to_vector(program.getGroupSets().getAsRange<ir::IndexSetAttr>(),
                               [&](ir::IndexSetAttr set) -> Constant * { return data.i32(indexSet(set.getValue())); });
  }

  SmallVector<Constant *> groupBlockSizes() {
    return llvm::map_to_vector(program.getGroupSets().getAsRange<ir::IndexSetAttr>(),
                               [&](ir::IndexSetAttr set) -> Constant * { return data.i32(set.getValue().blockSize); });
  }

  // ---- scalar programs

  /// The one program in a role other than `slots`, or none where the verifier does not ask for one.
  sweep::ScalarsOp scalars(sweep::ScalarRole role, uint32_t variant = 0, int32_t exit = theStepItself) {
    auto all = program.all<sweep::ScalarsOp>();
    auto found = llvm::find_if(all, [&](sweep::ScalarsOp scalars) {
      return scalars.getRole() == role && scalars.getVariant() == variant &&
             static_cast<int32_t>(scalars.getExit()) == exit;
    });
    return found == all.end() ? sweep::ScalarsOp() : *found;
  }

  Constant *scalarFunction(sweep::ScalarsOp scalars) { return data.function(entryName(names.of(scalars))); }

  Constant *scalarsPlan(sweep::ScalarsOp scalars) {
    size_t slots = scalars ? scalars.getYield().getValues().size() : 0;
    return data.structure<ravine_plan_scalars>({
        {offsetof(ravine_plan_scalars, function), slots == 0 ? data.null() : scalarFunction(scalars)},
        {offsetof(ravine_plan_scalars, slot_count), data.i32(static_cast<int64_t>(slots))},
        {offsetof(ravine_plan_scalars, clock_mask), data.i32(slots == 0 ? 0 : scalars.getClockMask())},
        {offsetof(ravine_plan_scalars, reads_tensor_values), data.u8(slots != 0 && scalars.readsTensorValues())},
        {offsetof(ravine_plan_scalars, reads_model_values), data.u8(slots != 0 && scalars.readsModelValues())},
    });
  }

  SmallVector<Constant *> values(mlir::ArrayAttr table) {
    return llvm::map_to_vector(table.getAsRange<sweep::ValueAttr>(), [&](sweep::ValueAttr value) {
      return data.structure<ravine_plan_value>({
          {offsetof(ravine_plan_value, kind), data.i32(static_cast<int32_t>(value.getKind()))},
          {offsetof(ravine_plan_value, index), data.i32(value.getIndex())},
      });
    });
  }

  // ---- sweeps

  Constant *reductionPlan(ir::ReductionKind kind, IndexSet set, uint32_t value) {
    return data.structure<ravine_plan_reduction>({
        {offsetof(ravine_plan_reduction, kind), data.i32(static_cast<int32_t>(kind))},
        {offsetof(ravine_plan_reduction, set), data.i32(indexSet(set))},
        {offsetof(ravine_plan_reduction, value), data.i32(value)},
    });
  }

  SmallVector<Constant *> reductionPlans(mlir::ArrayAttr reductions) {
    return llvm::map_to_vector(reductions.getAsRange<sweep::ReductionAttr>(), [&](sweep::ReductionAttr reduction) {
      return reductionPlan(reduction.getKind(), reduction.getSet(), reduction.getValue());
    });
  }

  static int64_t bytes(mlir::Type number) { return number.getIntOrFloatBitWidth() / 8; }

  Constant *bufferPlan(sweep::BufferKind kind, uint32_t index, mlir::Type number, bool isRead, bool isWritten) {
    bool isSized = kind == sweep::BufferKind::Scratch || kind == sweep::BufferKind::Field;
    return data.structure<ravine_plan_buffer>({
        {offsetof(ravine_plan_buffer, kind), data.i32(static_cast<int32_t>(kind))},
        {offsetof(ravine_plan_buffer, index), data.i32(index)},
        {offsetof(ravine_plan_buffer, scratch_bytes), data.i32(isSized ? bytes(number) : 0)},
        {offsetof(ravine_plan_buffer, is_read), data.u8(isRead)},
        {offsetof(ravine_plan_buffer, is_written), data.u8(isWritten)},
    });
  }

  /// What the plans of sweeps and of operations differ in.
  struct Part {
    SmallVector<Constant *> buffers, kernels, tileKernels, reductions;
    IndexSet over;
    int32_t operation = RAVINE_OPERATION_NONE;
    uint32_t argument = 0;
    mlir::Type computed;
    mlir::FlatSymbolRefAttr scalars;
  };

  Constant *partPlan(const Part &part) {
    return data.structure<ravine_plan_sweep>({
        {offsetof(ravine_plan_sweep, buffers), data.array(part.buffers)},
        {offsetof(ravine_plan_sweep, buffer_count), count(part.buffers)},
        {offsetof(ravine_plan_sweep, kernels), data.array(part.kernels)},
        {offsetof(ravine_plan_sweep, tile_kernels), data.array(part.tileKernels)},
        {offsetof(ravine_plan_sweep, over), data.i32(indexSet(part.over))},
        {offsetof(ravine_plan_sweep, operation), data.i32(part.operation)},
        {offsetof(ravine_plan_sweep, operation_argument), data.i32(part.argument)},
        {offsetof(ravine_plan_sweep, compute_bytes), data.i32(bytes(part.computed))},
        {offsetof(ravine_plan_sweep, scalars), scalarsPlan(program.lookupSymbol<sweep::ScalarsOp>(part.scalars))},
        {offsetof(ravine_plan_sweep, reductions), data.array(part.reductions)},
        {offsetof(ravine_plan_sweep, reduction_count), count(part.reductions)},
        {offsetof(ravine_plan_sweep, block_size), data.i32(part.over.blockSize)},
    });
  }

  Constant *sweepPlan(sweep::SweepOp sweep) {
    Part part;
    for (sweep::BufferAttr buffer : sweep.getBufferAttrs())
      part.buffers.push_back(bufferPlan(buffer.getKind(), buffer.getIndex(), buffer.getNumber(), buffer.getIsRead(),
                                        buffer.getIsWritten()));
    for (StringRef suffix : suffixes)
      (sweep.knowsOfGroups() ? part.tileKernels : part.kernels)
          .push_back(data.function(entryName(names.of(sweep)) + suffix.str()));
    part.reductions = reductionPlans(sweep.getReductions());
    part.over = sweep.getMembers();
    part.computed = sweep.getComputeType();
    part.scalars = sweep.getScalarsAttr();
    return partPlan(part);
  }

  Constant *operationPlan(sweep::OperationOp operation) {
    Part part;
    part.buffers = {bufferPlan(sweep::BufferKind::Field, operation.getField(), operation.getNumber(), /*isRead=*/true,
                               /*isWritten=*/!operation.isSearch())};
    // How what is found is folded with others does not matter: nothing is.
    if (operation.isSearch())
      part.reductions = {reductionPlan(ir::ReductionKind::Sum, operation.getMembers(), operation.getResult())};
    part.over = operation.getMembers();
    part.operation = static_cast<int32_t>(operation.getKind());
    part.argument = operation.getArgument();
    part.computed = operation.getNumber();
    part.scalars = operation.getScalarsAttr();
    return partPlan(part);
  }

  SmallVector<Constant *> views() {
    SmallVector<Constant *> views;
    auto viewCount = static_cast<uint32_t>(llvm::range_size(rule.declared<ir::ViewOp>()));
    for (uint32_t view = 0; view < viewCount; ++view)
      for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant)
        views.push_back(stagePlan(program.getView(view, variant)));
    return views;
  }

  // ---- stages

  SmallVector<Constant *> numbersOf(mlir::ArrayAttr sweeps) {
    return llvm::map_to_vector(sweeps.getAsRange<mlir::FlatSymbolRefAttr>(), [&](mlir::FlatSymbolRefAttr name) {
      return data.i32(sweepNumbers.lookup(name.getValue()));
    });
  }

  Constant *stageCount(int32_t exit) {
    return data.i32(static_cast<int64_t>(program.getStages(/*variant=*/0, exit).size()));
  }

  SmallVector<Constant *> stages(int32_t exit) {
    std::vector<std::vector<sweep::StageOp>> ofVariant;
    for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant)
      ofVariant.push_back(program.getStages(variant, exit));
    SmallVector<Constant *> stages;
    for (size_t stage = 0; stage < ofVariant.front().size(); ++stage)
      for (const std::vector<sweep::StageOp> &variant : ofVariant)
        stages.push_back(stagePlan(variant[stage]));
    return stages;
  }

  SmallVector<Constant *> counts(llvm::ArrayRef<int32_t> runs) {
    return llvm::map_to_vector(runs, [&](int32_t run) -> Constant * { return data.i32(run); });
  }

  /// Where there is nothing to do, `stage` is null.
  Constant *stagePlan(sweep::StageOp stage) {
    SmallVector<Constant *> sweeps, tiles, resident, residentTiles, folds;
    sweep::ScalarsOp fold;
    if (stage) {
      sweeps = numbersOf(stage.getSweeps());
      tiles = counts(stage.getTiles());
      resident = numbersOf(stage.getResident());
      residentTiles = counts(stage.getResidentTiles());
      folds = reductionPlans(stage.getFoldReductions());
      if (stage.getFoldAttr())
        fold = program.lookupSymbol<sweep::ScalarsOp>(stage.getFoldAttr());
    }
    return data.structure<ravine_plan_stage>({
        {offsetof(ravine_plan_stage, sweeps), data.array(sweeps)},
        {offsetof(ravine_plan_stage, sweep_count), count(sweeps)},
        {offsetof(ravine_plan_stage, tiles), data.array(tiles)},
        {offsetof(ravine_plan_stage, tile_count), count(tiles)},
        {offsetof(ravine_plan_stage, resident), data.array(resident)},
        {offsetof(ravine_plan_stage, resident_count), count(resident)},
        {offsetof(ravine_plan_stage, resident_tiles), data.array(residentTiles)},
        {offsetof(ravine_plan_stage, resident_tile_count), count(residentTiles)},
        {offsetof(ravine_plan_stage, fold), scalarsPlan(fold)},
        {offsetof(ravine_plan_stage, fold_reductions), data.array(folds)},
        {offsetof(ravine_plan_stage, fold_reduction_count), count(folds)},
    });
  }

  // ---- how steps end

  SmallVector<Constant *> tensorEnds(int32_t exit) {
    SmallVector<Constant *> ends;
    for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant)
      ends.push_back(scalarsPlan(scalars(sweep::ScalarRole::EndTensor, variant, exit)));
    return ends;
  }

  SmallVector<Constant *> exits() {
    SmallVector<Constant *> plans;
    for (auto [number, exit] : llvm::enumerate(program.getExits().getAsRange<sweep::ExitAttr>()))
      plans.push_back(exitPlan(static_cast<int32_t>(number), exit));
    return plans;
  }

  Constant *exitPlan(int32_t number, sweep::ExitAttr exit) {
    SmallVector<Constant *> ends = exit.getRefuses() ? SmallVector<Constant *>() : tensorEnds(number);
    return data.structure<ravine_plan_exit>({
        {offsetof(ravine_plan_exit, condition), scalarsPlan(scalars(sweep::ScalarRole::ExitCondition, 0, number))},
        {offsetof(ravine_plan_exit, after_stages), data.i32(exit.getAfterStages())},
        {offsetof(ravine_plan_exit, refuses), data.i32(exit.getRefuses())},
        {offsetof(ravine_plan_exit, culprit), data.i32(exit.getRefuses() ? exit.getCulprit() : 0)},
        {offsetof(ravine_plan_exit, stages), data.array(stages(number))},
        {offsetof(ravine_plan_exit, stage_count), stageCount(number)},
        {offsetof(ravine_plan_exit, end_tensor), data.array(ends)},
        {offsetof(ravine_plan_exit, end_model), scalarsPlan(scalars(sweep::ScalarRole::EndModel, 0, number))},
    });
  }

  /// The number that stands for no exit.
  static constexpr int32_t theStepItself = -1;

  ConstantData &data;
  ir::OptimizerOp rule;
  sweep::ProgramOp program;
  llvm::ArrayRef<StringRef> suffixes;
  FunctionNames names;
  /// Places of sweeps and operations in the optimizer's list.
  llvm::StringMap<uint32_t> sweepNumbers;
};

} // namespace

Constant *ravine::optimizerPlan(ConstantData &data, OptimizerDescription optimizer,
                                llvm::ArrayRef<StringRef> targetSuffixes) {
  return ProgramWriter(data, optimizer, targetSuffixes).write();
}
