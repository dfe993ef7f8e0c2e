// Calls: what stands in the parentheses behind a name.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

ExprPtr Parser::parseCall(const Token &callee) {
  Call call;
  call.callee = callee.text;
  call.calleeSpan = callee.span;
  // The elementary functions have no names for their arguments.
  auto *names = findFunction(callee.text) ? nullptr : &call.argumentNames;
  std::optional<unsigned> tallest =
      parseArguments(call.arguments, names, "there are no keyword arguments: give them in order");
  if (!tallest)
    return placeholder(since(callee));
  // In a penalty, a reduction without an index set is over the argument.
  const ReductionInfo *reduction = findReduction(callee.text);
  if (inPenalty && reduction && call.arguments.size() == 1)
    return make(since(callee),
                Reduction{reduction->kind, call.callee, call.calleeSpan, {}, {}, std::move(call.arguments)},
                *tallest + 1);
  return make(since(callee), std::move(call), *tallest + 1);
}

ExprPtr Parser::parseMatch(const Token &function) {
  Match match{function.text == "group", {}};
  const Token &open = next();
  Scoped<unsigned> inside(openParentheses, openParentheses + 1);
  do {
    if (!at(TokenKind::Text)) {
      error(Code::E0233, place(), "expected a pattern in quotes, found " + found(), "",
            "write " + quote(std::string(function.text) + "(\"*.bias\")"));
      break;
    }
    std::string_view text = next().text;
    text.remove_prefix(1);
    if (text.ends_with('"'))
      text.remove_suffix(1);
    match.patterns.emplace_back(text);
  } while (accept(TokenKind::Comma));
  expectClosing(TokenKind::RightParenthesis, open);
  if (panicking)
    return placeholder(since(function));
  return make(since(function), std::move(match), 1);
}

void Parser::skipArgument() {
  while (!panicking && !at(TokenKind::Comma) && !at(TokenKind::RightParenthesis) && !at(TokenKind::EndOfFile) &&
         !(peek().startsLine && looksLikeItem())) {
    if (at(TokenKind::LeftParenthesis) || at(TokenKind::LeftBracket) || at(TokenKind::LeftBrace))
      skipBalanced();
    else
      next();
  }
}

std::optional<unsigned> Parser::parseArguments(std::vector<ExprPtr> &arguments, std::vector<std::string> *names,
                                               std::string_view hint) {
  const Token &open = next();
  unsigned tallest = 0;
  bool isRefused = false;
  bool hasNames = false;
  Scoped<unsigned> inside(openParentheses, openParentheses + 1);
  Scoped<bool> outsideCondition(inCondition, false);
  Scoped<bool> outsideAngles(inAngles, false);
  if (!at(TokenKind::RightParenthesis)) {
    do {
      std::string name;
      if (at(TokenKind::Identifier) && peek(1).kind == TokenKind::Assign) {
        const Token &keyword = next();
        next();
        if (!names && !isRefused)
          complain(Code::E0217, since(keyword), quote(sources.text(since(keyword))) + " inside a call", "",
                   std::string(hint));
        isRefused = isRefused || !names;
        name = keyword.text;
        hasNames = true;
      }
      if (isRefused && !name.empty()) {
        skipArgument();
        continue;
      }
      arguments.push_back(parseExpression());
      if (names)
        names->push_back(std::move(name));
      tallest = std::max(tallest, height);
    } while (!panicking && accept(TokenKind::Comma));
  }
  if (names && !hasNames)
    names->clear();
  expectClosing(TokenKind::RightParenthesis, open);
  return panicking || isRefused ? std::nullopt : std::optional(tallest);
}

} // namespace ravine
