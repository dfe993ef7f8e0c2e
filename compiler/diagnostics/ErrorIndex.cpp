// Finds a page among those that EmbedErrorPages.cmake has turned into a table.
#include "compiler/diagnostics/ErrorIndex.h"

#include "compiler/diagnostics/ErrorPages.h"

#include <cctype>
#include <string>

namespace ravine {

std::optional<std::string_view> explanation(std::string_view code) {
  std::string wanted(code);
  for (char &letter : wanted)
    letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  for (const ErrorPage &page : errorPages())
    if (page.code == wanted)
      return page.text;
  return std::nullopt;
}

} // namespace ravine
