// What tests expect, and within which tolerance (the grammar is in ParserTests.cpp).
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

namespace {

std::optional<BinaryOp> comparisonOf(TokenKind kind) {
  switch (kind) {
  case TokenKind::Equal:
    return BinaryOp::Equal;
  case TokenKind::Less:
    return BinaryOp::Less;
  case TokenKind::LessEqual:
    return BinaryOp::LessEqual;
  case TokenKind::Greater:
    return BinaryOp::Greater;
  case TokenKind::GreaterEqual:
    return BinaryOp::GreaterEqual;
  default:
    return std::nullopt;
  }
}

} // namespace

void Parser::parseExpectation(std::vector<TestExpectation> &expectations) {
  TestExpectation expectation;
  if (atWord("after")) {
    next();
    expectation.after = parseTestNumber("the number of a step");
    if (panicking)
      return;
    if (!atWord("expect"))
      return unexpected("`expect`");
  }
  next();
  const Token &first = peek();
  expectation.left = parseExpression(Precedence::Sum);
  if (panicking)
    return;
  std::optional<BinaryOp> op = comparisonOf(peek().kind);
  if (!op || atLineEnd())
    return unexpected("`==`, `<`, `<=`, `>` or `>=`");
  next();
  expectation.op = *op;
  expectation.right = parseExpression(Precedence::Sum);
  expectation.span = since(first);
  if (panicking)
    return;
  if (comparisonOf(peek().kind) && !atLineEnd())
    return error(Code::E0207, peek().span, "comparisons do not chain", "", "write two expectations");
  if (atWord("within"))
    expectation.tolerance = parseTolerance(*op);
  expectations.push_back(std::move(expectation));
}

std::optional<Tolerance> Parser::parseTolerance(BinaryOp op) {
  const Token &word = next();
  if (op != BinaryOp::Equal)
    complain(Code::E0240, word.span, "`within` behind " + quote(spelling(op)), "",
             "only `==` has a tolerance; move the bound instead");
  Tolerance tolerance;
  do {
    const Token &number = peek();
    if (!at(TokenKind::Number)) {
      error(Code::E0243, place(), "expected a tolerance, found " + found(), "",
            "write `within 1e-5` for an absolute one, `within 0.1%` for a relative one");
      return std::nullopt;
    }
    next();
    std::optional<double> &part = number.text.ends_with('%') ? tolerance.relative : tolerance.absolute;
    saidTwice(part.has_value(), number.span);
    part = number.value;
  } while (accept(TokenKind::Or));
  return tolerance;
}

} // namespace ravine
