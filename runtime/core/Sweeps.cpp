// Preparing sweeps and running their scalar programs.
#include "runtime/core/Sweeps.h"

#include "runtime/core/FloatingPoint.h"

#include <algorithm>

namespace ravine::core {

namespace {

constexpr uint32_t clockBit(int entry) {
  return 1u << entry;
}

constexpr uint32_t changingClock =
    clockBit(RAVINE_CLOCK_T) | clockBit(RAVINE_CLOCK_STEP) | clockBit(RAVINE_CLOCK_MODEL_SIZE);

/// Whether a program that reads the clock entries in `mask` finds the same values for both tensors. Step and model size
/// are the same for all.
bool readsTheSame(uint32_t mask, const Tensor &a, const Tensor &b) {
  return a.group == b.group && ((mask & clockBit(RAVINE_CLOCK_T)) == 0 || a.steps == b.steps) &&
         ((mask & clockBit(RAVINE_CLOCK_SIZE)) == 0 || a.count == b.count) &&
         ((mask & clockBit(RAVINE_CLOCK_RANK)) == 0 || a.rank == b.rank) &&
         ((mask & clockBit(RAVINE_CLOCK_ROWS)) == 0 || a.rows == b.rows) &&
         ((mask & clockBit(RAVINE_CLOCK_COLS)) == 0 || a.cols == b.cols) &&
         ((mask & clockBit(RAVINE_CLOCK_CHANNELS)) == 0 || a.channels == b.channels);
}

} // namespace

void ScalarInputs::run(const ravine_plan_scalars &program, size_t index, double *out) const {
  const Tensor &tensor = tensors[index];
  double clock[RAVINE_CLOCK_COUNT];
  clock[RAVINE_CLOCK_T] = static_cast<double>(tensor.steps + ahead);
  clock[RAVINE_CLOCK_STEP] = static_cast<double>(step);
  clock[RAVINE_CLOCK_SIZE] = static_cast<double>(tensor.count);
  clock[RAVINE_CLOCK_RANK] = tensor.rank;
  clock[RAVINE_CLOCK_MODEL_SIZE] = static_cast<double>(modelSize);
  clock[RAVINE_CLOCK_ROWS] = tensor.rows;
  clock[RAVINE_CLOCK_COLS] = tensor.cols;
  clock[RAVINE_CLOCK_CHANNELS] = tensor.channels;
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  program.function(settings.ofGroup(tensor.group), clock, values.ofTensor(index), values.ofModel(), out);
}

void ScalarInputs::runForModel(const ravine_plan_scalars &program, double *out) const {
  double clock[RAVINE_CLOCK_COUNT] = {};
  clock[RAVINE_CLOCK_T] = clock[RAVINE_CLOCK_STEP] = static_cast<double>(step);
  clock[RAVINE_CLOCK_MODEL_SIZE] = static_cast<double>(modelSize);
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  program.function(settings.ofGroup(0), clock, nullptr, values.ofModel(), out);
}

uint32_t partialCount(const ravine_plan_sweep &sweep) {
  if (sweep.operation != RAVINE_OPERATION_NONE)
    return 0;
  return static_cast<uint32_t>(std::count_if(sweep.reductions, sweep.reductions + sweep.reduction_count,
                                             [](auto &reduction) { return !isGroupSet(reduction.set); }));
}

bool Sweep::initialize(std::span<const Part> parts, const SweepContext &context) {
  const Memory &memory = context.memory;
  if (!tensors_.allocate(memory, parts.size()))
    return false;
  size_t entryCount = 0, slotCount = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const ravine_plan_sweep *plan = parts[i].plan;
    if (plan == nullptr)
      continue;
    TensorSweep &work = tensors_[i];
    work.plan = plan;
    work.kernel = plan->kernels != nullptr ? plan->kernels[context.target] : nullptr;
    work.tileKernel = plan->tile_kernels != nullptr ? plan->tile_kernels[context.target] : nullptr;
    work.entryCount = plan->buffer_count + plan->reduction_count - partialCount(*plan);
    work.tableCount = columnReductionCount(*plan) > 0 ? context.cuts[i].arrayCount() : 1;
    work.firstPartial = parts[i].firstPartial;
    work.firstColumnReduction = parts[i].firstColumnReduction;
    leavesNumbers_ |= plan->reduction_count > 0 || plan->operation != RAVINE_OPERATION_NONE || isColumnLike(plan->over);
    entryCount += size_t{work.entryCount} * work.tableCount;
    slotCount += plan->scalars.slot_count;
  }
  if (!buffers_.allocate(memory, entryCount) || !slots_.allocate(memory, slotCount))
    return false;

