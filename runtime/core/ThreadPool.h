// Threads that help the calling thread through a parallel region and sleep between regions.
#pragma once

#include "runtime/core/Memory.h"

#include <atomic>
#include <pthread.h>
#include <sys/types.h>

namespace ravine::core {

/// A pool for one caller at a time. Tasks are handed out one by one by a shared counter. The caller works too and never
/// waits for a thread that has not yet woken up: it closes the region when all tasks are taken and waits only for those
/// inside. Workers are started at the first region that has work for them; in the child of a fork, where they do not
/// exist, they are started anew.
class ThreadPool {
public:
  using Task = void (*)(void *context, size_t index);

  ThreadPool() = default;
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;
  /// Ends and joins the workers.
  ~ThreadPool();

  /// Prepares for `threadCount` threads, the caller included; false where there is no memory.
  [[nodiscard]] bool reserve(const Memory &memory, size_t threadCount);

  /// Calls task(context, i) once for every i in [0, count) and returns when all have returned.
  void run(size_t count, Task task, void *context);

private:
  static void *workerMain(void *pool);
  void work();
  void takeTasks();
  void startWorkers();
  void forgetWorkersOfParent();

  Array<pthread_t> workers_;
  /// How many of workers_ run. Fewer than reserved where the system refuses to start more.
  size_t started_ = 0;
  pid_t process_ = 0;

  // The region. Written by the caller while the gate is closed and nobody is inside.
  Task task_ = nullptr;
  void *context_ = nullptr;
  size_t count_ = 0;
  alignas(64) std::atomic<size_t> next_ = 0;

  /// Low half: workers inside the region. High half: changes whenever the gate opens or closes; odd while it is open.
  alignas(64) std::atomic<uint32_t> gate_ = 0;
  std::atomic<uint32_t> sleeping_ = 0;
  std::atomic<bool> stopping_ = false;
};

} // namespace ravine::core
