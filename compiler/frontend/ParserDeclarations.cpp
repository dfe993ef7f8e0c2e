// Hypers, states, lets and equations.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

std::string Parser::parseDeclaredName(std::string_view declaration, SourceSpan &span) {
  span = peek().span;
  bool isWord = !peek().startsLine && !peek().text.empty() && !at(TokenKind::Text) && !at(TokenKind::Number) &&
                (at(TokenKind::Identifier) ||
                 (at(TokenKind::Inf) || (peek().kind >= TokenKind::Optimizer && peek().kind <= TokenKind::False)));
  if (!isWord) {
    unexpected("a name after `" + std::string(declaration) + "`");
    return "";
  }
  const Token &name = next();
  bool isTaken = name.kind != TokenKind::Identifier || isReserved(name.text);
  if (isTaken)
    complain(Code::E0304, name.span, quote(name.text) + " is a reserved word", "", "choose another name");
  if (at(TokenKind::Prime) && !atLineEnd()) {
    complain(Code::E0219, peek().span, "a declaration takes no prime", "",
             "declare " + quote(name.text) + "; its next value gets the prime in the equation");
    next();
  }
  return isTaken ? "" : std::string(name.text);
}

std::string Parser::parseComponentName(std::string_view declaration, SourceSpan &span) {
  std::string name = parseDeclaredName(declaration, span);
  if (!isCompositionWord(name))
    return name;
  complain(Code::E0304, span, quote(name) + " is a reserved word", "", "choose another name");
  return "";
}

std::string Parser::parseFunctionName(std::string_view declaration, SourceSpan &span) {
  std::string name = parseDeclaredName(declaration, span);
  bool isTaken = findFunction(name) || findReduction(name) || isPatternFunction(name) || featureOfFunction(name);
  if (isTaken)
    complain(Code::E0304, span, quote(name) + " is a function of the language", "", "choose another name");
  return isTaken ? "" : name;
}

void Parser::parseHyper(Body &body) {
  auto hyper = std::make_unique<HyperDecl>();
  hyper->doc = takeDocumentation().text;
  next();
  hyper->set = parseSetBeforeName("hyper", SetOwner::Hyper).value_or(IndexSet::Group);
  hyper->name = parseDeclaredName("hyper", hyper->nameSpan);
  if (at(TokenKind::LeftBracket) && !panicking)
    hyper->set = parseIndexSet(SetOwner::Hyper).value_or(IndexSet::Group);
  bool isTyped = !panicking && accept(TokenKind::Colon);
  if (isTyped) {
    const Token &type = peek();
    parseHyperType(*hyper);
    parseSetBehindType(*hyper, since(type));
  }
  if (!panicking && accept(TokenKind::Assign)) {
    hyper->defaultExpr = parseExpression();
    if (!isTyped && hyper->defaultExpr->as<Boolean>())
      hyper->kind = ValueKind::Bool;
  } else if (!panicking) {
    bool isForgotten = at(TokenKind::In) || atLineEnd() || at(TokenKind::Semicolon) || at(TokenKind::RightBrace);
    if (isForgotten)
      complain(Code::E0611, place(), "the hyper " + quote(hyper->name) + " has no default", "expected `=` here",
               "write `hyper " + hyper->name + " = …`");
    else
      unexpected("`=`");
  }
  if (!hyper->defaultExpr)
    hyper->defaultExpr = placeholder(hyper->nameSpan);
  if (!panicking && accept(TokenKind::In))
    parseRange(*hyper);
  body.hypers->push_back(std::move(hyper));
}

void Parser::parseSetBehindType(HyperDecl &hyper, SourceSpan type) {
  if (panicking || !at(TokenKind::LeftBracket) || atLineEnd())
    return;
  const Token &open = peek();
  std::optional<IndexSet> set = parseIndexSet(SetOwner::Hyper);
  hyper.set = set.value_or(hyper.set);
  if (set)
    complain(Code::E0412, since(open), "the index set stands before the type", "",
             "write `hyper " + hyper.name + " " + std::string(sources.text(since(open))) + " : " +
                 std::string(sources.text(type)) + " = …`");
}

