// A few threads that work off numbered tasks.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace ravine::train {

/// A fixed set of threads, the calling one among them, that share the indices of a loop. Which thread gets which index
/// is a matter of chance, so work whose result must not depend on it writes to places that belong to the index. Idle
/// threads sleep. Loops do not nest, and one is run at a time.
class ThreadPool {
public:
  /// `threads` workers, at least 1; throws std::invalid_argument otherwise, and std::system_error where the system does
  /// not give that many.
  explicit ThreadPool(size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  [[nodiscard]] size_t threadCount() const { return others.size() + 1; }

  /// Calls task(index, worker) once for every index in [0, count), `worker` in [0, threadCount()) saying which thread
  /// it is, and returns when all have returned. Allocates nothing. Where a task throws, those not begun are left out,
  /// and what the first to fail threw is thrown here, once the others have returned.
  template <typename Task> void forEach(size_t count, Task &&task) {
    run(
        count,
        [](void *context, size_t index, size_t worker) {
          (*static_cast<std::remove_reference_t<Task> *>(context))(index, worker);
        },
        const_cast<void *>(static_cast<const void *>(&task)));
  }

private:
  using Function = void (*)(void *context, size_t index, size_t worker);

  void run(size_t count, Function function, void *context);
  void serve(size_t worker);
  void workOff(size_t worker);
  void end();

  std::vector<std::thread> others;

  std::mutex mutex;
  std::condition_variable wake, done;
  /// Counts the loops, so that a thread knows a new one from the last. Guarded by the mutex, as are the next two.
  size_t loop = 0;
  size_t busyThreads = 0;
  bool isEnding = false;

  // The loop being run: written while no thread but the caller's is busy.
  Function function = nullptr;
  void *context = nullptr;
  size_t count = 0;
  std::atomic<size_t> next{0};
  /// What a task has thrown. Guarded by the mutex.
  std::exception_ptr failure;
};

} // namespace ravine::train
