// What stands between tokens: blanks, line breaks and comments.
#pragma once

#include "compiler/frontend/Token.h"

#include <span>
#include <vector>

namespace ravine::formatter {

struct Comment {
  /// From `//` to the end of the line, without blanks there.
  std::string_view text;
  /// Stands behind a token on the same line.
  bool isTrailing = false;
  bool isAfterBlankLine = false;
};

/// In front of a token.
struct Gap {
  std::vector<Comment> comments;
  /// The token begins a line.
  bool breaksLine = false;
  /// A blank line stands directly in front of the token.
  bool isAfterBlankLine = false;
  /// There is nothing in the gap.
  bool isEmpty = false;
};

/// One for each token; the last, the end of the file, has what stands behind all others.
[[nodiscard]] std::vector<Gap> gapsOf(std::string_view source, std::span<const Token> tokens);

} // namespace ravine::formatter
