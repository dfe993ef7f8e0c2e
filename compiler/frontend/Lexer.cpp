// Characters to tokens, one at a time.
#include "compiler/frontend/Lexer.h"

#include "compiler/diagnostics/Utf8.h"
#include "compiler/frontend/Greek.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace ravine {

namespace {

struct Spelling {
  std::string_view text;
  TokenKind kind;
};

constexpr std::array keywords = {
    Spelling{"optimizer", TokenKind::Optimizer},
    Spelling{"hyper", TokenKind::Hyper},
    Spelling{"state", TokenKind::State},
    Spelling{"let", TokenKind::Let},
    Spelling{"require", TokenKind::Require},
    Spelling{"when", TokenKind::When},
    Spelling{"in", TokenKind::In},
    Spelling{"if", TokenKind::If},
    Spelling{"then", TokenKind::Then},
    Spelling{"else", TokenKind::Else},
    Spelling{"case", TokenKind::Case},
    Spelling{"and", TokenKind::And},
    Spelling{"or", TokenKind::Or},
    Spelling{"not", TokenKind::Not},
    Spelling{"true", TokenKind::True},
    Spelling{"false", TokenKind::False},
    Spelling{"inf", TokenKind::Inf},
};

// Longer signs first. A bare `!` or `&` is Foreign as well: the parser says what to write instead.
constexpr std::array signs = {
    Spelling{"..", TokenKind::DotDot},
    Spelling{"|>", TokenKind::Pipe},
    Spelling{"<=", TokenKind::LessEqual},
    Spelling{">=", TokenKind::GreaterEqual},
    Spelling{"==", TokenKind::Equal},
    Spelling{"!=", TokenKind::NotEqual},
    Spelling{"&&", TokenKind::Foreign},
    Spelling{"||", TokenKind::Foreign},
    Spelling{"**", TokenKind::Foreign},
    Spelling{"+=", TokenKind::Foreign},
    Spelling{"-=", TokenKind::Foreign},
    Spelling{"*=", TokenKind::Foreign},
    Spelling{"/=", TokenKind::Foreign},
    Spelling{":=", TokenKind::Foreign},
    Spelling{"->", TokenKind::Arrow},
    Spelling{"!", TokenKind::Foreign},
    Spelling{"&", TokenKind::Foreign},
    Spelling{"|", TokenKind::Foreign},
    Spelling{"?", TokenKind::Foreign},
    Spelling{"%", TokenKind::Foreign},
    Spelling{"(", TokenKind::LeftParenthesis},
    Spelling{")", TokenKind::RightParenthesis},
    Spelling{"[", TokenKind::LeftBracket},
    Spelling{"]", TokenKind::RightBracket},
    Spelling{"{", TokenKind::LeftBrace},
    Spelling{"}", TokenKind::RightBrace},
    Spelling{",", TokenKind::Comma},
    Spelling{";", TokenKind::Semicolon},
    Spelling{":", TokenKind::Colon},
    Spelling{".", TokenKind::Dot},
    Spelling{"'", TokenKind::Prime},
    Spelling{"=", TokenKind::Assign},
    Spelling{"+", TokenKind::Plus},
    Spelling{"-", TokenKind::Minus},
    Spelling{"*", TokenKind::Star},
    Spelling{"/", TokenKind::Slash},
    Spelling{"^", TokenKind::Caret},
    Spelling{"@", TokenKind::At},
    Spelling{"<", TokenKind::Less},
    Spelling{">", TokenKind::Greater},
};

/// A character that stands in papers or comes from word processors, what to write for it, and the token that it is
/// taken for after the message.
struct Lookalike {
  char32_t character;
  std::string_view replacement;
  TokenKind kind;
};

constexpr std::array lookalikes = {
    Lookalike{U'\u2212', "-", TokenKind::Minus},         Lookalike{U'\u2013', "-", TokenKind::Minus},
    Lookalike{U'\u00D7', "*", TokenKind::Star},          Lookalike{U'\u00B7', "*", TokenKind::Star},
    Lookalike{U'\u22C5', "*", TokenKind::Star},          Lookalike{U'\u2217', "*", TokenKind::Star},
    Lookalike{U'\u00F7', "/", TokenKind::Slash},         Lookalike{U'\u2264', "<=", TokenKind::LessEqual},
    Lookalike{U'\u2265', ">=", TokenKind::GreaterEqual}, Lookalike{U'\u2260', "!=", TokenKind::NotEqual},
    Lookalike{U'\u221E', "inf", TokenKind::Inf},         Lookalike{U'\u2032', "'", TokenKind::Prime},
    Lookalike{U'\u2019', "'", TokenKind::Prime},         Lookalike{U'`', "'", TokenKind::Prime},
    Lookalike{U'\u2190', "=", TokenKind::Assign},        Lookalike{U'\u2208', "in", TokenKind::In},
    Lookalike{U'\u2227', "and", TokenKind::And},         Lookalike{U'\u2228', "or", TokenKind::Or},
    Lookalike{U'\u00AC', "not", TokenKind::Not},
};

bool isDigit(char character) {
  return character >= '0' && character <= '9';
}

bool isAsciiLetter(char32_t character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_';
}

/// Whether a reader would see the character. Blanks of all kinds, joiners, marks of direction and controls are not.
bool isVisible(char32_t value) {
  bool isControl = value <= 0x20 || (value >= 0x7F && value <= 0xA0) || value == 0xAD;
  bool isBlank = (value >= 0x2000 && value <= 0x200F) || (value >= 0x2028 && value <= 0x202F) || value == 0x3000;
  bool isFormat = (value >= 0x205F && value <= 0x206F) || value == 0xFEFF || value >= 0xE0000;
  return !isControl && !isBlank && !isFormat;
}

class Lexer {
public:
  Lexer(const SourceManager &sources, uint32_t file, Diagnostics &diagnostics)
      : source(sources.text(file)), file(file), diagnostics(diagnostics) {}

