// Pages as HTML.
#include "compiler/documentation/Page.h"

#include "compiler/documentation/Markup.h"

namespace ravine::documentation {

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid #8886; padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; }
pre, code { font-family: ui-monospace, monospace; font-size: 0.9em; }
pre { border: 1px solid #8886; padding: 0.75rem; overflow-x: auto; }
.wide { overflow-x: auto; }
math { font-size: 1.1em; }
math[display] { margin: 1rem 0; }
mtd { padding: 0.2em; }
mtable.equations > mtr > mtd { padding-bottom: 0.6em; text-align: left; }
mtable.equations > mtr > mtd:first-child { text-align: right; padding-right: 0.4em; }
mtable.equations > mtr > mtd:nth-child(3) { padding-left: 2em; }
mtable.cases > mtr > mtd { text-align: left; padding-right: 1em; }
mi.verbatim { font-family: ui-monospace, monospace; }
)";

class Writer {
public:
  std::string text;

  void write(const Page &page) {
    text = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
           "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
    text += "<title>" + escapeMarkup(page.title) + "</title>\n<style>" + std::string(style) + "</style>\n";
    text += "</head>\n<body>\n";
    for (const Block &block : page.blocks)
      std::visit([&](const auto &content) { write(content); }, block);
    text += "</body>\n</html>\n";
  }

private:
  void write(const Heading &heading) {
    std::string tag = "h" + std::to_string(heading.level);
    text += "<" + tag + ">" + escapeMarkup(heading.text) + "</" + tag + ">\n";
  }

  void write(const Paragraph &paragraph) { text += "<p>" + inlines(paragraph.line) + "</p>\n"; }

  void write(const List &list) {
    text += "<ul>\n";
    for (const Line &item : list.items)
      text += "<li>" + inlines(item) + "</li>\n";
    text += "</ul>\n";
  }

  void write(const Preformatted &code) { text += "<pre><code>" + escapeMarkup(code.text) + "</code></pre>\n"; }

  void write(const Table &table) {
    text += "<div class=\"wide\"><table>\n<thead><tr>";
    for (const std::string &title : table.header)
      text += "<th>" + escapeMarkup(title) + "</th>";
    text += "</tr></thead>\n<tbody>\n";
    for (const auto &cells : table.rows) {
      text += "<tr>";
      for (const Line &cell : cells)
        text += "<td>" + inlines(cell) + "</td>";
      text += "</tr>\n";
    }
    text += "</tbody>\n</table></div>\n";
  }

  void write(const Display &display) { text += "<div class=\"wide\">" + writeMathML(display.equations) + "</div>\n"; }

  static std::string inlines(const Line &line) {
    std::string result;
    for (const Inline &piece : line) {
      if (const auto *plain = std::get_if<Text>(&piece))
        result += escapeMarkup(plain->text);
      else if (const auto *code = std::get_if<Code>(&piece))
        result += "<code>" + escapeMarkup(code->text) + "</code>";
      else if (const auto *emphasis = std::get_if<Emphasis>(&piece))
        result += "<em>" + escapeMarkup(emphasis->text) + "</em>";
      else if (const auto *link = std::get_if<Link>(&piece))
        result += "<a href=\"" + escapeMarkup(link->page) + ".html\">" + escapeMarkup(link->text) + "</a>";
      else
        result += writeMathML(std::get<Formula>(piece));
    }
    return result;
  }
};

} // namespace

std::string writeHtml(const Page &page) {
  Writer writer;
  writer.write(page);
  return writer.text;
}

} // namespace ravine::documentation
