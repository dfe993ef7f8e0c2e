// Finds a page among those that EmbedErrorPages.cmake has turned into a table.
#include "compiler/diagnostics/ErrorIndex.h"

#include "compiler/diagnostics/ErrorPages.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>

namespace ravine {

namespace {

std::string upperCase(std::string_view text) {
  std::string upper(text);
  for (char &letter : upper)
    letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return upper;
}

/// The number behind the letter of a code.
long numberOf(std::string_view code) {
  long number = 0;
  for (char digit : code.substr(1))
    number = 10 * number + (digit - '0');
  return number;
}

} // namespace

bool looksLikeCode(std::string_view word) {
  constexpr size_t mostDigits = 6;
  constexpr std::string_view letters = "EWPewp";
  auto isDigit = [](char character) { return character >= '0' && character <= '9'; };
  return word.size() > 1 && word.size() <= 1 + mostDigits && letters.find(word[0]) != std::string_view::npos &&
         std::ranges::all_of(word.substr(1), isDigit);
}

std::vector<std::string_view> nearestCodes(std::string_view word, size_t count) {
  std::string wanted = upperCase(word);
  std::vector<std::string_view> codes;
  for (const ErrorPage &page : errorPages())
    if (page.code[0] == wanted[0])
      codes.push_back(page.code);
  std::ranges::sort(codes, {}, [&](std::string_view code) { return std::abs(numberOf(code) - numberOf(wanted)); });
  codes.resize(std::min(codes.size(), count));
  std::ranges::sort(codes);
  return codes;
}

std::optional<std::string_view> explanation(std::string_view code) {
  std::string wanted = upperCase(code);
  for (const ErrorPage &page : errorPages())
    if (page.code == wanted)
      return page.text;
  return std::nullopt;
}

} // namespace ravine
