// How the names of a rule are written in formulas.
#include "compiler/documentation/Notation.h"

#include "compiler/documentation/GreekLetters.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace ravine::documentation {

namespace {

struct Custom {
  std::string_view name;
  std::string_view letter;
};

constexpr std::array customarySymbols = {Custom{"lr", "η"}, Custom{"weight_decay", "λ"}, Custom{"momentum", "μ"},
                                         Custom{"eps", "ε"}};
constexpr std::array<std::string_view, 3> accents = {"hat", "bar", "tilde"};

std::optional<Formula> singleLetter(std::string_view text) {
  if (text.size() == 1)
    return letter(text);
  if (std::string greek = greekLetter(text); !greek.empty())
    return letter(greek);
  return std::nullopt;
}

/// A name, or a part of one, that has neither `_` nor digits at its end.
Formula plainSymbol(std::string_view text) {
  if (std::optional<Formula> single = singleLetter(text))
    return *single;
  for (std::string_view mark : accents)
    if (text.ends_with(mark))
      if (std::optional<Formula> base = singleLetter(text.substr(0, text.size() - mark.size())))
        return accent(std::move(*base), mark);
  return word(text);
}

bool isDigit(char character) {
  return character >= '0' && character <= '9';
}

Formula verbatim(std::string_view name) {
  return {Formula::Kind::Verbatim, std::string(name), {}};
}

/// Adds what a part of a name says: `max2` is "max" and "2".
void splitDigits(std::string_view part, std::vector<std::string_view> &pieces) {
  size_t digits = part.size();
  while (digits > 0 && isDigit(part[digits - 1]))
    --digits;
  if (digits > 0)
    pieces.push_back(part.substr(0, digits));
  if (digits < part.size())
    pieces.push_back(part.substr(digits));
}

std::vector<std::string_view> piecesOf(std::string_view name) {
  std::vector<std::string_view> pieces;
  while (!name.empty()) {
    size_t end = std::min(name.find('_'), name.size());
    splitDigits(name.substr(0, end), pieces);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return pieces;
}

Formula stepSubscript(Formula symbol, Moment moment, bool isPrimed) {
  if (moment == Moment::Creation)
    return withSubscript(std::move(symbol), number("0"));
  if (moment == Moment::After || isPrimed)
    return withSubscript(std::move(symbol), letter("t"));
  return withSubscript(std::move(symbol), row({letter("t"), sign("−"), number("1")}));
}

} // namespace

Formula symbolOf(std::string_view name, bool customary) {
  if (const auto *custom = std::ranges::find(customarySymbols, name, &Custom::name);
      customary && custom != customarySymbols.end())
    return letter(custom->letter);
  std::vector<std::string_view> pieces = piecesOf(name);
  if (pieces.empty())
    return verbatim(name);
  Formula result = plainSymbol(pieces.front());
  for (std::string_view piece : std::span(pieces).subspan(1))
    result = withSubscript(std::move(result), isDigit(piece.front()) ? number(piece) : plainSymbol(piece));
  return result;
}

Notation::Notation(const ast::OptimizerDecl &optimizer) {
  std::vector<std::string> names;
  auto declare = [&](const auto &declarations) {
    for (const auto &declaration : declarations)
      names.push_back(declaration->name);
  };
  declare(optimizer.hypers);
  declare(optimizer.states);
  declare(optimizer.lets);

  // Two rounds: first without the customary letters of names whose letter is somebody's own.
  std::multimap<std::string, std::string> byLook;
  auto look = [&](const std::string &name) { return writeLatex(symbols.at(name)); };
  auto gather = [&] {
    byLook.clear();
    for (const char *predefined : {"w", "g", "t"})
      byLook.emplace(predefined, "");
    for (const std::string &name : names)
      byLook.emplace(look(name), name);
  };
  for (const std::string &name : names)
    symbols.insert_or_assign(name, symbolOf(name));
  gather();
  for (const std::string &name : names)
    if (byLook.count(look(name)) > 1)
      symbols.at(name) = symbolOf(name, /*customary=*/false);
  gather();
  for (const std::string &name : names)
    if (byLook.count(look(name)) > 1)
      symbols.at(name) = verbatim(name);
}

Formula Notation::symbol(const std::string &name) const {
  auto found = symbols.find(name);
  return found == symbols.end() ? symbolOf(name) : found->second;
}

Formula Notation::use(const ast::Name &name, Moment moment) const {
  if (const auto *predefined = std::get_if<ast::Predefined>(&name.symbol)) {
    switch (*predefined) {
    case ast::Predefined::Parameter:
      return stepSubscript(letter("w"), moment, name.isPrimed);
    case ast::Predefined::Gradient:
      return withSubscript(letter("g"), letter("t"));
    case ast::Predefined::Pi:
      return letter("π");
    default:
      return symbolOf(name.text);
    }
  }
  if (std::holds_alternative<const ast::StateDecl *>(name.symbol))
    return stepSubscript(symbol(name.text), moment, name.isPrimed);
  // The choice of an enum is a word, whatever its letters are.
  if (std::holds_alternative<ast::EnumChoice>(name.symbol))
    return words(name.text);
  return symbol(name.text);
}

Formula Notation::defined(const std::string &target, Moment moment) const {
  return stepSubscript(symbol(target), moment, /*isPrimed=*/true);
}

} // namespace ravine::documentation
