// Optimizers, and which item it is that stands in one.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Quote.h"

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

void Parser::parseOptimizer(Module &module) {
  saidOutside = false;
  denormals.reset();
  nonFinite.reset();
  doubtfulEquations.clear();
  Documentation documentation = takeDocumentation();
  next();
  auto optimizer = std::make_unique<OptimizerDecl>();
  const Token &name = peek();
  optimizer->name = parseDeclaredName("optimizer", optimizer->nameSpan);
  optimizer->doc = std::move(documentation.text);
  optimizer->citation = std::move(documentation.citation);
  if (at(TokenKind::Assign))
    return refuseInstantiation(name);
  parseOptimizerHeader();
  panicking = false;
  if (at(TokenKind::LeftBrace))
    parseBody(*optimizer);
  dropDoubtfulEquations(*optimizer);
  module.optimizers.push_back(std::move(optimizer));
}

void Parser::parseOptimizerHeader() {
  if (at(TokenKind::Less)) {
    const Token &open = next();
    while (!at(TokenKind::Greater) && !at(TokenKind::LeftBrace) && !peek().startsLine && !at(TokenKind::EndOfFile)) {
      if (at(TokenKind::Identifier))
        refusedNames.insert(peek().text);
      next();
    }
    accept(TokenKind::Greater);
    refuse(features::generics, since(open));
  }
  if (atWord("on")) {
    const Token &on = next();
    while (!at(TokenKind::LeftBrace) && !peek().startsLine && !at(TokenKind::EndOfFile))
      next();
    refuse(features::axes, since(on));
  }
  if (at(TokenKind::LeftBrace))
    return;
  if (at(TokenKind::Colon) && !atLineEnd()) {
    error(Code::E0201, peek().span, "expected `{`, found `:`", "",
          "an optimizer stands in braces: `optimizer name { … }`");
    next();
    saidOutside = true; // what follows belongs to it
  } else {
    unexpected("`{`");
  }
  while (!at(TokenKind::LeftBrace) && !peek().startsLine && !at(TokenKind::EndOfFile))
    next();
}

void Parser::refuseInstantiation(const Token &name) {
  // Named by the word or sign that says most about it.
  Feature feature = features::instance;
  std::optional<SourceSpan> span;
  for (size_t ahead = 1; !span && !peek(ahead).startsLine && peek(ahead).kind != TokenKind::EndOfFile; ++ahead) {
    const Token &token = peek(ahead);
    bool isPipe = token.kind == TokenKind::Pipe;
    if (!isPipe && token.text != "select" && token.text != "with")
      continue;
    feature = isPipe ? features::pipe : token.text == "select" ? features::select : features::storage;
    span = token.span;
  }
  skipStatement();
  refuse(feature, span.value_or(since(name)));
}

void Parser::parseBody(OptimizerDecl &optimizer) {
  const Token &open = next();
  while (true) {
    while (accept(TokenKind::Semicolon)) {
    }
    if (at(TokenKind::RightBrace)) {
      dropDocumentation();
      next();
      return;
    }
    if (at(TokenKind::EndOfFile) || atOptimizer()) {
      dropDocumentation();
      return complain(Code::E0204, place(), "the optimizer " + quote(optimizer.name) + " is not closed",
                      "expected `}` here", "", {{open.span, "its `{` is opened here"}});
    }
    size_t start = position;
    parseItem(optimizer);
    finishItem();
    if (position == start) {
      next();
      panicking = true;
      recover();
    }
  }
}

void Parser::finishItem() {
  bool isFinished = peek().startsLine || at(TokenKind::Semicolon) || at(TokenKind::RightBrace);
  if (!panicking && !isFinished && !at(TokenKind::EndOfFile)) {
    if (looksLikeItem())
      complain(Code::E0209, peek().span, "a second equation on the same line", "",
               "write `;` between the two, or put them on lines of their own");
    else
      unexpected("the end of the line");
  }
  if (panicking) {
    recover();
    nextDoc = std::max(nextDoc, position > 0 ? previous().docsBefore : 0);
  }
}

void Parser::parseItem(OptimizerDecl &optimizer) {
  switch (peek().kind) {
  case TokenKind::Hyper:
    return parseHyper(optimizer);
  case TokenKind::State:
    return parseState(optimizer);
  default:
    break;
  }

  if (atItemWord() && atWord("metric"))
    return parseNamedValue(optimizer.metrics);
  if (atItemWord() && atWord("view"))
    return parseNamedValue(optimizer.views);
  if (atReversedNonFinite()) {
    dropDocumentation();
    return parseReversedNonFinite(optimizer);
  }
  if (refuseItem())
    return;
  dropDocumentation();
  if (accept(TokenKind::Require)) {
    ExprPtr condition = parseExpression();
    optimizer.requirements.push_back({condition->span, std::move(condition)});
  } else if (at(TokenKind::Let)) {
    if (auto let = parseLet())
      optimizer.lets.push_back(std::move(let));
  } else if (at(TokenKind::Identifier) && peek(1).kind == TokenKind::Prime) {
    parseEquation(optimizer);
  } else if (at(TokenKind::Identifier) && peek(1).kind == TokenKind::Assign) {
    parseUnprimed(optimizer);
  } else if (atWord("denormals")) {
    parseDenormals(optimizer);
  } else if (atWord("nonfinite")) {
    parseNonFinite(optimizer);
  } else {
    parseUnknownItem(optimizer);
  }
}

