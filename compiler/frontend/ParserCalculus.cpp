// Penalties times numbers, and their sums:
//
//   sum    = term { "+" term }
//   term   = factor "*" term | component
//   factor = a number, a name, a call or what stands in parentheses, with "/" and "^" between them
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"

namespace ravine {

using namespace ast;

size_t Parser::behindFactor(size_t ahead) const {
  size_t end = ahead;
  auto skipParentheses = [&] {
    int depth = 0;
    do {
      TokenKind kind = peek(end).kind;
      if (kind == TokenKind::EndOfFile)
        return;
      depth += kind == TokenKind::LeftParenthesis ? 1 : kind == TokenKind::RightParenthesis ? -1 : 0;
      ++end;
    } while (depth > 0);
  };
  while (true) {
    TokenKind kind = peek(end).kind;
    bool isValue = kind == TokenKind::Identifier || kind == TokenKind::Number;
    if (isValue)
      ++end;
    if (kind != TokenKind::Number && peek(end).kind == TokenKind::LeftParenthesis)
      skipParentheses();
    else if (!isValue)
      return ahead;
    bool goesOn = peek(end).kind == TokenKind::Slash || peek(end).kind == TokenKind::Caret;
    if (!goesOn)
      return end;
    ++end;
  }
}

bool Parser::atFactor() const {
  if (at(TokenKind::Minus))
    return true;
  size_t end = behindFactor(0);
  if (end == 0)
    return false;
  const Token &after = peek(end);
  if (at(TokenKind::Number) && after.kind == TokenKind::Identifier && !after.startsLine)
    return true;
  if (after.kind != TokenKind::Star)
    return false;
  // `l1*2` and `(l1 + ridge)*2`: the number is the factor.
  bool isNumberLast = peek(end + 1).kind == TokenKind::Number && peek(behindFactor(end + 1)).kind != TokenKind::Star;
  return !isNumberLast || at(TokenKind::Number);
}

ComponentPtr Parser::parseSum() {
  const Token &first = peek();
  unsigned terms = 1;
  ComponentPtr sum = parseTerm();
  while (!panicking && (at(TokenKind::Plus) || at(TokenKind::Minus))) {
    const Token &sign = peek();
    if (atLineEnd())
      complain(Code::E0210, sign.span, "a line cannot begin with " + quote(sign.text), "",
               "put " + quote(sign.text) + " at the end of the line before");
    if (at(TokenKind::Minus))
      complain(Code::E0257, sign.span, "penalties are not subtracted", "",
               "a difference of penalties has no rule; write it as a `penalty` of its own");
    next();
    ComponentPtr right = parseTerm();
    if (++terms > deepestNesting)
      reportTooDeep(sign.span);
    if (panicking)
      return emptyComponent();
    sum = makeComponent(since(first), Sum{std::move(sum), std::move(right), sign.span});
  }
  return sum;
}

ComponentPtr Parser::parseTerm() {
  Scoped<unsigned> deeper(nesting, nesting + 1);
  if (nesting > deepestNesting)
    reportTooDeep(place());
  if (panicking)
    return emptyComponent();
  const Token &first = peek();
  if (!atFactor()) {
    ComponentPtr component = parseComponent();
    return parseLateFactor(first, std::move(component));
  }
  ExprPtr factor = parseExpression(Precedence::Power);
  while (!panicking && at(TokenKind::Slash)) {
    SourceSpan sign = next().span;
    ExprPtr divisor = parseExpression(Precedence::Power);
    factor = make(since(first), Binary{BinaryOp::Divide, sign, std::move(factor), std::move(divisor)}, height + 1);
  }
  bool isForgotten = !panicking && at(TokenKind::Identifier);
  if (isForgotten)
    complain(Code::E0257, SourceSpan::covering(first.span, peek().span), "no `*` between a factor and its penalty", "",
             "write " + quote(std::string(sources.text(factor->span)) + "*" + std::string(peek().text)));
  else if (!panicking)
    expect(TokenKind::Star, "`*` and a penalty");
  ComponentPtr penalty = parseTerm();
  if (panicking)
    return emptyComponent();
  return makeComponent(since(first), Scaled{std::move(factor), std::move(penalty)});
}

ComponentPtr Parser::parseLateFactor(const Token &first, ComponentPtr penalty) {
  while (!panicking && (at(TokenKind::Star) || at(TokenKind::Slash)) && !atLineEnd()) {
    bool isDivided = at(TokenKind::Slash);
    SourceSpan sign = next().span;
    ExprPtr factor = parseExpression(Precedence::Power);
    if (panicking)
      return emptyComponent();
    std::string text(sources.text(factor->span));
    complain(Code::E0257, SourceSpan::covering(sign, factor->span), "the factor stands in front of the penalty", "",
             isDivided ? "write " + quote("1/" + text + "*…") : "write " + quote(text + "*…"));
    if (isDivided)
      continue;
    penalty = makeComponent(since(first), Scaled{std::move(factor), std::move(penalty)});
  }
  return penalty;
}

} // namespace ravine
