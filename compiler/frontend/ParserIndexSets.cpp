// Index sets in brackets: `[tensor]`, `[row]`, `[block 256]`.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/ForeignNames.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// Large enough for anybody, and far from what 32 bits hold.
constexpr double largestBlock = 1 << 30;

std::string_view whatIsPossible(SetOwner owner) {
  switch (owner) {
  case SetOwner::Reduction:
    return "a reduction goes over the model, `[model]`, over each tensor, `[tensor]`, or over each `[row]`, `[col]`, "
           "`[channel]` or `[block 256]` of it";
  case SetOwner::State:
    return "a state holds one number for each element, for each `[row]`, `[col]`, `[channel]`, `[block 256]` or "
           "`[tensor]`, or for the model, `[model]`";
  case SetOwner::Hyper:
    return "a hyper is one number for each parameter group, for each tensor, `[tensor]`, or for the model, `[model]`";
  case SetOwner::Argument:
    return "a penalty takes each `[row]`, `[col]`, `[channel]`, `[block 256]` or `[tensor]` as its argument, or the "
           "model, `[model]`";
  }
  return "";
}

std::string_view nameOf(SetOwner owner) {
  constexpr std::string_view owners[] = {"a reduction", "a state", "a hyper", "a penalty"};
  return owners[static_cast<size_t>(owner)];
}

/// Whether the owner can have it; blocks are none of these words.
bool isPossible(IndexSet::Kind kind, SetOwner owner) {
  switch (kind) {
  case IndexSet::Model:
  case IndexSet::Tensor:
    return true;
  case IndexSet::Row:
  case IndexSet::Channel:
  case IndexSet::Col:
    return owner != SetOwner::Hyper;
  case IndexSet::Element:
    return owner == SetOwner::State;
  case IndexSet::Group:
  case IndexSet::Block:
    return false;
  }
  return false;
}

/// What was meant by a word that is no index set.
std::optional<IndexSet> meantSet(std::string_view word, SetOwner owner) {
  std::vector<std::string_view> candidates = {"tensor", "model"};
  if (owner != SetOwner::Hyper)
    candidates.insert(candidates.end(), {"row", "col", "channel"});
  std::optional<std::string_view> meant = suggest(word, candidates);
  std::string_view own = meant ? *meant : indexSetFor(word);
  std::optional<IndexSet::Kind> kind = findIndexSetKind(own);
  return kind && isPossible(*kind, owner) ? std::optional<IndexSet>(*kind) : std::nullopt;
}

/// Index sets that the full language has and this version does not.
bool isOfFullLanguage(std::string_view word) {
  return word == "example" || word == "group";
}

} // namespace

std::optional<IndexSet> Parser::parseIndexSet(SetOwner owner) {
  const Token &open = peek();
  const Token &word = peek(1);
  bool isWord = word.kind == TokenKind::Identifier && !refusedNames.contains(word.text);
  bool hasSize = isWord && peek(2).kind == TokenKind::Number && peek(3).kind == TokenKind::RightBracket;
  bool isBlock = isWord && owner != SetOwner::Hyper && (word.text == "block" || hasSize);
  if (isBlock)
    return parseBlockSet();
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
  std::optional<IndexSet::Kind> kind = isOneWord ? findIndexSetKind(word.text) : std::nullopt;
  if (kind && isPossible(*kind, owner))
    return *kind;
  std::string possible(whatIsPossible(owner));
  bool isDefault = kind == IndexSet::Group && owner == SetOwner::Hyper;
  if (isDefault)
    possible = "leave it out: without an index set, a hyper is one number for each parameter group";
  bool isUnknown = isOneWord && (isDefault || (!kind && !isOfFullLanguage(word.text)));
  if (!isUnknown) {
    reportNoIndexSet(owner, open);
    return std::nullopt;
  }
  if (refusedNames.contains(word.text))
    return std::nullopt;
  std::optional<IndexSet> meant = meantSet(word.text, owner);
  complain(Code::E0412, word.span, "unknown index set " + quote(word.text), "",
           meant ? "did you mean " + quote(spelling(*meant)) + "?" : possible);
  return meant;
}

