// Source text to tokens.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/Token.h"

namespace ravine {

/// The tokens of one file; the last is EndOfFile. Texts point into the source manager or into `spellings`.
struct TokenStream {
  std::vector<Token> tokens;
  std::vector<DocComment> docs;
  std::deque<std::string> spellings;
};

/// Larger files are refused: no rule is so long, and it bounds the memory of everything that follows.
inline constexpr size_t largestFile = 1 << 20;

/// What cannot be read is reported and left out, so that the tokens are always well formed.
[[nodiscard]] TokenStream tokenize(const SourceManager &sources, uint32_t file, Diagnostics &diagnostics);

} // namespace ravine
