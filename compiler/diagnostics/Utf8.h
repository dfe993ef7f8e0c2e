// Reading UTF-8 one character at a time, for columns, for carets and for the lexer.
#pragma once

#include <cstdint>
#include <string_view>

namespace ravine {

/// One character of a text. Where the text is not UTF-8, `isValid` is false and `length` is 1, so that a reader always
/// gets on.
struct Utf8Character {
  char32_t value = 0;
  uint32_t length = 1;
  bool isValid = false;
};

/// The first character of `text`, which is not empty. Overlong forms, surrogates and values above U+10FFFF are invalid.
[[nodiscard]] Utf8Character decodeUtf8(std::string_view text);

} // namespace ravine