std::optional<IndexSet> Parser::parseBlockSet() {
  constexpr std::string_view hint = "write `[block 256]` for 256 consecutive elements in each";
  const Token &open = peek();
  const Token &word = peek(1);
  const Token &size = peek(2);
  bool isNumber = size.kind == TokenKind::Number && peek(3).kind == TokenKind::RightBracket;
  skipBalanced();
  if (panicking)
    return std::nullopt;
  bool isSound = isNumber && size.isInteger && size.value >= 1 && size.value <= largestBlock;
  IndexSet set(IndexSet::Block, isSound ? static_cast<uint32_t>(size.value) : 256);
  if (word.text != "block")
    complain(Code::E0412, word.span, "unknown index set " + quote(word.text), "",
             "did you mean " + quote(spelling(set)) + "?");
  else if (size.kind == TokenKind::RightBracket)
    complain(Code::E0250, word.span, "the block has no size", "how many elements?", std::string(hint));
  else if (!isSound)
    complain(Code::E0250, isNumber ? size.span : since(open),
             "the size of a block is a whole number from 1 to " + std::to_string(static_cast<int64_t>(largestBlock)),
             "", std::string(hint));
  return set;
}

bool Parser::isUnavailableSet(const Token &open) const {
  for (size_t at = position; at > 0 && tokens[at - 1].span.begin > open.span.begin; --at)
    if (isOfFullLanguage(tokens[at - 1].text) || refusedNames.contains(tokens[at - 1].text))
      return true;
  return false;
}

/// `[row, row]`, a matrix for each tensor, of the full language.
bool Parser::isPairOfAxes(const Token &open) const {
  auto isAxis = [](const Token &token) { return token.text == "row" || token.text == "col"; };
  size_t at = position;
  while (at > 0 && tokens[at - 1].span.begin >= open.span.begin)
    --at;
  return at + 4 < tokens.size() && isAxis(tokens[at + 1]) && tokens[at + 2].kind == TokenKind::Comma &&
         isAxis(tokens[at + 3]) && tokens[at + 4].kind == TokenKind::RightBracket;
}

void Parser::reportNoIndexSet(SetOwner owner, const Token &open) {
  std::string_view text = sources.text(since(open));
  std::string possible(whatIsPossible(owner));
  if (isUnavailableSet(open) || (owner == SetOwner::State && isPairOfAxes(open)))
    refuse({features::indexSet.code, features::indexSet.noun, possible}, since(open));
  else if (previous().span.begin == open.span.end)
    complain(Code::E0412, since(open), "there is no index set in the brackets", "", possible);
  else
    complain(Code::E0412, since(open), quote(text) + " is no index set of " + std::string(nameOf(owner)), "", possible);
}

void Parser::refuseIndexSet(std::string_view subject) {
  const Token &open = peek();
  bool isSet = findIndexSetKind(peek(1).text) && !isOfFullLanguage(peek(1).text) &&
               (peek(2).kind == TokenKind::RightBracket || peek(3).kind == TokenKind::RightBracket);
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
  std::optional<IndexSet::Kind> kind = findIndexSetKind(word);
  std::optional<IndexSet> set = meantSet(word, SetOwner::Reduction);
  if (kind)
    set = isPossible(*kind, SetOwner::Reduction) ? std::optional<IndexSet>(*kind) : std::nullopt;
  complain(Code::E0412, since(open), "an index set stands between `[` and `]`", "",
           "write " + quote(std::string(name.text) + "[" + spelling(set.value_or(IndexSet::Tensor)) + "](…)"));
  return set;
}

std::optional<IndexSet> Parser::parseSetBeforeName(std::string_view declaration, SetOwner owner) {
  if (!at(TokenKind::LeftBracket) || atLineEnd())
    return std::nullopt;
  const Token &open = peek();
  std::optional<IndexSet> set = parseIndexSet(owner);
  if (set && at(TokenKind::Identifier))
    complain(Code::E0412, since(open), "the index set stands behind the name", "",
             "write " +
                 quote(std::string(declaration) + " " + std::string(peek().text) + " [" + spelling(*set) + "] = …"));
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

} // namespace ravine
