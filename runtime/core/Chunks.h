// How a sweep's work is cut into chunks and handed out in tasks: once, for every number of threads.
#pragma once

#include "runtime/core/Tensors.h"

#include <algorithm>

namespace ravine::core {

/// Elements of a full chunk: tens of microseconds of a sweep, beside which handing out a task is nothing, and still few
/// enough that a small model can be shared out among threads. What a kernel is called with, and so the order in which
/// numbers are summed, depends on this alone.
constexpr int64_t chunkElements = int64_t{64} << 10;

[[nodiscard]] constexpr size_t chunkCount(const Tensor &tensor) {
  return static_cast<size_t>((tensor.count + chunkElements - 1) / chunkElements);
}

/// Elements [begin, end) of one tensor: what one call of a kernel works on. Or, for a tensor that one task takes
/// through several sweeps, all of its elements.
struct Chunk {
  size_t tensor;
  int64_t begin;
  int64_t end;
  /// Which of all tensors' chunks it is, or which the first of several is.
  size_t number;
};

/// What a task table does with a tensor.
struct Share {
  enum Kind : uint8_t { None, Chunks, Whole } kind;
  /// How many times the task goes through the elements.
  uint32_t passes = 1;
};

/// Chunks, which never cross tensors, gathered into tasks of about equal work.
class TaskTable {
public:
  /// What a call of a kernel costs besides its elements, in elements.
  static constexpr int64_t callCost = 32;

  /// `shareOf(tensor)` says what becomes of each tensor, by its index; where there are no elements there is nothing to
  /// do. False where there is no memory.
  template <typename ShareOf>
  [[nodiscard]] bool build(const TensorTable &tensors, const Memory &memory, ShareOf shareOf) {
    size_t most = 0;
    for (size_t i = 0; i < tensors.size(); ++i)
      most += shareOf(i).kind == Share::None ? 0 : chunkCount(tensors[i]);
    if (!chunks_.allocate(memory, most) || !firstChunk_.allocate(memory, most + 1))
      return false;

    size_t number = 0;
    for (size_t i = 0; i < tensors.size(); number += chunkCount(tensors[i++])) {
      Share share = shareOf(i);
      if (share.kind == Share::None || tensors[i].count == 0)
        continue;
      int64_t length = share.kind == Share::Whole ? tensors[i].count : chunkElements;
      for (int64_t begin = 0; begin < tensors[i].count; begin += length)
        add({i, begin, std::min(begin + length, tensors[i].count), number + static_cast<size_t>(begin / chunkElements)},
            share.passes);
    }
    closeTask();
    return true;
  }

  [[nodiscard]] size_t taskCount() const { return taskCount_; }
  [[nodiscard]] std::span<const Chunk> task(size_t index) const {
    return {chunks_.data() + firstChunk_[index], firstChunk_[index + 1] - firstChunk_[index]};
  }

private:
  void add(const Chunk &chunk, uint32_t passes) {
    chunks_[filled_++] = chunk;
    work_ += (chunk.end - chunk.begin + callCost) * passes;
    if (work_ >= chunkElements)
      closeTask();
  }
  void closeTask() {
    if (work_ > 0)
      firstChunk_[++taskCount_] = filled_;
    work_ = 0;
  }

  Array<Chunk> chunks_;
  /// taskCount() + 1 entries are in use.
  Array<size_t> firstChunk_;
  size_t taskCount_ = 0;
  size_t filled_ = 0;
  int64_t work_ = 0;
};

} // namespace ravine::core
