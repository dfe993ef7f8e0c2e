// Diagnostics as tools read them: JSON.
#pragma once

#include "compiler/diagnostics/SourceManager.h"

#include "llvm/Support/JSON.h"

namespace ravine {

/// Each object has `code`, `severity` ("error" or "warning"), `message`, `label`, `hint`, `file`, `line`, `column`,
/// `endLine`, `endColumn` (from 1, columns in characters, the end is exclusive) and `notes`, an array of objects with
/// `message` and the same place fields. Texts that are not there are empty; a
/// message that concerns no place in a file has no place fields.
[[nodiscard]] llvm::json::Array jsonOf(const SourceManager &sources, const Diagnostics &diagnostics);

/// The same, one object per line.
[[nodiscard]] std::string renderJson(const SourceManager &sources, const Diagnostics &diagnostics);

} // namespace ravine
