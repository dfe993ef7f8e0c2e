// The words and signs of the language.
#pragma once

#include "compiler/diagnostics/Diagnostic.h"

namespace ravine {

enum class TokenKind : uint8_t {
  EndOfFile,
  Identifier, // also the predefined names: w, g, t, …
  Number,
  Text, // "…"

  // Keywords, spelled as here in lower case.
  Optimizer,
  Hyper,
  State,
  Let,
  Require,
  When,
  In,
  If,
  Then,
  Else,
  Case,
  And,
  Or,
  Not,
  True,
  False,
  Inf,

  // Signs.
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Semicolon,
  Colon,
  Dot,
  DotDot,
  Prime,
  Assign,
  Plus,
  Minus,
  Star,
  Slash,
  Caret,
  At,
  Pipe,
  Arrow,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Equal,
  NotEqual,
  Foreign, // a sign that other languages have: &&, +=, …
};

struct Token {
  TokenKind kind = TokenKind::EndOfFile;
  /// The first token of its line.
  bool startsLine = false;
  /// A Number written without a point, an exponent or a percent sign.
  bool isInteger = false;
  SourceSpan span;
  /// How many documentation comments of the file stand before this token.
  uint32_t docsBefore = 0;
  /// As written, except that Greek letters of an identifier are spelled out.
  std::string_view text;
  /// Of a Number.
  double value = 0;
};

/// `/// …`, without the slashes and the blank after them.
struct DocComment {
  SourceSpan span;
  std::string_view text;
  /// Stands behind something on the same line.
  bool isTrailing = false;
};

} // namespace ravine
