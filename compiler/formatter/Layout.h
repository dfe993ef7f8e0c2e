// Lines and their indentation.
#pragma once

#include "compiler/formatter/Spacing.h"

#include <string>

namespace ravine::formatter {

/// Writes the tokens and the comments of a source; `roles` has one for each token.
[[nodiscard]] std::string layOut(std::string_view source, std::span<const Token> tokens, std::span<const Role> roles);

} // namespace ravine::formatter
