// A few threads that work off numbered tasks.
#include "runtime/train/ThreadPool.h"

#include <stdexcept>

namespace ravine::train {

ThreadPool::ThreadPool(size_t threads) {
  if (threads < 1)
    throw std::invalid_argument("a pool has at least one thread");
  others.reserve(threads - 1);
  for (size_t worker = 1; worker < threads; ++worker)
    others.emplace_back([this, worker] { serve(worker); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex);
    isEnding = true;
  }
  wake.notify_all();
  for (std::thread &thread : others)
    thread.join();
}

void ThreadPool::run(size_t taskCount, Function taskFunction, void *taskContext) {
  const bool isShared = taskCount > 1 && !others.empty();
  {
    const std::lock_guard lock(mutex);
    function = taskFunction;
    context = taskContext;
    count = taskCount;
    next.store(0, std::memory_order_relaxed);
    if (isShared) {
      ++loop;
      busyThreads = others.size();
    }
  }
  if (isShared)
    wake.notify_all();
  workOff(0);
  if (isShared) {
    std::unique_lock lock(mutex);
    done.wait(lock, [this] { return busyThreads == 0; });
  }
}

void ThreadPool::workOff(size_t worker) {
  for (size_t index; (index = next.fetch_add(1, std::memory_order_relaxed)) < count;)
    function(context, index, worker);
}

void ThreadPool::serve(size_t worker) {
  size_t seen = 0;
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait(lock, [&] { return isEnding || loop != seen; });
    if (isEnding)
      return;
    seen = loop;
    lock.unlock();
    workOff(worker);
    lock.lock();
    if (--busyThreads == 0)
      done.notify_one();
  }
}

} // namespace ravine::train
