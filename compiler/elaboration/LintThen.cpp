// A factor before `then` that was hardly meant for the first part alone.
#include "compiler/elaboration/Expander.h"

#include "compiler/elaboration/Make.h"
#include "compiler/frontend/Constants.h"
#include "compiler/frontend/Quote.h"

namespace ravine {

using namespace ast;

namespace {

bool isProduct(const Expr &expr) {
  const auto *binary = expr.as<Binary>();
  return binary && (binary->op == BinaryOp::Multiply || binary->op == BinaryOp::Divide);
}

/// Whether the arguments of a schedule have a name of the factor, as in `linear(peak, 0, 100)`.
bool shareNames(const Expr &factor, const Expr &schedule) {
  bool share = false;
  forEachName(factor, [&](const Name &name, const Expr &) {
    forEachName(schedule, [&](const Name &other, const Expr &) { share |= name.text == other.text; });
  });
  return share;
}

} // namespace

/// `1e-3*linear_warmup(100) then cosine(900)`: `cosine` begins at 1. One that begins elsewhere, as `constant(1e-3)`
/// does, says itself how high it is.
void Expander::warnAboutFactor(const Then &then) {
  bool isWritten = elaboration.isRoot(*home) && !isSilent && isProduct(*then.first);
  if (!isWritten || elaboration.sources.text(then.first->span).starts_with('('))
    return;
  const Binary &product = *then.first->as<Binary>();
  bool isInFront = lengthOf(*product.left).kind == Length::Kind::None;
  const Expr &factor = isInFront ? *product.left : *product.right;
  const Expr &schedule = isInFront ? *product.right : *product.left;
  bool isFactor = lengthOf(factor).kind == Length::Kind::None && lengthOf(schedule).kind == Length::Kind::Finite;
  bool isQuotient = product.op == BinaryOp::Divide;
  bool isBare = then.second->as<Call>() || then.second->as<Name>();
  if (!isFactor || (isQuotient && isInFront) || !isBare || lengthOf(*then.second).kind == Length::Kind::None)
    return;
  ExprPtr beginning = makeNumber(then.second->span, 0, true);
  std::optional<double> value;
  {
    Scoped silent(isSilent, true);
    Scoped begun(step, const_cast<const Expr *>(beginning.get()));
    value = valueOf(*expand(*then.second), [](const Name &) { return std::optional<double>(); });
  }
  if (value ? *value != 1 && *value != 0 : shareNames(factor, *then.second))
    return;
  auto text = [&](const Expr &expr) { return std::string(elaboration.sources.text(expr.span)); };
  std::string both = "(" + text(schedule) + " then " + text(*then.second) + ")";
  std::string whole = isInFront ? text(factor) + "*" + both : both + (isQuotient ? "/" : "*") + text(factor);
  elaboration.report(
      Code::W0111, factor.span,
      std::string(isQuotient ? "the divisor " : "the factor ") + quote(text(factor)) + " is for the first part only",
      "", isProduct(schedule) ? "put parentheses around what it is for" : "for both write `" + whole + "`",
      {{then.second->span, "this is without it"}});
}

} // namespace ravine
