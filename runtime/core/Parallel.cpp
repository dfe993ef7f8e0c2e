// Choosing between the host's threads and the shared ones, and how many of those.
#include "runtime/core/Parallel.h"

#include "runtime/core/Sentence.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sched.h>
#include <unistd.h>

namespace ravine::core {

namespace {

/// What RAVINE_THREADS says, or 0.
unsigned long requestedThreads(const ravine_host &host) {
  const char *text = std::getenv("RAVINE_THREADS");
  if (text == nullptr || *text == '\0')
    return 0;
  char *end = nullptr;
  errno = 0;
  unsigned long count = std::strtoul(text, &end, 10);
  if (*end == '\0' && errno == 0 && *text >= '0' && *text <= '9' && count > 0)
    return count;
  if (host.log != nullptr) {
    Sentence line;
    line << "RAVINE_THREADS is " << Quoted{text} << ", which is not a number of threads; it is ignored";
    host.log(host.context, line.text());
  }
  return 0;
}

unsigned long availableProcessors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return static_cast<unsigned long>(CPU_COUNT(&set));
  // More processors than cpu_set_t has bits for.
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? static_cast<unsigned long>(online) : 1;
}

} // namespace

size_t poolThreadCount(const ravine_host &host) {
  unsigned long count = host.thread_count;
  if (count == 0)
    count = requestedThreads(host);
  if (count == 0)
    count = availableProcessors();
  return std::clamp<size_t>(count, 1, ThreadPool::mostThreads);
}

void Parallel::prepare() {
  if (host_.parallel_for != nullptr)
    return;
  threadCount_ = poolThreadCount(host_);
  if (threadCount_ > 1)
    pool_.join();
}

void Parallel::run(size_t count, ThreadPool::Task task, void *context) {
  if (host_.parallel_for != nullptr && count > 1)
    host_.parallel_for(host_.context, count, task, context);
  else if (threadCount_ > 1)
    pool_.run(threadCount_, count, task, context);
  else
    for (size_t i = 0; i < count; ++i)
      task(context, i);
}

} // namespace ravine::core
