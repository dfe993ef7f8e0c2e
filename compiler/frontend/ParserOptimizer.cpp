// Optimizers: their heads, and what they say of numbers that are not ordinary.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <array>

namespace ravine {

using namespace ast;

namespace {

// In the order of NonFinite.
constexpr std::array<std::string_view, 3> nonFinitePolicies = {"propagate", "skip", "error"};

std::optional<NonFinite> nonFinitePolicy(std::string_view word) {
  const auto *policy = std::ranges::find(nonFinitePolicies, word);
  return policy == nonFinitePolicies.end() ? std::nullopt
                                           : std::optional(static_cast<NonFinite>(policy - nonFinitePolicies.begin()));
}

} // namespace

void Parser::parseOptimizer(Module &module, Beginning beginning) {
  saidOutside = false;
  doubtfulEquations.clear();
  next();
  auto optimizer = std::make_unique<OptimizerDecl>();
  optimizer->name = parseComponentName("optimizer", optimizer->nameSpan);
  takeBeginning(*optimizer, beginning);
  parseGenerics(optimizer->generics);
  parseAxes(*optimizer);
  if (at(TokenKind::Assign)) {
    parseComposition(*optimizer);
  } else {
    if (parseOpening("optimizer")) {
      Body body{BodyKind::Optimizer, "the optimizer " + quote(optimizer->name)};
      body.hypers = &optimizer->hypers;
      body.states = &optimizer->states;
      body.requirements = &optimizer->requirements;
      body.lets = &optimizer->lets;
      body.equations = &optimizer->equations;
      body.metrics = &optimizer->metrics;
      body.views = &optimizer->views;
      body.optimizer = optimizer.get();
      body.zeroesGradient = &optimizer->zeroesGradient;
      parseBody(body);
    }
    dropDoubtfulEquations(optimizer->equations);
  }
  optimizer->span = SourceSpan::covering(beginning.span, previous().span);
  module.optimizers.push_back(std::move(optimizer));
}

void Parser::parseAxes(OptimizerDecl &optimizer) {
  if (panicking || !atWord("on") || atLineEnd())
    return;
  constexpr std::array<std::string_view, 6> expected = {"w", "[", "row", ",", "col", "]"};
  const Token &on = next();
  size_t matching = 0;
  while (matching < expected.size() && peek(matching).text == expected[matching])
    ++matching;
  const Token &behind = peek(matching);
  bool isSound = matching == expected.size() &&
                 (behind.startsLine || behind.kind == TokenKind::LeftBrace || behind.kind == TokenKind::Assign);
  while (!at(TokenKind::LeftBrace) && !at(TokenKind::Assign) && !peek().startsLine && !at(TokenKind::EndOfFile))
    next();
  optimizer.onSpan = since(on);
  optimizer.isOnMatrices = true;
  if (!isSound)
    complain(Code::E0259, optimizer.onSpan, "expected `on w[row, col]`", "",
             "`on w[row, col]` says that a rule is for matrices alone; there is nothing else that it can be on");
  else if (at(TokenKind::Assign))
    complain(Code::E0259, optimizer.onSpan, "what is composed is not told for which tensors it is", "",
             "choose by tensor: `select { matrix -> muon; _ -> adamw }`");
}

void Parser::parseComposition(OptimizerDecl &optimizer) {
  next();
  if (at(TokenKind::LeftBrace)) {
    Body body{BodyKind::Composition, "the composed optimizer " + quote(optimizer.name)};
    body.hypers = &optimizer.hypers;
    body.requirements = &optimizer.requirements;
    body.metrics = &optimizer.metrics;
    body.optimizer = &optimizer;
    const Token &open = peek();
    size_t errorsBefore = diagnostics.errors();
    panicking = false;
    parseBody(body);
    if (!optimizer.composition && diagnostics.errors() == errorsBefore)
      complain(Code::E0224, previous().span, "the optimizer " + quote(optimizer.name) + " is composed of nothing", "",
               "end with what it is composed of, such as `clip |> adamw`", {{open.span, "its `{` is opened here"}});
  } else {
    panicking = false;
    optimizer.composition = parsePipe();
  }
  if (!optimizer.composition || panicking)
    optimizer.composition = emptyComponent();
  finishDeclaration();
}

void Parser::parseComposed(Body &body) {
  const Token &first = peek();
  bool isSecond = body.optimizer->composition != nullptr;
  ComponentPtr composition = parsePipe();
  if (isSecond)
    complain(Code::E0222, since(first), "only the last line says what an optimizer is composed of", "",
             "join the two with `|>`");
  else
    body.optimizer->composition = panicking ? emptyComponent() : std::move(composition);
}

void Parser::parseDenormals(Body &body) {
  const Token &word = next();
  if (!atWord("keep") || atLineEnd())
    return error(Code::E0220, atLineEnd() ? word.span : peek().span,
                 "expected `keep` after `denormals`, found " + found(), "",
                 "`denormals keep` keeps subnormal numbers; without it they are flushed to zero");
  next();
  if (isFirst(body, "denormals keep", word, Code::E0220))
    body.optimizer->keepsSubnormals = true;
}

void Parser::parseNonFinite(Body &body) {
  const Token &word = next();
  std::optional<NonFinite> policy = nonFinitePolicy(peek().text);
  if (atLineEnd() || !policy)
    return error(Code::E0221, atLineEnd() ? word.span : peek().span,
                 "expected `skip`, `error` or `propagate` after `nonfinite`, found " + found(), "",
                 "`nonfinite skip` leaves a step out whose gradient holds an infinity or a NaN; `nonfinite error` "
                 "reports it as well");
  next();
  if (isFirst(body, "nonfinite", word, Code::E0221))
    body.optimizer->nonFinite = *policy;
}

bool Parser::atReversedNonFinite() const {
  return at(TokenKind::Identifier) && nonFinitePolicy(peek().text) && peek(1).text == "nonfinite" &&
         !peek(1).startsLine;
}

void Parser::parseReversedNonFinite(Body &body) {
  const Token &policy = next();
  next();
  body.optimizer->nonFinite = *nonFinitePolicy(policy.text);
  complain(Code::E0221, since(policy), "what to do stands behind `nonfinite`", "",
           "write `nonfinite " + std::string(policy.text) + "`");
}

} // namespace ravine
