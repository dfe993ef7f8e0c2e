// How a sweep's work is handed out in tasks: once, for every number of threads.
#pragma once

#include "runtime/core/Cuts.h"

namespace ravine::core {

/// Chunks [first, last) of one tensor, which one task goes through in order.
struct Piece {
  size_t tensor;
  size_t first;
  size_t last;
  /// Which of the tensor's arrays of columns they are folded into, where they are.
  uint32_t array;
};

/// What a task table does with a tensor.
struct Share {
  enum Kind : uint8_t { None, Chunks, Strips, Whole } kind;
  /// How many times the task goes through the elements.
  uint32_t passes = 1;
};

/// Pieces, which never cross tensors, gathered into tasks of about equal work.
class TaskTable {
public:
  /// What a call of a kernel costs besides its elements, in elements.
  static constexpr int64_t callCost = 32;

  /// `shareOf(tensor)` says what becomes of each tensor, by its index, cuts[tensor] how it is cut; where there are no
  /// elements there is nothing to do. False where there is no memory.
  template <typename ShareOf>
  [[nodiscard]] bool build(std::span<const Cut> cuts, const Memory &memory, ShareOf shareOf) {
    size_t most = 0;
    for (size_t i = 0; i < cuts.size(); ++i)
      most += pieceCount(cuts[i], shareOf(i).kind);
    if (!pieces_.allocate(memory, most) || !firstPiece_.allocate(memory, most + 1))
      return false;

    for (size_t i = 0; i < cuts.size(); ++i) {
      const Share share = shareOf(i);
      for (size_t n = 0; n < pieceCount(cuts[i], share.kind); ++n)
        add(cuts[i], pieceOf(i, n, cuts[i], share.kind), share.passes);
    }
    closeTask();
    return true;
  }

  [[nodiscard]] size_t taskCount() const { return taskCount_; }
  [[nodiscard]] std::span<const Piece> task(size_t index) const {
    return {pieces_.data() + firstPiece_[index], firstPiece_[index + 1] - firstPiece_[index]};
  }

private:
  [[nodiscard]] static size_t pieceCount(const Cut &cut, Share::Kind kind) {
    if (kind == Share::None || cut.chunkCount() == 0)
      return 0;
    return kind == Share::Chunks ? cut.chunkCount() : kind == Share::Strips ? cut.stripCount() : 1;
  }
  [[nodiscard]] static Piece pieceOf(size_t tensor, size_t number, const Cut &cut, Share::Kind kind) {
    if (kind == Share::Chunks)
      return {tensor, number, number + 1, 0};
    if (kind == Share::Whole)
      return {tensor, 0, cut.chunkCount(), 0};
    Cut::Strip strip = cut.strip(number);
    return {tensor, strip.first, strip.last, strip.array};
  }

  void add(const Cut &cut, const Piece &piece, uint32_t passes) {
    pieces_[filled_++] = piece;
    for (size_t chunk = piece.first; chunk < piece.last; ++chunk) {
      ElementRange range = elementsOf(cut.chunk(chunk));
      work_ += (range.last - range.first + callCost) * passes;
    }
    if (work_ >= chunkElements)
      closeTask();
  }
  void closeTask() {
    if (work_ > 0)
      firstPiece_[++taskCount_] = filled_;
    work_ = 0;
  }

  Array<Piece> pieces_;
  /// taskCount() + 1 entries are in use.
  Array<size_t> firstPiece_;
  size_t taskCount_ = 0;
  size_t filled_ = 0;
  int64_t work_ = 0;
};

} // namespace ravine::core
