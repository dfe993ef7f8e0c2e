// Values: names, numbers, calls, choices, blocks.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/ForeignNames.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

ExprPtr Parser::make(SourceSpan span, decltype(Expr::node) node, unsigned newHeight) {
  height = newHeight;
  auto expr = std::make_unique<Expr>();
  expr->span = span;
  expr->node = std::move(node);
  return expr;
}

ExprPtr Parser::placeholder(SourceSpan span) {
  return make(span, Name{}, 1);
}

void Parser::reportTooDeep(SourceSpan span) {
  error(Code::E0208, span, "the expression is nested too deeply",
        "more than " + std::to_string(deepestNesting) + " levels", "name a part of it with `let`");
}

ExprPtr Parser::parseExpression(Precedence minimum) {
  if (panicking)
    return placeholder(place());
  Scoped<unsigned> deeper(nesting, nesting + 1);
  if (nesting > deepestNesting) {
    reportTooDeep(place());
    return placeholder(place());
  }
  return parseOperators(minimum);
}

ExprPtr Parser::parsePrefix() {
  const Token &first = peek();
  bool isForeignNot = at(TokenKind::Foreign) && first.text == "!";
  if (isForeignNot)
    complain(Code::E0217, first.span, "`!` is not an operator of Ravine", "", foreignSignHint("!"));
  if (accept(TokenKind::Minus)) {
    ExprPtr operand = parseExpression(Precedence::Power);
    return make(since(first), Unary{UnaryOp::Negate, std::move(operand)}, height + 1);
  }
  if (isForeignNot || at(TokenKind::Not)) {
    next();
    ExprPtr operand = parseExpression(Precedence::Comparison);
    return make(since(first), Unary{UnaryOp::Not, std::move(operand)}, height + 1);
  }
  return parsePostfix(parsePrimary());
}

ExprPtr Parser::parsePrimary() {
  const Token &token = peek();
  if (inTest && atTestName())
    return parseTestName();
  if (inTest && at(TokenKind::LeftBracket))
    return parseArray();
  switch (token.kind) {
  case TokenKind::Number:
    next();
    return make(token.span, Number{token.value, token.isInteger}, 1);
  case TokenKind::True:
  case TokenKind::False:
    next();
    return make(token.span, Boolean{token.kind == TokenKind::True}, 1);
  case TokenKind::Inf:
    next();
    complain(Code::E0409, token.span, "`inf` stands only in the range of a hyper");
    return placeholder(token.span);
  case TokenKind::If:
    return parseIf();
  case TokenKind::Case:
    return parseCase();
  case TokenKind::LeftBrace:
    return parseBlock();
  case TokenKind::LeftParenthesis:
    return parseParenthesized();
  case TokenKind::Foreign:
    if (ExprPtr magnitude = parseBars())
      return magnitude;
    break;
  case TokenKind::Identifier:
    if (std::string_view truth = truthValue(token.text); !truth.empty()) {
      next();
      complain(Code::E0301, token.span, "unknown name " + quote(token.text), "", "write " + quote(truth));
      return make(token.span, Boolean{truth == "true"}, 1);
    }
    if (!looksLikeItem() || !peek().startsLine)
      return parseNameOrCall();
    break;
  default:
    break;
  }
  bool isClose = at(TokenKind::RightParenthesis) || at(TokenKind::RightBracket);
  bool isSpecial = at(TokenKind::Foreign) || at(TokenKind::Assign);
  std::string after = position > 0 ? " after " + quote(previous().text) : "";
  if (isSpecial && !atLineEnd())
    unexpected("a value");
  else
    error(Code::E0202, isClose ? token.span : place(), "expected a value" + after + ", found " + found());
  return placeholder(place());
}

ExprPtr Parser::parsePostfix(ExprPtr base) {
  while (!panicking && !atLineEnd()) {
    SourceSpan begin = base->span;
    if (at(TokenKind::Prime)) {
      complain(Code::E0219, peek().span, "only a name can have a prime, and only one", "", "delete the prime");
      next();
    } else if (atMemberCall(0)) {
      base = refuseUnnamed(begin);
    } else if (at(TokenKind::Dot) && peek(1).kind == TokenKind::Identifier) {
      next();
      bool isTranspose = atWord("T");
      refuse(isTranspose ? features::matrix : features::member, SourceSpan::covering(previous().span, peek().span));
      next();
      skipPostfix();
      base = placeholder(SourceSpan::covering(begin, previous().span));
    } else if (at(TokenKind::LeftBracket)) {
      refuseIndexSet("a value");
      base = placeholder(SourceSpan::covering(begin, previous().span));
    } else {
      break;
    }
  }
  return base;
}

