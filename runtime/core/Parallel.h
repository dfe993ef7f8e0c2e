// Parallel regions: the host's, or those of the pool that all libraries share.
#pragma once

#include "runtime/abi/ravine.h"
#include "runtime/core/SharedPool.h"

namespace ravine::core {

/// Runs the regions of one optimizer.
class Parallel {
public:
  explicit Parallel(const ravine_host &host) : host_(host) {}

  /// Decides how many threads there are, and joins the pool where it is needed. Once, before `run`.
  void prepare();

  /// Calls task(context, i) once for every i in [0, count) and returns when all have returned. One task needs no
  /// region.
  void run(size_t count, ThreadPool::Task task, void *context);

private:
  ravine_host host_;
  /// Threads that may work on a region at once; 1 where the host's do.
  size_t threadCount_ = 1;
  SharedPool pool_;
};

/// How many threads an optimizer may use: what the host says, else RAVINE_THREADS, else every processor that the
/// calling thread may run on. At least 1.
[[nodiscard]] size_t poolThreadCount(const ravine_host &host);

} // namespace ravine::core
