// What the parser reads tokens with, and how it speaks of one that is not what it should be.
#pragma once

#include "compiler/frontend/Features.h"
#include "compiler/frontend/Lexer.h"

namespace ravine {

/// A place in the tokens of a file. After an `error` it is silent (`panicking`) until who reads has found where to go
/// on, so that one mistake gives one message.
class TokenReader {
protected:
  TokenReader(const SourceManager &sources, uint32_t file, const TokenStream &stream, Diagnostics &diagnostics)
      : sources(sources), tokens(stream.tokens), file(file), diagnostics(diagnostics) {}

  [[nodiscard]] const Token &peek(size_t ahead = 0) const;
  [[nodiscard]] const Token &previous() const { return tokens[position - 1]; }
  [[nodiscard]] bool at(TokenKind kind) const { return peek().kind == kind; }
  [[nodiscard]] bool atWord(std::string_view word) const;
  /// The expression or item that stands here ends because the line does.
  [[nodiscard]] bool atLineEnd() const;
  /// The line begins here, without a blank.
  [[nodiscard]] bool atOutermost() const;
  const Token &next();
  bool accept(TokenKind kind);
  bool expect(TokenKind kind, std::string_view what);
  /// The closing bracket of `open`; E0203 or E0204 if it is missing.
  void expectClosing(TokenKind kind, const Token &open);
  /// The token that stands where it should not, as messages call it; and its place, which is the end of the line before
  /// if the token is on the next.
  [[nodiscard]] std::string found() const;
  [[nodiscard]] SourceSpan place() const;
  [[nodiscard]] SourceSpan since(const Token &first) const;

  /// A mistake after which nothing can be said about the rest of the item.
  void error(Code code, SourceSpan span, std::string message, std::string label = "", std::string hint = "",
             std::vector<Note> notes = {});
  /// A mistake that is understood: the parser goes on.
  void complain(Code code, SourceSpan span, std::string message, std::string label = "", std::string hint = "",
                std::vector<Note> notes = {});
  /// Names the feature by what stands at `span`.
  void refuse(Feature feature, SourceSpan span);
  /// E0201, or a better message where the token has one.
  void unexpected(std::string_view expected);
  /// What to write instead of a sign of another language; empty if that depends.
  [[nodiscard]] static std::string foreignSignHint(std::string_view sign);

  const SourceManager &sources;
  const std::vector<Token> &tokens;
  uint32_t file;
  Diagnostics &diagnostics;

  size_t position = 0;
  bool panicking = false;
  /// How many parentheses and brackets are open since the last brace of a block.
  unsigned openParentheses = 0;
};

} // namespace ravine
