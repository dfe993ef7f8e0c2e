// The chunk table: how a sweep's work is cut, once, for every number of threads.
#pragma once

#include "runtime/core/Tensors.h"

namespace ravine::core {

/// Elements [begin, end) of one tensor: what one call of a kernel works on.
struct Chunk {
  size_t tensor;
  int64_t begin;
  int64_t end;
};

/// Every tensor's elements, cut into chunks that never cross tensors, and the chunks gathered into tasks of about equal
/// work. The table depends on the tensors alone, so what a kernel is called with does not depend on the threads.
class ChunkTable {
public:
  /// Elements of a full chunk: tens of microseconds of a sweep, beside which handing out a task is nothing, and still
  /// few enough that a small model can be shared out among threads.
  static constexpr int64_t chunkElements = int64_t{64} << 10;
  /// What a call of a kernel costs besides its elements, in elements.
  static constexpr int64_t callCost = 32;

  /// False where there is no memory.
  [[nodiscard]] bool build(const TensorTable &tensors, const Memory &memory);

  [[nodiscard]] size_t taskCount() const { return taskCount_; }
  [[nodiscard]] std::span<const Chunk> task(size_t index) const {
    return {chunks_.data() + firstChunk_[index], firstChunk_[index + 1] - firstChunk_[index]};
  }

private:
  Array<Chunk> chunks_;
  /// taskCount() + 1 entries are in use.
  Array<size_t> firstChunk_;
  size_t taskCount_ = 0;
};

} // namespace ravine::core
