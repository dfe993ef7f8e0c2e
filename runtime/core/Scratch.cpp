// Allocating scratch and handing blocks to tasks.
#include "runtime/core/Scratch.h"

#include "runtime/core/Cache.h"

#include <pthread.h>
#include <sched.h>

namespace ravine::core {

namespace {

constexpr size_t alignment = 64;

} // namespace

Scratch::~Scratch() {
  if (blocks_ != nullptr)
    memory_->release(blocks_, flags_.size() * needs_.taskBytes, alignment);
  if (shared_ != nullptr)
    memory_->release(shared_, needs_.sharedBytes, alignment);
}

bool Scratch::allocate(const ScratchNeeds &needs, const Memory &memory) {
  memory_ = &memory;
  needs_ = needs;
  if (needs.taskBytes > 0) {
    if (!flags_.make(memory, std::min(needs.taskCount, onlineProcessors())))
      return false;
    size_t bytes;
    if (__builtin_mul_overflow(flags_.size(), needs.taskBytes, &bytes))
      return false;
    blocks_ = static_cast<char *>(memory.allocate(bytes, alignment));
    if (blocks_ == nullptr)
      return false;
  }
  if (needs.sharedBytes > 0)
    shared_ = static_cast<char *>(memory.allocate(needs.sharedBytes, alignment));
  return needs.sharedBytes == 0 || shared_ != nullptr;
}

Scratch::Claim::Claim(Scratch &scratch) {
  size_t count = scratch.flags_.size();
  if (count == 0)
    return;
  // A thread starts its search where it did before: what it finds is then still in its cache.
  size_t start = (static_cast<size_t>(pthread_self()) >> 12) % count;
  for (size_t tried = 0;; ++tried) {
    size_t block = (start + tried) % count;
    std::atomic<bool> &taken = scratch.flags_[block].taken;
    if (!taken.load(std::memory_order_relaxed) && !taken.exchange(true, std::memory_order_acquire)) {
      taken_ = &taken;
      data_ = scratch.blocks_ + block * scratch.needs_.taskBytes;
      return;
    }
    if (tried % count == count - 1)
      sched_yield();
  }
}

Scratch::Claim::~Claim() {
  if (taken_ != nullptr)
    taken_->store(false, std::memory_order_release);
}

} // namespace ravine::core
