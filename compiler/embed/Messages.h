// Diagnostics as a program that embeds the compiler sees them.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/embed/ravine_compile.hpp"

namespace ravine {

/// Everything that was said, in the order of places.
[[nodiscard]] std::vector<Message> messagesOf(const SourceManager &sources, const Diagnostics &diagnostics);

} // namespace ravine
