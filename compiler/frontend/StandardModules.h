// The standard library, which the compiler carries with it.
#pragma once

#include <span>
#include <string_view>

namespace ravine {

struct StandardModule {
  /// Below stdlib, without the ending: "schedules/cosine".
  std::string_view path;
  std::string_view text;
};

/// By path. The table is generated from stdlib at build time.
[[nodiscard]] std::span<const StandardModule> standardModules();

} // namespace ravine
