// The tensors of a model: checked once at creation, remembered, and compared when the host describes them again.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/HostStructs.h"
#include "runtime/core/Memory.h"

namespace ravine::core {

/// One parameter tensor and how far it has come.
struct Tensor {
  /// Copies, in the memory of the table.
  const char *name;
  const int64_t *shape;
  uint32_t rank;
  uint32_t group;
  ravine_dtype parameterDtype;
  ravine_dtype gradientDtype;
  /// Index of the optimizer's precision combination.
  uint32_t precision;
  /// In the step that runs or ran last.
  bool takesPart;
  /// Whether its states have their initial values, or later ones.
  bool isInitialized;
  /// Number of elements.
  int64_t count;
  /// How many of the leading axes make up the rows: at least 1 and below the rank where there are two axes or more.
  uint32_t rowAxes;
  /// As scalar programs read them: the extents of the row axes and of the others, multiplied, and the extent of the
  /// first of the others; 0 where there are fewer than two axes.
  double rows, cols, channels;
  /// Committed steps in which it took part: `t`.
  int64_t steps;
};

/// Bytes of one element; 0 for a number that is no dtype of an array.
[[nodiscard]] size_t dtypeSize(ravine_dtype dtype);

/// Whether memory may hold elements of that dtype, which want to stand at multiples of their size.
[[nodiscard]] inline bool isAligned(const void *memory, ravine_dtype dtype) {
  return reinterpret_cast<uintptr_t>(memory) % dtypeSize(dtype) == 0;
}

/// How many members a tensor has of an index set between tensors and elements, or of elements: its rows, blocks of
/// `blockSize` elements, … A tensor without elements has none.
[[nodiscard]] int64_t memberCount(const Tensor &tensor, uint32_t set, uint32_t blockSize);

/// All tensors of one optimizer, in the host's order.
class TensorTable {
public:
  /// Checks and copies what the host describes.
  [[nodiscard]] ravine_status initialize(const HostStructs<ravine_tensor> &described, uint32_t groupCount,
                                         const ravine_optimizer_info &optimizer, const Memory &memory, Error error);

  /// Checks that the host still means the same tensors. Names may be null.
  [[nodiscard]] ravine_status checkUnchanged(const HostStructs<ravine_tensor> &described, Error error) const;

  /// The index of the tensor with that name, or size().
  [[nodiscard]] size_t find(const char *name) const;

  [[nodiscard]] size_t size() const { return tensors_.size(); }
  [[nodiscard]] Tensor &operator[](size_t index) { return tensors_[index]; }
  [[nodiscard]] const Tensor &operator[](size_t index) const { return tensors_[index]; }
  [[nodiscard]] Tensor *begin() { return tensors_.begin(); }
  [[nodiscard]] Tensor *end() { return tensors_.end(); }
  [[nodiscard]] const Tensor *begin() const { return tensors_.begin(); }
  [[nodiscard]] const Tensor *end() const { return tensors_.end(); }

private:
  [[nodiscard]] ravine_status sortNames(const Memory &memory, Error error);

  Array<Tensor> tensors_;
  /// Indices in the order of the names.
  Array<size_t> byName_;
  Array<char> names_;
  Array<int64_t> extents_;
};

} // namespace ravine::core