ExprPtr Parser::parseParenthesized() {
  const Token &open = next();
  ExprPtr inner;
  {
    Scoped<unsigned> inside(openParentheses, openParentheses + 1);
    Scoped<bool> outsideCondition(inCondition, false);
    Scoped<bool> outsideAngles(inAngles, false);
    inner = parseExpression();
    expectClosing(TokenKind::RightParenthesis, open);
  }
  inner->span = since(open);
  return inner;
}

ExprPtr Parser::parseIf() {
  const Token &first = next();
  If node;
  unsigned tallest = 0;
  {
    Scoped<bool> insideCondition(inCondition, true);
    node.condition = parseExpression();
  }
  tallest = std::max(tallest, height);
  if (!panicking && !accept(TokenKind::Then)) {
    if (at(TokenKind::Assign))
      unexpected("`then`");
    else
      error(Code::E0213, place(), "expected `then`, found " + found(), "", "a choice is `if c then a else b`",
            {{first.span, "the `if` begins here"}});
  }
  {
    Scoped<bool> outsideCondition(inCondition, false);
    node.thenValue = parseExpression();
  }
  tallest = std::max(tallest, height);
  if (!panicking && !accept(TokenKind::Else))
    error(Code::E0213, place(), "the `if` has no `else`", "expected `else` here",
          "say what the value is otherwise: `if c then a else b`", {{first.span, "the `if` begins here"}});
  node.elseValue = parseExpression();
  tallest = std::max(tallest, height);
  if (panicking)
    return placeholder(since(first));
  return make(since(first), std::move(node), tallest + 1);
}

ExprPtr Parser::parseCase() {
  const Token &first = next();
  Case node;
  unsigned tallest = 0;
  {
    Scoped<bool> insideCondition(inCondition, true);
    node.condition = parseExpression();
    node.conditionSpan = node.condition->span;
  }
  auto parseBranch = [&](std::string_view word) {
    tallest = std::max(tallest, height);
    if (!panicking && at(TokenKind::LeftBrace))
      return parseBlock();
    if (!panicking)
      error(Code::E0213, place(), "expected `{` after " + std::string(word) + ", found " + found(), "",
            "a choice by shape is `case c { a } else { b }`", {{first.span, "the `case` begins here"}});
    return placeholder(place());
  };
  node.thenValue = parseBranch("the condition");
  if (!panicking && !accept(TokenKind::Else))
    error(Code::E0213, place(), "the `case` has no `else`", "expected `else` here",
          "say what the value is otherwise: `case c { a } else { b }`", {{first.span, "the `case` begins here"}});
  node.elseValue = parseBranch("`else`");
  tallest = std::max(tallest, height);
  if (panicking)
    return placeholder(since(first));
  return make(since(first), std::move(node), tallest + 1);
}

ExprPtr Parser::parseBlock() {
  const Token &open = next();
  ++openBraces;
  Block block;
  unsigned tallest = 0;
  Scoped<unsigned> linesCount(openParentheses, 0);
  Scoped<bool> outsideCondition(inCondition, false);
  Scoped<bool> outsideAngles(inAngles, false);
  while (!panicking) {
    while (accept(TokenKind::Semicolon)) {
    }
    if (at(TokenKind::RightBrace)) {
      complain(Code::E0215, peek().span, "the block has no value", "",
               "its last line is the expression that it stands for", {{open.span, "the block begins here"}});
      block.value = placeholder(peek().span);
      break;
    }
    if (at(TokenKind::EndOfFile) || atDeclaration()) {
      expectClosing(TokenKind::RightBrace, open);
      break;
    }
    dropDocumentation();
    if (parseBlockItem(block)) {
      tallest = std::max(tallest, height);
      continue;
    }
    if (panicking)
      break;
    block.value = parseExpression();
    tallest = std::max(tallest, height);
    while (accept(TokenKind::Semicolon)) {
    }
    bool isMore = !panicking && !at(TokenKind::RightBrace) && !at(TokenKind::EndOfFile) && !atDeclaration();
    if (isMore && (peek().startsLine || previous().kind == TokenKind::Semicolon))
      error(Code::E0216, block.value->span, "only the last line of a block is a value", "",
            "name it with `let`, or delete it");
    else if (isMore)
      unexpected("the end of the line");
    break;
  }
  if (panicking)
    return placeholder(since(open));
  expectClosing(TokenKind::RightBrace, open);
  if (panicking)
    return placeholder(since(open));
  --openBraces;
  return make(since(open), std::move(block), tallest + 1);
}

