// Text inside XML and HTML.
#include "compiler/documentation/Markup.h"

namespace ravine::documentation {

std::string escapeMarkup(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char character : text) {
    switch (character) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\'':
      result += "&#39;";
      break;
    default:
      bool isControl =
          (static_cast<unsigned char>(character) < 0x20 && character != '\n' && character != '\t') || character == 0x7F;
      if (isControl)
        result += "\xEF\xBF\xBD";
      else
        result += character;
    }
  }
  return result;
}

} // namespace ravine::documentation
