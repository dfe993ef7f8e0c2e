// The runtime's own memory beside the states: numbers for groups of elements, and fields.
#pragma once

#include "runtime/core/Cuts.h"
#include "runtime/core/Settings.h"

namespace ravine::core {

/// Group buffers, fields, and the arrays that columns are folded into, of all tensors, in one block. Nothing in them
/// outlives a step or the reading of a view.
class Groups {
public:
  /// Places and allocates what the sweeps of each tensor's variant mention.
  [[nodiscard]] ravine_status initialize(const ravine_optimizer_info &description, const ravine_plan_optimizer &plan,
                                         const TensorTable &tensors, const Settings &settings,
                                         std::span<const Cut> cuts, const Memory &memory, Error error);

  /// A number for each member of what the group buffer is over.
  [[nodiscard]] double *numbers(size_t tensor, uint32_t group) { return at<double>(tensor, group); }
  /// The same as kernels over elements read it: for channels, a number for each column.
  [[nodiscard]] double *asElementsRead(size_t tensor, uint32_t group) {
    return isSpread(tensor, group) ? at<double>(tensor, groupCount() + group) : numbers(tensor, group);
  }
  /// Brings what elements read up to date with the numbers.
  void spread(size_t tensor, uint32_t group);

  [[nodiscard]] void *field(size_t tensor, uint32_t index) { return at<char>(tensor, 2 * groupCount() + index); }

  /// Where the `reduction`th of a run's reductions over columns or channels puts its numbers, one for each column, for
  /// the `array`th of the cut's `arrayCount` arrays.
  [[nodiscard]] double *columnArray(size_t tensor, uint32_t reduction, uint32_t array, uint32_t arrayCount) {
    return at<double>(tensor, entryCount() - 1) + (size_t{reduction} * arrayCount + array) * columnCount(tensor);
  }

  [[nodiscard]] size_t columnCount(size_t tensor) const {
    return static_cast<size_t>(memberCount((*tensors_)[tensor], RAVINE_PER_COL, 0));
  }
  /// How many numbers a group buffer of a tensor has.
  [[nodiscard]] size_t memberCountOf(size_t tensor, uint32_t group) const {
    return static_cast<size_t>(
        memberCount((*tensors_)[tensor], plan_->group_sets[group], plan_->group_block_sizes[group]));
  }

private:
  static constexpr size_t absent = SIZE_MAX;

  [[nodiscard]] uint32_t groupCount() const { return plan_->group_count; }
  /// For each tensor: its group buffers, these as elements read them, its fields, and the arrays of columns.
  [[nodiscard]] size_t entryCount() const { return 2 * size_t{plan_->group_count} + plan_->field_count + 1; }
  [[nodiscard]] bool isSpread(size_t tensor, uint32_t group) const {
    return offsets_[tensor * entryCount() + groupCount() + group] != absent;
  }
  template <typename Number> [[nodiscard]] Number *at(size_t tensor, size_t entry) {
    size_t offset = offsets_[tensor * entryCount() + entry];
    return offset == absent ? nullptr : reinterpret_cast<Number *>(block_.data() + offset);
  }
  /// Writes the bytes that each entry of a tensor needs.
  void measure(size_t tensor, uint32_t variant, const ravine_optimizer_info &description, const Cut &cut,
               size_t *bytes) const;

  const ravine_plan_optimizer *plan_ = nullptr;
  const TensorTable *tensors_ = nullptr;
  Array<size_t> offsets_;
  Array<char> block_;
};

/// How many reductions of a sweep are over columns or channels.
[[nodiscard]] uint32_t columnReductionCount(const ravine_plan_sweep &sweep);

} // namespace ravine::core
