// Memory that carries values from one sweep of a stage to the next.
#pragma once

#include "runtime/core/Memory.h"

#include <algorithm>
#include <atomic>

namespace ravine::core {

/// What the stages of an optimizer need, at most.
struct ScratchNeeds {
  /// For a tensor that one task takes through a stage, and how many such tasks there are.
  size_t taskBytes = 0;
  size_t taskCount = 0;
  /// For the tensors that threads share.
  size_t sharedBytes = 0;

  void include(const ScratchNeeds &other) {
    taskBytes = std::max(taskBytes, other.taskBytes);
    taskCount = std::max(taskCount, other.taskCount);
    sharedBytes = std::max(sharedBytes, other.sharedBytes);
  }
};

/// One block for each thread at work, and one that all share. Nothing in them outlives a stage.
class Scratch {
public:
  Scratch() = default;
  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;
  ~Scratch();

  /// False where there is no memory.
  [[nodiscard]] bool allocate(const ScratchNeeds &needs, const Memory &memory);

  [[nodiscard]] char *shared() { return shared_; }

  /// A task's hold on a block; waits while all are taken, which is while more threads are at work than there are
  /// processors. Blocks are not nested, so that the wait ends.
  class Claim {
  public:
    explicit Claim(Scratch &scratch);
    Claim(const Claim &) = delete;
    Claim &operator=(const Claim &) = delete;
    ~Claim();

    /// Null where no tensor needs scratch.
    [[nodiscard]] char *data() const { return data_; }

  private:
    std::atomic<bool> *taken_ = nullptr;
    char *data_ = nullptr;
  };

private:
  struct alignas(64) Flag {
    std::atomic<bool> taken = false;
  };

  const Memory *memory_ = nullptr;
  ScratchNeeds needs_;
  Objects<Flag> flags_;
  char *blocks_ = nullptr;
  char *shared_ = nullptr;
};

} // namespace ravine::core
