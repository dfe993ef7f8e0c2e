// Source text in colours.
#include "compiler/explanation/SourceColours.h"

#include "compiler/documentation/Markup.h"
#include "compiler/frontend/Lexer.h"
#include "compiler/frontend/Vocabulary.h"

namespace ravine::explanation {

namespace {

std::string_view classOf(const Token &token, const Token &next) {
  if (token.kind >= TokenKind::Optimizer && token.kind <= TokenKind::Inf)
    return "k";
  if (token.kind == TokenKind::Number)
    return "n";
  if (token.kind != TokenKind::Identifier)
    return "";
  if (next.kind == TokenKind::Prime && next.span.begin == token.span.end)
    return "q";
  return predefined(token.text) || findFunction(token.text) ? "p" : "";
}

/// Collects marked text and cuts it into lines.
class LineWriter {
public:
  std::vector<std::string> lines = {""};

  /// A span of its own in every line that the text touches.
  void write(std::string_view text, std::string_view mark) {
    for (;;) {
      size_t end = std::min(text.find('\n'), text.size());
      std::string_view piece = text.substr(0, end);
      if (piece.ends_with('\r'))
        piece.remove_suffix(1);
      std::string content = documentation::escapeMarkup(piece);
      if (!mark.empty() && !content.empty())
        content = "<span class=\"" + std::string(mark) + "\">" + content + "</span>";
      lines.back() += content;
      if (end == text.size())
        return;
      lines.emplace_back();
      text.remove_prefix(end + 1);
    }
  }

  /// What stands between two tokens: blanks and comments.
  void writeGap(std::string_view text) {
    while (!text.empty()) {
      size_t comment = std::min(text.find("//"), text.size());
      write(text.substr(0, comment), "");
      text.remove_prefix(comment);
      size_t end = std::min(text.find('\n'), text.size());
      if (end > 0)
        write(text.substr(0, end), "c");
      text.remove_prefix(end);
      if (comment == 0 && end == 0) { // the line break itself
        write(text.substr(0, 1), "");
        text.remove_prefix(1);
      }
    }
  }
};

} // namespace

std::vector<std::string> colouredLines(const SourceManager &sources, uint32_t file) {
  Diagnostics ignored;
  TokenStream stream = tokenize(sources, file, ignored);
  std::string_view text = sources.text(file);
  LineWriter writer;
  size_t at = 0;
  for (size_t index = 0; index + 1 < stream.tokens.size(); ++index) {
    const Token &token = stream.tokens[index];
    writer.writeGap(text.substr(at, token.span.begin - at));
    writer.write(text.substr(token.span.begin, token.span.end - token.span.begin),
                 classOf(token, stream.tokens[index + 1]));
    at = token.span.end;
  }
  writer.writeGap(text.substr(at));
  if (writer.lines.back().empty())
    writer.lines.pop_back();
  return std::move(writer.lines);
}

} // namespace ravine::explanation
