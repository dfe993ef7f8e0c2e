// Index sets in brackets, and the reductions to them.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/ForeignNames.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

std::string_view whatIsPossible(SetOwner owner) {
  switch (owner) {
  case SetOwner::Reduction:
    return "a reduction makes one number for each tensor, `[tensor]`, or one for the model, `[model]`";
  case SetOwner::State:
    return "a state holds one number for each element, for each tensor, `[tensor]`, or for the model, `[model]`";
  case SetOwner::Hyper:
    return "a hyper is one number for each parameter group, for each tensor, `[tensor]`, or for the model, `[model]`";
  }
  return "";
}

std::optional<IndexSet> indexSet(std::string_view word) {
  for (IndexSet set : {IndexSet::Model, IndexSet::Tensor, IndexSet::Element})
    if (spelling(set) == word)
      return set;
  return std::nullopt;
}

/// What was meant by a word that is no index set.
std::optional<IndexSet> meantSet(std::string_view word) {
  constexpr std::string_view candidates[] = {"tensor", "model"};
  std::optional<std::string_view> meant = suggest(word, candidates);
  std::string_view own = meant ? *meant : indexSetFor(word);
  return own.empty() ? std::nullopt : indexSet(own);
}

bool isOfFullLanguage(std::string_view word) {
  constexpr std::string_view sets[] = {"row", "col", "channel", "block", "example", "element"};
  return std::ranges::find(sets, word) != std::end(sets);
}

} // namespace

std::optional<IndexSet> Parser::parseIndexSet(SetOwner owner) {
  const Token &open = peek();
  const Token &word = peek(1);
  bool isOneWord = word.kind == TokenKind::Identifier && peek(2).kind == TokenKind::RightBracket;
  bool isEmpty = word.kind == TokenKind::RightBracket;
  bool isForgotten = word.kind == TokenKind::Identifier && peek(2).kind == TokenKind::LeftParenthesis;
  if (isForgotten) {
    position += 2;
    expectClosing(TokenKind::RightBracket, open);
  } else {
    skipBalanced();
  }
  if (panicking)
    return std::nullopt;
  std::string possible(whatIsPossible(owner));
  if (isEmpty) {
    complain(Code::E0412, since(open), "there is no index set in the brackets", "", possible);
    return std::nullopt;
  }
  std::optional<IndexSet> set = isOneWord ? indexSet(word.text) : std::nullopt;
  if (set && (*set != IndexSet::Element || owner == SetOwner::State))
    return set;
  if (!isOneWord || isOfFullLanguage(word.text)) {
    refuse({features::indexSet.code, features::indexSet.noun, possible}, since(open));
    return std::nullopt;
  }
  if (refusedNames.contains(word.text))
    return std::nullopt;
  set = meantSet(word.text);
  if (owner == SetOwner::Hyper && word.text == "group")
    possible = "leave it out: without an index set, a hyper is one number for each parameter group";
  complain(Code::E0412, word.span, "unknown index set " + quote(word.text), "",
           set ? "did you mean " + quote(spelling(*set)) + "?" : possible);
  return set;
}

void Parser::refuseIndexSet(std::string_view subject) {
  const Token &open = peek();
  bool isSet = indexSet(peek(1).text) && peek(2).kind == TokenKind::RightBracket;
  skipBalanced();
  if (isSet)
    complain(Code::E0412, since(open), std::string(subject) + " takes no index set", "",
             "an index set stands behind the name of a reduction, as in `mean[tensor](…)`, and of a state or hyper "
             "where it is declared");
  else
    refuse(features::indexSet, since(open));
}

bool Parser::atReduction() const {
  const Token &after = peek(1);
  if (!findReduction(peek().text) || (after.startsLine && openParentheses == 0))
    return false;
  return after.kind == TokenKind::LeftBracket ||
         (after.kind == TokenKind::LeftParenthesis && !findFunction(peek().text));
}

ExprPtr Parser::parseReduction() {
  const Token &name = next();
  Reduction reduction{findReduction(name.text)->kind, std::string(name.text), name.span, {}, {}, {}};
  bool isUnderstood = true;
  if (at(TokenKind::LeftBracket)) {
    const Token &open = peek();
    reduction.set = parseIndexSet(SetOwner::Reduction);
    reduction.setSpan = since(open);
    isUnderstood = reduction.set.has_value();
  }
  if (!panicking && (!at(TokenKind::LeftParenthesis) || atLineEnd())) {
    if (isUnderstood)
      complain(Code::E0306, since(name), "the reduction " + quote(name.text) + " needs arguments", "",
               "write " + quote(std::string(sources.text(since(name))) + "(…)"));
    return placeholder(since(name));
  }
  if (panicking)
    return placeholder(since(name));
  unsigned tallest = parseArguments(reduction.arguments);
  if (panicking || !isUnderstood)
    return placeholder(since(name));
  return make(since(name), std::move(reduction), tallest + 1);
}

ExprPtr Parser::refuseIndexed() {
  const Token &name = next();
  size_t closing = 1;
  while (peek(closing).kind != TokenKind::RightBracket && !peek(closing).startsLine &&
         peek(closing).kind != TokenKind::EndOfFile)
    ++closing;
  bool isCall = peek(closing + 1).kind == TokenKind::LeftParenthesis && !peek(closing + 1).startsLine;
  if (!isCall || findFunction(name.text)) {
    refuseIndexSet(quote(name.text));
  } else {
    std::vector<std::string_view> candidates;
    for (const ReductionInfo &info : reductions())
      candidates.push_back(info.name);
    std::optional<std::string_view> meant = suggest(name.text, candidates);
    std::string_view replacement = replacementOfFunction(name.text);
    complain(Code::E0302, name.span, "unknown reduction " + quote(name.text), "",
             meant                  ? "did you mean " + quote(*meant) + "?"
             : !replacement.empty() ? "write " + std::string(replacement)
                                    : "");
  }
  skipPostfix();
  return placeholder(since(name));
}

} // namespace ravine
