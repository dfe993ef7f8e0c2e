// Cuts at a character of UTF-8, never inside one.
#include "compiler/frontend/Quote.h"

#include "compiler/diagnostics/Utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace ravine {

std::string quote(std::string_view text) {
  constexpr size_t longest = 40;
  text = text.substr(0, text.find('\n'));
  size_t length = 0;
  while (length < text.size() && length < longest)
    length += decodeUtf8(text.substr(length)).length;
  return "`" + std::string(text.substr(0, length)) + (length < text.size() ? "…`" : "`");
}

/// Where a comment begins in a line of source; its length where there is none.
static size_t endOfCode(std::string_view line) {
  bool isInString = false;
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '"')
      isInString = !isInString;
    if (!isInString && line.substr(at).starts_with("//"))
      return at;
  }
  return line.size();
}

std::string codeOnOneLine(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  std::string result;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = line.substr(0, endOfCode(line));
    size_t first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos)
      continue;
    line = line.substr(first, line.find_last_not_of(blanks) + 1 - first);
    result += (result.empty() ? "" : " ") + std::string(line);
  }
  return result;
}

std::string shown(double value) {
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  std::array<char, 32> digits;
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

} // namespace ravine
