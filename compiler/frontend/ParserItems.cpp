// What the items of a declaration look like.
#include "compiler/frontend/Parser.h"

#include <algorithm>
#include <array>

namespace ravine {

namespace {

struct ItemWord {
  std::string_view text;
  Item item;
  /// What stands behind the word where it is no name.
  TokenKind after;
};

constexpr std::array itemWords = {
    ItemWord{"metric", Item::Metric, TokenKind::Identifier},
    ItemWord{"view", Item::View, TokenKind::Identifier},
    ItemWord{"denormals", Item::Denormals, TokenKind::Identifier},
    ItemWord{"nonfinite", Item::NonFinite, TokenKind::Identifier},
    ItemWord{"master", Item::Master, TokenKind::Identifier},
    ItemWord{"zero", Item::Zero, TokenKind::Identifier},
    ItemWord{"before", Item::Before, TokenKind::LeftBrace},
    ItemWord{"after", Item::After, TokenKind::LeftBrace},
    ItemWord{"skip", Item::Skip, TokenKind::When},
    ItemWord{"law", Item::Law, TokenKind::Identifier},
};

const ItemWord *findItemWord(std::string_view text) {
  const auto *word = std::ranges::find(itemWords, text, &ItemWord::text);
  return word == itemWords.end() ? nullptr : word;
}

} // namespace

bool Parser::looksLikeItem() const {
  switch (peek().kind) {
  case TokenKind::Optimizer:
  case TokenKind::Hyper:
  case TokenKind::State:
  case TokenKind::Let:
  case TokenKind::Require:
  case TokenKind::When:
    return true;
  case TokenKind::Identifier: {
    TokenKind after = peek(1).kind;
    return after == TokenKind::Assign || (after == TokenKind::Prime && peek(2).kind == TokenKind::Assign) ||
           atItemWord() || looksLikeDefinition();
  }
  default:
    return false;
  }
}

bool Parser::atItemWord() const {
  const ItemWord *word = at(TokenKind::Identifier) ? findItemWord(peek().text) : nullptr;
  return word && peek(1).kind == word->after && !peek(1).startsLine;
}

bool Parser::looksLikeForeignAssignment() const {
  const Token &sign = peek(1);
  bool isArrow =
      sign.kind == TokenKind::Less && peek(2).kind == TokenKind::Minus && sign.span.end == peek(2).span.begin;
  return at(TokenKind::Identifier) && (isArrow || (sign.kind == TokenKind::Foreign && sign.text.ends_with('=')));
}

std::optional<Item> Parser::itemAt(const Body &body) const {
  switch (peek().kind) {
  case TokenKind::Hyper:
    return Item::Hyper;
  case TokenKind::State:
    return Item::State;
  case TokenKind::Require:
    return Item::Require;
  case TokenKind::Let:
    return Item::Let;
  case TokenKind::Identifier:
    break;
  default:
    return std::nullopt;
  }
  TokenKind after = peek(1).kind;
  if (after == TokenKind::Prime)
    return Item::Equation;
  if (body.kind == BodyKind::Penalty || looksLikeDefinition()) {
    std::optional<Item> definition = definitionAt();
    // Elsewhere only those with a parameter can be nothing else.
    bool hasParameter = definition == Item::Prox || definition == Item::Contains;
    if (definition && (body.kind == BodyKind::Penalty || hasParameter))
      return definition;
  }
  if (after == TokenKind::Assign) {
    bool isOfSchedule = body.kind == BodyKind::Schedule && (atWord("length") || atWord("value"));
    return !isOfSchedule ? std::nullopt : std::optional(atWord("length") ? Item::Length : Item::Value);
  }
  const ItemWord *word = findItemWord(peek().text);
  if (!word || atReversedNonFinite() || looksLikeForeignAssignment())
    return std::nullopt;
  // Where the names of optimizers stand, and of metrics and views everywhere, the word by itself says nothing.
  bool isName = word->item == Item::Metric || word->item == Item::View ||
                (word->item == Item::Law && body.kind != BodyKind::Penalty);
  bool isCertain = !isName && body.kind != BodyKind::Composition;
  return isCertain || atItemWord() ? std::optional(word->item) : std::nullopt;
}

bool Parser::looksLikeComponent() const {
  if (at(TokenKind::LeftParenthesis))
    return true;
  const Token &after = peek(1);
  bool isMisspelt = after.kind == TokenKind::Identifier && !after.startsLine &&
                    (peek(2).kind == TokenKind::Assign || peek(2).kind == TokenKind::Colon);
  return at(TokenKind::Identifier) && after.kind != TokenKind::Assign && !isMisspelt;
}

} // namespace ravine
