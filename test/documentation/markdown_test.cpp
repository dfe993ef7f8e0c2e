// What means something to Markdown, to HTML or to a table arrives as it was written.
#include "compiler/documentation/Page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

using namespace documentation;

std::string markdown(Block block) {
  return writeMarkdown({"page", "page", {std::move(block)}});
}

std::string body(Block block) {
  std::string text = writeHtml({"page", "page", {std::move(block)}});
  size_t begin = text.find("<body>\n") + 7;
  return text.substr(begin, text.find("</body>") - begin);
}

TEST(Markdown, textIsEscaped) {
  EXPECT_EQ(markdown(Paragraph{{Text{"</script> & a*b_c [x](y) $1 | `"}}}),
            "\\</script\\> &amp; a\\*b\\_c \\[x\\](y) \\$1 \\| \\`\n");
}

TEST(Markdown, beginningsOfLines) {
  EXPECT_EQ(markdown(Paragraph{{Text{"- no list"}}}), "\\- no list\n");
  EXPECT_EQ(markdown(Paragraph{{Text{"1. no list"}}}), "1\\. no list\n");
  EXPECT_EQ(markdown(Paragraph{{Text{"# no heading"}}}), "\\# no heading\n");
  EXPECT_EQ(markdown(Paragraph{{Text{"2 steps."}}}), "2 steps.\n");
}

TEST(Markdown, codeMayHoldBackticksAndBars) {
  EXPECT_EQ(markdown(Paragraph{{Code{"a`b"}}}), "``a`b``\n");
  EXPECT_EQ(markdown(Paragraph{{Code{"`"}}}), "`` ` ``\n");
  EXPECT_EQ(markdown(Paragraph{{Code{"a|b"}}}), "`a|b`\n");
  EXPECT_EQ(markdown(Table{{"x"}, {{{Code{"a|b|c"}}}}}), "| x |\n|---|\n| `a\\|b\\|c` |\n");
  EXPECT_EQ(markdown(Preformatted{"", "```\n"}), "````\n```\n````\n");
}

TEST(Markdown, formulas) {
  EXPECT_EQ(markdown(Paragraph{{Text{"so "}, fraction(letter("a"), letter("b"))}}), "so $\\frac{a}{b}$\n");
  EXPECT_EQ(markdown(Display{{{letter("a"), number("1"), {}},
                              {letter("b"), number("2"), row({letter("c"), sign(">"), number("0")})}}}),
            "$$\n\\begin{aligned}\na &= 1 \\\\\nb &= 2 && \\text{if } c > 0\n\\end{aligned}\n$$\n");
}

TEST(Html, textIsEscaped) {
  EXPECT_EQ(body(Paragraph{{Text{"</script> & \"a\" 'b'"}, Code{"<i>"}}}),
            "<p>&lt;/script&gt; &amp; &quot;a&quot; &#39;b&#39;<code>&lt;i&gt;</code></p>\n");
  EXPECT_EQ(body(Preformatted{"", "</code>\x01\n"}), "<pre><code>&lt;/code&gt;\xEF\xBF\xBD\n</code></pre>\n");
}

TEST(Html, linksLeadToPages) {
  EXPECT_EQ(body(Paragraph{{Link{"adam", "adam"}}}), "<p><a href=\"adam.html\">adam</a></p>\n");
  EXPECT_EQ(markdown(Paragraph{{Link{"adam_w", "adam_w"}}}), "[adam\\_w](adam_w.md)\n");
}

} // namespace
} // namespace ravine::test
