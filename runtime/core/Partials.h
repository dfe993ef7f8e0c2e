// What sweeps have folded: first of each chunk, then of each tensor, then of the model.
#pragma once

#include "runtime/core/Chunks.h"
#include "runtime/core/Reductions.h"
#include "runtime/core/Sweeps.h"

namespace ravine::core {

/// Chunks are folded pairwise in their order in the tensor, tensors pairwise in their order in the model. What a number
/// comes to depends on the tensors that take part and on nothing else.
class Partials {
public:
  /// False where there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, const TensorTable &tensors, ValueTables &values,
                                const Memory &memory);

  /// Where a kernel puts what it folds over one chunk.
  [[nodiscard]] double *ofChunk(size_t number) { return chunks_.data() + number * stride_; }

  /// Folds the chunks of a tensor that has been through a sweep: into its row of the table, or into its part of what
  /// the model's numbers will be.
  void finishTensor(const Sweep &sweep, const Tensor &tensor, size_t index, ValueTables &values);

  /// Folds the parts of the tensors that take part into one of the model's columns.
  void finishModel(uint32_t column, const TensorTable &tensors, ValueTables &values);

  /// What a tensor has contributed to a column of the model.
  [[nodiscard]] double part(uint32_t column, size_t tensor) const { return parts_[column * tensorCount_ + tensor]; }

private:
  /// By chunk number; `stride_` of them belong to each chunk.
  Array<double> chunks_;
  size_t stride_ = 0;
  /// By tensor: the number of its first chunk.
  Array<size_t> firstChunk_;
  /// By column of the model and tensor.
  Array<double> parts_;
  /// By column of the model: RAVINE_REDUCE_x.
  Array<uint32_t> kinds_;
  /// Room for the parts of the tensors that take part.
  Array<double> folded_;
  size_t tensorCount_ = 0;
};

} // namespace ravine::core
