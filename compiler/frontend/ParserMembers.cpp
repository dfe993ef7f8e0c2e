// What penalties and sets offer: `P.prox(w, 1/beta)`, `l1.value(w)`.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/LawWords.h"
#include "compiler/frontend/MemberWords.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine {

using namespace ast;

namespace {

/// "`P.prox(v, tau)`, `P.value(v)` and `P.grad(v)`"
std::string offersOf(std::string_view part, ParameterKind kind) {
  std::vector<std::string> offers;
  for (const MemberWord &member : memberWords())
    if (member.isOfSet == (kind == ParameterKind::Set))
      offers.push_back("`" + std::string(part) + "." + std::string(member.name) + std::string(member.arguments) + "`");
  std::string listed;
  for (size_t index = 0; index < offers.size(); ++index)
    listed += (index == 0 ? "" : index + 1 == offers.size() ? " and " : ", ") + offers[index];
  return listed;
}

} // namespace

bool Parser::atMemberCall(size_t dot) const {
  return peek(dot).kind == TokenKind::Dot && findMemberWord(peek(dot + 1).text) &&
         peek(dot + 2).kind == TokenKind::LeftParenthesis && !peek(dot + 2).startsLine;
}

bool Parser::isValueName(std::string_view name) const {
  return predefined(name).has_value() || stateNames.contains(name);
}

bool Parser::atMisspeltMember() const {
  if (peek(1).kind != TokenKind::Dot || peek(1).startsLine || peek(2).kind != TokenKind::Identifier)
    return false;
  if (isValueName(peek().text))
    return false;
  // Of what is no part, only what can hardly mean anything else.
  bool isCall = peek(3).kind == TokenKind::LeftParenthesis && !peek(3).startsLine;
  bool isPenalty = isCall ? meantMember(peek(2).text) != nullptr : findMemberWord(peek(2).text) != nullptr;
  return isPenalty || partNames.contains(peek().text);
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
  const MemberWord *member = findMemberWord(name.text);
  bool isDeeper = at(TokenKind::Dot) && peek(1).kind == TokenKind::Identifier && !atLineEnd();
  bool isCall = at(TokenKind::LeftParenthesis) && !atLineEnd();
  skipPostfix();
  if (member && !isDeeper) {
    complain(Code::E0258, span, quote(sources.text(span)) + " needs arguments", "",
             "write " + quote(prefix + std::string(member->name) + std::string(member->arguments)));
    return placeholder(since(part));
  }
  auto known = partNames.find(part.text);
  ParameterKind kind = known == partNames.end() ? ParameterKind::Penalty : known->second;
  const MemberWord *meant = isDeeper ? nullptr : meantMember(name.text);
  std::string word(spelling(kind));
  std::string offers = offersOf(part.text, kind);
  complain(Code::E0258, span, quote(part.text) + " offers no " + quote(name.text), "",
           meant      ? "did you mean " + quote(prefix + std::string(meant->name) + std::string(meant->arguments)) + "?"
           : isDeeper ? "write `" + prefix + "prox(v, tau)`: where a part is chosen by tensor, so is its prox"
           : isCall   ? "a " + word + " offers " + offers
                      : "a rule cannot read the hypers of a " + word + "; it asks for " + offers);
  return placeholder(since(part));
}

std::optional<size_t> Parser::dotBehindUnnamed() const {
  size_t offset = 1;
  if (peek(offset).kind == TokenKind::Less) {
    do
      ++offset;
    while (peek(offset).kind == TokenKind::Identifier || peek(offset).kind == TokenKind::Comma);
    if (peek(offset).kind != TokenKind::Greater)
      return std::nullopt;
    ++offset;
  }
  for (TokenKind opening : {TokenKind::LeftBracket, TokenKind::LeftParenthesis})
    if (peek(offset).kind == opening && !peek(offset).startsLine) {
      std::optional<size_t> behind = behindBalanced(offset);
      if (!behind)
        return std::nullopt;
      offset = *behind;
    }
  return offset > 1 && atMemberCall(offset) ? std::optional(offset) : std::nullopt;
}

std::optional<size_t> Parser::behindBalanced(size_t offset) const {
  constexpr size_t farthest = 256;
  int depth = 0;
  for (size_t last = offset + farthest; offset < last; ++offset) {
    TokenKind kind = peek(offset).kind;
    if (kind == TokenKind::LeftBracket || kind == TokenKind::LeftParenthesis)
      ++depth;
    if (kind == TokenKind::RightBracket || kind == TokenKind::RightParenthesis)
      --depth;
    if (depth == 0)
      return offset + 1;
  }
  return std::nullopt;
}

ExprPtr Parser::refuseUnnamed(SourceSpan asked) {
  next();
  const MemberWord &member = *findMemberWord(next().text);
  std::string name(member.name);
  std::string_view text = sources.text(asked);
  if (text.starts_with('(') && text.ends_with(')'))
    text = text.substr(1, text.size() - 2);
  constexpr size_t longest = 60;
  if (text.size() > longest || text.find('\n') != std::string_view::npos)
    text = "…";
  std::string_view kind = spelling(member.isOfSet ? ParameterKind::Set : ParameterKind::Penalty);
  std::string_view first = text.substr(0, text.find_first_of(" [(<*+-/."));
  bool isValue = isValueName(first) || findFunction(first) || findReduction(first);
  complain(Code::E0258, asked, "only a name can be asked for " + quote(name), "",
           isValue ? "ask a penalty or a set: " + quote("l1.prox(v, tau)") + ", " + quote("box.project(v)")
           : partNames.contains(first)
               ? "over what a part takes its argument, and its settings, are said where it is given"
               : "give it one, " + quote(std::string(kind) + " other = " + std::string(text)) + ", and write " +
                     quote("other." + name + std::string(member.arguments)));
  skipPostfix();
  return placeholder(SourceSpan::covering(asked, previous().span));
}

} // namespace ravine
