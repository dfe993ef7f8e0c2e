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

namespace {

class ProgramWriter {
public:
  ProgramWriter(ConstantData &data, OptimizerDescription optimizer, llvm::ArrayRef<StringRef> suffixes)
      : data(data), rule(optimizer.rule), program(optimizer.program), suffixes(suffixes), names(program) {}

  Constant *write() {
    sweep::ScalarsOp conditions = scalars(sweep::ScalarRole::Conditions);
    SmallVector<Constant *> initial, initialTensor;
    for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant) {
      initial.push_back(sweepOrNothing(sweep::SweepRole::Initial, /*view=*/0, variant));
      initialTensor.push_back(scalarsPlan(scalars(sweep::ScalarRole::InitialTensor, variant)));
    }
    SmallVector<Constant *> sweeps;
    for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
      if (sweep.getRole() == sweep::SweepRole::Step) {
        sweepNumbers[sweep.getSymName()] = static_cast<uint32_t>(sweeps.size());
        sweeps.push_back(sweepPlan(sweep));
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

  Constant *reductionPlan(sweep::ReductionAttr reduction) {
    bool isOfModel = reduction.getSet() == ir::IndexSet::Model;
    return data.structure<ravine_plan_reduction>({
        {offsetof(ravine_plan_reduction, kind), data.i32(static_cast<int32_t>(reduction.getKind()))},
        {offsetof(ravine_plan_reduction, set), data.i32(isOfModel ? RAVINE_PER_MODEL : RAVINE_PER_TENSOR)},
        {offsetof(ravine_plan_reduction, value), data.i32(reduction.getValue())},
    });
  }

  Constant *bufferPlan(sweep::BufferAttr buffer) {
    bool isScratch = buffer.getKind() == sweep::BufferKind::Scratch;
    return data.structure<ravine_plan_buffer>({
        {offsetof(ravine_plan_buffer, kind), data.i32(static_cast<int32_t>(buffer.getKind()))},
        {offsetof(ravine_plan_buffer, index), data.i32(buffer.getIndex())},
        {offsetof(ravine_plan_buffer, scratch_bytes),
         data.i32(isScratch ? buffer.getNumber().getIntOrFloatBitWidth() / 8 : 0)},
        {offsetof(ravine_plan_buffer, is_read), data.u8(buffer.getIsRead())},
        {offsetof(ravine_plan_buffer, is_written), data.u8(buffer.getIsWritten())},
    });
  }

  /// Where there is nothing to do, `sweep` is null.
  Constant *sweepPlan(sweep::SweepOp sweep) {
    SmallVector<Constant *> buffers, kernels, reductions;
    sweep::ScalarsOp slots;
    if (sweep) {
      for (sweep::BufferAttr buffer : sweep.getBufferAttrs())
        buffers.push_back(bufferPlan(buffer));
      for (sweep::ReductionAttr reduction : sweep.getReductionAttrs())
        reductions.push_back(reductionPlan(reduction));
      for (StringRef suffix : suffixes)
        kernels.push_back(data.function(entryName(names.of(sweep)) + suffix.str()));
      slots = program.lookupSymbol<sweep::ScalarsOp>(sweep.getScalars());
    }
    return data.structure<ravine_plan_sweep>({
        {offsetof(ravine_plan_sweep, buffers), data.array(buffers)},
        {offsetof(ravine_plan_sweep, buffer_count), count(buffers)},
        {offsetof(ravine_plan_sweep, kernels), data.array(kernels)},
        {offsetof(ravine_plan_sweep, scalars), scalarsPlan(slots)},
        {offsetof(ravine_plan_sweep, reductions), data.array(reductions)},
        {offsetof(ravine_plan_sweep, reduction_count), count(reductions)},
    });
  }

  Constant *sweepOrNothing(sweep::SweepRole role, uint32_t view, uint32_t variant) {
    auto sweeps = program.all<sweep::SweepOp>();
    auto found = llvm::find_if(sweeps, [&](sweep::SweepOp sweep) {
      return sweep.getRole() == role && sweep.getView() == view && sweep.getVariant() == variant;
    });
    return sweepPlan(found == sweeps.end() ? sweep::SweepOp() : *found);
  }

  SmallVector<Constant *> views() {
    SmallVector<Constant *> views;
    auto viewCount = static_cast<uint32_t>(llvm::range_size(rule.declared<ir::ViewOp>()));
    for (uint32_t view = 0; view < viewCount; ++view)
      for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant)
        views.push_back(sweepOrNothing(sweep::SweepRole::View, view, variant));
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

  Constant *stagePlan(sweep::StageOp stage) {
    SmallVector<Constant *> sweeps = numbersOf(stage.getSweeps()), resident = numbersOf(stage.getResident());
    return data.structure<ravine_plan_stage>({
        {offsetof(ravine_plan_stage, sweeps), data.array(sweeps)},
        {offsetof(ravine_plan_stage, sweep_count), count(sweeps)},
        {offsetof(ravine_plan_stage, resident), data.array(resident)},
        {offsetof(ravine_plan_stage, resident_count), count(resident)},
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
  /// Places of step sweeps in the optimizer's list.
  llvm::StringMap<uint32_t> sweepNumbers;
};

} // namespace

Constant *ravine::optimizerPlan(ConstantData &data, OptimizerDescription optimizer,
                                llvm::ArrayRef<StringRef> targetSuffixes) {
  return ProgramWriter(data, optimizer, targetSuffixes).write();
}
