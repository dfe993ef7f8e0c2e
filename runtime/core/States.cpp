// Placing states.
#include "runtime/core/States.h"

namespace ravine::core {

namespace {

constexpr size_t cacheLine = 64;

} // namespace

ravine_status States::initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                 const TensorTable &tensors, const Settings &settings, const Memory &memory,
                                 Error error) {
  stateCount_ = description.state_count;
  if (!offsets_.allocate(memory, tensors.size() * stateCount_))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the table of states");

  size_t total = 0;
  bool overflows = false;
  for (size_t tensor = 0; tensor < tensors.size(); ++tensor) {
    for (size_t state = 0; state < stateCount_; ++state) {
      size_t &offset = offsets_[tensor * stateCount_ + state];
      offset = absent;
      const ravine_state_info &info = description.states[state];
      if (!isArray(info) || !existsInVariant(plan, state, settings.variant(tensor)))
        continue;
      offset = total;
      // A tensor has at most PTRDIFF_MAX / 8 elements, so that the product is safe.
      size_t bytes = static_cast<size_t>(memberCount(tensors[tensor], info.index_set, info.block_size)) *
                     dtypeSize(storageOf(plan, state, tensors[tensor].precision));
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
