// What sweeps have folded: first of each chunk, then of each tensor, then of the model.
#pragma once

#include "runtime/core/Chunks.h"
#include "runtime/core/Reductions.h"
#include "runtime/core/Sweeps.h"

namespace ravine::core {

/// Tiles are folded one by one in their order in the chunk, chunks pairwise in their order in the tensor, tensors
/// pairwise in their order in the model. What a number comes to depends on the tensors that take part and on nothing
/// else.
class Partials {
public:
  /// False where there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, const ravine_optimizer_info &description,
                                const TensorTable &tensors, std::span<const Cut> cuts, ValueTables &values,
                                const Memory &memory);

  /// Where the passes of a run put what they fold over one chunk of a tensor, and over a tile that is not its first.
  struct Room {
    double *kept, *fresh;
  };
  [[nodiscard]] Room ofChunk(size_t tensor, size_t chunk) {
    double *kept = chunks_.data() + (firstChunk_[tensor] + chunk) * 2 * stride_;
    return {kept, kept + stride_};
  }

  /// Folds the first `chunkCount` chunks of a tensor that has been through a run: into its row of the table, or into
  /// its part of what the model's number will be. `place` is where the run has left the reduction's numbers in each
  /// chunk.
  void finish(const ravine_plan_reduction &reduction, uint32_t place, size_t tensor, size_t chunkCount,
              ValueTables &values);

  /// Sets what a tensor contributes to a column of the model.
  void setPart(uint32_t column, size_t tensor, double value) { parts_[column * tensorCount_ + tensor] = value; }
  /// Folds the parts of the tensors that take part into one of the model's columns.
  void finishModel(uint32_t column, const TensorTable &tensors, ValueTables &values);

  /// What a tensor has contributed to a column of the model.
  [[nodiscard]] double part(uint32_t column, size_t tensor) const { return parts_[column * tensorCount_ + tensor]; }

private:
  [[nodiscard]] static size_t widestRun(const ravine_plan_optimizer &plan, const ravine_optimizer_info &description);
  /// Gives a number the value that it has until something is folded, and for ever where there is nothing to fold.
  void startFrom(const ravine_plan_reduction &reduction, double nothing, ValueTables &values);

  /// By chunk: `stride_` numbers of the chunk, and as many of a tile.
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
