// What stands between tokens: blanks, line breaks and comments.
#include "compiler/formatter/Gaps.h"

#include <algorithm>

namespace ravine::formatter {

static std::string_view withoutBlanksAtEnd(std::string_view text) {
  size_t last = text.find_last_not_of(" \t\r");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

static Gap gapIn(std::string_view text, bool isAtBeginning) {
  Gap gap;
  gap.isEmpty = text.empty();
  // The file begins as if a line had ended.
  size_t breaks = isAtBeginning ? 1 : 0;
  gap.breaksLine = isAtBeginning;
  for (size_t at = 0; at < text.size();) {
    if (!text.substr(at).starts_with("//")) {
      breaks += text[at] == '\n';
      gap.breaksLine = gap.breaksLine || text[at] == '\n';
      ++at;
      continue;
    }
    size_t end = std::min(text.find('\n', at), text.size());
    gap.comments.push_back({withoutBlanksAtEnd(text.substr(at, end - at)), breaks == 0, breaks > 1});
    breaks = 0;
    at = end;
  }
  gap.isAfterBlankLine = breaks > 1;
  return gap;
}

std::vector<Gap> gapsOf(std::string_view source, std::span<const Token> tokens) {
  std::vector<Gap> gaps;
  size_t begin = 0;
  for (const Token &token : tokens) {
    gaps.push_back(gapIn(source.substr(begin, token.span.begin - begin), gaps.empty()));
    begin = token.span.end;
  }
  return gaps;
}

} // namespace ravine::formatter
