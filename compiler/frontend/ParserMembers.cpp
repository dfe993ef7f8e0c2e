// What the parts of a declaration offer: `P.prox(w, 1/beta)`.
#include "compiler/frontend/Parser.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <array>

namespace ravine {

using namespace ast;

namespace {

struct Member {
  std::string_view name;
  std::string_view arguments;
};

constexpr std::array members = {
    Member{"prox", "(v, tau)"},           Member{"value", "(v)"}, Member{"grad", "(v)"}, Member{"project", "(v)"},
    Member{"contains", "(v, tolerance)"},
};

} // namespace

bool Parser::atMemberCall() const {
  bool isMember = peek(1).kind == TokenKind::Dot &&
                  std::ranges::find(members, peek(2).text, &Member::name) != members.end() &&
                  peek(3).kind == TokenKind::LeftParenthesis && !peek(3).startsLine;
  // `h.grad(w)` of what is no part asks for the gradient of another objective.
  return isMember && (peek(2).text != "grad" || partNames.contains(peek().text));
}

ExprPtr Parser::parseMemberCall() {
  const Token &part = next();
  next();
  const Token &member = next();
  Call call;
  call.callee = std::string(part.text) + "." + std::string(member.text);
  call.calleeSpan = since(part);
  std::optional<unsigned> tallest =
      parseArguments(call.arguments, nullptr, "there are no keyword arguments: give them in order");
  if (!tallest)
    return placeholder(since(part));
  return make(since(part), std::move(call), *tallest + 1);
}

ExprPtr Parser::reportMember() {
  const Token &part = next();
  next();
  const Token &name = next();
  SourceSpan span = since(part);
  std::string prefix = std::string(part.text) + ".";
  const auto *member = std::ranges::find(members, name.text, &Member::name);
  bool isDeeper = at(TokenKind::Dot) && peek(1).kind == TokenKind::Identifier && !atLineEnd();
  skipPostfix();
  if (member != members.end() && !isDeeper) {
    complain(Code::E0258, span, quote(sources.text(span)) + " needs arguments", "",
             "write " + quote(prefix + std::string(member->name) + std::string(member->arguments)));
    return placeholder(since(part));
  }
  std::vector<std::string_view> candidates;
  for (const Member &known : members)
    candidates.push_back(known.name);
  std::optional<std::string_view> meant = isDeeper ? std::nullopt : suggest(name.text, candidates);
  complain(Code::E0258, span, quote(part.text) + " offers no " + quote(name.text), "",
           meant      ? "did you mean " + quote(prefix + std::string(*meant)) + "?"
           : isDeeper ? "write `" + prefix + "prox(v, tau)`: where a part is chosen by tensor, so is its prox"
                      : "a penalty offers `" + prefix + "prox(v, tau)`, `" + prefix + "value(v)` and `" + prefix +
                            "grad(v)`, a set `" + prefix + "project(v)` and `" + prefix + "contains(v, tolerance)`");
  return placeholder(since(part));
}

} // namespace ravine