void Parser::parseHyperType(HyperDecl &hyper) {
  const Token &name = peek();
  bool isName = at(TokenKind::Identifier) && !atLineEnd();
  if (!isName)
    return unexpected("a type: `real`, `int`, `bool` or `enum(…)`");
  next();
  if (name.text == "real") {
    hyper.kind = ValueKind::Real;
  } else if (name.text == "int") {
    hyper.kind = ValueKind::Int;
  } else if (name.text == "bool") {
    hyper.kind = ValueKind::Bool;
  } else if (name.text == "enum") {
    hyper.kind = ValueKind::Enum;
    parseChoices(hyper);
  } else {
    std::string_view meant = name.text.starts_with("int")    ? "int"
                             : name.text.starts_with("bool") ? "bool"
                             : name.text.starts_with("enum") ? "enum(…)"
                                                             : "real";
    complain(Code::E0609, name.span, "unknown type " + quote(name.text), "",
             "a hyper is `real`, `int`, `bool` or `enum(…)`; did you mean `" + std::string(meant) + "`?");
  }
}

void Parser::parseChoices(HyperDecl &hyper) {
  const Token &open = peek();
  if (!expect(TokenKind::LeftParenthesis, "`(` and the choices of the enum"))
    return;
  while (at(TokenKind::Identifier)) {
    const Token &choice = next();
    if (std::ranges::find(hyper.choices, choice.text) != hyper.choices.end())
      complain(Code::E0610, choice.span, "the choice " + quote(choice.text) + " is listed twice", "",
               "delete one of the two");
    else
      hyper.choices.emplace_back(choice.text);
    if (!accept(TokenKind::Comma))
      break;
  }
  if (!at(TokenKind::RightParenthesis))
    return unexpected("the name of a choice or `)`");
  next();
  if (hyper.choices.empty())
    complain(Code::E0610, since(open), "an enum needs at least one choice", "", "write `enum(first, second)`");
}

void Parser::parseState(Body &body) {
  auto state = std::make_unique<StateDecl>();
  state->doc = takeDocumentation().text;
  const Token &first = next();
  state->set = parseSetBeforeName("state", SetOwner::State).value_or(IndexSet::Element);
  state->name = parseDeclaredName("state", state->nameSpan);
  if (at(TokenKind::LeftBracket) && !panicking && !atLineEnd()) {
    std::optional<IndexSet> set = parseIndexSet(SetOwner::State);
    state->set = set.value_or(IndexSet::Element);
    if (!set)
      refusedNames.insert("identity"); // the initial value of a matrix
  }
  parseStore(*state);
  refuseStateClause();
  if (!panicking && accept(TokenKind::When)) {
    state->condition = parseExpression();
    state->conditionSpan = state->condition->span;
  }
  if (!panicking && !at(TokenKind::Assign)) {
    bool isForgotten = atLineEnd() || at(TokenKind::Semicolon) || at(TokenKind::RightBrace);
    if (isForgotten)
      error(Code::E0201, place(), "the state " + quote(state->name) + " has no initial value", "expected `=` here",
            "write `state " + state->name + " = 0`");
    else
      unexpected("`=` and the initial value");
  }
  if (!panicking) {
    SourceSpan declared = since(first);
    next();
    state->initial = parseExpression();
    parseLateCondition(*state, declared);
    parseLateStore(*state, declared);
  } else {
    state->initial = placeholder(state->nameSpan);
  }
  body.states->push_back(std::move(state));
}

void Parser::parseLateCondition(StateDecl &state, SourceSpan declared) {
  if (panicking || !at(TokenKind::When) || peek().startsLine || state.condition)
    return;
  SourceSpan initial = state.initial->span;
  const Token &when = next();
  state.condition = parseExpression();
  state.conditionSpan = state.condition->span;
  std::string meant = std::string(sources.text(declared)) + " when " + std::string(sources.text(state.conditionSpan)) +
                      " = " + std::string(sources.text(initial));
  constexpr size_t longest = 60;
  if (meant.size() > longest || meant.find('\n') != std::string::npos)
    meant = "state " + state.name + " when c = …";
  complain(Code::E0201, when.span, "the condition of a state stands before `=`", "", "write `" + meant + "`");
}

void Parser::refuseStateClause() {
  const Token &first = peek();
  if (panicking || atLineEnd())
    return;
  if (!at(TokenKind::Identifier))
    return;
  bool isStorage = first.text == "round" || first.text == "master";
  bool isExchange = peek(1).text.starts_with("worker") || peek(1).text.starts_with("neighbor");
  if (first.text != "on" && !isStorage)
    return;
  while (!at(TokenKind::Assign) && !at(TokenKind::EndOfFile) && !peek().startsLine)
    next();
  refuse(isStorage ? features::storage : isExchange ? features::exchange : features::indexSetOfState, since(first));
}

