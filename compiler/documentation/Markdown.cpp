// Pages as GitHub's Markdown.
#include "compiler/documentation/Page.h"

#include <algorithm>

namespace ravine::documentation {

namespace {

/// What Markdown, or HTML inside it, would read as more than a character.
std::string escaped(std::string_view text) {
  std::string result;
  for (char character : text) {
    if (std::string_view("\\`*_[]<>#|$~").find(character) != std::string_view::npos)
      result += '\\';
    if (character == '&')
      result += "&amp;";
    else
      result += character == '\n' ? ' ' : character;
  }
  return result;
}

size_t longestRun(std::string_view text, char wanted) {
  size_t longest = 0, run = 0;
  for (char character : text) {
    run = character == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// A fence that is longer than any run of backticks inside.
std::string codeSpan(std::string text, bool isInTable) {
  std::ranges::replace(text, '\n', ' ');
  // In a table, a bar ends the cell even in code.
  if (isInTable)
    for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
      text.insert(at, "\\");
  std::string fence(longestRun(text, '`') + 1, '`');
  std::string space = text.starts_with('`') || text.ends_with('`') ? " " : "";
  return fence + space + text + space + fence;
}

class Writer {
public:
  std::string text;

  void write(const Page &page) {
    for (const Block &block : page.blocks) {
      if (!text.empty())
        text += '\n';
      std::visit([&](const auto &content) { write(content); }, block);
    }
  }

private:
  void write(const Heading &heading) {
    text += std::string(static_cast<size_t>(heading.level), '#') + " " + escaped(heading.text) + "\n";
  }

  void write(const Paragraph &paragraph) {
    std::string content = inlines(paragraph.line, /*isInTable=*/false);
    text += atLineStart(content) + "\n";
  }

  void write(const List &list) {
    for (const Line &item : list.items)
      text += "- " + atLineStart(inlines(item, /*isInTable=*/false)) + "\n";
  }

  void write(const Preformatted &code) {
    std::string fence(std::max<size_t>(3, longestRun(code.text, '`') + 1), '`');
    text += fence + code.language + "\n" + code.text + (code.text.ends_with('\n') ? "" : "\n") + fence + "\n";
  }

  void write(const Table &table) {
    text += "|";
    for (const std::string &title : table.header)
      text += " " + escaped(title) + " |";
    text += "\n|";
    for (size_t column = 0; column < table.header.size(); ++column)
      text += "---|";
    text += "\n";
    for (const auto &cells : table.rows) {
      text += "|";
      for (const Line &cell : cells)
        text += " " + inlines(cell, /*isInTable=*/true) + " |";
      text += "\n";
    }
  }

  void write(const Display &display) { text += "$$\n" + writeLatex(display.equations) + "\n$$\n"; }

  /// A paragraph must not begin like a list, a heading or a quotation.
  static std::string atLineStart(std::string content) {
    size_t digits = content.find_first_not_of("0123456789");
    bool isNumbered = digits > 0 && digits < content.size() && (content[digits] == '.' || content[digits] == ')');
    if (isNumbered)
      content.insert(digits, "\\");
    else if (content.starts_with('-') || content.starts_with('+') || content.starts_with('='))
      content.insert(0, "\\");
    return content;
  }

  static std::string inlines(const Line &line, bool isInTable) {
    std::string result;
    for (const Inline &piece : line) {
      if (const auto *plain = std::get_if<Text>(&piece))
        result += escaped(plain->text);
      else if (const auto *code = std::get_if<Code>(&piece))
        result += codeSpan(code->text, isInTable);
      else if (const auto *emphasis = std::get_if<Emphasis>(&piece))
        result += "*" + escaped(emphasis->text) + "*";
      else if (const auto *link = std::get_if<Link>(&piece))
        result += "[" + escaped(link->text) + "](" + link->page + ".md)";
      else
        result += "$" + writeLatex(std::get<Formula>(piece)) + "$";
    }
    return result;
  }
};

} // namespace

std::string writeMarkdown(const Page &page) {
  Writer writer;
  writer.write(page);
  return writer.text;
}

} // namespace ravine::documentation
