// What stands where an item should and is none.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <array>

namespace ravine {

using namespace ast;

namespace {

struct Spelling {
  std::string_view word;
  Item item;
};

constexpr std::array spellings = {
    Spelling{"hyper", Item::Hyper},
    Spelling{"state", Item::State},
    Spelling{"let", Item::Let},
    Spelling{"require", Item::Require},
    Spelling{"metric", Item::Metric},
    Spelling{"view", Item::View},
    Spelling{"denormals", Item::Denormals},
    Spelling{"nonfinite", Item::NonFinite},
    Spelling{"master", Item::Master},
    Spelling{"zero", Item::Zero},
    Spelling{"before", Item::Before},
    Spelling{"after", Item::After},
    Spelling{"skip", Item::Skip},
    Spelling{"law", Item::Law},
};

} // namespace

void Parser::parseUnknownItem(Body &body) {
  const Token &first = peek();
  const Token &second = peek(1);
  if (first.kind == TokenKind::Case)
    return error(Code::E0201, first.span, "`case` is a value and cannot begin an equation", "",
                 "write `m' = case matrix { a } else { b }` for the next value of a state `m`");
  if (first.kind == TokenKind::If)
    return error(Code::E0201, first.span, "`if` is a value and cannot begin an equation", "",
                 "write `m' = if c then a else b` for the next value of a state `m`");
  if (looksLikeForeignAssignment()) {
    bool isArrow = second.kind == TokenKind::Less;
    std::string sign = isArrow ? "<-" : std::string(second.text);
    std::string name(first.text);
    bool isPlain = isArrow || sign == ":=";
    return error(Code::E0217, isArrow ? SourceSpan::covering(second.span, peek(2).span) : second.span,
                 quote(sign) + " is not an operator of Ravine", "",
                 "write `" + name + "' = " + (isPlain ? "" : name + " " + sign[0] + " ") + "…`");
  }
  if (body.kind == BodyKind::Penalty && second.kind == TokenKind::LeftParenthesis && reportUnknownDefinition(body))
    return;
  if (body.kind == BodyKind::Optimizer && atComposition())
    return error(Code::E0201, first.span, "expected a declaration or an equation, found " + quote(first.text), "",
                 "what an optimizer is composed of stands behind `=`: write `=` in front of the `{`");
  bool isDeclaration = first.kind == TokenKind::Identifier && !second.startsLine &&
                       (second.kind == TokenKind::Identifier || second.kind == TokenKind::LeftBrace);
  if (isDeclaration)
    return reportUnknownDeclaration(body);
  if (at(TokenKind::RightParenthesis) || at(TokenKind::RightBracket))
    return error(Code::E0205, first.span, quote(first.text) + " closes nothing", "", "delete it, or open it before");
  error(Code::E0201, first.span, "expected a declaration or an equation, found " + quote(first.text), "",
        body.kind == BodyKind::Penalty ? "a definition looks like `value = sum(x^2)`"
                                       : "an equation looks like `w' = w - lr*g`");
}

/// Whether a name stands here alone, or a pipe on one line.
bool Parser::atComposition() const {
  if (!at(TokenKind::Identifier))
    return false;
  if (peek(1).kind == TokenKind::RightBrace)
    return true;
  for (size_t ahead = 0; peek(ahead).kind != TokenKind::EndOfFile; ++ahead) {
    if (peek(ahead).kind == TokenKind::Pipe)
      return true;
    if (ahead > 0 && peek(ahead).startsLine && peek(ahead).kind != TokenKind::Pipe)
      return false;
  }
  return false;
}

void Parser::reportUnknownDeclaration(Body &body) {
  const Token &first = peek();
  constexpr std::array<std::string_view, 5> words = {"fn", "schedule", "transform", "penalty", "set"};
  bool isOfFile = std::ranges::find(words, first.text) != words.end();
  if (isOfFile) {
    error(Code::E0222, first.span, quote(first.text) + " cannot stand in " + body.what, "",
          "put it outside of the braces");
    refusedNames.insert(peek(1).text);
    return;
  }
  std::vector<std::string_view> candidates = itemFeatureWords();
  std::ranges::transform(spellings, std::back_inserter(candidates), &Spelling::word);
  std::optional<std::string_view> meant = suggest(first.text, candidates);
  complain(Code::E0212, first.span, "unknown declaration " + quote(first.text), "",
           meant ? "did you mean " + quote(*meant) + "?"
           : body.kind == BodyKind::Penalty
               ? "declarations are `hyper`, `require`, `let` and `law`"
               : "declarations are `hyper`, `state`, `let`, `require`, `metric` and `view`");
  // Going on as if it had been spelled right spares the messages about a name that nobody declares.
  const auto *spelling = meant ? std::ranges::find(spellings, *meant, &Spelling::word) : spellings.end();
  if (spelling != spellings.end() && body.holds(spelling->item))
    return parseItem(spelling->item, body);
  refusedNames.insert(peek(1).text);
  panicking = true;
}

} // namespace ravine
