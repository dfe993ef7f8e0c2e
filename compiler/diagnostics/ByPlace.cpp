// Phases report one after the other; readers go through a file from top to bottom.
#include "compiler/diagnostics/ByPlace.h"

#include <algorithm>
#include <tuple>

namespace ravine {

std::vector<const Diagnostic *> byPlace(const Diagnostics &diagnostics) {
  std::vector<const Diagnostic *> ordered;
  for (const Diagnostic &diagnostic : diagnostics.all())
    ordered.push_back(&diagnostic);
  // They are elements of one vector: the pointers say which was said first.
  std::ranges::sort(ordered, {}, [](const Diagnostic *diagnostic) {
    return std::tuple(diagnostic->span.file, diagnostic->span.begin, diagnostic);
  });
  return ordered;
}

} // namespace ravine
