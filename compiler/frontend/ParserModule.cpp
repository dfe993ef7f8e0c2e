// What a file is made of besides optimizers: imports, constants, functions, schedules and transforms.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <array>

namespace ravine {

using namespace ast;

Parser::Beginning Parser::parseBeginning(Module &module) {
  Beginning beginning;
  beginning.span = peek().span;
  bool isDocumented = !at(TokenKind::Let) || peek().startsLine;
  if (isDocumented)
    beginning.documentation = takeDocumentation();
  if (!atWord("export"))
    return beginning;
  next();
  beginning.isExported = true;
  module.hasExports = true;
  return beginning;
}

void Parser::takeBeginning(DeclarationHead &head, Beginning &beginning) {
  head.doc = std::move(beginning.documentation.text);
  head.citation = std::move(beginning.documentation.citation);
  head.isExported = beginning.isExported;
}

void Parser::parseDeclaration(Module &module) {
  if (atWord("import"))
    return parseImport(module);
  if (atWord("test"))
    return parseTest(module);
  Beginning beginning = parseBeginning(module);
  if (at(TokenKind::Optimizer))
    return parseOptimizer(module, std::move(beginning));
  if (at(TokenKind::Let))
    return parseConstant(module, std::move(beginning));
  if (atWord("fn"))
    return parseFunction(module, std::move(beginning));
  if (atWord("schedule"))
    return parseSchedule(module, std::move(beginning));
  if (atWord("transform"))
    return parseTransform(module, std::move(beginning));
  if ((atWord("penalty") || atWord("set")) && peek(1).kind == TokenKind::Identifier)
    return parsePenalty(module, std::move(beginning));
  // Only `export` is followed by something else.
  error(Code::E0230, peek().startsLine ? beginning.span : peek().span,
        "expected a declaration after `export`, found " + found(), "",
        "`export` stands in front of `optimizer`, `penalty`, `set`, `transform`, `schedule`, `fn` and `let`");
  finishDeclaration();
}

bool Parser::parseMisspelt(Module &module) {
  bool areWords = at(TokenKind::Identifier) && peek(1).kind == TokenKind::Identifier && !peek(1).startsLine &&
                  !featureOfItem(peek().text);
  if (!areWords)
    return false;
  std::string_view word = peek().text;
  constexpr std::array<std::string_view, 4> functions = {"def", "func", "function", "fun"};
  bool isFunction = peek(2).kind == TokenKind::LeftParenthesis && std::ranges::find(functions, word) != functions.end();
  bool hasBraces = peek(2).kind == TokenKind::LeftBrace;
  bool hasArgument = peek(2).kind == TokenKind::LeftParenthesis && peek(3).kind == TokenKind::Identifier &&
                     peek(4).kind == TokenKind::RightParenthesis && peek(5).kind == TokenKind::LeftBrace;
  if (hasArgument && !isFunction)
    return parseMisspeltPenalty(module);
  if (!isFunction && !hasBraces)
    return false;
  constexpr std::array<std::string_view, 3> candidates = {"optimizer", "transform", "schedule"};
  std::optional<std::string_view> meant = isFunction ? "fn" : suggest(word, candidates);
  complain(Code::E0212, peek().span, "unknown declaration " + quote(word), "",
           meant ? "did you mean " + quote(*meant) + "?" : "an optimizer begins with `optimizer`");
  Beginning beginning = parseBeginning(module);
  if (isFunction)
    parseFunction(module, std::move(beginning));
  else if (meant == "transform")
    parseTransform(module, std::move(beginning));
  else if (meant == "schedule")
    parseSchedule(module, std::move(beginning));
  else
    parseOptimizer(module, std::move(beginning));
  return true;
}

bool Parser::parseMisspeltPenalty(Module &module) {
  std::string_view word = peek().text;
  constexpr std::array<std::string_view, 2> candidates = {"penalty", "set"};
  std::optional<std::string_view> meant = suggest(word, candidates);
  complain(Code::E0212, peek().span, "unknown declaration " + quote(word), "",
           meant ? "did you mean " + quote(*meant) + "?" : "a penalty begins with `penalty`, a set with `set`");
  parsePenalty(module, parseBeginning(module));
  return true;
}

void Parser::parseImport(Module &module) {
  dropDocumentation();
  const Token &word = next();
  const Token &first = peek();
  Import import;
  if (accept(TokenKind::Text)) {
    import.path = first.text.substr(1);
    if (import.path.ends_with('"'))
      import.path.pop_back();
  } else {
    do {
      // Words of the language are no module's name, but are easily taken for one: `std.optimizer`.
      bool isWord = at(TokenKind::Identifier) || (peek().kind >= TokenKind::Optimizer && peek().kind <= TokenKind::Inf);
      if (!isWord || peek().startsLine) {
        unexpected("the name of a module");
        break;
      }
      import.words.emplace_back(next().text);
    } while (accept(TokenKind::Dot));
  }
  import.moduleSpan = since(first);
  if (!panicking && accept(TokenKind::Colon))
    parseImportItems(import);
  else if (!panicking && atWord("as") && !atLineEnd())
    error(Code::E0223, peek().span, "a module has no other name", "",
          "what it declares can have one: `import std.schedules: cosine as decay`");
  else if (!panicking && at(TokenKind::Comma))
    error(Code::E0223, peek().span, "an import names one module", "", "write a second `import` for the other");
  bool isUnderstood = !panicking;
  import.span = since(word);
  finishDeclaration();
  if (isUnderstood)
    module.imports.push_back(std::move(import));
}

void Parser::parseImportItems(Import &import) {
  do {
    if (at(TokenKind::Star))
      return error(Code::E0223, peek().span, "`*` is nothing that a module declares", "",
                   "leave `: *` out: without a list, an import brings everything that the module exports");
    if (!at(TokenKind::Identifier)) {
      unexpected("the name of what is imported");
      return;
    }
    const Token &name = next();
    Import::Item item{std::string(name.text), name.span, std::string(name.text)};
    if (atWord("as") && !atLineEnd()) {
      next();
      SourceSpan aliasSpan;
      item.alias = parseDeclaredName("as", aliasSpan);
    }
    if (panicking)
      return;
    if (!item.alias.empty())
      import.items.push_back(std::move(item));
  } while (accept(TokenKind::Comma));
}

void Parser::parseConstant(Module &module, Beginning beginning) {
  auto constant = std::make_unique<ConstantDecl>();
  constant->doc = std::move(beginning.documentation.text);
  constant->isExported = beginning.isExported;
  std::unique_ptr<LetDecl> let = parseLet();
  if (let) {
    constant->name = std::move(let->name);
    constant->nameSpan = let->nameSpan;
    constant->value = std::move(let->value);
    module.constants.push_back(std::move(constant));
  }
  finishDeclaration();
}

void Parser::parseFunction(Module &module, Beginning beginning) {
  next();
  auto function = std::make_unique<FunctionDecl>();
  function->doc = std::move(beginning.documentation.text);
  function->isExported = beginning.isExported;
  function->name = parseFunctionName("fn", function->nameSpan);
  parseParameters(*function);
  if (!panicking && at(TokenKind::LeftBrace) && !atLineEnd())
    complain(Code::E0232, peek().span, "the value of a function stands behind `=`", "",
             "write " + quote("fn " + function->name + "(…) = { … }"));
  else if (!panicking)
    expect(TokenKind::Assign, "`=` and the value of the function");
  function->body = parseExpression();
  function->span = SourceSpan::covering(beginning.span, previous().span);
  finishDeclaration();
  module.functions.push_back(std::move(function));
}

void Parser::parseParameters(FunctionDecl &function) {
  if (panicking)
    return;
  if (!at(TokenKind::LeftParenthesis) || atLineEnd())
    return error(Code::E0232, place(), "the function " + quote(function.name) + " has no parameters",
                 "expected `(` here", "write " + quote("fn " + function.name + "(x) = …"));
  const Token &open = next();
  Scoped<unsigned> inside(openParentheses, openParentheses + 1);
  bool areMore = !at(TokenKind::RightParenthesis);
  while (areMore && !panicking) {
    if (!at(TokenKind::Identifier))
      return unexpected("the name of a parameter");
    const Token &name = next();
    if (isReserved(name.text))
      complain(Code::E0304, name.span, quote(name.text) + " is a reserved word", "", "choose another name");
    FunctionDecl::Parameter parameter{isReserved(name.text) ? "" : std::string(name.text), name.span, nullptr};
    bool isOptional = accept(TokenKind::Assign);
    if (isOptional)
      parameter.defaultExpr = parseExpression();
    else if (!function.parameters.empty() && function.parameters.back().defaultExpr)
      complain(Code::E0232, name.span, "the parameter " + quote(name.text) + " needs a default", "",
               "parameters without a default come first",
               {{function.parameters.back().nameSpan, "this one before it has a default"}});
    function.parameters.push_back(std::move(parameter));
    areMore = accept(TokenKind::Comma);
  }
  expectClosing(TokenKind::RightParenthesis, open);
}

bool Parser::parseOpening(std::string_view what) {
  if (at(TokenKind::LeftBrace)) {
    panicking = false;
    return true;
  }
  if ((at(TokenKind::Colon) || at(TokenKind::Assign)) && !atLineEnd()) {
    error(Code::E0201, peek().span, "expected `{`, found " + quote(peek().text), "",
          std::string(what == "optimizer" ? "an " : "a ") + std::string(what) +
              " stands in braces: " + quote(std::string(what) + " name { … }"));
    next();
    saidOutside = true; // what follows belongs to it
  } else if (peek(1).kind == TokenKind::Identifier && peek(2).kind == TokenKind::Colon && !atLineEnd()) {
    refusedNames.insert(peek(1).text);
    error(Code::E0201, peek().span, "expected `{`, found " + quote(peek().text), "",
          what == "optimizer" ? "what an optimizer is built from stands between `<` and `>`"
                              : "a " + std::string(what) + " is built from nothing: it asks a penalty by its name");
  } else {
    unexpected("`{`");
  }
  while (!at(TokenKind::LeftBrace) && !peek().startsLine && !at(TokenKind::EndOfFile))
    next();
  panicking = false;
  return at(TokenKind::LeftBrace);
}

void Parser::parseSchedule(Module &module, Beginning beginning) {
  next();
  auto schedule = std::make_unique<ScheduleDecl>();
  schedule->name = parseFunctionName("schedule", schedule->nameSpan);
  takeBeginning(*schedule, beginning);
  Body body{BodyKind::Schedule, "the schedule " + quote(schedule->name)};
  body.hypers = &schedule->hypers;
  body.requirements = &schedule->requirements;
  body.lets = &schedule->lets;
  body.schedule = schedule.get();
  size_t errorsBefore = diagnostics.errors();
  if (parseOpening("schedule"))
    parseBody(body);
  if (!schedule->value && diagnostics.errors() == errorsBefore)
    complain(Code::E0226, schedule->nameSpan, "the schedule " + quote(schedule->name) + " has no value", "",
             "say what it is at each `step`: `value = …`");
  if (!schedule->value)
    schedule->value = placeholder(schedule->nameSpan);
  schedule->span = SourceSpan::covering(beginning.span, previous().span);
  module.schedules.push_back(std::move(schedule));
}

void Parser::parseTransform(Module &module, Beginning beginning) {
  doubtfulEquations.clear();
  next();
  auto transform = std::make_unique<TransformDecl>();
  transform->name = parseComponentName("transform", transform->nameSpan);
  takeBeginning(*transform, beginning);
  Body body{BodyKind::Transform, "the transform " + quote(transform->name)};
  body.hypers = &transform->hypers;
  body.states = &transform->states;
  body.requirements = &transform->requirements;
  body.lets = &transform->lets;
  body.metrics = &transform->metrics;
  body.views = &transform->views;
  body.transform = transform.get();
  body.zeroesGradient = &transform->zeroesGradient;
  if (parseOpening("transform"))
    parseBody(body);
  dropDoubtfulEquations(transform->before.equations);
  dropDoubtfulEquations(transform->after.equations);
  transform->span = SourceSpan::covering(beginning.span, previous().span);
  module.transforms.push_back(std::move(transform));
}

} // namespace ravine
