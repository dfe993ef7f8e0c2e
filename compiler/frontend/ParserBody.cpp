// The braces of declarations: which items they hold, and what is said of those that they cannot hold.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Quote.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// Everything that items can fill, for those that stand where they cannot.
struct Scratch {
  OptimizerDecl optimizer;
  TransformDecl transform;
  ScheduleDecl schedule;
  PenaltyDecl penalty;
  std::vector<Skip> skips;
  Body body;

  explicit Scratch(const Body &like) {
    body.kind = like.kind;
    body.what = like.what;
    body.hypers = &optimizer.hypers;
    body.states = &optimizer.states;
    body.requirements = &optimizer.requirements;
    body.lets = &optimizer.lets;
    body.equations = &optimizer.equations;
    body.metrics = &optimizer.metrics;
    body.views = &optimizer.views;
    body.skips = &skips;
    body.optimizer = &optimizer;
    body.transform = &transform;
    body.schedule = &schedule;
    body.penalty = &penalty;
    body.zeroesGradient = &optimizer.zeroesGradient;
  }
};

/// Where an item belongs that these braces cannot hold.
std::string rightPlace(Item item, BodyKind kind) {
  bool isInHalf = kind == BodyKind::Before || kind == BodyKind::After;
  if (item == Item::Skip)
    return "a step is skipped in the `before { … }` of a transform";
  bool isOfPenalty = item >= Item::Prox;
  if (isOfPenalty)
    return "put it into a `penalty` or a `set`";
  if (kind == BodyKind::Penalty)
    return "a penalty has `hyper`, `require`, `let`, `value`, `prox`, `grad` and `law`, a set `project` and `contains`";
  if (isInHalf)
    return "put it into the transform itself, outside of the braces of `before` and `after`";
  switch (item) {
  case Item::Equation:
    return kind == BodyKind::Transform     ? "put it into `before { … }` or `after { … }`"
           : kind == BodyKind::Composition ? "a rule that is written out stands in `optimizer name { … }`, without `=`"
                                           : "say what the schedule is at each `step`: `value = …`";
  case Item::Before:
  case Item::After:
    return "only a transform, which wraps the step of an optimizer, has `before` and `after`";
  case Item::Denormals:
  case Item::NonFinite:
    return "put it into an optimizer whose rule is written out";
  case Item::Master:
    return kind == BodyKind::Composition ? "write `with { master f32 }` behind the optimizer"
                                         : "put it into an optimizer, or write `with { master f32 }` behind its name";
  case Item::Let:
    return "write the value where it is needed, or put the `let` outside of the braces";
  case Item::State:
  case Item::View:
  case Item::Zero:
    if (kind == BodyKind::Composition)
      return "put it into a transform of the pipe";
    break;
  default:
    break;
  }
  return kind == BodyKind::Schedule ? "a schedule has `hyper`, `require`, `let`, `length` and `value`" : "";
}

} // namespace

bool Body::holds(Item item) const {
  switch (item) {
  case Item::Hyper:
    return hypers != nullptr;
  case Item::State:
    return states != nullptr;
  case Item::Require:
    return requirements != nullptr;
  case Item::Let:
    return lets != nullptr;
  case Item::Equation:
    return equations != nullptr;
  case Item::Metric:
    return metrics != nullptr;
  case Item::View:
    return views != nullptr;
  case Item::Denormals:
  case Item::NonFinite:
  case Item::Master:
    return kind == BodyKind::Optimizer;
  case Item::Zero:
    return zeroesGradient != nullptr;
  case Item::Before:
  case Item::After:
    return transform != nullptr;
  case Item::Skip:
    return skips != nullptr;
  case Item::Length:
    return schedule != nullptr;
  case Item::Value:
    return schedule != nullptr || penalty != nullptr;
  case Item::Prox:
  case Item::Gradient:
  case Item::Project:
  case Item::Contains:
  case Item::Law:
    return penalty != nullptr;
  }
  return false;
}

void Parser::parseBody(Body &body) {
  const Token &open = next();
  while (true) {
    while (accept(TokenKind::Semicolon)) {
    }
    if (at(TokenKind::RightBrace)) {
      dropDocumentation();
      next();
      return;
    }
    if (at(TokenKind::EndOfFile) || atDeclaration()) {
      dropDocumentation();
      return complain(Code::E0204, place(), body.what + " is not closed", "expected `}` here", "",
                      {{open.span, "its `{` is opened here"}});
    }
    size_t start = position;
    parseItem(body);
    finishItem();
    if (position == start) {
      next();
      panicking = true;
      recover();
    }
  }
}

void Parser::expectItemEnd() {
  bool isFinished = peek().startsLine || at(TokenKind::Semicolon) || at(TokenKind::RightBrace);
  if (!panicking && !isFinished && !at(TokenKind::EndOfFile)) {
    if (looksLikeItem())
      complain(Code::E0209, peek().span, "a second equation on the same line", "",
               "write `;` between the two, or put them on lines of their own");
    else
      unexpected("the end of the line");
  }
}

void Parser::finishItem() {
  expectItemEnd();
  if (panicking) {
    recover();
    nextDoc = std::max(nextDoc, position > 0 ? previous().docsBefore : 0);
  }
}