bool Parser::refuseItem() {
  bool isWord = at(TokenKind::Identifier) || at(TokenKind::When);
  std::optional<Feature> feature = isWord ? featureOfItem(peek().text) : std::nullopt;
  bool isEquation = peek(1).kind == TokenKind::Prime || peek(1).kind == TokenKind::Assign;
  if (!feature || isEquation)
    return false;
  nextDoc = peek().docsBefore;
  const Token &word = next();
  bool introduces = word.text == "index" || word.text == "import";
  while (introduces && (at(TokenKind::Identifier) || at(TokenKind::Dot)) && !peek().startsLine) {
    if (at(TokenKind::Identifier))
      refusedNames.insert(peek().text);
    next();
  }
  refuse(*feature, word.span);
  bool isFinished = peek().startsLine;
  if (!isFinished)
    skipStatement();
  return true;
}

void Parser::parseDenormals(OptimizerDecl &optimizer) {
  const Token &word = next();
  if (!atWord("keep") || atLineEnd())
    return error(Code::E0220, atLineEnd() ? word.span : peek().span,
                 "expected `keep` after `denormals`, found " + found(), "",
                 "`denormals keep` keeps subnormal numbers; without it they are flushed to zero");
  next();
  if (denormals)
    return complain(Code::E0220, since(word), "`denormals keep` is said twice", "", "delete one of the two",
                    {{*denormals, "it is said here"}});
  denormals = since(word);
  optimizer.keepsSubnormals = true;
}

void Parser::parseNonFinite(OptimizerDecl &optimizer) {
  const Token &word = next();
  std::optional<NonFinite> policy = nonFinitePolicy(peek().text);
  if (atLineEnd() || !policy)
    return error(Code::E0221, atLineEnd() ? word.span : peek().span,
                 "expected `skip`, `error` or `propagate` after `nonfinite`, found " + found(), "",
                 "`nonfinite skip` leaves a step out whose gradient holds an infinity or a NaN; `nonfinite error` "
                 "reports it as well");
  next();
  if (nonFinite)
    return complain(Code::E0221, since(word), "`nonfinite` is said twice", "", "delete one of the two",
                    {{*nonFinite, "it is said here"}});
  nonFinite = since(word);
  optimizer.nonFinite = *policy;
}

bool Parser::atReversedNonFinite() const {
  return at(TokenKind::Identifier) && nonFinitePolicy(peek().text) && peek(1).text == "nonfinite" &&
         !peek(1).startsLine;
}

void Parser::parseReversedNonFinite(OptimizerDecl &optimizer) {
  const Token &policy = next();
  next();
  optimizer.nonFinite = *nonFinitePolicy(policy.text);
  complain(Code::E0221, since(policy), "what to do stands behind `nonfinite`", "",
           "write `nonfinite " + std::string(policy.text) + "`");
}

void Parser::parseUnknownItem(OptimizerDecl &optimizer) {
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
  bool isDeclaration = first.kind == TokenKind::Identifier && !second.startsLine &&
                       (second.kind == TokenKind::Identifier || second.kind == TokenKind::LeftBrace);
  if (isDeclaration)
    return reportUnknownDeclaration(optimizer);
  if (at(TokenKind::RightParenthesis) || at(TokenKind::RightBracket))
    return error(Code::E0205, first.span, quote(first.text) + " closes nothing", "", "delete it, or open it before");
  error(Code::E0201, first.span, "expected a declaration or an equation, found " + quote(first.text), "",
        "an equation looks like `w' = w - lr*g`");
}

void Parser::reportUnknownDeclaration(OptimizerDecl &optimizer) {
  const Token &first = peek();
  std::vector<std::string_view> candidates = {"hyper",  "state", "let",       "require",
                                              "metric", "view",  "denormals", "nonfinite"};
  std::ranges::copy(itemFeatureWords(), std::back_inserter(candidates));
  std::optional<std::string_view> meant = suggest(first.text, candidates);
  complain(Code::E0212, first.span, "unknown declaration " + quote(first.text), "",
           meant ? "did you mean " + quote(*meant) + "?"
                 : "declarations are `hyper`, `state`, `let`, `require`, `metric` and `view`");
  // Going on as if it had been spelled right spares the messages about a name that nobody declares.
  if (meant == "hyper")
    return parseHyper(optimizer);
  if (meant == "state")
    return parseState(optimizer);
  if (meant == "denormals")
    return parseDenormals(optimizer);
  if (meant == "nonfinite")
    return parseNonFinite(optimizer);
  if (meant == "metric")
    return parseNamedValue(optimizer.metrics);
  if (meant == "view")
    return parseNamedValue(optimizer.views);
  if (meant == "let") {
    if (auto let = parseLet())
      optimizer.lets.push_back(std::move(let));
    return;
  }
  refusedNames.insert(peek(1).text);
  panicking = true;
}

} // namespace ravine
