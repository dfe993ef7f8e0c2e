// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace ravine::documentation {

/// Safe between tags and inside quoted attributes. Control characters, which XML does not allow, become U+FFFD.
[[nodiscard]] std::string escapeMarkup(std::string_view text);

} // namespace ravine::documentation
