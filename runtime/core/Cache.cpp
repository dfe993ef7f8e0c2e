// Asking the system about caches and processors.
#include "runtime/core/Cache.h"

#include <cstdlib>
#include <unistd.h>

namespace ravine::core {

namespace {

/// What sysconf says, or `otherwise` where it does not know.
size_t systemSays(int name, size_t otherwise) {
  long value = sysconf(name);
  return value > 0 ? static_cast<size_t>(value) : otherwise;
}

} // namespace

size_t residentBytes() {
  if (const char *text = std::getenv("RAVINE_L2_BYTES"); text != nullptr && *text >= '0' && *text <= '9')
    return std::strtoull(text, nullptr, 10);
  // Three quarters of it: the rest is for what the cache replaces before its time, and for what else the thread
  // touches. With 2 MiB, tensors of 64 Ki elements under LAMB (1.25 MiB) gain most of what smaller ones do
  // (docs/benchmarks.md).
  return systemSays(_SC_LEVEL2_CACHE_SIZE, size_t{1} << 20) / 4 * 3;
}

size_t onlineProcessors() {
  return systemSays(_SC_NPROCESSORS_ONLN, 1);
}

} // namespace ravine::core
