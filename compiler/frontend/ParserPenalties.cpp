// Penalties and sets:
//
//   penalty    = ( "penalty" | "set" ) NAME [ generics ] ( "(" NAME ")" "{" { item } "}" | "=" component )
//   item       = hyper | require | let | definition | law (see ParserLaws.cpp)
//   definition = ( "value" | "prox" "(" NAME ")" | "grad" | "project" | "contains" "(" NAME ")" ) "=" expression
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/MemberWords.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <array>

namespace ravine {

using namespace ast;

namespace {

/// What a penalty or a set says of itself in an equation without a prime.
struct Definition {
  std::string_view word;
  Item item;
  /// What stands in the parentheses behind it; empty for those that take none.
  std::string_view parameter;

  [[nodiscard]] bool isOfSet() const { return findMemberWord(word)->isOfSet; }
};

constexpr std::array definitions = {
    Definition{"value", Item::Value, ""},
    Definition{"prox", Item::Prox, "tau"},
    Definition{"grad", Item::Gradient, ""},
    Definition{"project", Item::Project, ""},
    Definition{"contains", Item::Contains, "tolerance"},
};

const Definition &definitionOf(Item item) {
  return *std::ranges::find(definitions, item, &Definition::item);
}

std::string_view kindOf(const PenaltyDecl &penalty) {
  return penalty.isSet ? "set" : "penalty";
}

/// `prox(tau) = …`
std::string written(const Definition &definition) {
  std::string parameter = definition.parameter.empty() ? "" : "(" + std::string(definition.parameter) + ")";
  return "`" + std::string(definition.word) + parameter + " = …`";
}

} // namespace

std::optional<Item> Parser::definitionAt() const {
  const auto *definition =
      at(TokenKind::Identifier) ? std::ranges::find(definitions, peek().text, &Definition::word) : definitions.end();
  if (definition == definitions.end() || peek(1).startsLine)
    return std::nullopt;
  TokenKind after = peek(1).kind;
  bool isDefined = after == TokenKind::Assign || after == TokenKind::LeftParenthesis;
  return isDefined ? std::optional(definition->item) : std::nullopt;
}

bool Parser::looksLikeDefinition() const {
  return definitionAt() && peek(1).kind == TokenKind::LeftParenthesis && peek(2).kind == TokenKind::Identifier &&
         peek(3).kind == TokenKind::RightParenthesis && peek(4).kind == TokenKind::Assign;
}

void Parser::parsePenalty(Module &module, Beginning beginning) {
  saidOutside = false;
  auto penalty = std::make_unique<PenaltyDecl>();
  penalty->isSet = next().text == "set";
  std::string kind(kindOf(*penalty));
  penalty->name = parseComponentName(kind, penalty->nameSpan);
  takeBeginning(*penalty, beginning);
  parseGenerics(penalty->generics);
  bool namesArgument = at(TokenKind::LeftParenthesis) && peek(2).kind == TokenKind::RightParenthesis &&
                       peek(3).kind == TokenKind::Assign && peek(4).kind != TokenKind::LeftBrace;
  if (namesArgument && !panicking) {
    const Token &open = peek();
    skipBalanced();
    complain(Code::E0251, since(open), "a " + kind + " that is made of others names no argument", "",
             "write " + quote(kind + " " + penalty->name + " = …"));
  }
  if (at(TokenKind::Assign) && !atLineEnd()) {
    next();
    panicking = false;
    Scoped<std::string_view> asPenalty(wanted, "a penalty or a set");
    penalty->composition = parsePipe();
    if (panicking)
      penalty->composition = emptyComponent();
    finishDeclaration();
  } else {
    size_t errorsBefore = diagnostics.errors();
    parsePenaltyArgument(*penalty);
    Body body{BodyKind::Penalty, "the " + kind + " " + quote(penalty->name)};
    body.hypers = &penalty->hypers;
    body.requirements = &penalty->requirements;
    body.lets = &penalty->lets;
    body.penalty = penalty.get();
    Scoped<bool> inside(inPenalty, true);
    if (parseOpening(kind))
      parseBody(body);
    if (diagnostics.errors() == errorsBefore)
      reportIncomplete(*penalty);
  }
  penalty->span = SourceSpan::covering(beginning.span, previous().span);
  module.penalties.push_back(std::move(penalty));
}

void Parser::parsePenaltyArgument(PenaltyDecl &penalty) {
  penalty.argument = "x"; // what the body most likely calls it
  if (panicking)
    return;
  std::string kind(kindOf(penalty));
  std::string form = kind + " " + (penalty.name.empty() ? "name" : penalty.name) + "(x) { … }";
  if (at(TokenKind::LeftBracket) && !atLineEnd()) {
    const Token &open = peek();
    skipBalanced();
    complain(Code::E0412, since(open), "a " + kind + " takes no index set where it is declared", "",
             "write it where the " + kind +
                 " is used: " + quote(penalty.name + std::string(sources.text(since(open)))));
  }
  if (!at(TokenKind::LeftParenthesis) || atLineEnd())
    return complain(Code::E0251, place(), "the " + kind + " " + quote(penalty.name) + " has no argument",
                    "expected `(` here", "write " + quote(form) + ": `x` is what it is a function of");
  const Token &open = peek();
  const Token &name = peek(1);
  bool isOne = name.kind == TokenKind::Identifier && peek(2).kind == TokenKind::RightParenthesis;
  skipBalanced();
  if (panicking)
    return;
  // Uses of the others are no further mistakes.
  for (const Token *other = &open; !isOne && other < &peek(); ++other)
    if (other->kind == TokenKind::Identifier && other->text != penalty.argument)
      refusedNames.insert(other->text);
  if (!isOne)
    return complain(Code::E0251, since(open), "a " + kind + " has one argument", "",
                    "write " + quote(form) + ": what the host sets is a `hyper`");
  penalty.argumentSpan = name.span;
  if (isReserved(name.text))
    complain(Code::E0304, name.span, quote(name.text) + " is a reserved word", "", "choose another name, such as `x`");
  else
    penalty.argument = name.text;
}

void Parser::parseDefinition(Item item, Body &body) {
  const Definition &definition = definitionOf(item);
  PenaltyDecl &penalty = *body.penalty;
  const Token &word = peek();
  bool isMisplaced = body.kind != BodyKind::Penalty; // which has been said
  if (definition.isOfSet() != penalty.isSet && !isMisplaced)
    complain(Code::E0253, word.span, "a " + std::string(kindOf(penalty)) + " has no " + quote(word.text), "",
             penalty.isSet ? "a set says which point of it is nearest, `project = …`, and what lies in it, "
                             "`contains(tolerance) = …`"
                           : "a penalty says what it costs, `value = …`, and its proximal operator, `prox(tau) = …`; "
                             "what is projected onto is a `set`");
  next();
  std::string name;
  SourceSpan nameSpan = word.span;
  parseDefinitionParameter(definition.word, definition.parameter, name, nameSpan);
  SourceSpan span = since(word);
  bool isNew = isFirst(body, definition.word, word);
  if (!panicking && at(TokenKind::LeftBrace) && !atLineEnd())
    complain(Code::E0252, peek().span, quote(definition.word) + " is defined with `=`", "",
             "write " + written(definition));
  else if (!panicking)
    expect(TokenKind::Assign, "`=`");
  ExprPtr value = parseExpression();
  // One that belongs to the other kind is understood, and no more.
  if (!isNew || definition.isOfSet() != penalty.isSet)
    return;
  auto define = [&](ExprPtr &expression, SourceSpan &where) {
    expression = std::move(value);
    where = span;
  };
  switch (item) {
  case Item::Prox:
    penalty.step = std::move(name);
    penalty.stepSpan = nameSpan;
    return define(penalty.prox, penalty.proxSpan);
  case Item::Gradient:
    return define(penalty.gradient, penalty.gradientSpan);
  case Item::Project:
    return define(penalty.project, penalty.projectSpan);
  case Item::Contains:
    penalty.tolerance = std::move(name);
    penalty.toleranceSpan = nameSpan;
    return define(penalty.contains, penalty.containsSpan);
  default:
    return define(penalty.value, penalty.valueSpan);
  }
}

bool Parser::reportUnknownDefinition(Body &body) {
  const Token &word = peek();
  const MemberWord *meant = meantMember(word.text);
  const auto *known = meant ? std::ranges::find(definitions, meant->name, &Definition::word) : definitions.end();
  if (known == definitions.end() || body.saidOnce.contains(known->word))
    return false;
  // One of the other kind is said to be that, and nothing else.
  if (known->isOfSet() == body.penalty->isSet)
    complain(Code::E0212, word.span, "unknown declaration " + quote(word.text), "",
             "did you mean " + written(*known) + "?");
  parseDefinition(known->item, body);
  return true;
}

void Parser::parseDefinitionParameter(std::string_view word, std::string_view expected, std::string &name,
                                      SourceSpan &span) {
  std::string form =
      "write `" + std::string(word) + (expected.empty() ? "" : "(" + std::string(expected) + ")") + " = …`";
  if (!at(TokenKind::LeftParenthesis)) {
    if (expected.empty())
      return;
    // Read on as if it had the usual name: the value most likely uses that.
    name = expected;
    complain(Code::E0252, previous().span, quote(word) + " names no " + (word == "prox" ? "step" : "tolerance"), "",
             form + (word == "prox" ? ": the step `tau` stands in argmin P(u) + ‖u − x‖²/(2·tau)"
                                    : ": a point that is no farther than that from the set counts as in it"));
    return;
  }
  const Token &open = peek();
  const Token &parameter = peek(1);
  bool isOne = parameter.kind == TokenKind::Identifier && peek(2).kind == TokenKind::RightParenthesis;
  skipBalanced();
  if (panicking)
    return;
  if (expected.empty())
    return complain(Code::E0252, since(open), quote(word) + " takes no parameter", "",
                    form + ": the point is the argument of the declaration");
  name = expected;
  if (!isOne)
    return complain(Code::E0252, since(open),
                    quote(word) + " takes one parameter, the " + (word == "prox" ? "step" : "tolerance"), "",
                    form + ": the point is the argument of the declaration");
  span = parameter.span;
  if (isReserved(parameter.text))
    complain(Code::E0304, parameter.span, quote(parameter.text) + " is a reserved word", "", "choose another name");
  else
    name = parameter.text;
}

void Parser::reportIncomplete(const PenaltyDecl &penalty) {
  if (penalty.isSet && !penalty.project)
    complain(Code::E0254, penalty.nameSpan, "the set " + quote(penalty.name) + " has no projection", "",
             "say which point of it is nearest to " + quote(penalty.argument) + ": `project = …`");
  else if (!penalty.isSet && !penalty.value && !penalty.prox && !penalty.gradient)
    complain(Code::E0254, penalty.nameSpan, "the penalty " + quote(penalty.name) + " has neither a value nor a prox",
             "", "say what it costs, `value = …`, and its proximal operator, `prox(tau) = …`");
}

} // namespace ravine
