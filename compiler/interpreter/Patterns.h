// Names of tensors and groups, and what they are compared with.
#pragma once

#include <string_view>

namespace ravine {

/// Whether a name, in UTF-8, is like a pattern, in which `*` stands for any characters, none included, and `?` for one.
[[nodiscard]] bool isLike(std::string_view name, std::string_view pattern);

} // namespace ravine
