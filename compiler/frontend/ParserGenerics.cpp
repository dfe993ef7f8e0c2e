// What a declaration is built from:
//
//   generics  = "<" parameter { "," parameter } ">"
//   parameter = NAME ":" ( "optimizer" | "penalty" | "set" | "fn" ) [ "with" law { "," law } ] [ "=" component ]
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/LawWords.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

std::optional<ParameterKind> parameterKind(const Token &token) {
  if (token.kind == TokenKind::Optimizer)
    return ParameterKind::Optimizer;
  for (ParameterKind kind : {ParameterKind::Penalty, ParameterKind::Set, ParameterKind::Function})
    if (token.kind == TokenKind::Identifier && spelling(kind) == token.text)
      return kind;
  return std::nullopt;
}

/// What stands as the default of a parameter.
std::string_view wantedFor(ParameterKind kind) {
  constexpr std::string_view wanted[] = {"an optimizer", "a penalty or a set", "a set", "the name of a function"};
  return wanted[static_cast<size_t>(kind)];
}

} // namespace

void Parser::parseGenerics(std::vector<GenericParameter> &generics) {
  partNames.clear();
  if (panicking || !at(TokenKind::Less) || atLineEnd())
    return;
  const Token &open = next();
  do {
    parseGeneric(generics);
  } while (!panicking && accept(TokenKind::Comma));
  expectClosing(TokenKind::Greater, open);
}

void Parser::parseGeneric(std::vector<GenericParameter> &generics) {
  const Token &name = peek();
  if (!at(TokenKind::Identifier) || atLineEnd())
    return unexpected("a parameter such as `inner: optimizer`");
  next();
  if (!at(TokenKind::Colon)) {
    // `penalty P`
    bool isTurned = parameterKind(name) && at(TokenKind::Identifier);
    refusedNames.insert(isTurned ? peek().text : name.text);
    error(Code::E0256, name.span, "the parameter " + quote(name.text) + " says not what it stands for", "",
          isTurned ? "write " + quote(std::string(peek().text) + ": " + std::string(name.text))
          : findLaw(name.text)
              ? "what a part promises stands behind `with`: `P: penalty with " + std::string(name.text) + "`"
              : "write " + quote(std::string(name.text) + ": penalty") + ", or `optimizer`, `set` or `fn`");
    return skipGeneric();
  }
  next();
  GenericParameter parameter{std::string(name.text), name.span};
  const Token &word = peek();
  std::optional<ParameterKind> kind = parameterKind(word);
  if (!kind) {
    refusedNames.insert(name.text);
    reportParameterKind(name);
    return skipGeneric();
  }
  next();
  // What another declaration has refused is one here.
  refusedNames.erase(name.text);
  parameter.kind = *kind;
  bool isTaken = isReserved(name.text);
  if (isTaken || findFunction(name.text) || findReduction(name.text))
    complain(Code::E0304, name.span,
             quote(name.text) + (isTaken ? " is a reserved word" : " is a function of the language"), "",
             "choose another name");
  bool isBound = at(TokenKind::Identifier) && !atLineEnd();
  if (isBound && (atWord("with") || findLaw(peek().text)))
    parseBounds(parameter);
  if (!panicking && accept(TokenKind::Assign)) {
    Scoped<unsigned> inside(openParentheses, openParentheses + 1);
    Scoped<bool> between(inAngles, true);
    Scoped<std::string_view> asDefault(wanted, wantedFor(*kind));
    parameter.defaultPart = parsePipe();
  }
  if (*kind == ParameterKind::Penalty || *kind == ParameterKind::Set)
    partNames.emplace(name.text, *kind);
  auto earlier = std::ranges::find(generics, parameter.name, &GenericParameter::name);
  if (earlier != generics.end())
    complain(Code::E0303, name.span, "the name " + quote(name.text) + " is declared twice", "",
             "choose another name for one of them", {{earlier->nameSpan, quote(name.text) + " is declared here"}});
  else if (!isTaken)
    generics.push_back(std::move(parameter));
}

void Parser::parseBounds(GenericParameter &parameter) {
  const Token &with = peek();
  if (atWord("with"))
    next();
  else
    complain(Code::E0256, with.span, "what a part promises stands behind `with`", "",
             "write " + quote(parameter.name + ": " + std::string(spelling(parameter.kind)) + " with " +
                              std::string(with.text)));
  bool hasLaws = parameter.kind == ParameterKind::Penalty || parameter.kind == ParameterKind::Set;
  bool isNext = false;
  do {
    const Token &name = peek();
    if (!at(TokenKind::Identifier) || atLineEnd())
      return complain(Code::E0256, place(), "expected a law after `with`, found " + found(), "",
                      "write `P: penalty with convex`");
    next();
    if (hasLaws && !findLaw(name.text))
      reportUnknownLaw(name);
    else
      parameter.laws.push_back({std::string(name.text), name.span});
    bool isParameter = peek(1).kind == TokenKind::Identifier && peek(2).kind == TokenKind::Colon;
    if (at(TokenKind::And))
      complain(Code::E0256, peek().span, "`and` does not join laws", "", "write `,`");
    isNext = at(TokenKind::And) || (at(TokenKind::Comma) && !isParameter);
    if (isNext)
      next();
  } while (isNext);
  if (hasLaws)
    return;
  parameter.laws.clear();
  complain(Code::E0256, since(with), "only penalties and sets declare laws", "",
           "delete it: " + quote(parameter.name) + " is " +
               (parameter.kind == ParameterKind::Optimizer ? "an optimizer" : "a function"));
}

void Parser::reportParameterKind(const Token &name) {
  const Token &word = peek();
  if (word.text == "compressor")
    return refuse(features::compressorPart, word.span);
  if (!at(TokenKind::Identifier) || atLineEnd())
    return unexpected("`optimizer`, `penalty`, `set` or `fn`");
  constexpr std::string_view candidates[] = {"optimizer", "penalty", "set", "fn"};
  std::optional<std::string_view> meant = suggest(word.text, candidates);
  bool isNumber = word.text == "real" || word.text == "int" || word.text == "schedule" || word.text == "bool";
  complain(Code::E0256, word.span, quote(name.text) + " cannot stand for " + quote(word.text), "",
           meant      ? "did you mean " + quote(*meant) + "?"
           : isNumber ? "numbers and schedules are given to a hyper: `hyper " + std::string(name.text) + " = …`"
           : findLaw(word.text)
               ? "what a part promises stands behind `with`: `" + std::string(name.text) + ": penalty with " +
                     std::string(word.text) + "`"
               : "a part is an `optimizer`, a `penalty`, a `set` or a `fn`; what it is where nothing is said stands "
                 "behind `=`");
}

/// Behind what is no parameter.
void Parser::skipGeneric() {
  while (!at(TokenKind::Comma) && !at(TokenKind::Greater) && !at(TokenKind::LeftBrace) &&
         !at(TokenKind::LeftParenthesis) && !peek().startsLine && !at(TokenKind::EndOfFile))
    next();
  panicking = false;
}

} // namespace ravine
