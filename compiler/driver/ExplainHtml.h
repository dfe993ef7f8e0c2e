// Gathering what the page of `ravine explain --html` shows.
#pragma once

#include "compiler/driver/Compilation.h"

#include <optional>

namespace ravine::driver {

/// The page for a compilation that is formed. Nothing where code generation fails, which the compilation then knows.
[[nodiscard]] std::optional<std::string> explainHtml(Compilation &compilation, const Options &options);

} // namespace ravine::driver