  TokenStream run() {
    if (source.size() > largestFile) {
      report(Code::E0106, 0, 0, "the file has " + std::to_string(source.size()) + " bytes",
             "at most " + std::to_string(largestFile) + " are read", "split it into several files");
      at = static_cast<uint32_t>(source.size());
    } else if (source.starts_with("\xEF\xBB\xBF")) { // a byte order mark
      at = 3;
    }
    while (at < source.size())
      lexOne();
    push(TokenKind::EndOfFile, at);
    return std::move(stream);
  }

private:
  void lexOne() {
    char character = source[at];
    if (character == '\n') {
      startsLine = true;
      ++at;
    } else if (character == ' ' || character == '\t' || character == '\r') {
      ++at;
    } else if (rest().starts_with("//")) {
      lexComment();
    } else if (rest().starts_with("/*")) {
      lexForeignComment();
    } else if (isDigit(character) || (character == '.' && at + 1 < source.size() && isDigit(source[at + 1]))) {
      lexNumber();
    } else if (character == '"') {
      lexText();
    } else if (!lexWord() && !lexSign()) {
      lexStray();
    }
  }

  void lexComment() {
    uint32_t begin = at;
    at = static_cast<uint32_t>(std::min(source.find('\n', at), source.size()));
    std::string_view text = source.substr(begin, at - begin);
    checkUtf8(begin, text);
    if (!text.starts_with("///") || text.starts_with("////"))
      return;
    text.remove_prefix(3);
    while (text.ends_with('\r') || text.ends_with(' '))
      text.remove_suffix(1);
    if (text.starts_with(' '))
      text.remove_prefix(1);
    stream.docs.push_back({span(begin), text, !startsLine});
  }

  void lexForeignComment() {
    uint32_t begin = at;
    size_t end = source.find("*/", at + 2);
    at = static_cast<uint32_t>(end == std::string_view::npos ? source.size() : end + 2);
    report(Code::E0101, begin, begin + 2, "`/*` does not begin a comment", "",
           "a comment begins with `//` and ends with its line");
  }

