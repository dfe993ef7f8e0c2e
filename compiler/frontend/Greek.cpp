// The table of Greek letters.
#include "compiler/frontend/Greek.h"

#include <array>

namespace ravine {

namespace {

// In the order of Unicode from U+0391 and U+03B1; the 18th place is final sigma, which only the lower case has.
constexpr std::array<std::string_view, 25> upperCase = {
    "Alpha", "Beta",    "Gamma", "Delta", "Epsilon", "Zeta",  "Eta", "Theta",   "Iota", "Kappa", "Lambda", "Mu",   "Nu",
    "Xi",    "Omicron", "Pi",    "Rho",   "",        "Sigma", "Tau", "Upsilon", "Phi",  "Chi",   "Psi",    "Omega"};
constexpr std::array<std::string_view, 25> lowerCase = {
    "alpha", "beta",    "gamma", "delta", "epsilon", "zeta",  "eta", "theta",   "iota", "kappa", "lambda", "mu",   "nu",
    "xi",    "omicron", "pi",    "rho",   "sigma",   "sigma", "tau", "upsilon", "phi",  "chi",   "psi",    "omega"};

constexpr std::string_view digits = "0123456789";

} // namespace

std::string_view spelledOut(char32_t character) {
  if (character >= 0x391 && character < 0x391 + upperCase.size())
    return upperCase[character - 0x391];
  if (character >= 0x3B1 && character < 0x3B1 + lowerCase.size())
    return lowerCase[character - 0x3B1];
  if (character >= 0x2080 && character <= 0x2089)
    return digits.substr(character - 0x2080, 1);
  switch (character) {
  case 0x00B5: // the micro sign, which keyboards give for μ
    return "mu";
  case 0x03D1:
    return "theta";
  case 0x03D5:
    return "phi";
  case 0x03D6:
    return "pi";
  case 0x03F0:
    return "kappa";
  case 0x03F1:
    return "rho";
  case 0x03F5:
    return "epsilon";
  default:
    return "";
  }
}

} // namespace ravine
