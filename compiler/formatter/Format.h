// The one way to lay out a source file.
#pragma once

#include "compiler/diagnostics/SourceManager.h"

#include <optional>

namespace ravine::formatter {

/// The text of a file in its canonical form: one spacing, two blanks for each level of nesting, at most one blank line
/// in a row, no blanks at the ends of lines, a line break at the end. Where lines break is the author's, and so is
/// whether blanks surround `*` and `/`. Comments stay. Nothing after messages: a file with mistakes of syntax is not
/// laid out. Formatting a canonical text changes nothing.
[[nodiscard]] std::optional<std::string> format(const SourceManager &sources, uint32_t file, Diagnostics &diagnostics);

} // namespace ravine::formatter