  /// Comments may say anything, in UTF-8.
  void checkUtf8(uint32_t begin, std::string_view text) {
    for (uint32_t offset = 0; offset < text.size();) {
      Utf8Character character = decodeUtf8(text.substr(offset));
      if (!character.isValid)
        return reportInvalid(begin + offset);
      offset += character.length;
    }
  }

  void lexNumber() {
    uint32_t begin = at;
    bool isInteger = true;
    auto skipDigits = [&] {
      while (at < source.size() && isDigit(source[at]))
        ++at;
    };
    skipDigits();
    bool hasDigitsBefore = at > begin;
    if (at < source.size() && source[at] == '.' && !rest().starts_with("..")) {
      isInteger = false;
      uint32_t afterPoint = ++at;
      skipDigits();
      if (!hasDigitsBefore || at == afterPoint) {
        std::string digits(source.substr(begin, at - begin));
        report(Code::E0103, begin, at, "the number `" + digits + "` is incomplete", "",
               hasDigitsBefore ? "write `" + digits + "0`" : "write `0" + digits + "`");
      }
    }
    if (uint32_t length = exponentLength()) {
      isInteger = false;
      at += length;
    }
    double value = convert(begin);
    if (at < source.size() && source[at] == '%') {
      isInteger = false;
      value /= 100;
      ++at;
    }
    Token &token = push(TokenKind::Number, begin);
    token.value = value;
    token.isInteger = isInteger;
  }

  /// `e`, a sign or not, and at least one digit; otherwise the `e` begins a name.
  uint32_t exponentLength() const {
    std::string_view text = rest();
    if (text.empty() || (text[0] != 'e' && text[0] != 'E'))
      return 0;
    uint32_t length = text.size() > 1 && (text[1] == '-' || text[1] == '+') ? 2 : 1;
    if (length >= text.size() || !isDigit(text[length]))
      return 0;
    while (length < text.size() && isDigit(text[length]))
      ++length;
    return length;
  }

  double convert(uint32_t begin) {
    double value = 0;
    auto [end, error] = std::from_chars(source.data() + begin, source.data() + at, value);
    if (error == std::errc::result_out_of_range) {
      report(Code::E0104, begin, at, "the number `" + shown(begin, at) + "` is out of range", "",
             "the largest number is about 1.8e308, the smallest above 0 about 4.9e-324");
      return 1;
    }
    return value;
  }

  void lexText() {
    uint32_t begin = at;
    size_t end = source.find_first_of("\"\n", at + 1);
    bool isClosed = end != std::string_view::npos && source[end] == '"';
    at = static_cast<uint32_t>(std::min(end, source.size()));
    // A brace at the end of the line was hardly meant as text.
    size_t last = source.find_last_not_of(" \t\r", at - 1);
    if (!isClosed && last > begin && source[last] == '{')
      at = static_cast<uint32_t>(last);
    checkUtf8(begin, source.substr(begin, at - begin));
    if (isClosed)
      ++at;
    else
      report(Code::E0105, begin, at, "the text is not closed", "", "end it with `\"` on the same line");
    push(TokenKind::Text, begin);
  }

  bool lexWord() {
    uint32_t begin = at;
    std::string spelling;
    bool isAscii = true;
    while (at < source.size()) {
      Utf8Character character = decodeUtf8(rest());
      bool continues = at > begin && isDigit(source[at]);
      if (isAsciiLetter(character.value) || continues) {
        spelling += source[at];
      } else if (std::string_view letters = spelledOut(character.value);
                 !letters.empty() && (at > begin || !isDigit(letters[0]))) {
        spelling += letters;
        isAscii = false;
      } else {
        break;
      }
      at += character.length;
    }
    if (at == begin)
      return false;
    const auto *keyword = std::ranges::find(keywords, spelling, &Spelling::text);
    Token &token = push(keyword != keywords.end() ? keyword->kind : TokenKind::Identifier, begin);
    if (!isAscii)
      token.text = stream.spellings.emplace_back(std::move(spelling));
    return true;
  }

