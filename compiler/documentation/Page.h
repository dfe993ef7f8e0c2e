// A page of documentation, without a notation: Markdown and HTML are written from it.
#pragma once

#include "compiler/documentation/Formula.h"

#include <variant>

namespace ravine::documentation {

struct Text {
  std::string text;
};
struct Code {
  std::string text;
};
struct Emphasis {
  std::string text;
};
/// To another page, by its name.
struct Link {
  std::string page;
  std::string text;
};
using Inline = std::variant<Text, Code, Emphasis, Link, Formula>;
using Line = std::vector<Inline>;

struct Heading {
  int level; // 1 is the title
  std::string text;
};
struct Paragraph {
  Line line;
};
struct List {
  std::vector<Line> items;
};
/// As it stands; `language` may be empty.
struct Preformatted {
  std::string language;
  std::string text;
};
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<Line>> rows;
};
struct Display {
  std::vector<Equation> equations;
};
using Block = std::variant<Heading, Paragraph, List, Preformatted, Table, Display>;

struct Page {
  /// What the file is called, without an ending.
  std::string name;
  std::string title;
  std::vector<Block> blocks;
};

/// GitHub's Markdown, with formulas in LaTeX between dollars.
[[nodiscard]] std::string writeMarkdown(const Page &page);

/// A whole document that is HTML and XML at once and needs no other file, no network and no script.
[[nodiscard]] std::string writeHtml(const Page &page);

/// The text of a `///` comment: paragraphs, lists of lines that begin with `-`, lines that are indented by four, and
/// `code` in all but those.
[[nodiscard]] std::vector<Block> parseComment(std::string_view text);

/// The first sentence of a comment; the whole first paragraph where it has no end.
[[nodiscard]] Line summaryOf(std::string_view comment);

/// All paragraphs of a comment on one line, for a cell of a table.
[[nodiscard]] Line onOneLine(std::string_view comment);

} // namespace ravine::documentation
