// The order in which diagnostics are shown.
#pragma once

#include "compiler/diagnostics/Diagnostic.h"

namespace ravine {

/// The diagnostics from the top of the first file to the end of the last, those at one place in the order in which they
/// were said.
[[nodiscard]] std::vector<const Diagnostic *> byPlace(const Diagnostics &diagnostics);

} // namespace ravine
