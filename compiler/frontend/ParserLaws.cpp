// What penalties and sets promise:
//
//   law = "law" NAME [ "(" ( component | expression "," expression ) ")" ] [ "when" NAME NAME ]
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/LawWords.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Scoped.h"

#include <algorithm>

namespace ravine {

using namespace ast;

void Parser::reportUnknownLaw(const Token &name) {
  std::vector<std::string_view> candidates;
  std::string all;
  for (const LawInfo &info : laws()) {
    candidates.push_back(info.name);
    all += (all.empty() ? "" : ", ") + quote(info.name);
  }
  std::optional<std::string_view> meant = suggest(name.text, candidates);
  complain(Code::E0255, name.span, "unknown law " + quote(name.text), "",
           meant ? "did you mean " + quote(*meant) + "?" : "the laws are " + all);
}

void Parser::parseLaw(Body &body) {
  const Token &word = next();
  const Token &name = peek();
  if (!at(TokenKind::Identifier) || atLineEnd())
    return error(Code::E0255, atLineEnd() ? word.span : name.span, "expected a law after `law`, found " + found(), "",
                 "a law is a word such as `convex`: `law convex`");
  next();
  const LawInfo *info = findLaw(name.text);
  if (!info)
    reportUnknownLaw(name);
  Law law{{}, info ? info->kind : LawKind::Convex, name.span, {}, nullptr, "", {}, std::nullopt};
  bool isSound = info != nullptr;
  if (info)
    isSound = parseLawArguments(*info, law);
  else if (!atLineEnd() && !at(TokenKind::Semicolon) && !at(TokenKind::RightBrace) && !at(TokenKind::When))
    skipStatement();
  if (!panicking && at(TokenKind::When) && !atLineEnd())
    isSound = parseLawCondition(*body.penalty, law) && isSound;
  law.span = since(word);
  if (info && !panicking && at(TokenKind::Comma) && !atLineEnd()) {
    complain(Code::E0255, peek().span, "each law has a line of its own", "",
             peek(1).kind == TokenKind::Identifier ? "write `law " + std::string(peek(1).text) + "` in the next line"
                                                   : "delete the comma");
    skipStatement();
  }
  if (!isSound || panicking)
    return;
  if (isFirst(body, sources.text(law.span), word))
    body.penalty->laws.push_back(std::move(law));
}

bool Parser::parseLawArguments(const LawInfo &info, Law &law) {
  std::string form = "write `law " + std::string(info.form) + "`";
  bool hasArguments = at(TokenKind::LeftParenthesis) && !atLineEnd();
  const Token &open = peek();
  if (info.arguments == LawArguments::None) {
    if (hasArguments) {
      skipBalanced();
      complain(Code::E0255, since(open), "the law " + quote(info.name) + " takes no arguments", "", form);
    }
    return !hasArguments;
  }
  if (!hasArguments) {
    complain(Code::E0255, previous().span,
             "the law " + quote(info.name) + " names no " +
                 (info.arguments == LawArguments::Component ? "other penalty" : "coefficient and centre"),
             "", form);
    return false;
  }
  bool isFactor = peek(1).kind == TokenKind::Number && peek(2).kind != TokenKind::RightParenthesis;
  bool isOther = peek(1).kind == TokenKind::Identifier || peek(1).kind == TokenKind::LeftParenthesis || isFactor;
  if (info.arguments == LawArguments::Component && !isOther) {
    skipBalanced();
    complain(Code::E0255, since(open), "the law " + quote(info.name) + " takes another penalty or a set", "", form);
    return false;
  }
  next();
  Scoped<unsigned> inside(openParentheses, openParentheses + 1);
  Scoped<bool> outsideAngles(inAngles, false);
  if (info.arguments == LawArguments::Component) {
    Scoped<std::string_view> asPenalty(wanted, "a penalty or a set");
    law.other = parsePipe();
    expectClosing(TokenKind::RightParenthesis, open);
    return !panicking;
  }
  do {
    law.arguments.push_back(parseExpression());
  } while (!panicking && accept(TokenKind::Comma));
  expectClosing(TokenKind::RightParenthesis, open);
  bool isPair = law.arguments.size() == 2;
  if (!isPair)
    complain(Code::E0255, since(open), "the law " + quote(info.name) + " takes a coefficient and a centre", "", form);
  return isPair && !panicking;
}

bool Parser::parseLawCondition(const PenaltyDecl &penalty, Law &law) {
  const Token &when = next();
  const Token &part = peek();
  const Token &name = peek(1);
  bool areWords =
      part.kind == TokenKind::Identifier && name.kind == TokenKind::Identifier && !part.startsLine && !name.startsLine;
  if (!areWords) {
    error(Code::E0255, when.span, "expected a part and a law after `when`", "",
          "write `law convex when P convex`, with a part of `<P: penalty>`");
    return false;
  }
  position += 2;
  bool isPart = std::ranges::find(penalty.generics, part.text, &GenericParameter::name) != penalty.generics.end();
  bool isLaw = findLaw(name.text) != nullptr;
  if (!isPart && !penalty.name.empty())
    complain(Code::E0255, part.span, quote(part.text) + " is no part of " + quote(penalty.name), "",
             penalty.generics.empty() ? "only what is built from another penalty, `penalty " + penalty.name +
                                            "<P: penalty>(x)`, has laws that depend on it"
                                      : "its first part is " + quote(penalty.generics.front().name));
  if (!isLaw)
    reportUnknownLaw(name);
  law.part = part.text;
  law.partSpan = part.span;
  law.partLaw = LawName{std::string(name.text), name.span};
  return isPart && isLaw;
}

} // namespace ravine
