// Placing states.
#include "runtime/core/States.h"

namespace ravine::core {

namespace {

constexpr size_t cacheLine = 64;

} // namespace

bool existsInVariant(const ravine_plan_optimizer &plan, size_t state, uint32_t variant) {
  uint32_t condition = plan.state_conditions[state];
  return condition == UINT32_MAX || (variant >> condition & 1) != 0;
}

ravine_dtype storageOf(const ravine_state_info &state, const ravine_precision_info &precision) {
  return state.storage == RAVINE_DTYPE_COMPUTE ? precision.compute : state.storage;
}

ravine_status States::initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                 const TensorTable &tensors, const Settings &settings, const Memory &memory,
                                 Error error) {
  stateCount_ = description.state_count;
  if (!offsets_.allocate(memory, tensors.size() * stateCount_))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the table of states");

  size_t total = 0;
  bool overflows = false;
  for (size_t tensor = 0; tensor < tensors.size(); ++tensor) {
    const ravine_precision_info &precision = description.precisions[tensors[tensor].precision];
    for (size_t state = 0; state < stateCount_; ++state) {
      size_t &offset = offsets_[tensor * stateCount_ + state];
      offset = absent;
      if (description.states[state].index_set != RAVINE_PER_ELEMENT ||
          !existsInVariant(plan, state, settings.variant(tensor)))
        continue;
      offset = total;
      // A tensor has at most PTRDIFF_MAX / 8 elements, so that the product is safe.
      size_t bytes =
          static_cast<size_t>(tensors[tensor].count) * dtypeSize(storageOf(description.states[state], precision));
      overflows |= __builtin_add_overflow(total, (bytes + cacheLine - 1) & ~(cacheLine - 1), &total);
    }
  }
  if (overflows)
    return error(RAVINE_ERROR_MEMORY,
                 Sentence() << "there is no memory for the states, which need more than can be addressed");
  if (!block_.allocate(memory, total))
    return error(RAVINE_ERROR_MEMORY, Sentence()
                                          << "there is no memory for the states, which need " << total << " bytes");
  return RAVINE_OK;
}

} // namespace ravine::core
