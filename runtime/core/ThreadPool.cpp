// The gate through which workers enter a region, on Linux futexes.
#include "runtime/core/ThreadPool.h"

#include <algorithm>
#include <climits>
#include <csignal>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ravine::core {

namespace {

constexpr uint32_t insideMask = 0xFFFF;
constexpr uint32_t gateStep = 0x10000;
constexpr bool isOpen(uint32_t gate) {
  return (gate & gateStep) != 0;
}
constexpr uint32_t regionOf(uint32_t gate) {
  return gate & ~insideMask;
}

/// About ten microseconds of waiting, which bridges the gap between two sweeps of one step, before a thread sleeps.
constexpr int spinLimit = 200;

// Workers and caller sleep on the same word, told apart by the futex's bit set.
constexpr uint32_t workerBit = 1, callerBit = 2;

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t) && std::atomic<uint32_t>::is_always_lock_free);

void sleepWhile(std::atomic<uint32_t> &word, uint32_t value, uint32_t bit) {
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, value, nullptr, nullptr, bit);
}

void wake(std::atomic<uint32_t> &word, size_t count, uint32_t bit) {
  syscall(SYS_futex, &word, FUTEX_WAKE_BITSET_PRIVATE, static_cast<int>(std::min<size_t>(count, INT_MAX)), nullptr,
          nullptr, bit);
}

void pause() {
  __builtin_ia32_pause();
}

} // namespace

bool ThreadPool::reserve(const Memory &memory, size_t threadCount) {
  return workers_.allocate(memory, std::min<size_t>(threadCount, insideMask) - 1);
}

ThreadPool::~ThreadPool() {
  if (started_ == 0 || process_ != getpid())
    return;
  stopping_.store(true, std::memory_order_relaxed);
  gate_.fetch_add(2 * gateStep); // another value, still closed: nobody goes to sleep on the old one
  wake(gate_, started_, workerBit);
  for (size_t i = 0; i < started_; ++i)
    pthread_join(workers_[i], nullptr);
}

void ThreadPool::run(size_t count, Task task, void *context) {
  if (count > 1 && workers_.size() > 0) {
    forgetWorkersOfParent();
    startWorkers();
  }
  if (count <= 1 || started_ == 0) {
    for (size_t i = 0; i < count; ++i)
      task(context, i);
    return;
  }

  task_ = task;
  context_ = context;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);

  // A worker announces that it sleeps before the kernel compares the gate; the gate opens before we look for sleepers.
  // Both are sequentially consistent, so either it sees the open gate or we see it asleep.
  gate_.fetch_add(gateStep);
  if (sleeping_.load() > 0)
    wake(gate_, std::min(count - 1, started_), workerBit);
  takeTasks();
  uint32_t gate = gate_.fetch_add(gateStep) + gateStep;

  for (int spins = 0; (gate & insideMask) != 0; gate = gate_.load(std::memory_order_acquire)) {
    if (++spins < spinLimit)
      pause();
    else
      sleepWhile(gate_, gate, callerBit);
  }
}

void ThreadPool::takeTasks() {
  for (size_t i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < count_;)
    task_(context_, i);
}

void *ThreadPool::workerMain(void *pool) {
  static_cast<ThreadPool *>(pool)->work();
  return nullptr;
}

void ThreadPool::work() {
  uint32_t served = 0; // no open region has this number
  int spins = 0;
  for (;;) {
    uint32_t gate = gate_.load(std::memory_order_acquire);
    if (stopping_.load(std::memory_order_relaxed))
      return;
    if (!isOpen(gate) || regionOf(gate) == served) {
      if (++spins < spinLimit) {
        pause();
      } else {
        sleeping_.fetch_add(1);
        sleepWhile(gate_, gate, workerBit);
        sleeping_.fetch_sub(1);
      }
      continue;
    }
    if (!gate_.compare_exchange_weak(gate, gate + 1, std::memory_order_acq_rel))
      continue;
    takeTasks();
    served = regionOf(gate);
    spins = 0;
    uint32_t before = gate_.fetch_sub(1, std::memory_order_acq_rel);
    if (!isOpen(before) && (before & insideMask) == 1)
      wake(gate_, 1, callerBit);
  }
}

void ThreadPool::startWorkers() {
  if (started_ == workers_.size())
    return;
  // The host's signal handlers run on the host's threads: workers start with every signal blocked.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  process_ = getpid();
  while (started_ < workers_.size() && pthread_create(&workers_[started_], nullptr, workerMain, this) == 0) {
    pthread_setname_np(workers_[started_], "ravine");
    ++started_;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ThreadPool::forgetWorkersOfParent() {
  if (started_ == 0 || process_ == getpid())
    return;
  started_ = 0;
  gate_.store(0);
  sleeping_.store(0);
}

} // namespace ravine::core
