// The chunk table: everything is covered once, in order, and tasks are of about equal work.
#include "runtime/core/Chunks.h"
#include "test/runtime/core/Model.h"

#include <map>

namespace ravine::core {

namespace {

constexpr int64_t full = chunkElements;

/// The table for tensors of these sizes.
struct Built {
  explicit Built(const std::vector<int64_t> &sizes) : model(sizes), memory(ravine_host{}) {
    static const ravine_precision_info f32 = {sizeof f32, "f32", RAVINE_F32, RAVINE_F32, RAVINE_F32};
    ravine_optimizer_info description = {};
    description.precisions = &f32;
    description.precision_count = 1;
    EXPECT_EQ(tensors.initialize({model.tensors.data(), model.tensors.size(), "ravine_tensor"}, 1, description, memory,
                                 Error(nullptr)),
              RAVINE_OK);
    EXPECT_TRUE(chunks.build(tensors, memory, [](size_t) -> Share { return {Share::Chunks}; }));
  }

  test::Model model;
  Memory memory;
  TensorTable tensors;
  TaskTable chunks;
};

TEST(Chunks, CoverEveryElementOnceInOrder) {
  std::vector<int64_t> sizes = {0, 1, full - 1, full, 0, full + 1, 3 * full, 7};
  Built built(sizes);
  std::map<size_t, int64_t> covered;
  size_t lastTensor = 0;
  for (size_t task = 0; task < built.chunks.taskCount(); ++task)
    for (const Chunk &chunk : built.chunks.task(task)) {
      EXPECT_GE(chunk.tensor, lastTensor);
      EXPECT_EQ(chunk.begin, covered[chunk.tensor]);
      EXPECT_GT(chunk.end, chunk.begin);
      EXPECT_LE(chunk.end - chunk.begin, full);
      EXPECT_EQ(chunk.begin % full, 0);
      covered[chunk.tensor] = chunk.end;
      lastTensor = chunk.tensor;
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
    for (const Chunk &chunk : built.chunks.task(task))
      work += chunk.end - chunk.begin + TaskTable::callCost;
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
