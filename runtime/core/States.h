// The memory of the states that vary over elements.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/Settings.h"
#include "runtime/core/Tensors.h"

namespace ravine::core {

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

/// How an element of a state is stored for a tensor in that precision combination.
[[nodiscard]] inline ravine_dtype storageOf(const ravine_plan_optimizer &plan, size_t state, uint32_t precision) {
  return plan.state_dtypes[state * plan.precision_count + precision];
}

} // namespace ravine::core