  void **buffers = buffers_.data();
  double *slots = slots_.data();
  for (size_t i = 0; i < parts.size(); ++i) {
    TensorSweep &work = tensors_[i];
    if (work.plan == nullptr)
      continue;
    const ravine_plan_scalars &program = work.plan->scalars;
    if (program.function != nullptr) {
      readsOwnValues_ |= program.reads_tensor_values != 0;
      readsTime_ |= program.reads_tensor_values == 0 &&
                    ((program.clock_mask & changingClock) != 0 || program.reads_model_values != 0);
    }
    work.buffers = buffers;
    work.scalars = work.ownScalars = slots;
    bindOwn(i, context);
    buffers += size_t{work.entryCount} * work.tableCount;
    slots += program.slot_count;
  }
  return true;
}

/// The runtime's own memory, which stays where it is.
void Sweep::bindOwn(size_t tensor, const SweepContext &context) {
  const TensorSweep &work = tensors_[tensor];
  const ravine_plan_sweep &plan = *work.plan;
  Groups &groups = context.groups;
  bindEach(tensor, RAVINE_BUFFER_STATE, [&](uint32_t state) { return context.states.data(tensor, state); });
  bindEach(tensor, RAVINE_BUFFER_FIELD, [&](uint32_t field) { return groups.field(tensor, field); });
  bindEach(tensor, RAVINE_BUFFER_GROUP, [&](uint32_t group) {
    return plan.over == RAVINE_PER_ELEMENT ? groups.asElementsRead(tensor, group) : groups.numbers(tensor, group);
  });
  for (uint32_t table = 0; table < work.tableCount; ++table) {
    void **place = work.buffers + table * work.entryCount + plan.buffer_count;
    uint32_t column = work.firstColumnReduction;
    for (uint32_t r = 0; r < plan.reduction_count; ++r) {
      const ravine_plan_reduction &reduction = plan.reductions[r];
      if (isRowLike(reduction.set))
        *place++ = groups.numbers(tensor, reduction.value);
      else if (isColumnLike(reduction.set))
        *place++ = groups.columnArray(tensor, column++, table, work.tableCount);
    }
  }
}

void Sweep::bind(size_t tensor, void *parameter, const void *gradient) {
  bindEach(tensor, RAVINE_BUFFER_PARAMETER, [&](uint32_t) { return parameter; });
  // A kernel writes to it only if the optimizer's writes_gradient says so.
  bindEach(tensor, RAVINE_BUFFER_GRADIENT, [&](uint32_t) { return const_cast<void *>(gradient); });
}

void Sweep::computeShared(const ScalarInputs &inputs) {
  // Without time the values hold until a setting changes, and for tensors that sit this step out as well.
  if (!readsTime_ && settled_ == inputs.settings.generation())
    return;
  settled_ = inputs.settings.generation();

  const Tensor *leader = nullptr;
  const ravine_plan_sweep *leaderPlan = nullptr;
  const double *computed = nullptr;
  for (size_t i : inputs.order) {
    const Tensor &tensor = inputs.tensors[i];
    TensorSweep &work = tensors_[i];
    if (work.plan == nullptr || work.plan->scalars.function == nullptr || work.plan->scalars.reads_tensor_values != 0 ||
        (readsTime_ && !inputs.include(tensor)))
      continue;
    const ravine_plan_scalars &program = work.plan->scalars;
    if (leaderPlan != work.plan || !readsTheSame(program.clock_mask, *leader, tensor)) {
      inputs.run(program, i, work.ownScalars);
      leader = &tensor;
      leaderPlan = work.plan;
      computed = work.ownScalars;
    }
    work.scalars = computed;
  }
}

void Sweep::computeOwn(const ScalarInputs &inputs, size_t tensor) {
  TensorSweep &work = tensors_[tensor];
  if (work.plan != nullptr && work.plan->scalars.function != nullptr && work.plan->scalars.reads_tensor_values != 0)
    inputs.run(work.plan->scalars, tensor, work.ownScalars);
}

bool Sweep::mentions(size_t tensor, uint32_t kind) const {
  const ravine_plan_sweep *plan = tensors_[tensor].plan;
  return plan != nullptr && std::any_of(plan->buffers, plan->buffers + plan->buffer_count,
                                        [&](auto &buffer) { return buffer.kind == kind; });
}

} // namespace ravine::core
