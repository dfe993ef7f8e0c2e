// The chunk table: everything is covered once, in order, and tasks are of about equal work.
#include "runtime/core/Chunks.h"

#include <gtest/gtest.h>
#include <map>
#include <vector>

namespace ravine::core {

namespace {

constexpr int64_t full = chunkElements;

/// The table for tensors of these sizes.
struct Built {
  explicit Built(const std::vector<int64_t> &sizes) : memory(ravine_host{}) {
    for (int64_t size : sizes)
      cuts.emplace_back(size, CutNeeds{});
    EXPECT_TRUE(chunks.build(cuts, memory, [](size_t) -> Share { return {Share::Chunks}; }));
  }
  [[nodiscard]] ElementRange range(const Piece &piece) const {
    return elementsOf(cuts[piece.tensor].chunk(piece.first));
  }

  Memory memory;
  std::vector<Cut> cuts;
  TaskTable chunks;
};

TEST(Chunks, CoverEveryElementOnceInOrder) {
  std::vector<int64_t> sizes = {0, 1, full - 1, full, 0, full + 1, 3 * full, 7};
  Built built(sizes);
  std::map<size_t, int64_t> covered;
  size_t lastTensor = 0;
  for (size_t task = 0; task < built.chunks.taskCount(); ++task)
    for (const Piece &piece : built.chunks.task(task)) {
      ElementRange range = built.range(piece);
      EXPECT_GE(piece.tensor, lastTensor);
      EXPECT_EQ(range.first, covered[piece.tensor]);
      EXPECT_GT(range.last, range.first);
      EXPECT_LE(range.last - range.first, full);
      EXPECT_EQ(range.first % full, 0);
      covered[piece.tensor] = range.last;
      lastTensor = piece.tensor;
    }
  for (size_t i = 0; i < sizes.size(); ++i)
    EXPECT_EQ(covered[i], sizes[i]) << "tensor " << i;
}

TEST(Chunks, TasksAreOfAboutEqualWork) {
  std::vector<int64_t> sizes(10000, 50);
  sizes.push_back(20 * full);
  Built built(sizes);
  for (size_t task = 0; task + 1 < built.chunks.taskCount(); ++task) {
    int64_t work = 0;
    for (const Piece &piece : built.chunks.task(task))
      work += built.range(piece).last - built.range(piece).first + TaskTable::callCost;
    EXPECT_GE(work, full);
    EXPECT_LE(work, 2 * full + TaskTable::callCost);
  }
}

TEST(Chunks, SmallTensorsShareATask) {
  EXPECT_EQ(Built(std::vector<int64_t>(100, 10)).chunks.taskCount(), 1u);
  EXPECT_EQ(Built({0, 0}).chunks.taskCount(), 0u);
  EXPECT_EQ(Built({}).chunks.taskCount(), 0u);
}

} // namespace

} // namespace ravine::core
