// Source text in colours.
#pragma once

#include "compiler/diagnostics/SourceManager.h"

#include <string>
#include <vector>

namespace ravine::explanation {

/// The lines of a file as HTML without line breaks, in which keywords, numbers, predefined names, names with a prime
/// and comments are marked by spans of the classes k, n, p, q and c.
[[nodiscard]] std::vector<std::string> colouredLines(const SourceManager &sources, uint32_t file);

} // namespace ravine::explanation
