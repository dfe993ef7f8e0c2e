// The table of pages that is generated from docs/errors at build time.
#pragma once

#include <span>
#include <string_view>

namespace ravine {

struct ErrorPage {
  std::string_view code;
  std::string_view text;
};

[[nodiscard]] std::span<const ErrorPage> errorPages();

} // namespace ravine