  bool lexSign() {
    for (const Spelling &sign : signs) {
      if (!rest().starts_with(sign.text))
        continue;
      uint32_t begin = at;
      at += static_cast<uint32_t>(sign.text.size());
      push(sign.kind, begin);
      return true;
    }
    return false;
  }

  void lexStray() {
    Utf8Character character = decodeUtf8(rest());
    uint32_t begin = at;
    at += character.length;
    if (!character.isValid)
      return reportInvalid(begin);
    const auto *lookalike = std::ranges::find(lookalikes, character.value, &Lookalike::character);
    if (lookalike != lookalikes.end()) {
      reportStray(begin, "write `" + std::string(lookalike->replacement) + "`");
      push(lookalike->kind, begin);
    } else if (character.value == U'\u00B2' || character.value == U'\u00B3') {
      bool isSquare = character.value == U'\u00B2';
      reportStray(begin, isSquare ? "write `^2`" : "write `^3`");
      push(TokenKind::Caret, begin);
      push(TokenKind::Number, begin).value = isSquare ? 2 : 3;
    } else if (character.value == U'\u221A') {
      // Before a parenthesis it is a function like any other.
      reportStray(begin, "write `sqrt(…)`");
      if (rest().starts_with('('))
        push(TokenKind::Identifier, begin).text = "sqrt";
    } else if (character.value == U'\u2016' || character.value == U'\u2225') {
      push(TokenKind::Foreign, begin).text = "‖";
    } else if (character.value == '#') {
      reportStray(begin, "a comment begins with `//`");
      at = static_cast<uint32_t>(std::min(source.find('\n', at), source.size()));
    } else {
      reportStray(begin, "");
    }
  }

  void reportStray(uint32_t begin, std::string hint) {
    char32_t value = decodeUtf8(source.substr(begin)).value;
    std::string name = "`" + std::string(source.substr(begin, at - begin)) + "`";
    if (!isVisible(value)) {
      constexpr std::string_view digits = "0123456789ABCDEF";
      name = "U+";
      for (int shift = value > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4)
        name += digits[(value >> shift) & 0xF];
      hint = "delete it; it may look like a blank or like nothing";
    }
    report(Code::E0101, begin, at, "unexpected character " + name, "", std::move(hint));
  }

  /// One message for a run of bytes that are not UTF-8.
  void reportInvalid(uint32_t begin) {
    if (saidInvalid)
      return;
    saidInvalid = true;
    report(Code::E0102, begin, begin + 1, "the file is not valid UTF-8", "this byte does not belong to a character",
           "save the file with the encoding UTF-8");
  }

  std::string shown(uint32_t begin, uint32_t end) const {
    constexpr uint32_t longest = 40;
    std::string text(source.substr(begin, std::min(end - begin, longest)));
    return end - begin > longest ? text + "…" : text;
  }

  std::string_view rest() const { return source.substr(at); }
  SourceSpan span(uint32_t begin) const { return {file, begin, at}; }

  Token &push(TokenKind kind, uint32_t begin) {
    Token &token = stream.tokens.emplace_back();
    token.kind = kind;
    token.startsLine = startsLine;
    token.span = span(begin);
    token.text = source.substr(begin, at - begin);
    token.docsBefore = static_cast<uint32_t>(stream.docs.size());
    startsLine = false;
    return token;
  }

  void report(Code code, uint32_t begin, uint32_t end, std::string message, std::string label, std::string hint) {
    diagnostics.add({code, {file, begin, end}, std::move(message), std::move(label), std::move(hint), {}});
  }

  std::string_view source;
  uint32_t file;
  Diagnostics &diagnostics;
  TokenStream stream;
  uint32_t at = 0;
  bool startsLine = true;
  bool saidInvalid = false;
};

} // namespace

TokenStream tokenize(const SourceManager &sources, uint32_t file, Diagnostics &diagnostics) {
  return Lexer(sources, file, diagnostics).run();
}

} // namespace ravine
