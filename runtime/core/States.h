// The memory of the states that vary over elements or over groups of them.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/Settings.h"
#include "runtime/core/Tensors.h"

namespace ravine::core {

/// Whether a tensor has more than one number of a state: one for each element, or for each group of elements.
[[nodiscard]] inline bool isArray(const ravine_state_info &state) {
  return state.index_set != RAVINE_PER_TENSOR && state.index_set != RAVINE_PER_MODEL;
}

/// The extents of a state's array: those of the tensor where it is over elements, how many groups there are where it is
/// over these (`count`, which outlives the result), and none for a single number.
[[nodiscard]] inline std::span<const int64_t> extentsOf(const ravine_state_info &state, const Tensor *tensor,
                                                        const int64_t &count) {
  if (!isArray(state))
    return {};
  return state.index_set == RAVINE_PER_ELEMENT ? std::span(tensor->shape, tensor->rank) : std::span(&count, 1);
}

/// One block holds every such state of every tensor, a tensor's states beside each other, each aligned to a cache line.
/// As one block it gets huge pages however small the tensors are, and "overlaps a state" is one comparison.
class States {
public:
  /// Places and allocates the states that exist in each tensor's variant; they are zero.
  [[nodiscard]] ravine_status initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                         const TensorTable &tensors, const Settings &settings, const Memory &memory,
                                         Error error);

  /// The first element of a state that exists.
  [[nodiscard]] void *data(size_t tensor, size_t state) { return block_.data() + offset(tensor, state); }

  /// Everything, from first to last byte.
  [[nodiscard]] std::span<const char> block() const { return {block_.data(), block_.size()}; }

private:
  static constexpr size_t absent = SIZE_MAX;

  [[nodiscard]] size_t offset(size_t tensor, size_t state) const { return offsets_[tensor * stateCount_ + state]; }

  size_t stateCount_ = 0;
  Array<size_t> offsets_;
  Array<char> block_;
};

/// How a number of a state is stored for a tensor in that precision combination.
[[nodiscard]] inline ravine_dtype storageOf(const ravine_plan_optimizer &plan, size_t state, uint32_t precision) {
  return plan.state_dtypes[state * plan.precision_count + precision];
}

} // namespace ravine::core
