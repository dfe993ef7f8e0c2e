// How the memory of a tensor is cut for all sweeps: into chunks, which threads share out, and these into tiles.
#pragma once

#include "runtime/core/Forms.h"

#include <algorithm>

namespace ravine::core {

/// Elements of a full chunk: tens of microseconds of a sweep, beside which handing out a task is nothing, and still few
/// enough that a small model can be shared out among threads. What a kernel is called with, and so the order in which
/// numbers are summed, depends on this alone.
constexpr int64_t chunkElements = int64_t{64} << 10;

/// Elements of a full tile: the passes of a run find each of its buffers in the level-2 cache, and mostly in the first;
/// larger ones leave it, smaller ones pay more for calling kernels.
constexpr int64_t tileElements = int64_t{8} << 10;

/// What a tensor is cut for.
struct CutNeeds {
  /// Rows of a matrix or blocks, and how long they are; 1 where no sweep knows of groups.
  int64_t rowLength = 1;
  /// Whether a sweep makes numbers of rows or blocks, so that each has to stay in one piece.
  bool keepsRows = false;
  /// Whether a chunk goes through several passes tile by tile.
  bool hasTiles = false;
};

/// A tensor as a matrix (a vector has rows of one element), in chunks of whole rows of about chunkElements elements.
/// Rows longer than that are cut themselves where they need not stay whole: a chunk is then a part of one row, and
/// chunks follow each other column by column. Either way a chunk is a stretch of memory. Everything depends on the
/// tensor's shape and its variant alone, and so do all orders in which numbers are folded.
class Cut {
public:
  Cut() = default;
  Cut(int64_t count, const CutNeeds &needs);

  [[nodiscard]] size_t chunkCount() const { return static_cast<size_t>(columns_ * chunksPerColumn_); }
  [[nodiscard]] ravine_plan_tile chunk(size_t number) const;
  /// Calls visit(tile) for each tile of a chunk, in order.
  template <typename Visit> void forEachTile(const ravine_plan_tile &chunk, Visit visit) const {
    ravine_plan_tile tile = chunk;
    for (tile.first_row = chunk.first_row; tile.first_row < chunk.last_row; tile.first_row = tile.last_row) {
      tile.last_row = std::min(tile.first_row + tileRows_, chunk.last_row);
      visit(tile);
    }
  }

  /// Chunks [first, last) that one task goes through in order, to fold their columns into one array of numbers: the
  /// `array`th of the tensor. Strips with the same array share no column.
  struct Strip {
    size_t first, last;
    uint32_t array;
  };
  [[nodiscard]] size_t stripCount() const { return static_cast<size_t>(columns_) * arrayCount(); }
  [[nodiscard]] Strip strip(size_t number) const;
  /// How many numbers of one column are folded into one at the end.
  [[nodiscard]] uint32_t arrayCount() const { return arrayCount_; }

private:
  int64_t count_ = 0, rowLength_ = 1, rowCount_ = 0;
  int64_t chunkRows_ = 1, chunkCols_ = 1, tileRows_ = 1;
  /// Columns of chunks, and chunks in each.
  int64_t columns_ = 0, chunksPerColumn_ = 0;
  int64_t stripLength_ = 1;
  uint32_t arrayCount_ = 0;
};

/// Elements [first, last).
struct ElementRange {
  int64_t first, last;
};
/// Which elements a chunk or a tile of one is.
[[nodiscard]] inline ElementRange elementsOf(const ravine_plan_tile &tile) {
  return {tile.first_row * tile.row_length + tile.first_col,
          std::min((tile.last_row - 1) * tile.row_length + tile.last_col, tile.count)};
}

/// What the sweeps of a variant need of the cut of a tensor.
[[nodiscard]] CutNeeds cutNeeds(const ravine_plan_optimizer &plan, const ravine_optimizer_info &description,
                                uint32_t variant, const Tensor &tensor);

} // namespace ravine::core
