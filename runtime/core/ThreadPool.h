// Threads that help callers through parallel regions and sleep between them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <pthread.h>
#include <sys/types.h>

namespace ravine::core {

/// A pool for any number of users and one region at a time. Tasks are handed out one by one by a shared counter. The
/// caller works too and never waits for a thread that has not yet woken up: it closes the region when all tasks are
/// taken and waits only for those inside. A caller that finds the pool busy, be it with another thread's region or with
/// the one it is itself a task of, runs its tasks alone: nobody waits for anybody's region, and no more threads work
/// than there are callers and workers.
///
/// Workers are started at the first region that has work for them and end when the last user leaves. In the child of a
/// fork, where they do not exist, they are started anew; the child may have been made while a region ran.
///
/// An object lives in static memory, needs no memory besides, and is not destroyed: it is empty once all have left.
class ThreadPool {
public:
  using Task = void (*)(void *context, size_t index);

  /// More threads than any machine has processors for only cost memory. Callers count.
  static constexpr size_t mostThreads = 1024;

  constexpr ThreadPool() = default;
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  /// Makes the caller a user, who may call `run`.
  void join() { users_.fetch_add(1, std::memory_order_relaxed); }
  /// Ends that; with the last user, the workers end and are joined.
  void leave();

  /// Calls task(context, i) once for every i in [0, count), on at most `threadCount` threads, the caller included, and
  /// returns when all have returned.
  void run(size_t threadCount, size_t count, Task task, void *context);

private:
  [[nodiscard]] bool tryAcquire();
  void release() { owner_.store(0, std::memory_order_release); }
  void startWorkers(size_t count);
  void stopWorkers();
  void forgetWorkersOfParent();
  void runRegion(size_t count, Task task, void *context);
  void takeTasks();
  void work();
  static void *workerMain(void *pool);

  std::atomic<size_t> users_ = 0;
  /// The process whose thread has the pool to itself, for a region or to end the workers; 0: nobody.
  std::atomic<pid_t> owner_ = 0;

  // The owner's.
  pthread_t workers_[mostThreads - 1] = {};
  /// How many of workers_ run.
  size_t started_ = 0;
  /// Set where the system refused to start another one: with the next users it may be asked again.
  bool isRefused_ = false;
  /// The process in which they run.
  pid_t process_ = 0;

  // The region. Written by the owner while the gate is closed and nobody is inside.
  Task task_ = nullptr;
  void *context_ = nullptr;
  size_t count_ = 0;
  /// How many workers may be inside at once.
  std::atomic<uint32_t> room_ = 0;
  alignas(64) std::atomic<size_t> next_ = 0;

  /// Low half: workers inside the region. High half: changes whenever the gate opens or closes; odd while it is open.
  alignas(64) std::atomic<uint32_t> gate_ = 0;
  std::atomic<uint32_t> sleeping_ = 0;
  std::atomic<bool> stopping_ = false;
};

} // namespace ravine::core
