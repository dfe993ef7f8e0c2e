// The gate through which workers enter a region, on Linux futexes.
#include "runtime/core/ThreadPool.h"

#include <algorithm>
#include <climits>
#include <csignal>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ravine::core {

namespace {

constexpr uint32_t insideMask = 0xFFFF;
constexpr uint32_t gateStep = 0x10000;
static_assert(ThreadPool::mostThreads <= insideMask);

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

void ThreadPool::leave() {
  if (users_.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  // Whoever has the pool now joined it meanwhile, and is at most one region away from letting go, or is leaving too.
  while (!tryAcquire())
    sched_yield();
  if (users_.load(std::memory_order_acquire) == 0)
    stopWorkers();
  release();
}

void ThreadPool::run(size_t threadCount, size_t count, Task task, void *context) {
  if (threadCount > 1 && count > 1 && tryAcquire()) {
    size_t helpers = std::min({threadCount, count, mostThreads}) - 1;
    startWorkers(helpers);
    if (started_ > 0) {
      room_.store(static_cast<uint32_t>(helpers), std::memory_order_relaxed);
      runRegion(count, task, context);
      release();
      return;
    }
    release();
  }
  for (size_t i = 0; i < count; ++i)
    task(context, i);
}

bool ThreadPool::tryAcquire() {
  pid_t self = getpid(), owner = 0;
  // An owner in another process had the pool when this process was forked off: it does not exist here.
  while (!owner_.compare_exchange_weak(owner, self, std::memory_order_acquire, std::memory_order_relaxed))
    if (owner == self)
      return false;
  if (process_ != self) {
    forgetWorkersOfParent();
    process_ = self;
  }
  return true;
}

void ThreadPool::runRegion(size_t count, Task task, void *context) {
  task_ = task;
  context_ = context;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);

  // A worker announces that it sleeps before the kernel compares the gate; the gate opens before we look for sleepers.
  // Both are sequentially consistent, so either it sees the open gate or we see it asleep.
  gate_.fetch_add(gateStep);
  if (sleeping_.load() > 0)
    wake(gate_, room_.load(std::memory_order_relaxed), workerBit);
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
    bool isFull = (gate & insideMask) >= room_.load(std::memory_order_relaxed);
    if (!isOpen(gate) || regionOf(gate) == served || isFull) {
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

void ThreadPool::startWorkers(size_t count) {
  if (started_ >= count || isRefused_)
    return;
  // The host's signal handlers run on the host's threads: workers start with every signal blocked.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (started_ < count && !isRefused_) {
    isRefused_ = pthread_create(&workers_[started_], nullptr, workerMain, this) != 0;
    if (!isRefused_)
      pthread_setname_np(workers_[started_++], "ravine");
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ThreadPool::stopWorkers() {
  stopping_.store(true, std::memory_order_relaxed);
  gate_.fetch_add(2 * gateStep); // another value, still closed: nobody goes to sleep on the old one
  wake(gate_, started_, workerBit);
  for (; started_ > 0; --started_)
    pthread_join(workers_[started_ - 1], nullptr);
  stopping_.store(false, std::memory_order_relaxed);
  isRefused_ = false;
}

void ThreadPool::forgetWorkersOfParent() {
  started_ = 0;
  isRefused_ = false;
  gate_.store(0);
  sleeping_.store(0);
  stopping_.store(false);
}

} // namespace ravine::core
