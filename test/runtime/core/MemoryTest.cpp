// Memory: every allocation may fail, nothing leaks, and the host's functions get back what they gave.
#include "test/runtime/core/Model.h"

#include <cstdlib>
#include <map>

namespace ravine::test {

namespace {

/// A host's allocator that counts, fills memory with garbage, checks what comes back, and fails when told to.
struct CountingHost {
  struct Block {
    size_t bytes, alignment;
  };
  std::map<void *, Block> live;
  int made = 0;
  int failAt = -1;

  void install(Model &model) {
    model.host.context = this;
    model.host.allocate = [](void *self, size_t bytes, size_t alignment) {
      return static_cast<CountingHost *>(self)->allocate(bytes, alignment);
    };
    model.host.release = [](void *self, void *memory, size_t bytes, size_t alignment) {
      static_cast<CountingHost *>(self)->release(memory, bytes, alignment);
    };
  }

  void *allocate(size_t bytes, size_t alignment) {
    EXPECT_GT(bytes, 0u);
    EXPECT_EQ(alignment & (alignment - 1), 0u);
    EXPECT_LE(alignment, 4096u);
    if (made++ == failAt)
      return nullptr;
    void *memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    std::memset(memory, 0xA5, bytes);
    live[memory] = {bytes, alignment};
    return memory;
  }

  void release(void *memory, size_t bytes, size_t alignment) {
    ASSERT_TRUE(live.count(memory));
    EXPECT_EQ(live[memory].bytes, bytes);
    EXPECT_EQ(live[memory].alignment, alignment);
    live.erase(memory);
    std::free(memory);
  }
};

TEST(Memory, ComesFromTheHostAndGoesBack) {
  CountingHost host;
  {
    Model model({5, 700000});
    host.install(model);
    EXPECT_EQ(model.create("averaged"), ok);
    EXPECT_FALSE(host.live.empty());
    int made = host.made;
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(host.made, made) << "a step allocates nothing, so that it cannot fail half way";
    EXPECT_EQ(model.state(0, "u"), std::vector<float>(5, -0.25f));
  }
  EXPECT_TRUE(host.live.empty());
}

TEST(Memory, MayFailAtEveryAllocation) {
  for (const char *optimizer : {"momentum", "averaged", "sized"}) {
    int failures = 0;
    for (int failAt = 0;; ++failAt) {
      CountingHost host;
      host.failAt = failAt;
      Model model({5, 70000, 0});
      model.host.thread_count = 3;
      host.install(model);
      Outcome outcome = model.create(optimizer, {setting("lr", 0.25)});
      if (outcome.status == RAVINE_OK)
        break;
      ++failures;
      EXPECT_EQ(outcome.status, RAVINE_ERROR_MEMORY) << outcome.message;
      EXPECT_NE(outcome.message.find("memory"), std::string::npos) << outcome.message;
      EXPECT_TRUE(host.live.empty()) << "a leak after allocation " << failAt << " failed";
    }
    EXPECT_GE(failures, 10) << optimizer;
  }
}

TEST(Memory, OfErrorsDoesNotLeak) {
  CountingHost host;
  Model model({5, 7});
  host.install(model);
  model.tensors[1].name = "t0";
  EXPECT_EQ(model.create("momentum").status, RAVINE_ERROR_TENSOR);
  EXPECT_GT(host.made, 3);
  EXPECT_TRUE(host.live.empty());
  model.tensors[1].name = "t1";
  EXPECT_EQ(model.create("momentum", {setting("lr", -1)}).status, RAVINE_ERROR_RANGE);
  EXPECT_TRUE(host.live.empty());
}

TEST(Memory, MayNotSuffice) {
  Model model({1});
  // 2^58 elements: more bytes than any machine has addresses for, though their number can be written.
  int64_t shape[] = {int64_t{1} << 29, int64_t{1} << 29};
  model.tensors[0].shape = shape;
  model.tensors[0].rank = 2;
  EXPECT_EQ(model.create("averaged"),
            (Outcome{RAVINE_ERROR_MEMORY, "there is no memory for the states, which need 1152921504606846976 bytes"}));
}

} // namespace

} // namespace ravine::test
