// Cuts at a character of UTF-8, never inside one.
#include "compiler/frontend/Quote.h"

#include "compiler/diagnostics/Utf8.h"

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

std::string shown(double value) {
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  std::array<char, 32> digits;
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

} // namespace ravine
