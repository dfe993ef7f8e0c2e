// Building the chunk table.
#include "runtime/core/Chunks.h"

#include <algorithm>

namespace ravine::core {

bool ChunkTable::build(const TensorTable &tensors, const Memory &memory) {
  size_t chunkCount = 0;
  for (const Tensor &tensor : tensors)
    chunkCount += static_cast<size_t>((tensor.count + chunkElements - 1) / chunkElements);
  if (!chunks_.allocate(memory, chunkCount) || !firstChunk_.allocate(memory, chunkCount + 1))
    return false;

  size_t filled = 0;
  int64_t work = 0;
  for (size_t tensor = 0; tensor < tensors.size(); ++tensor) {
    for (int64_t begin = 0; begin < tensors[tensor].count; begin += chunkElements) {
      int64_t end = std::min(begin + chunkElements, tensors[tensor].count);
      chunks_[filled++] = {tensor, begin, end};
      work += end - begin + callCost;
      if (work >= chunkElements) {
        firstChunk_[++taskCount_] = filled;
        work = 0;
      }
    }
  }
  if (work > 0)
    firstChunk_[++taskCount_] = filled;
  return true;
}

} // namespace ravine::core
