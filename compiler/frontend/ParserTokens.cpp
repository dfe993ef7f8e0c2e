// How the parser reads tokens and what it says when one is not what it should be.
#include "compiler/frontend/Parser.h"

#include "compiler/frontend/Quote.h"

namespace ravine {

const Token &Parser::peek(size_t ahead) const {
  return tokens[std::min(position + ahead, tokens.size() - 1)];
}

bool Parser::atWord(std::string_view word) const {
  return at(TokenKind::Identifier) && peek().text == word;
}

bool Parser::atLineEnd() const {
  return peek().startsLine && openParentheses == 0;
}

bool Parser::atDeclarationWord() const {
  if (!peek().startsLine || peek(1).startsLine)
    return false;
  if (at(TokenKind::Optimizer))
    return true;
  TokenKind after = peek(1).kind;
  bool isBeforeName = after == TokenKind::Identifier;
  if (atWord("fn") || atWord("schedule") || atWord("transform") || atWord("penalty"))
    return isBeforeName;
  // `set lr = 0.1` stands in a test.
  if (atWord("set"))
    return isBeforeName && !(inTest && (peek(2).kind == TokenKind::Assign || peek(2).kind == TokenKind::Dot));
  if (atWord("import"))
    return isBeforeName || after == TokenKind::Text;
  if (atWord("test"))
    return after == TokenKind::Text;
  return atWord("export") && (isBeforeName || after == TokenKind::Optimizer || after == TokenKind::Let);
}

bool Parser::atDeclaration() const {
  if (at(TokenKind::Optimizer))
    return peek().startsLine;
  // Inside of braces, the other words begin a declaration of the file only where nothing is in front of them.
  return atOutermost() && atDeclarationWord();
}

bool Parser::atOutermost() const {
  uint32_t begin = peek().span.begin;
  return begin == 0 || sources.text(file)[begin - 1] == '\n';
}

const Token &Parser::next() {
  const Token &token = peek();
  if (position + 1 < tokens.size())
    ++position;
  return token;
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind))
    return false;
  next();
  return true;
}

bool Parser::expect(TokenKind kind, std::string_view what) {
  if (accept(kind))
    return true;
  unexpected(what);
  return false;
}

void Parser::expectClosing(TokenKind kind, const Token &open) {
  if (panicking || accept(kind))
    return;
  bool isForeign = at(TokenKind::Assign) || at(TokenKind::Foreign);
  bool isText = at(TokenKind::Text);
  if (isForeign || isText || at(TokenKind::Pipe))
    return unexpected("an operator or a closing bracket");
  std::string_view sign = kind == TokenKind::RightParenthesis ? ")"
                          : kind == TokenKind::RightBracket   ? "]"
                          : kind == TokenKind::Greater        ? ">"
                                                              : "}";
  error(kind == TokenKind::RightBrace ? Code::E0204 : Code::E0203, place(), quote(open.text) + " is not closed",
        "expected " + quote(sign) + " here", "", {{open.span, quote(open.text) + " is opened here"}});
}

std::string Parser::found() const {
  if (at(TokenKind::EndOfFile))
    return "the end of the file";
  if (atLineEnd() && position > 0)
    return "the end of the line";
  return quote(peek().text);
}

SourceSpan Parser::place() const {
  bool isAway = peek().startsLine || at(TokenKind::EndOfFile);
  if (isAway && position > 0)
    return {file, previous().span.end, previous().span.end};
  return peek().span;
}

SourceSpan Parser::since(const Token &first) const {
  return position > 0 && previous().span.end > first.span.begin ? SourceSpan::covering(first.span, previous().span)
                                                                : first.span;
}

void Parser::error(Code code, SourceSpan span, std::string message, std::string label, std::string hint,
                   std::vector<Note> notes) {
  complain(code, span, std::move(message), std::move(label), std::move(hint), std::move(notes));
  panicking = true;
}

void Parser::complain(Code code, SourceSpan span, std::string message, std::string label, std::string hint,
                      std::vector<Note> notes) {
  if (!panicking)
    diagnostics.add({code, span, std::move(message), std::move(label), std::move(hint), std::move(notes)});
}

void Parser::refuse(Feature feature, SourceSpan span) {
  complain(feature.code, span,
           "the " + std::string(feature.noun) + " " + quote(sources.text(span)) + " is not available yet", "",
           std::string(feature.hint));
}

void Parser::unexpected(std::string_view expected) {
  if (at(TokenKind::Assign) && !atLineEnd())
    return error(Code::E0217, place(), "`=` inside an expression", "", "write `==` to compare");
  if (at(TokenKind::Foreign) && !atLineEnd()) {
    std::string_view sign = peek().text;
    return error(Code::E0217, place(), quote(sign) + " is not an operator of Ravine", "", foreignSignHint(sign));
  }
  if (at(TokenKind::Pipe))
    return error(Code::E0227, peek().span, "`|>` joins optimizers and transforms, not values", "",
                 "write a pipe as `optimizer name = clip |> adamw`");
  bool closes = at(TokenKind::RightParenthesis) || at(TokenKind::RightBracket);
  if (closes && openParentheses == 0 && !atLineEnd())
    return error(Code::E0205, place(), quote(peek().text) + " closes nothing", "", "delete it, or open it before");
  error(Code::E0201, place(), "expected " + std::string(expected) + ", found " + found(), "");
}

void Parser::reportTooDeep(SourceSpan span) {
  error(Code::E0208, span, "the expression is nested too deeply",
        "more than " + std::to_string(deepestNesting) + " levels", "name a part of it with `let`");
}

std::string Parser::foreignSignHint(std::string_view sign) {
  if (sign == "&" || sign == "&&")
    return "write `and`";
  if (sign == "|" || sign == "||")
    return "write `or`";
  if (sign == "!")
    return "write `not`";
  if (sign == "**")
    return "write `^`";
  if (sign == "‖")
    return "write `norm[tensor](…)` or `norm[model](…)`";
  if (sign == "?")
    return "write `if c then a else b`";
  if (sign == "%")
    return "write `1%` without a blank for 0.01";
  return "";
}

} // namespace ravine
