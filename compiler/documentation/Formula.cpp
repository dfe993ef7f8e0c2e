// Building and looking at formulas.
#include "compiler/documentation/Formula.h"

#include <algorithm>

namespace ravine::documentation {

using Kind = Formula::Kind;

Formula letter(std::string_view utf8) {
  return {Kind::Letter, std::string(utf8), {}};
}

Formula word(std::string_view text) {
  return {Kind::Word, std::string(text), {}};
}

Formula number(std::string_view digits) {
  return {Kind::Number, std::string(digits), {}};
}

Formula sign(std::string_view character) {
  return {Kind::Sign, std::string(character), {}};
}

Formula words(std::string_view text) {
  return {Kind::Text, std::string(text), {}};
}

Formula row(std::vector<Formula> parts) {
  return {Kind::Row, "", std::move(parts)};
}

Formula fraction(Formula numerator, Formula denominator) {
  return {Kind::Fraction, "", {std::move(numerator), std::move(denominator)}};
}

Formula root(Formula radicand) {
  return {Kind::Root, "", {std::move(radicand)}};
}

Formula accent(Formula base, std::string_view name) {
  return {Kind::Accent, std::string(name), {std::move(base)}};
}

Formula fenced(std::string_view fence, Formula content) {
  return {Kind::Fenced, std::string(fence), {std::move(content)}};
}

Formula commaSeparated(std::vector<Formula> parts) {
  Formula result;
  for (Formula &part : parts) {
    if (!result.parts.empty())
      result.parts.push_back(sign(","));
    result.parts.push_back(std::move(part));
  }
  return result;
}

static Formula asScript(Formula base) {
  if (base.is(Kind::Script))
    return base;
  return {Kind::Script, "", {std::move(base), Formula(), Formula()}};
}

Formula withSubscript(Formula base, Formula subscript) {
  Formula result = asScript(std::move(base));
  Formula &place = result.parts[1];
  if (place.isEmpty()) {
    place = std::move(subscript);
    return result;
  }
  if (!place.is(Kind::Row))
    place = row({std::move(place)});
  place.parts.push_back(sign(","));
  if (subscript.is(Kind::Row))
    std::ranges::move(subscript.parts, std::back_inserter(place.parts));
  else
    place.parts.push_back(std::move(subscript));
  return result;
}

Formula withSuperscript(Formula base, Formula superscript) {
  Formula result = asScript(std::move(base));
  result.parts[2] = std::move(superscript);
  return result;
}

const Formula &leftmost(const Formula &formula) {
  bool goesOn = formula.is(Kind::Script) || (formula.is(Kind::Row) && !formula.parts.empty());
  return goesOn ? leftmost(formula.parts.front()) : formula;
}

const Formula &rightmost(const Formula &formula) {
  if (formula.is(Kind::Row) && !formula.parts.empty())
    return rightmost(formula.parts.back());
  return formula;
}

bool isTall(const Formula &formula) {
  if (formula.is(Kind::Fraction) || formula.is(Kind::Root) || formula.is(Kind::Cases))
    return true;
  if (formula.is(Kind::Sign) && formula.text == "∑")
    return true;
  // What stands in a script is small.
  if (formula.is(Kind::Script))
    return isTall(formula.parts.front());
  return std::ranges::any_of(formula.parts, isTall);
}

} // namespace ravine::documentation
