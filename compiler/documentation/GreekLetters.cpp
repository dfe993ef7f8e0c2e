// Greek letters by the names that identifiers spell out.
#include "compiler/documentation/GreekLetters.h"

#include "compiler/frontend/Greek.h"

#include <algorithm>
#include <array>

namespace ravine::documentation {

namespace {

/// All of the Greek block that has letters in use: capitals and small letters, two bytes each in UTF-8.
constexpr char32_t firstLetter = 0x391, lastLetter = 0x3C9, finalSigma = 0x3C2;

std::string encoded(char32_t character) {
  return {static_cast<char>(0xC0 | character >> 6), static_cast<char>(0x80 | (character & 0x3F))};
}

char32_t decoded(std::string_view utf8) {
  return static_cast<char32_t>((utf8[0] & 0x1F) << 6 | (utf8[1] & 0x3F));
}

struct LatinTwin {
  std::string_view name;
  char letter;
};

constexpr std::array latinTwins = {
    LatinTwin{"Alpha", 'A'}, LatinTwin{"Beta", 'B'},    LatinTwin{"Epsilon", 'E'}, LatinTwin{"Zeta", 'Z'},
    LatinTwin{"Eta", 'H'},   LatinTwin{"Iota", 'I'},    LatinTwin{"Kappa", 'K'},   LatinTwin{"Mu", 'M'},
    LatinTwin{"Nu", 'N'},    LatinTwin{"Omicron", 'O'}, LatinTwin{"Rho", 'P'},     LatinTwin{"Tau", 'T'},
    LatinTwin{"Chi", 'X'},
};

} // namespace

std::string greekLetter(std::string_view name) {
  for (char32_t character = firstLetter; character <= lastLetter; ++character)
    if (character != finalSigma && !name.empty() && spelledOut(character) == name)
      return encoded(character);
  return "";
}

std::string latexLetter(std::string_view utf8) {
  if (utf8.size() < 2)
    return std::string(utf8);
  std::string_view name = spelledOut(decoded(utf8));
  if (const auto *twin = std::ranges::find(latinTwins, name, &LatinTwin::name); twin != latinTwins.end())
    return "\\mathrm{" + std::string(1, twin->letter) + "}";
  if (name == "omicron")
    return "o";
  // The plain commands give ϵ and ϕ; the identifiers are ε and φ.
  bool isVariant = name == "epsilon" || name == "phi";
  return (isVariant ? "\\var" : "\\") + std::string(name);
}

} // namespace ravine::documentation
