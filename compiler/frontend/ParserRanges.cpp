// `in [0, inf)` and `in 1..10`.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Constants.h"
#include "compiler/frontend/Placeholder.h"

#include <cmath>
#include <limits>

namespace ravine {

using namespace ast;

void Parser::parseRange(HyperDecl &hyper) {
  const Token &first = peek();
  bool isBracketed = at(TokenKind::LeftBracket) || at(TokenKind::LeftParenthesis);
  std::optional<Bound> lower;
  std::optional<Bound> upper;
  if (isBracketed) {
    next();
    ++openParentheses;
    lower = parseBound(first.kind == TokenKind::LeftParenthesis);
    if (panicking || !expect(TokenKind::Comma, "`,` between the ends of the range"))
      return;
    upper = parseBound(true);
    bool isClosed = at(TokenKind::RightBracket);
    if (panicking || (!isClosed && !at(TokenKind::RightParenthesis)))
      return expectClosing(TokenKind::RightBracket, first);
    if (upper && isClosed && std::isinf(upper->value))
      complain(Code::E0607, SourceSpan::covering(previous().span, peek().span), "an infinite end of a range is open",
               "", "write `inf)`");
    else if (upper)
      upper->isOpen = !isClosed;
    next();
    --openParentheses;
  } else {
    lower = parseBound(false);
    if (panicking || !expect(TokenKind::DotDot, "a range such as `[0, 1)` or `1..10`"))
      return;
    upper = parseBound(false);
  }
  if (!lower || !upper)
    return;
  hyper.lower = *lower;
  hyper.upper = *upper;
  hyper.rangeSpan = since(first);
}

std::optional<Bound> Parser::parseBound(bool isOpen) {
  const Token &before = previous();
  bool isNegative = at(TokenKind::Minus) && peek(1).kind == TokenKind::Inf;
  if (isNegative || at(TokenKind::Inf)) {
    bool isClosed = before.kind == TokenKind::LeftBracket;
    accept(TokenKind::Minus);
    next();
    if (isClosed)
      complain(Code::E0607, since(before), "an infinite end of a range is open", "",
               isNegative ? "write `(-inf`" : "write `(inf`");
    double infinity = std::numeric_limits<double>::infinity();
    return Bound{isNegative ? -infinity : infinity, true};
  }
  isFollowed = true;
  ExprPtr end = parseExpression(Precedence::Sum);
  isFollowed = false;
  std::optional<double> value = constantValue(*end);
  if (value && std::isfinite(*value))
    return Bound{*value, isOpen};
  if (!isPlaceholder(*end))
    complain(Code::E0606, end->span, "the end of a range is a constant",
             value ? "this is not a finite number" : "this depends on something else",
             "write a number, `inf` or `-inf`");
  return std::nullopt;
}

} // namespace ravine