void Parser::parseRequire(Body &body) {
  next();
  ExprPtr condition = parseExpression();
  body.requirements->push_back({condition->span, std::move(condition)});
}

void Parser::parseLet(Body &body) {
  if (auto let = parseLet())
    body.lets->push_back(std::move(let));
}

std::unique_ptr<LetDecl> Parser::parseLet() {
  next();
  auto let = std::make_unique<LetDecl>();
  let->name = parseDeclaredName("let", let->nameSpan);
  refuseSetOfValue("let");
  if (panicking)
    return nullptr;
  if (expect(TokenKind::Assign, "`=`"))
    let->value = parseExpression();
  else
    let->value = placeholder(let->nameSpan);
  return let;
}

template <typename Declaration> void Parser::parseNamedValue(std::vector<std::unique_ptr<Declaration>> &declarations) {
  auto declaration = std::make_unique<Declaration>();
  declaration->doc = takeDocumentation().text;
  std::string_view word = next().text;
  declaration->name = parseDeclaredName(word, declaration->nameSpan);
  refuseSetOfValue(word);
  bool hasValue = !panicking && expect(TokenKind::Assign, "`=`");
  declaration->value = hasValue ? parseExpression() : placeholder(declaration->nameSpan);
  declarations.push_back(std::move(declaration));
}

template void Parser::parseNamedValue(std::vector<std::unique_ptr<MetricDecl>> &);
template void Parser::parseNamedValue(std::vector<std::unique_ptr<ViewDecl>> &);

void Parser::parseEquation(Body &body) {
  const Token &name = next();
  const Token &prime = next();
  Equation equation;
  equation.target = name.text;
  equation.targetSpan = SourceSpan::covering(name.span, prime.span);
  bool isDoubtful = at(TokenKind::Prime) || at(TokenKind::Foreign);
  if (at(TokenKind::Prime))
    complain(Code::E0219, next().span, "a name takes at most one prime", "", "delete it");
  if (at(TokenKind::Foreign) && peek().text.ends_with('=')) {
    std::string sign(1, peek().text[0]);
    complain(Code::E0217, peek().span, quote(peek().text) + " is not an operator of Ravine", "",
             sign == ":" ? "write `=`" : "write `" + equation.target + "' = " + equation.target + " " + sign + " …`");
    next();
    equation.value = parseExpression();
  } else if (expect(TokenKind::Assign, "`=`")) {
    equation.value = parseExpression();
  } else {
    equation.value = placeholder(equation.targetSpan);
  }
  if (refusedNames.contains(name.text))
    return;
  if (isDoubtful || panicking)
    doubtfulEquations.insert(name.span.begin);
  body.equations->push_back(std::move(equation));
}

void Parser::dropDoubtfulEquations(std::vector<Equation> &equations) {
  auto isDoubtful = [&](const Equation &equation) { return doubtfulEquations.contains(equation.targetSpan.begin); };
  std::unordered_set<std::string> sound;
  for (const Equation &equation : equations)
    if (!isDoubtful(equation))
      sound.insert(equation.target);
  std::erase_if(equations, [&](const Equation &equation) {
    // Of several doubtful ones the first stays.
    return isDoubtful(equation) && !sound.insert(equation.target).second;
  });
}

void Parser::parseUnprimed(Body &body) {
  if (body.kind == BodyKind::Penalty && reportUnknownDefinition(body))
    return;
  const Token &name = next();
  std::string text(name.text);
  bool isNextValue = body.equations && (text == "w" || stateNames.contains(name.text));
  std::string asLet = "write `let " + text + " = …` to name a value";
  std::string asEquation = "`" + text + "' = …` for the next value of ";
  complain(Code::E0211, name.span, quote(text) + " is assigned without a prime", "",
           !body.equations                   ? (body.lets ? asLet : "write `hyper " + text + " = …`")
           : isNextValue || isReserved(text) ? "write " + asEquation + quote(text)
                                             : asLet + ", or " + asEquation + "a state");
  next();
  ExprPtr value = parseExpression();
  if (isNextValue) {
    doubtfulEquations.insert(name.span.begin);
    body.equations->push_back({name.span, text, {}, std::move(value)});
  } else if (!isReserved(text) && body.lets) {
    auto let = std::make_unique<LetDecl>();
    let->name = text;
    let->nameSpan = name.span;
    let->value = std::move(value);
    body.lets->push_back(std::move(let));
  } else {
    refusedNames.insert(name.text);
  }
}

} // namespace ravine