bool Parser::parseBlockItem(Block &block) {
  const Token &first = peek();
  bool isName = at(TokenKind::Identifier);
  if (at(TokenKind::Let)) {
    if (auto let = parseLet())
      block.lets.push_back(std::move(let));
  } else if (isName && peek(1).kind == TokenKind::Prime && peek(2).kind == TokenKind::Assign) {
    std::string next = quote(std::string(first.text) + "'");
    complain(Code::E0216, first.span, "a next value cannot be defined in a block", "",
             inPenalty ? "a penalty has none: the last line of the block is its value, without " + next + " and `=`"
                       : "write the equation of " + next + " in the optimizer itself");
    position += 3;
    if (inPenalty) // read on as if it were that line
      return false;
    (void)parseExpression();
  } else if (isName && peek(1).kind == TokenKind::Assign) {
    complain(Code::E0211, first.span, quote(first.text) + " is assigned without a prime", "",
             "write `let " + std::string(first.text) + " = …` to name a value");
    auto let = std::make_unique<LetDecl>();
    let->name = first.text;
    let->nameSpan = first.span;
    position += 2;
    let->value = parseExpression();
    if (!isReserved(first.text))
      block.lets.push_back(std::move(let));
  } else if (looksLikeItem()) {
    error(Code::E0216, first.span, quote(first.text) + " cannot stand in a block", "",
          "a block holds only `let` and a last line that is its value");
    return false;
  } else {
    return false;
  }
  expectItemEnd();
  return true;
}

ExprPtr Parser::parseBars() {
  const Token &bar = peek();
  bool isNorm = bar.text == "||" || bar.text == "‖";
  if ((bar.text != "|" && !isNorm) || atLineEnd())
    return nullptr;
  size_t closing = 1;
  while (peek(closing).text != bar.text && !peek(closing).startsLine && peek(closing).kind != TokenKind::EndOfFile)
    ++closing;
  if (peek(closing).text != bar.text || peek(closing).startsLine || closing == 1)
    return nullptr;
  next();
  if (isNorm) {
    position += closing;
    complain(Code::E0217, since(bar), quote(bar.text) + " is not an operator of Ravine", "",
             "write `norm[tensor](…)` or `norm[model](…)` for the Euclidean norm over a tensor or over the model");
    return placeholder(since(bar));
  }
  Call call{"abs", bar.span, {}, {}};
  call.arguments.push_back(parseExpression());
  unsigned tallest = height;
  bool isClosed = !panicking && at(TokenKind::Foreign) && peek().text == "|";
  if (!panicking && !isClosed)
    unexpected("`|`");
  if (panicking)
    return placeholder(since(bar));
  std::string inner(sources.text(call.arguments.front()->span));
  complain(Code::E0217, bar.span, "`|` is not an operator of Ravine", "",
           inner.size() < 30 ? "write `abs(" + inner + ")`" : "write `abs(…)`");
  next();
  return make(since(bar), std::move(call), tallest + 1);
}

ExprPtr Parser::parseNameOrCall() {
  if (ExprPtr refused = refuseExpression())
    return refused;
  if (atReduction())
    return parseReduction();
  const Token &name = next();
  bool isCall = at(TokenKind::LeftParenthesis) && !atLineEnd();
  if (isCall && isPatternFunction(name.text))
    return parseMatch(name);
  if (isCall)
    return parseCall(name);
  bool isOld = name.text == "w" && at(TokenKind::Dot) && peek(1).text == "old" && !atLineEnd();
  if (isOld) {
    position += 2;
    return make(since(name), Name{"w.old", false, {}}, 1);
  }
  bool isPrimed = !atLineEnd() && accept(TokenKind::Prime);
  return make(since(name), Name{std::string(name.text), isPrimed, {}}, 1);
}

} // namespace ravine
