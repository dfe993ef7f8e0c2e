// How the names of a rule are written in formulas.
#include "compiler/documentation/Notation.h"

#include "compiler/documentation/GreekLetters.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <array>
#include <optional>

namespace ravine::documentation {

namespace {

struct Custom {
  std::string_view name;
  std::string_view letter;
};

constexpr std::array customarySymbols = {Custom{"lr", "η"}, Custom{"weight_decay", "λ"}, Custom{"momentum", "μ"},
                                         Custom{"eps", "ε"}};
constexpr std::array<std::string_view, 3> accents = {"hat", "bar", "tilde"};
constexpr std::array<std::string_view, 4> subscriptWords = {"max", "min", "old", "new"};
constexpr std::string_view digits = "0123456789";

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

/// Parts of a composed optimizer have dots in front of names that the host sees and colons in front of others. Nobody
/// writes colons, so nobody reads them.
std::string dotted(std::string_view name) {
  std::string result;
  for (char character : name)
    if (bool isDot = character == '.' || character == ':'; !isDot || !result.ends_with('.'))
      result += isDot ? '.' : character;
  return result;
}

Formula verbatim(std::string_view name) {
  return {Formula::Kind::Verbatim, dotted(name), {}};
}

/// What may stand behind a letter and `_` as its subscript; everything else is a word of the name.
std::optional<Formula> decoration(std::string_view text) {
  if (!text.empty() && text.find_first_not_of(digits) == std::string_view::npos)
    return number(text);
  if (std::ranges::find(subscriptWords, text) != subscriptWords.end())
    return word(text);
  return singleLetter(text);
}

/// A name without digits at its end: `v_max` has a subscript, `growth_rate` is one word with its underscore.
Formula stemSymbol(std::string_view name) {
  size_t end = name.find('_');
  Formula result = plainSymbol(name.substr(0, end));
  while (end != std::string_view::npos) {
    size_t begin = end + 1;
    end = name.find('_', begin);
    std::optional<Formula> subscript = decoration(name.substr(begin, end - begin));
    if (!subscript || result.is(Formula::Kind::Word))
      return word(name);
    result = withSubscript(std::move(result), std::move(*subscript));
  }
  return result;
}

Formula stepSubscript(Formula symbol, Moment moment, bool isPrimed) {
  if (moment == Moment::Creation)
    return withSubscript(std::move(symbol), number("0"));
  if (moment == Moment::After || isPrimed)
    return withSubscript(std::move(symbol), letter("t"));
  return withSubscript(std::move(symbol), row({letter("t"), sign("−"), number("1")}));
}

void addLetsOfBlocks(const ast::Expr &expr, std::vector<std::string> &names) {
  if (const auto *block = expr.as<ast::Block>())
    for (const auto &let : block->lets)
      names.push_back(let->name);
  forEachChild(expr, [&](const ast::Expr &child) { addLetsOfBlocks(child, names); });
}

template <typename Declarations> void addNames(const Declarations &declarations, std::vector<std::string> &names) {
  for (const auto &declaration : declarations)
    names.push_back(declaration->name);
}

} // namespace

/// The symbol of a name that belongs to no part.
static Formula ownSymbolOf(std::string_view name, bool customary) {
  if (const auto *custom = std::ranges::find(customarySymbols, name, &Custom::name);
      customary && custom != customarySymbols.end())
    return letter(custom->letter);
  size_t end = name.find_last_not_of(digits) + 1;
  std::string_view stem = name.substr(0, end), number = name.substr(end);
  bool isSeparated = !number.empty() && stem.size() > 1 && stem.ends_with('_');
  Formula result = stemSymbol(isSeparated ? stem.substr(0, stem.size() - 1) : stem);
  return number.empty() ? result : withSubscript(std::move(result), documentation::number(number));
}

Formula symbolOf(std::string_view name, bool customary) {
  std::string path = dotted(name);
  std::string_view part = path, number;
  // Of what a function or a schedule brings along, the number that tells its uses apart.
  if (size_t dot = part.rfind('.'); dot != std::string_view::npos && dot + 1 < part.size() &&
                                    part.find_first_not_of(digits, dot + 1) == std::string_view::npos) {
    number = part.substr(dot + 1);
    part = part.substr(0, dot);
  }
  size_t dot = part.rfind('.');
  Formula result = ownSymbolOf(part.substr(dot + 1), customary);
  if (dot != std::string_view::npos)
    result = withSubscript(std::move(result), word(part.substr(0, dot)));
  if (!number.empty() && !customary)
    result = withSubscript(std::move(result), documentation::number(number));
  return result;
}

Notation::Notation(const ast::OptimizerDecl &optimizer) {
  std::vector<std::string> names, states;
  addNames(optimizer.hypers, names);
  addNames(optimizer.states, names);
  addNames(optimizer.lets, names);
  addNames(optimizer.states, states);
  forEachRoot(optimizer, [&](const ast::Expr &root) { addLetsOfBlocks(root, names); });
  choose(names, states);
}

Notation::Notation(const ast::PenaltyDecl &penalty) {
  std::vector<std::string> names = {penalty.argument};
  addNames(penalty.hypers, names);
  addNames(penalty.lets, names);
  for (const std::string &own : {penalty.step, penalty.tolerance})
    if (!own.empty())
      names.push_back(own);
  for (const ast::ExprPtr *body :
       {&penalty.value, &penalty.prox, &penalty.gradient, &penalty.project, &penalty.contains})
    if (*body)
      addLetsOfBlocks(**body, names);
  choose(names, {});
}

void Notation::choose(const std::vector<std::string> &names, const std::vector<std::string> &states) {
  // Whose every look is: the symbols by themselves, and at the moments that a step knows.
  std::multimap<std::string, std::string> owners;
  auto look = [&](const std::string &name) { return writeLatex(symbols.at(name)); };
  auto gather = [&] {
    owners.clear();
    auto atEveryMoment = [&](const Formula &symbol, const std::string &owner) {
      for (const Formula &timed :
           {stepSubscript(symbol, Moment::Creation, false), stepSubscript(symbol, Moment::Step, false),
            stepSubscript(symbol, Moment::After, false)})
        owners.emplace(writeLatex(timed), owner);
    };
    for (const char *predefined : {"w", "g", "t"})
      owners.emplace(predefined, "");
    for (const char *predefined : {"w", "g"})
      atEveryMoment(letter(predefined), "");
    for (const std::string &name : names)
      owners.emplace(look(name), name);
    for (const std::string &state : states)
      atEveryMoment(symbols.at(state), state);
  };
  auto isShared = [&](const std::string &name) {
    auto [first, last] = owners.equal_range(look(name));
    return std::any_of(first, last, [&](const auto &entry) { return entry.second != name; });
  };
  // Two rounds: first without the customary letters of names whose letter is somebody's own.
  for (const std::string &name : names)
    symbols.insert_or_assign(name, symbolOf(name));
  gather();
  for (const std::string &name : names)
    if (isShared(name))
      symbols.at(name) = symbolOf(name, /*customary=*/false);
  gather();
  for (const std::string &name : names)
    if (isShared(name))
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
