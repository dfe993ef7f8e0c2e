// Preparing sweeps and running their scalar programs.
#include "runtime/core/Sweeps.h"

namespace ravine::core {

namespace {

constexpr uint32_t clockBit(int entry) {
  return 1u << entry;
}

/// Whether a program that reads the clock entries in `mask` finds the same values for both tensors. Step is the same
/// for all.
bool readsTheSame(uint32_t mask, const Tensor &a, const Tensor &b) {
  return a.group == b.group && ((mask & clockBit(RAVINE_CLOCK_T)) == 0 || a.steps == b.steps) &&
         ((mask & clockBit(RAVINE_CLOCK_SIZE)) == 0 || a.count == b.count);
}

} // namespace

bool Sweep::initialize(const ravine_plan_sweep *variants, uint32_t target, uint32_t targetCount,
                       const TensorTable &tensors, const Settings &settings, States &states, const Memory &memory) {
  auto planOf = [&](const Tensor &tensor) { return &variants[settings.variant(tensor.group)]; };
  size_t bufferCount = 0, slotCount = 0;
  for (const Tensor &tensor : tensors) {
    bufferCount += planOf(tensor)->buffer_count;
    slotCount += planOf(tensor)->scalars.slot_count;
  }
  if (!tensors_.allocate(memory, tensors.size()) || !buffers_.allocate(memory, bufferCount) ||
      !slots_.allocate(memory, slotCount))
    return false;

  void **buffers = buffers_.data();
  double *slots = slots_.data();
  for (size_t i = 0; i < tensors.size(); ++i) {
    const ravine_plan_sweep &plan = *planOf(tensors[i]);
    constexpr uint32_t time = clockBit(RAVINE_CLOCK_T) | clockBit(RAVINE_CLOCK_STEP);
    readsTime_ |= plan.scalars.function != nullptr && (plan.scalars.clock_mask & time) != 0;
    tensors_[i] = {.kernel =
                       plan.buffer_count > 0 ? plan.kernels[tensors[i].precision * targetCount + target] : nullptr,
                   .buffers = buffers,
                   .scalars = slots,
                   .ownScalars = slots,
                   .plan = &plan};
    for (uint32_t b = 0; b < plan.buffer_count; ++b)
      if (plan.buffers[b].kind == RAVINE_BUFFER_STATE)
        buffers[b] = states.data(i, plan.buffers[b].state);
    buffers += plan.buffer_count;
    slots += plan.scalars.slot_count;
  }
  return true;
}

void Sweep::bind(size_t tensor, void *parameter, const void *gradient) {
  const TensorSweep &work = tensors_[tensor];
  for (uint32_t b = 0; b < work.plan->buffer_count; ++b) {
    if (work.plan->buffers[b].kind == RAVINE_BUFFER_PARAMETER)
      work.buffers[b] = parameter;
    else if (work.plan->buffers[b].kind == RAVINE_BUFFER_GRADIENT)
      work.buffers[b] = const_cast<void *>(gradient); // no kernel writes to it
  }
}

void Sweep::computeScalars(const ScalarInputs &inputs) {
  // Without time the values hold until a setting changes, and for tensors that sit this step out as well.
  if (!readsTime_ && settled_ == inputs.settings.generation())
    return;
  settled_ = inputs.settings.generation();

  const Tensor *leader = nullptr;
  const double *computed = nullptr;
  for (size_t i : inputs.order) {
    const Tensor &tensor = inputs.tensors[i];
    TensorSweep &work = tensors_[i];
    const ravine_plan_scalars &program = work.plan->scalars;
    if (program.function == nullptr || (readsTime_ && !tensor.takesPart))
      continue;
    if (leader == nullptr || !readsTheSame(program.clock_mask, *leader, tensor)) {
      double clock[RAVINE_CLOCK_COUNT];
      clock[RAVINE_CLOCK_T] = static_cast<double>(tensor.steps + 1);
      clock[RAVINE_CLOCK_STEP] = static_cast<double>(inputs.step);
      clock[RAVINE_CLOCK_SIZE] = static_cast<double>(tensor.count);
      program.function(inputs.settings.ofGroup(tensor.group), clock, work.ownScalars);
      leader = &tensor;
      computed = work.ownScalars;
    }
    work.scalars = computed;
  }
}

} // namespace ravine::core
