// What to write in the place of a name that nobody knows.
#pragma once

#include <string>
#include <string_view>

namespace ravine {

/// The import that brings a name of the standard library, in quotes: "`import std.schedules: cosine`"; empty for any
/// other name.
[[nodiscard]] std::string importOf(std::string_view name);

/// For a function that is unknown; empty where nothing is like it.
[[nodiscard]] std::string functionHint(std::string_view name);

} // namespace ravine
