// Expressions that the full language has and this version does not. They are skipped whole.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/ForeignNames.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

ExprPtr Parser::refuseExpression() {
  const Token &word = peek();
  TokenKind after = peek(1).kind;
  bool isAlone = peek(1).startsLine;
  bool isCall = after == TokenKind::LeftParenthesis;
  bool isIndexed = after == TokenKind::LeftBracket;
  bool hasBlock =
      !isAlone && (after == TokenKind::Identifier || after == TokenKind::Number || after == TokenKind::LeftBrace);

  std::optional<Feature> block;
  if (hasBlock && word.text == "compute")
    block = features::storage;
  else if (hasBlock && word.text == "iterate")
    block = features::iterate;
  if (block) {
    refuse(*block, word.span);
    skipStatement();
    return placeholder(since(word));
  }

  if (refusedNames.contains(word.text)) {
    next();
    skipPostfix();
    return placeholder(since(word));
  }
  if (!isAlone && atMemberCall(1))
    return parseMemberCall();
  if (atMisspeltMember())
    return reportMember();
  if (std::optional<size_t> dot = dotBehindUnnamed()) {
    position += *dot;
    return refuseUnnamed(since(word));
  }
  bool isOld = word.text == "w" && peek(2).text == "old";
  if (after == TokenKind::Dot && peek(2).kind == TokenKind::Identifier && !isAlone && !isOld)
    return refuseMembers(word);

  std::optional<Feature> feature = isCall || isIndexed ? featureOfFunction(word.text) : std::nullopt;
  if (!feature && isIndexed && !isAlone && !findReduction(word.text))
    return refuseIndexed();
  if (!feature || isAlone)
    return nullptr;
  next();
  refuse(*feature, word.span);
  skipPostfix();
  return placeholder(since(word));
}

ExprPtr Parser::refuseForeignModule(const Token &first) {
  size_t last = 0;
  while (peek(last + 1).kind == TokenKind::Dot && peek(last + 2).kind == TokenKind::Identifier)
    last += 2;
  bool isCall = peek(last + 1).kind == TokenKind::LeftParenthesis && !peek(last + 1).startsLine;
  std::string_view name = peek(last).text;
  std::string own(replacementOfFunction(name));
  if (findReduction(name))
    own = "`" + std::string(name) + "[tensor](…)` or `" + std::string(name) + "[model](…)`";
  else if (findFunction(name))
    own = "`" + std::string(name) + "(…)`";
  if (!isCall || own.empty())
    return nullptr;
  position += last + 1;
  complain(Code::E0302, since(first), "unknown function " + quote(sources.text(since(first))), "", "write " + own);
  skipPostfix();
  return placeholder(since(first));
}

ExprPtr Parser::refuseMembers(const Token &first) {
  bool isExchange = first.text == "workers" || first.text == "neighbors";
  ExprPtr refused = isExchange ? nullptr : refuseForeignModule(first);
  if (refused)
    return refused;
  next();
  bool isTranspose = peek(1).text == "T";
  SourceSpan span = SourceSpan::covering(first.span, peek(1).span);
  refuse(isExchange ? features::exchange : isTranspose ? features::matrix : features::member, span);
  skipPostfix();
  return placeholder(since(first));
}

void Parser::skipPostfix() {
  while (!panicking && !atLineEnd()) {
    if (at(TokenKind::Dot) && peek(1).kind == TokenKind::Identifier) {
      next();
      next();
    } else if (at(TokenKind::LeftParenthesis) || at(TokenKind::LeftBracket)) {
      skipBalanced();
    } else if (!accept(TokenKind::Prime)) {
      return;
    }
  }
}

} // namespace ravine
