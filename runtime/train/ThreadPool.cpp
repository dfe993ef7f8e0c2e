// A few threads that work off numbered tasks.
#include "runtime/train/ThreadPool.h"

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace ravine::train {

ThreadPool::ThreadPool(size_t threads) {
  if (threads < 1)
    throw std::invalid_argument("a pool has at least one thread");
  others.reserve(threads - 1);
  try {
    for (size_t worker = 1; worker < threads; ++worker)
      others.emplace_back([this, worker] { serve(worker); });
  } catch (const std::system_error &error) {
    end();
    throw std::system_error(error.code(), std::to_string(threads) + " threads cannot be started");
  }
}

ThreadPool::~ThreadPool() {
  end();
}

void ThreadPool::end() {
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
  if (failure)
    std::rethrow_exception(std::exchange(failure, nullptr));
}

void ThreadPool::workOff(size_t worker) {
  try {
    for (size_t index; (index = next.fetch_add(1, std::memory_order_relaxed)) < count;)
      function(context, index, worker);
  } catch (...) {
    const std::lock_guard lock(mutex);
    next.store(count, std::memory_order_relaxed);
    if (!failure)
      failure = std::current_exception();
  }
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
