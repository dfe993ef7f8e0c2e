// The one pool of threads that all Ravine libraries of a process share.
#pragma once

#include "runtime/core/ThreadPool.h"

namespace ravine::core {

/// What a copy of the core offers the others: the functions of a ThreadPool. Copies of different releases meet here, so
/// this struct and what its functions do never change; another version has another type of note (SharedPool.cpp).
struct PoolFunctions {
  void (*join)();
  void (*run)(size_t threadCount, size_t count, ThreadPool::Task task, void *context);
  void (*leave)();
};

/// An optimizer's share in the pool. Every loaded library carries a pool, and each user takes that of the first one in
/// load order: while anybody uses it that library stays loaded, so that it stays the first one, for everybody. The
/// reasons are in docs/decisions/thread-pool.md.
class SharedPool {
public:
  SharedPool() = default;
  SharedPool(const SharedPool &) = delete;
  SharedPool &operator=(const SharedPool &) = delete;
  ~SharedPool();

  /// Finds the pool and joins it. Once, before `run`.
  void join();

  /// See ThreadPool::run.
  void run(size_t threadCount, size_t count, ThreadPool::Task task, void *context) {
    functions_->run(threadCount, count, task, context);
  }

private:
  const PoolFunctions *functions_ = nullptr;
  /// Keeps the library with the pool loaded; null where no reference could be had.
  void *home_ = nullptr;
};

} // namespace ravine::core
