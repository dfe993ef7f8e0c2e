// Documentation comments.
#include "compiler/documentation/Page.h"

#include <algorithm>

namespace ravine::documentation {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view line) {
  size_t first = line.find_first_not_of(blanks);
  return first == std::string_view::npos ? "" : line.substr(first, line.find_last_not_of(blanks) + 1 - first);
}

/// Splits at `backticks`; one without a partner is text.
Line parseInlines(std::string_view text) {
  Line line;
  while (!text.empty()) {
    size_t open = text.find('`');
    size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) {
      line.push_back(Text{std::string(text)});
      break;
    }
    if (open > 0)
      line.push_back(Text{std::string(text.substr(0, open))});
    line.push_back(Code{std::string(text.substr(open + 1, close - open - 1))});
    text.remove_prefix(close + 1);
  }
  return line;
}

/// Reads a comment line by line.
class CommentReader {
public:
  std::vector<Block> read(std::string_view text) {
    while (!text.empty()) {
      size_t end = std::min(text.find('\n'), text.size());
      take(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    finish();
    return std::move(blocks);
  }

private:
  void take(std::string_view line) {
    std::string_view content = trimmed(line);
    bool isIndented = line.starts_with("    ") && (paragraph.empty() || !code.empty());
    if (content.empty()) {
      if (!code.empty())
        code += '\n';
      finishParagraph();
    } else if (isIndented) {
      finishList();
      code += std::string(line.substr(4)) + '\n';
    } else {
      finishCode();
      if (content.starts_with("- ")) {
        finishParagraph();
        isItem = true;
        content = trimmed(content.substr(2));
      }
      paragraph += (paragraph.empty() ? "" : " ") + std::string(content);
    }
  }

  void finish() {
    finishParagraph();
    finishList();
    finishCode();
  }

  void finishParagraph() {
    if (paragraph.empty())
      return;
    if (isItem) {
      items.items.push_back(parseInlines(paragraph));
    } else {
      finishList();
      blocks.push_back(Paragraph{parseInlines(paragraph)});
    }
    paragraph.clear();
    isItem = false;
  }

  void finishList() {
    if (!items.items.empty())
      blocks.push_back(std::move(items));
    items = {};
  }

  void finishCode() {
    while (code.ends_with("\n\n"))
      code.pop_back();
    if (!code.empty())
      blocks.push_back(Preformatted{"", std::move(code)});
    code.clear();
  }

  std::vector<Block> blocks;
  std::string paragraph;
  bool isItem = false;
  List items;
  std::string code;
};

} // namespace

std::vector<Block> parseComment(std::string_view text) {
  return CommentReader().read(text);
}

Line summaryOf(std::string_view comment) {
  for (Block &block : parseComment(comment)) {
    auto *paragraph = std::get_if<Paragraph>(&block);
    if (!paragraph)
      continue;
    Line summary;
    for (Inline &piece : paragraph->line) {
      auto *text = std::get_if<Text>(&piece);
      size_t end = text ? text->text.find(". ") : std::string::npos;
      if (end != std::string::npos) {
        summary.push_back(Text{text->text.substr(0, end + 1)});
        break;
      }
      summary.push_back(std::move(piece));
    }
    return summary;
  }
  return {};
}

Line onOneLine(std::string_view comment) {
  Line line;
  auto append = [&](Line &&more) {
    if (!line.empty())
      line.push_back(Text{" "});
    std::ranges::move(more, std::back_inserter(line));
  };
  for (Block &block : parseComment(comment)) {
    if (auto *paragraph = std::get_if<Paragraph>(&block))
      append(std::move(paragraph->line));
    else if (auto *list = std::get_if<List>(&block))
      std::ranges::for_each(list->items, [&](Line &item) { append(std::move(item)); });
    else if (auto *code = std::get_if<Preformatted>(&block))
      append({Code{code->text.substr(0, code->text.find('\n'))}});
  }
  return line;
}

} // namespace ravine::documentation
