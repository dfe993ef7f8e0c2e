// Reading tokens, and what to say of one that is not what it should be.
#include "compiler/frontend/TokenReader.h"

#include "compiler/frontend/Quote.h"

namespace ravine {

const Token &TokenReader::peek(size_t ahead) const {
  return tokens[std::min(position + ahead, tokens.size() - 1)];
}

bool TokenReader::atWord(std::string_view word) const {
  return at(TokenKind::Identifier) && peek().text == word;
}

bool TokenReader::atLineEnd() const {
  return peek().startsLine && openParentheses == 0;
}

bool TokenReader::atOutermost() const {
  uint32_t begin = peek().span.begin;
  return begin == 0 || sources.text(file)[begin - 1] == '\n';
}

const Token &TokenReader::next() {
  const Token &token = peek();
  if (position + 1 < tokens.size())
    ++position;
  return token;
}

bool TokenReader::accept(TokenKind kind) {
  if (!at(kind))
    return false;
  next();
  return true;
}

bool TokenReader::expect(TokenKind kind, std::string_view what) {
  if (accept(kind))
    return true;
  unexpected(what);
  return false;
}

void TokenReader::expectClosing(TokenKind kind, const Token &open) {
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

std::string TokenReader::found() const {
  if (at(TokenKind::EndOfFile))
    return "the end of the file";
  if (atLineEnd() && position > 0)
    return "the end of the line";
  return quote(peek().text);
}

SourceSpan TokenReader::place() const {
  bool isAway = peek().startsLine || at(TokenKind::EndOfFile);
  if (isAway && position > 0)
    return {file, previous().span.end, previous().span.end};
  return peek().span;
}

SourceSpan TokenReader::since(const Token &first) const {
  return position > 0 && previous().span.end > first.span.begin ? SourceSpan::covering(first.span, previous().span)
                                                                : first.span;
}

void TokenReader::error(Code code, SourceSpan span, std::string message, std::string label, std::string hint,
                        std::vector<Note> notes) {
  complain(code, span, std::move(message), std::move(label), std::move(hint), std::move(notes));
  panicking = true;
}

void TokenReader::complain(Code code, SourceSpan span, std::string message, std::string label, std::string hint,
                           std::vector<Note> notes) {
  if (!panicking)
    diagnostics.add({code, span, std::move(message), std::move(label), std::move(hint), std::move(notes)});
}

void TokenReader::refuse(Feature feature, SourceSpan span) {
  complain(feature.code, span,
           "the " + std::string(feature.noun) + " " + quote(sources.text(span)) + " is not available yet", "",
           std::string(feature.hint));
}

void TokenReader::unexpected(std::string_view expected) {
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

std::string TokenReader::foreignSignHint(std::string_view sign) {
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
