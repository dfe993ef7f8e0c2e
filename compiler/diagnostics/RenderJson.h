// Diagnostics as tools read them: one JSON object per line.
#pragma once

#include "compiler/diagnostics/SourceManager.h"

namespace ravine {

/// Each object has `code`, `severity` ("error" or "warning"), `message`, `label`, `hint`, `file`, `line`, `column`,
/// `endLine`, `endColumn` (from 1, columns in characters, the end is exclusive) and `notes`, an array of objects with
/// `message` and the same place fields. Texts that are not there are empty; a
/// message that concerns no place in a file has no place fields.
[[nodiscard]] std::string renderJson(const SourceManager &sources, const Diagnostics &diagnostics);

} // namespace ravine
