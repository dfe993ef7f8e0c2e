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
  constexpr std::string_view sets[] = {"row", "col", "channel", "block", "example", "group"};
  return std::ranges::find(sets, word) != std::end(sets);
}

} // namespace

std::optional<IndexSet> Parser::parseIndexSet(SetOwner owner) {
  const Token &open = peek();
  const Token &word = peek(1);
  bool isOneWord = word.kind == TokenKind::Identifier && peek(2).kind == TokenKind::RightBracket;
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
  std::optional<IndexSet> set = isOneWord ? indexSet(word.text) : std::nullopt;
  if (set && (*set != IndexSet::Element || owner == SetOwner::State))
    return set;
  bool isDefault = isOneWord && owner == SetOwner::Hyper && word.text == "group";
  if (isDefault)
    possible = "leave it out: without an index set, a hyper is one number for each parameter group";
  bool isWord = isOneWord && !set && (isDefault || !isOfFullLanguage(word.text));
  if (!isWord) {
    reportNoIndexSet(owner, open);
    return std::nullopt;
  }
  if (refusedNames.contains(word.text))
    return std::nullopt;
  set = meantSet(word.text);
  complain(Code::E0412, word.span, "unknown index set " + quote(word.text), "",
           set ? "did you mean " + quote(spelling(*set)) + "?" : possible);
  return set;
}

bool Parser::isUnavailableSet(const Token &open) const {
  for (size_t at = position; at > 0 && tokens[at - 1].span.begin > open.span.begin; --at)
    if (isOfFullLanguage(tokens[at - 1].text) || refusedNames.contains(tokens[at - 1].text))
      return true;
  return false;
}

void Parser::reportNoIndexSet(SetOwner owner, const Token &open) {
  constexpr std::string_view owners[] = {"a reduction", "a state", "a hyper"};
  std::string_view text = sources.text(since(open));
  std::string possible(whatIsPossible(owner));
  if (isUnavailableSet(open))
    refuse({features::indexSet.code, features::indexSet.noun, possible}, since(open));
  else if (previous().span.begin == open.span.end)
    complain(Code::E0412, since(open), "there is no index set in the brackets", "", possible);
  else
    complain(Code::E0412, since(open),
             quote(text) + " is no index set of " + std::string(owners[static_cast<size_t>(owner)]), "", possible);
}

void Parser::refuseIndexSet(std::string_view subject) {
  const Token &open = peek();
  bool isSet = indexSet(peek(1).text) && peek(2).kind == TokenKind::RightBracket;
  skipBalanced();
  if (!isSet && isUnavailableSet(open))
    return refuse(features::indexSet, since(open));
  complain(Code::E0412, since(open), std::string(subject) + (isSet ? " takes no index set" : " has no index"), "",
           isSet ? "an index set stands behind the name of a reduction, as in `mean[tensor](…)`, and of a state or "
                   "hyper where it is declared"
                 : "an equation is written once and holds for every element");
}

bool Parser::atAngleReduction() const {
  return findReduction(peek().text) && peek(1).kind == TokenKind::Less && peek(2).kind == TokenKind::Identifier &&
         peek(3).kind == TokenKind::Greater && peek(4).kind == TokenKind::LeftParenthesis && !peek(4).startsLine;
}

std::optional<IndexSet> Parser::parseAngleSet(const Token &name) {
  const Token &open = next();
  std::string_view word = next().text;
  next();
  std::optional<IndexSet> set = indexSet(word);
  set = set ? set : meantSet(word);
  bool isPossible = set && *set != IndexSet::Element;
  complain(Code::E0412, since(open), "an index set stands between `[` and `]`", "",
           "write " +
               quote(std::string(name.text) + "[" + std::string(isPossible ? spelling(*set) : "tensor") + "](…)"));
  return isPossible ? set : std::nullopt;
}

std::optional<IndexSet> Parser::parseSetBeforeName(std::string_view declaration, SetOwner owner) {
  if (!at(TokenKind::LeftBracket) || atLineEnd())
    return std::nullopt;
  const Token &open = peek();
  std::optional<IndexSet> set = parseIndexSet(owner);
  if (set && at(TokenKind::Identifier))
    complain(Code::E0412, since(open), "the index set stands behind the name", "",
             "write " + quote(std::string(declaration) + " " + std::string(peek().text) + " [" +
                              std::string(spelling(*set)) + "] = …"));
  return set;
}

void Parser::refuseSetOfValue(std::string_view declaration) {
  if (panicking || !at(TokenKind::LeftBracket) || atLineEnd())
    return;
  const Token &open = peek();
  skipBalanced();
  complain(Code::E0412, since(open), "a " + std::string(declaration) + " takes no index set", "",
           "delete it: over what a " + std::string(declaration) + " varies follows from its value");
}

bool Parser::atReduction() const {
  const Token &after = peek(1);
  if (atAngleReduction())
    return true;
  if (!findReduction(peek().text) || (after.startsLine && openParentheses == 0))
    return false;
  return after.kind == TokenKind::LeftBracket ||
         (after.kind == TokenKind::LeftParenthesis && !findFunction(peek().text));
}

ExprPtr Parser::parseReduction() {
  const Token &name = next();
  Reduction reduction{findReduction(name.text)->kind, std::string(name.text), name.span, {}, {}, {}};
  bool isUnderstood = true;
  if (at(TokenKind::Less)) {
    reduction.set = parseAngleSet(name);
    isUnderstood = reduction.set.has_value();
  } else if (at(TokenKind::LeftBracket)) {
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
  std::optional<unsigned> tallest =
      parseArguments(reduction.arguments, nullptr,
                     "there are no keyword arguments; a reduction takes a value and an index set, "
                     "as in `mean[tensor](…)`");
  if (!tallest || !isUnderstood)
    return placeholder(since(name));
  // `norm(g, tensor)` names no index set, and no value either.
  const auto *last = reduction.arguments.empty() ? nullptr : reduction.arguments.back()->as<Name>();
  bool isMeantAsSet = !reduction.set && reduction.arguments.size() > 1 && last && indexSet(last->text);
  if (isMeantAsSet)
    reduction.arguments.pop_back();
  return make(since(name), std::move(reduction), *tallest + 1);
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
