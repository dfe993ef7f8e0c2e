// Lines and their indentation.
#include "compiler/formatter/Layout.h"

#include <algorithm>

namespace ravine::formatter {

namespace {

using Kind = TokenKind;

bool isOneOf(Kind kind, std::initializer_list<Kind> kinds) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

class Layout {
public:
  Layout(std::string_view source, std::span<const Token> tokens, std::span<const Role> roles)
      : source(source), tokens(tokens), roles(roles), gaps(gapsOf(source, tokens)) {}

  std::string run() {
    for (size_t i = 0; i < tokens.size(); ++i) {
      writeComments(i);
      if (tokens[i].kind != Kind::EndOfFile)
        writeToken(i);
    }
    if (!text.empty())
      text += '\n';
    return std::move(text);
  }

private:
  /// A bracket that is open.
  struct Open {
    /// Of the line it stands on; the lines inside have one more.
    unsigned level;
    /// Lines inside are items, and not parts of one.
    bool isBrace;
  };

  void writeComments(size_t index) {
    for (const Comment &comment : gaps[index].comments) {
      if (comment.isTrailing) {
        text += "  ";
      } else {
        bool isFirst = text.empty() || (index > 0 && opens(index - 1) && &comment == &gaps[index].comments.front());
        breakLine(comment.isAfterBlankLine && !isFirst, commentLevel(index));
      }
      text += comment.text;
    }
  }

  void writeToken(size_t index) {
    const Token &token = tokens[index];
    const Gap &gap = gaps[index];
    if (gap.breaksLine) {
      level = levelOf(index);
      bool isFirst = text.empty() || (index > 0 && opens(index - 1) && gap.comments.empty());
      breakLine(gap.isAfterBlankLine && !isFirst && !closes(index), level);
    } else if (isSpaced(tokens, roles, gaps, index)) {
      text += ' ';
    }
    text += written(token);
    if (opens(index))
      brackets.push_back({level, token.kind == Kind::LeftBrace});
    else if (closes(index) && !brackets.empty())
      brackets.pop_back();
  }

  /// As written: the text of a token has Greek letters spelled out.
  std::string_view written(const Token &token) const {
    return source.substr(token.span.begin, token.span.end - token.span.begin);
  }

  void breakLine(bool isAfterBlankLine, unsigned newLevel) {
    if (!text.empty())
      text += isAfterBlankLine ? "\n\n" : "\n";
    text += std::string(size_t{2} * newLevel, ' ');
  }

  bool opens(size_t index) const {
    return isOneOf(tokens[index].kind, {Kind::LeftParenthesis, Kind::LeftBracket, Kind::LeftBrace}) ||
           (roles[index] == Role::Angle && tokens[index].kind == Kind::Less);
  }
  bool closes(size_t index) const {
    return isOneOf(tokens[index].kind, {Kind::RightParenthesis, Kind::RightBracket, Kind::RightBrace}) ||
           (roles[index] == Role::Angle && tokens[index].kind == Kind::Greater);
  }

  unsigned contentLevel() const { return brackets.empty() ? 0 : brackets.back().level + 1; }

  unsigned levelOf(size_t index) const {
    if (closes(index) && !brackets.empty())
      return brackets.back().level;
    bool areItems = brackets.empty() || brackets.back().isBrace;
    return contentLevel() + (areItems && goesOn(index) ? 1 : 0);
  }

  unsigned commentLevel(size_t index) const {
    bool isLast = closes(index) || tokens[index].kind == Kind::EndOfFile;
    return isLast ? contentLevel() : levelOf(index);
  }

  /// Whether the line that the token begins belongs to the item of the line before.
  bool goesOn(size_t index) const {
    if (isOneOf(tokens[index].kind, {Kind::Then, Kind::Else, Kind::Pipe}))
      return true;
    if (index == 0 || tokens[index].kind == Kind::LeftBrace)
      return false;
    const Token &before = tokens[index - 1];
    bool endsItem = isOneOf(before.kind, {Kind::Identifier, Kind::Number, Kind::Text, Kind::True, Kind::False,
                                          Kind::Inf, Kind::RightParenthesis, Kind::RightBracket, Kind::RightBrace,
                                          Kind::Prime, Kind::LeftBrace, Kind::Semicolon});
    bool isEndOfParts = roles[index - 1] == Role::Angle;
    return roles[index - 1] == Role::Word || !(endsItem || isEndOfParts);
  }

  std::string_view source;
  std::span<const Token> tokens;
  std::span<const Role> roles;
  std::vector<Gap> gaps;
  std::string text;
  std::vector<Open> brackets;
  /// Of the current line.
  unsigned level = 0;
};

} // namespace

std::string layOut(std::string_view source, std::span<const Token> tokens, std::span<const Role> roles) {
  return Layout(source, tokens, roles).run();
}

} // namespace ravine::formatter
