// Parallel regions: the host's, or those of the library's own threads.
#pragma once

#include "runtime/core/ThreadPool.h"

namespace ravine::core {

/// Runs the regions of one optimizer. What stands behind it, today a pool of its own, is its own affair.
class Parallel {
public:
  explicit Parallel(const ravine_host &host) : host_(host) {}

  /// Decides how many threads there are; false where there is no memory.
  [[nodiscard]] bool reserve(const Memory &memory);

  /// Calls task(context, i) once for every i in [0, count) and returns when all have returned. One task needs no
  /// region.
  void run(size_t count, ThreadPool::Task task, void *context);

private:
  ravine_host host_;
  ThreadPool pool_;
};

/// The number of threads of a pool: what the host says, else RAVINE_THREADS, else every processor that the calling
/// thread may run on. At least 1.
[[nodiscard]] size_t poolThreadCount(const ravine_host &host);

} // namespace ravine::core
