// Operators between values, by precedence climbing.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Placeholder.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

struct OperatorInfo {
  BinaryOp op;
  Precedence precedence;
};

std::optional<OperatorInfo> operatorInfo(const Token &token) {
  switch (token.kind) {
  case TokenKind::Or:
    return OperatorInfo{BinaryOp::Or, Precedence::Or};
  case TokenKind::And:
    return OperatorInfo{BinaryOp::And, Precedence::And};
  case TokenKind::Less:
    return OperatorInfo{BinaryOp::Less, Precedence::Comparison};
  case TokenKind::LessEqual:
    return OperatorInfo{BinaryOp::LessEqual, Precedence::Comparison};
  case TokenKind::Greater:
    return OperatorInfo{BinaryOp::Greater, Precedence::Comparison};
  case TokenKind::GreaterEqual:
    return OperatorInfo{BinaryOp::GreaterEqual, Precedence::Comparison};
  case TokenKind::Equal:
    return OperatorInfo{BinaryOp::Equal, Precedence::Comparison};
  case TokenKind::NotEqual:
    return OperatorInfo{BinaryOp::NotEqual, Precedence::Comparison};
  case TokenKind::Plus:
    return OperatorInfo{BinaryOp::Add, Precedence::Sum};
  case TokenKind::Minus:
    return OperatorInfo{BinaryOp::Subtract, Precedence::Sum};
  case TokenKind::Star:
    return OperatorInfo{BinaryOp::Multiply, Precedence::Product};
  case TokenKind::Slash:
    return OperatorInfo{BinaryOp::Divide, Precedence::Product};
  case TokenKind::Caret:
    return OperatorInfo{BinaryOp::Power, Precedence::Power};
  // Not available yet, but with a place among the others.
  case TokenKind::At:
    return OperatorInfo{BinaryOp::Multiply, Precedence::Product};
  case TokenKind::Foreign:
    if (token.text == "&&")
      return OperatorInfo{BinaryOp::And, Precedence::And};
    if (token.text == "||")
      return OperatorInfo{BinaryOp::Or, Precedence::Or};
    if (token.text == "**")
      return OperatorInfo{BinaryOp::Power, Precedence::Power};
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

bool binds(Precedence precedence, Precedence minimum) {
  return precedence >= minimum;
}

Precedence tighter(Precedence precedence) {
  return static_cast<Precedence>(static_cast<uint8_t>(precedence) + 1);
}

} // namespace

ExprPtr Parser::parseOperators(Precedence minimum) {
  const Token &first = peek();
  ExprPtr left = parsePrefix();
  bool isLeftComparison = false;
  while (std::optional<Operator> found = parseOperator(minimum)) {
    bool isChained = isComparison(found->op) && isLeftComparison;
    if (isChained)
      complain(Code::E0207, found->span, "comparisons do not chain", "", "write `a < b and b < c`");
    unsigned leftHeight = height;
    bool isPower = found->precedence == Precedence::Power;
    ExprPtr right = parseExpression(isPower ? Precedence::Power : tighter(found->precedence));
    SourceSpan span = since(first);
    unsigned newHeight = std::max(leftHeight, height) + 1;
    if (newHeight > deepestNesting && !panicking)
      reportTooDeep(found->span);
    if (sources.text(found->span) == "%")
      complain(Code::E0217, found->span, "`%` is not an operator of Ravine", "", remainderHint(*left, *right));
    if (panicking)
      return placeholder(span);
    isLeftComparison = isComparison(found->op);
    left = found->isRefused || isChained
               ? placeholder(span)
               : make(span, Binary{found->op, found->span, std::move(left), std::move(right)}, newHeight);
  }
  if (minimum != Precedence::Lowest)
    return left;
  if (atPythonChoice())
    return parsePythonChoice(first, std::move(left));
  return parseThen(first, std::move(left));
}

ExprPtr Parser::parseThen(const Token &first, ExprPtr left) {
  while (at(TokenKind::Then) && !inCondition && !panicking) {
    unsigned leftHeight = height;
    SourceSpan word = next().span;
    ExprPtr right = parseExpression(tighter(Precedence::Lowest));
    unsigned newHeight = std::max(leftHeight, height) + 1;
    if (newHeight > deepestNesting && !panicking)
      reportTooDeep(word);
    if (panicking)
      return placeholder(since(first));
    left = make(since(first), Then{std::move(left), std::move(right), word}, newHeight);
  }
  return left;
}

bool Parser::atPythonChoice() const {
  constexpr size_t farthest = 128;
  if (panicking || !at(TokenKind::If) || atLineEnd())
    return false;
  int depth = 0;
  for (size_t ahead = 1; ahead < farthest && depth >= 0; ++ahead) {
    TokenKind kind = peek(ahead).kind;
    bool opens = kind == TokenKind::LeftParenthesis || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace;
    bool closes =
        kind == TokenKind::RightParenthesis || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace;
    depth += opens ? 1 : closes ? -1 : 0;
    bool ends = kind == TokenKind::EndOfFile || (depth == 0 && (kind == TokenKind::Then || kind == TokenKind::If));
    if (ends)
      return false;
    if (depth == 0 && kind == TokenKind::Else)
      return true;
  }
  return false;
}

ExprPtr Parser::parsePythonChoice(const Token &first, ExprPtr value) {
  unsigned tallest = height;
  const Token &word = next();
  complain(Code::E0217, word.span, "`a if c else b` is not a choice of Ravine", "", "write `if c then a else b`");
  ExprPtr condition = parseExpression();
  tallest = std::max(tallest, height);
  if (!panicking)
    expect(TokenKind::Else, "`else`");
  ExprPtr otherwise = parseExpression();
  tallest = std::max(tallest, height) + 1;
  SourceSpan span = since(first);
  if (tallest > deepestNesting && !panicking)
    reportTooDeep(word.span);
  if (panicking)
    return placeholder(span);
  return make(span, If{std::move(condition), std::move(value), std::move(otherwise)}, tallest);
}

std::optional<Parser::Operator> Parser::parseOperator(Precedence minimum) {
  if (panicking)
    return std::nullopt;
  const Token &token = peek();
  std::optional<OperatorInfo> info = operatorInfo(token);
  bool isRemainder = atRemainder();
  if (isRemainder)
    info = {BinaryOp::Multiply, Precedence::Product};
  if (!info)
    return parseMissingOperator(minimum);
  // The `>` that closes the parts of a use.
  if (inAngles && token.kind == TokenKind::Greater)
    return std::nullopt;
  // The last line of a block may well be a negative value.
  bool isNewValue = token.kind == TokenKind::Minus && openBraces > 0;
  if (!binds(info->precedence, minimum) || (atLineEnd() && isNewValue))
    return std::nullopt;
  if (atLineEnd())
    complain(Code::E0210, token.span, "a line cannot begin with " + quote(token.text), "",
             "put " + quote(token.text) + " at the end of the line before");
  next();
  if (token.kind == TokenKind::At)
    refuse(features::matrix, token.span);
  if (token.kind == TokenKind::Foreign && !isRemainder)
    complain(Code::E0217, token.span, quote(token.text) + " is not an operator of Ravine", "",
             foreignSignHint(token.text));
  bool isRefused = token.kind == TokenKind::At || isRemainder;
  return Operator{info->op, info->precedence, token.span, isRefused};
}

bool Parser::atRemainder() const {
  TokenKind after = peek(1).kind;
  bool isOperand = after == TokenKind::Identifier || after == TokenKind::Number || after == TokenKind::LeftParenthesis;
  return at(TokenKind::Foreign) && peek().text == "%" && !atLineEnd() && isOperand && !peek(1).startsLine;
}

std::string Parser::remainderHint(const Expr &left, const Expr &right) const {
  auto written = [&](const Expr &expr, std::string_view letter) {
    bool isShort = expr.as<Name>() || expr.as<Number>();
    return std::string(isShort && !isPlaceholder(expr) ? sources.text(expr.span) : letter);
  };
  std::string dividend = written(left, "a");
  std::string divisor = written(right, "b");
  return "write `" + dividend + " - " + divisor + "*floor(" + dividend + "/" + divisor + ")`";
}

std::optional<Parser::Operator> Parser::parseMissingOperator(Precedence minimum) {
  bool isSideBySide = startsOperand() && !atLineEnd() && !looksLikeItem();
  if (!isSideBySide || !binds(Precedence::Product, minimum) || atPythonChoice())
    return std::nullopt;
  if (atStorageClause() || atTestWord())
    return std::nullopt;
  bool isThenMissing = inCondition && previous().kind == TokenKind::RightParenthesis;
  if (isThenMissing || isFollowed)
    return std::nullopt;
  bool areWords = previous().kind != TokenKind::RightParenthesis && !at(TokenKind::LeftParenthesis);
  std::string product = areWords ? std::string(previous().text) + "*" + std::string(peek().text) : "a*b";
  complain(Code::E0206, SourceSpan::covering(previous().span, peek().span),
           "two values without an operator between them", "",
           "`*` is never implicit: a product is written " + quote(product));
  return Operator{BinaryOp::Multiply, Precedence::Product, peek().span};
}

bool Parser::startsOperand() const {
  switch (peek().kind) {
  case TokenKind::Identifier:
  case TokenKind::Number:
  case TokenKind::True:
  case TokenKind::False:
  case TokenKind::LeftParenthesis:
  case TokenKind::If:
  case TokenKind::Case:
    return true;
  default:
    return false;
  }
}

} // namespace ravine
