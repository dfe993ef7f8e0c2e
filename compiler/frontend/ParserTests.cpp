// Tests of optimizers:
//
//   test        = "test" TEXT "{" { test-item } "}"
//   test-item   = "use" component | "precision" NAME [ "/" NAME ] | "tensor" TEXT "{" { tensor-item } "}"
//               | "minimize" expression | "steps" NUMBER | [ "at" "step" NUMBER ] setting | tensor-item
//   tensor-item = "w" "=" expression | "g" "=" gradient { "then" gradient } | "group" "=" TEXT | setting
//               | [ "after" NUMBER ] "expect" expression COMPARISON expression [ "within" NUMBER [ "or" NUMBER ] ]
//   gradient    = expression | "none"
//   setting     = "set" NAME "=" expression [ "for" TEXT ]
//
// Each ends with its line or with ";". Expressions are those of the language, with arrays in brackets; names may hold
// dots. A component is what an optimizer can be defined as.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"

#include <algorithm>
#include <array>

namespace ravine {

using namespace ast;

namespace {

/// The tensor of a test that stands in no block of its own. It has the test's place.
bool isOwn(const TestDecl &test, const TestTensor &tensor) {
  return tensor.nameSpan.begin == test.nameSpan.begin;
}

} // namespace

void Parser::parseTest(Module &module) {
  saidOutside = false;
  dropDocumentation();
  Scoped<bool> inside(inTest, true);
  size_t errorsBefore = diagnostics.errors();
  const Token &first = next();
  auto test = std::make_unique<TestDecl>();
  test->nameSpan = peek().span;
  test->name = parseText();
  if (!at(TokenKind::LeftBrace)) {
    unexpected("`{`");
    return recoverInTest();
  }
  parseTestBody("the test " + quote(test->name), [&] { parseTestItem(*test); });
  finishDeclaration();
  test->span = since(first);
  if (diagnostics.errors() == errorsBefore)
    reportIncomplete(*test);
  module.tests.push_back(std::move(test));
}

void Parser::parseTestBody(std::string_view what, const std::function<void()> &parseItem) {
  const Token &open = next();
  while (true) {
    while (accept(TokenKind::Semicolon)) {
    }
    dropDocumentation();
    if (accept(TokenKind::RightBrace))
      return;
    if (at(TokenKind::EndOfFile) || atDeclaration())
      return complain(Code::E0204, place(), std::string(what) + " is not closed", "expected `}` here", "",
                      {{open.span, "its `{` is opened here"}});
    size_t start = position;
    parseItem();
    bool isFinished = peek().startsLine || at(TokenKind::Semicolon) || at(TokenKind::RightBrace);
    if (!panicking && !isFinished && !at(TokenKind::EndOfFile))
      unexpected("the end of the line");
    if (position == start)
      next();
    if (panicking)
      recoverInTest();
  }
}

void Parser::recoverInTest() {
  for (int depth = 0; !at(TokenKind::EndOfFile) && !atDeclaration(); next()) {
    bool ends = at(TokenKind::RightBrace) || at(TokenKind::Semicolon) || peek().startsLine;
    if (depth == 0 && ends)
      break;
    depth += at(TokenKind::LeftBrace) ? 1 : at(TokenKind::RightBrace) ? -1 : 0;
  }
  nextDoc = std::max(nextDoc, peek().docsBefore);
  openBraces = 0;
  openParentheses = 0;
  panicking = false;
}

void Parser::reportIncomplete(const TestDecl &test) {
  auto miss = [&](SourceSpan span, const std::string &what, std::string hint) {
    complain(Code::E0241, span, what, "", std::move(hint));
  };
  if (!test.tested)
    return miss(test.nameSpan, "the test uses no optimizer", "write `use sgd(lr = 0.1)`");
  if (test.tensors.empty())
    return miss(test.nameSpan, "the test has no parameters", "write `w = [1, 2]`");
  bool expectsNothing = test.expectations.empty();
  for (const TestTensor &tensor : test.tensors) {
    expectsNothing = expectsNothing && tensor.expectations.empty();
    if (!tensor.parameter)
      miss(tensor.nameSpan, "the tensor " + quote(tensor.name) + " has no parameters", "write `w = [1, 2]`");
    if (tensor.gradients.empty() && !test.objective)
      miss(tensor.nameSpan, "the tensor " + quote(tensor.name) + " has no gradient",
           "write `g = [0.1, 0.2]`, or `minimize sum(w^2)` for the gradients of a function");
    if (!tensor.gradients.empty() && test.objective)
      complain(Code::E0242, tensor.gradientSpan, "the gradients are those of what the test minimizes", "",
               "delete `g` or `minimize`", {{test.objective->span, "which is this"}});
  }
  if (expectsNothing)
    miss(test.nameSpan, "the test expects nothing", "write `expect w' == [0.9, 1.9]`");
}

// ---- items

void Parser::parseTestItem(TestDecl &test) {
  const Token &word = peek();
  if (atWord("use")) {
    next();
    saidTwice(test.tested != nullptr, word.span);
    Scoped<bool> outside(inTest, false);
    test.tested = parsePipe();
  } else if (atWord("precision")) {
    next();
    saidTwice(!test.precision.empty(), word.span);
    parseTestPrecision(test);
  } else if (atWord("tensor")) {
    parseTestTensor(test);
  } else if (atWord("minimize")) {
    next();
    saidTwice(test.objective != nullptr, word.span);
    test.objective = parseExpression(Precedence::Or);
  } else if (atWord("steps")) {
    next();
    saidTwice(test.steps.has_value(), word.span);
    test.steps = parseTestNumber("the number of steps");
  } else if (atWord("at")) {
    next();
    parseLateSetting(test);
  } else if (atWord("set")) {
    parseTestSetting(test.settings, std::nullopt);
  } else if (atWord("expect") || atWord("after")) {
    parseExpectation(test.expectations);
  } else if (TestTensor *own = ownTensor(test)) {
    parseTensorItem(*own, /*isOwn=*/true);
  }
}

TestTensor *Parser::ownTensor(TestDecl &test) {
  bool isPart = atWord("w") || atWord("g") || atWord("group");
  bool hasOwn = !test.tensors.empty() && isOwn(test, test.tensors.front());
  if (isPart && !test.tensors.empty() && !hasOwn) {
    error(Code::E0240, peek().span, quote(peek().text) + " beside tensors with names", "",
          "put it into the braces of one of them", {{test.tensors.front().nameSpan, "the test has this tensor"}});
    return nullptr;
  }
  if (!isPart) {
    reportUnknownTestItem(/*inTensor=*/false);
    return nullptr;
  }
  if (!hasOwn) {
    test.tensors.emplace_back();
    test.tensors.back().name = "w";
    test.tensors.back().nameSpan = test.nameSpan;
  }
  return &test.tensors.front();
}

void Parser::parseTestTensor(TestDecl &test) {
  next();
  if (!at(TokenKind::Text))
    return error(Code::E0240, place(), "expected the name of a tensor in quotes, found " + found(), "",
                 "write `tensor \"fc.weight\" { w = …; g = … }`");
  if (!test.tensors.empty() && isOwn(test, test.tensors.front()))
    complain(Code::E0240, peek().span, "a tensor with a name beside `w`", "",
             "put `w` and `g` into the braces of a tensor, too");
  TestTensor tensor;
  tensor.nameSpan = peek().span;
  tensor.name = parseText();
  auto same = std::ranges::find(test.tensors, tensor.name, &TestTensor::name);
  if (same != test.tensors.end())
    complain(Code::E0242, tensor.nameSpan, "two tensors are called " + quote(tensor.name), "", "",
             {{same->nameSpan, "the other one is here"}});
  if (!at(TokenKind::LeftBrace))
    return unexpected("`{`");
  parseTestBody("the tensor " + quote(tensor.name), [&] { parseTensorItem(tensor, /*isOwn=*/false); });
  test.tensors.push_back(std::move(tensor));
}

void Parser::parseTensorItem(TestTensor &tensor, bool isOwn) {
  const Token &word = peek();
  if (atWord("expect") || atWord("after"))
    return parseExpectation(tensor.expectations);
  if (atWord("set") && !isOwn)
    return parseTestSetting(tensor.settings, std::nullopt);
  if (!atWord("w") && !atWord("g") && !atWord("group"))
    return reportUnknownTestItem(/*inTensor=*/true);
  next();
  if (accept(TokenKind::Prime))
    return error(Code::E0240, since(word), quote(std::string(word.text) + "'") + " is what the step comes to", "",
                 "write `expect " + std::string(word.text) + "' == …`, or " + quote(std::string(word.text) + " = …") +
                     " for what it begins with");
  if (!expect(TokenKind::Assign, "`=`"))
    return;
  if (word.text == "w") {
    saidTwice(tensor.parameter != nullptr, word.span);
    tensor.parameter = parseExpression(Precedence::Or);
  } else if (word.text == "g") {
    saidTwice(!tensor.gradients.empty(), word.span);
    tensor.gradientSpan = word.span;
    parseGradients(tensor);
  } else if (at(TokenKind::Text)) {
    saidTwice(!tensor.groupSpan.isNowhere() && !tensor.group.empty(), word.span);
    tensor.groupSpan = peek().span;
    tensor.group = parseText();
  } else {
    error(Code::E0240, place(), "expected the name of a group in quotes, found " + found(), "",
          "write `group = \"head\"`");
  }
}

void Parser::parseGradients(TestTensor &tensor) {
  do {
    if (atWord("none")) {
      next();
      tensor.gradients.push_back(nullptr);
    } else {
      tensor.gradients.push_back(parseExpression(Precedence::Or));
    }
  } while (!panicking && accept(TokenKind::Then));
}

void Parser::parseTestPrecision(TestDecl &test) {
  const Token &first = peek();
  if (!at(TokenKind::Identifier) || atLineEnd())
    return error(Code::E0240, place(), "expected a precision, found " + found(), "",
                 "write `precision bf16`, or `precision bf16/f32` where parameters and gradients differ");
  next();
  if (accept(TokenKind::Slash) && !expect(TokenKind::Identifier, "the precision of gradients"))
    return;
  test.precisionSpan = since(first);
  test.precision = sources.text(test.precisionSpan);
}

void Parser::parseLateSetting(TestDecl &test) {
  if (!atWord("step"))
    return unexpected("`step`");
  next();
  std::optional<TestNumber> step = parseTestNumber("the number of a step");
  if (panicking)
    return;
  if (!atWord("set"))
    return unexpected("`set`");
  parseTestSetting(test.settings, step);
}

void Parser::parseTestSetting(std::vector<TestSetting> &settings, std::optional<TestNumber> step) {
  next();
  const Token &first = peek();
  TestSetting setting;
  setting.step = step;
  if (!at(TokenKind::Identifier) || atLineEnd())
    return error(Code::E0240, place(), "expected the name of a hyper, found " + found(), "", "write `set lr = 0.01`");
  setting.hyper = parseDottedName();
  setting.hyperSpan = since(first);
  if (!expect(TokenKind::Assign, "`=`"))
    return;
  setting.value = parseExpression(Precedence::Or);
  if (!panicking && atWord("for") && !atLineEnd()) {
    next();
    if (!at(TokenKind::Text))
      return error(Code::E0240, place(), "expected the name of a group in quotes, found " + found(), "",
                   "write `set lr = 0.01 for \"head\"`");
    setting.groupSpan = peek().span;
    setting.group = parseText();
  }
  settings.push_back(std::move(setting));
}

// ---- parts

std::string Parser::parseText() {
  std::string_view text = next().text;
  text.remove_prefix(1);
  if (text.ends_with('"'))
    text.remove_suffix(1);
  return std::string(text);
}

std::string Parser::parseDottedName() {
  std::string name(next().text);
  while (at(TokenKind::Dot) && peek(1).kind == TokenKind::Identifier && !atLineEnd()) {
    next();
    name += "." + std::string(next().text);
  }
  return name;
}

std::optional<TestNumber> Parser::parseTestNumber(std::string_view what) {
  const Token &number = peek();
  bool isWhole = at(TokenKind::Number) && number.isInteger && number.value >= 1;
  if (!isWhole || atLineEnd()) {
    error(Code::E0243, place(), "expected " + std::string(what) + ", found " + found(), "",
          "it is a whole number from 1");
    return std::nullopt;
  }
  next();
  return TestNumber{number.span, number.value};
}

void Parser::saidTwice(bool isSaid, SourceSpan span) {
  if (isSaid)
    complain(Code::E0242, span, quote(sources.text(span)) + " is said twice in a test", "", "delete one of the two");
}

void Parser::reportUnknownTestItem(bool inTensor) {
  constexpr std::array<std::string_view, 12> words = {"w",      "g",   "group", "set",       "expect", "after",
                                                      "tensor", "use", "steps", "precision", "at",     "minimize"};
  std::span<const std::string_view> known = std::span(words).first(inTensor ? 6 : words.size());
  std::string_view text = at(TokenKind::Identifier) ? peek().text : "";
  std::optional<std::string_view> meant = suggest(text, known);
  std::string hint = "a test says `use`, `w`, `g` or `minimize`, `steps`, `set` and `expect`";
  if (inTensor)
    hint = "a tensor of a test has `w`, `g`, `group`, `set` and `expect`";
  if (meant)
    hint = "did you mean " + quote(*meant) + "?";
  bool isElsewhere = inTensor && std::ranges::find(words, text) != words.end();
  if (isElsewhere)
    hint = quote(text) + " belongs to the test, outside of the braces of a tensor";
  error(Code::E0240, peek().span, "unexpected " + quote(peek().text) + " in a test", "", hint);
}

// ---- what only the expressions of tests have

ExprPtr Parser::parseArray() {
  const Token &open = next();
  Call call{std::string(arrayCallee), open.span, {}, {}};
  unsigned tallest = 0;
  Scoped<unsigned> inside(openParentheses, openParentheses + 1);
  Scoped<bool> outsideCondition(inCondition, false);
  if (!at(TokenKind::RightBracket)) {
    do {
      call.arguments.push_back(parseExpression(Precedence::Or));
      tallest = std::max(tallest, height);
    } while (!panicking && accept(TokenKind::Comma));
  }
  expectClosing(TokenKind::RightBracket, open);
  if (panicking)
    return placeholder(since(open));
  return make(since(open), std::move(call), tallest + 1);
}

ExprPtr Parser::parseTestName() {
  const Token &first = peek();
  Name name{parseDottedName(), false, {}};
  name.isPrimed = !atLineEnd() && accept(TokenKind::Prime);
  return make(since(first), std::move(name), 1);
}

bool Parser::atTestName() const {
  if (at(TokenKind::Inf))
    return true;
  bool isMember = peek(1).kind == TokenKind::Dot && peek(2).kind == TokenKind::Identifier && !peek(1).startsLine;
  return at(TokenKind::Identifier) && isMember;
}

bool Parser::atTestWord() const {
  return inTest && (atWord("within") || atWord("for"));
}

} // namespace ravine
