// UTF-8 as RFC 3629 defines it.
#include "compiler/diagnostics/Utf8.h"

namespace ravine {

Utf8Character decodeUtf8(std::string_view text) {
  auto byte = [&](size_t at) { return static_cast<unsigned char>(text[at]); };
  unsigned char first = byte(0);
  if (first < 0x80)
    return {first, 1, true};

  uint32_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length)
    return {};
  char32_t value = first & (0x7F >> length);
  for (uint32_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80)
      return {};
    value = (value << 6) | (byte(at) & 0x3F);
  }
  bool isOverlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  bool isSurrogate = value >= 0xD800 && value <= 0xDFFF;
  if (isOverlong || isSurrogate || value > 0x10FFFF)
    return {};
  return {value, length, true};
}

} // namespace ravine