void Parser::parseItem(Body &body) {
  std::optional<Item> item = itemAt(body);
  if (item && !body.holds(*item))
    return parseMisplaced(*item, body);
  if (item && body.kind == BodyKind::Composition && body.optimizer->composition)
    complain(Code::E0222, peek().span, quote(peek().text) + " stands below what the optimizer is composed of", "",
             "put it above: the last line says what the optimizer is composed of");
  if (item)
    return parseItem(*item, body);
  if (atReversedNonFinite() && body.kind == BodyKind::Optimizer) {
    dropDocumentation();
    return parseReversedNonFinite(body);
  }
  if (refuseItem())
    return;
  dropDocumentation();
  if (body.kind == BodyKind::Composition && looksLikeComponent())
    return parseComposed(body);
  if (at(TokenKind::Identifier) && peek(1).kind == TokenKind::Assign)
    return parseUnprimed(body);
  parseUnknownItem(body);
}

void Parser::parseItem(Item item, Body &body) {
  bool isDocumented = item == Item::Hyper || item == Item::State || item == Item::Metric || item == Item::View;
  if (!isDocumented)
    dropDocumentation();
  switch (item) {
  case Item::Hyper:
    return parseHyper(body);
  case Item::State:
    return parseState(body);
  case Item::Require:
    return parseRequire(body);
  case Item::Let:
    return parseLet(body);
  case Item::Equation:
    return parseEquation(body);
  case Item::Metric:
    return parseNamedValue(*body.metrics);
  case Item::View:
    return parseNamedValue(*body.views);
  case Item::Denormals:
    return parseDenormals(body);
  case Item::NonFinite:
    return parseNonFinite(body);
  case Item::Master:
    return parseMasterItem(body);
  case Item::Zero:
    return parseZero(body);
  case Item::Before:
    return parseHalf(body, body.transform->before, BodyKind::Before);
  case Item::After:
    return parseHalf(body, body.transform->after, BodyKind::After);
  case Item::Skip:
    return parseSkip(body);
  case Item::Length:
    return parseScheduleItem(body, body.schedule->length);
  case Item::Value:
    return body.kind == BodyKind::Penalty ? parseDefinition(item, body) : parseScheduleItem(body, body.schedule->value);
  case Item::Prox:
  case Item::Gradient:
  case Item::Project:
  case Item::Contains:
    return parseDefinition(item, body);
  case Item::Law:
    return parseLaw(body);
  }
}

void Parser::parseMisplaced(Item item, const Body &body) {
  const Token &word = peek();
  bool isEquation = item == Item::Equation;
  complain(Code::E0222, isEquation ? SourceSpan::covering(word.span, peek(1).span) : word.span,
           isEquation ? "an equation cannot stand in " + body.what : quote(word.text) + " cannot stand in " + body.what,
           "", rightPlace(item, body.kind));
  bool declares =
      item == Item::Hyper || item == Item::State || item == Item::Let || item == Item::Metric || item == Item::View;
  if (declares)
    refusedNames.insert(peek(1).text);
  Scratch scratch(body);
  parseItem(item, scratch.body);
}

bool Parser::refuseItem() {
  bool isWord = at(TokenKind::Identifier) || at(TokenKind::When);
  std::optional<Feature> feature = isWord ? featureOfItem(peek().text) : std::nullopt;
  bool isEquation = peek(1).kind == TokenKind::Prime || peek(1).kind == TokenKind::Assign;
  if (!feature || isEquation)
    return false;
  nextDoc = peek().docsBefore;
  const Token &word = next();
  bool introduces = word.text == "index" || word.text == "objective";
  while (introduces && at(TokenKind::Identifier) && !peek().startsLine)
    refusedNames.insert(next().text);
  refuse(*feature, word.span);
  bool isFinished = peek().startsLine;
  if (!isFinished)
    skipStatement();
  return true;
}

bool Parser::isFirst(Body &body, std::string_view word, const Token &first, Code code) {
  auto [said, isNew] = body.saidOnce.try_emplace(word, since(first));
  if (!isNew)
    complain(code, since(first), quote(word) + " is said twice", "", "delete one of the two",
             {{said->second, "it is said here"}});
  return isNew;
}

void Parser::parseHalf(Body &body, TransformBlock &half, BodyKind kind) {
  const Token &word = next();
  std::string_view text = kind == BodyKind::Before ? "before" : "after";
  if (!at(TokenKind::LeftBrace) || atLineEnd())
    return error(Code::E0201, place(), "expected `{` after " + quote(text) + ", found " + found(), "",
                 "write " + quote(std::string(text) + " { … }"));
  TransformBlock second;
  TransformBlock &read = isFirst(body, text, word) ? half : second;
  Body inner{kind, quote(text)};
  inner.lets = &read.lets;
  inner.equations = &read.equations;
  inner.skips = kind == BodyKind::Before ? &read.skips : nullptr;
  parseBody(inner);
  read.span = since(word);
}

void Parser::parseSkip(Body &body) {
  const Token &word = next();
  if (!at(TokenKind::When) || atLineEnd())
    return error(Code::E0229, atLineEnd() ? word.span : peek().span, "expected `when` after `skip`, found " + found(),
                 "", "write `skip when c`: the step ends where the condition `c` is true");
  next();
  ExprPtr condition = parseExpression();
  body.skips->push_back({condition->span, std::move(condition)});
}

void Parser::parseZero(Body &body) {
  const Token &word = next();
  if (!atWord("g") || atLineEnd())
    return error(Code::E0229, atLineEnd() ? word.span : peek().span, "expected `g` after `zero`, found " + found(), "",
                 "`zero g` sets the gradients of the host to 0 when the step ends");
  next();
  if (isFirst(body, "zero g", word))
    *body.zeroesGradient = true;
}

void Parser::parseScheduleItem(Body &body, ExprPtr &value) {
  const Token &word = next();
  bool isNew = isFirst(body, word.text, word);
  next();
  ExprPtr read = parseExpression();
  if (isNew)
    value = std::move(read);
}

} // namespace ravine
