// What documentation comments are read as.
#include "compiler/documentation/Page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

using namespace documentation;

std::string markdown(std::vector<Block> blocks) {
  return writeMarkdown({"page", "page", std::move(blocks)});
}

std::string markdown(Line line) {
  return markdown(std::vector<Block>{Paragraph{std::move(line)}});
}

TEST(Comment, linesOfAParagraphAreOneLine) {
  EXPECT_EQ(markdown(parseComment("One\ntwo.\n\nThree.")), "One two.\n\nThree.\n");
}

TEST(Comment, indentedLinesStandAsTheyAre) {
  EXPECT_EQ(markdown(parseComment("Text\n\n    a < b\n      c\n\n    d\n\nmore")),
            "Text\n\n```\na < b\n  c\n\nd\n```\n\nmore\n");
}

TEST(Comment, aLineThatGoesOnMayBeIndented) {
  EXPECT_EQ(markdown(parseComment("Text\n    goes on")), "Text goes on\n");
}

TEST(Comment, lists) {
  EXPECT_EQ(markdown(parseComment("Choices:\n- one\n  goes on\n- two")), "Choices:\n\n- one goes on\n- two\n");
}

TEST(Comment, codeInText) {
  EXPECT_EQ(markdown(parseComment("The rule `a_b*c` of *x*.")), "The rule `a_b*c` of \\*x\\*.\n");
  EXPECT_EQ(markdown(parseComment("one ` alone")), "one \\` alone\n");
}

TEST(Comment, summaryIsTheFirstSentence) {
  EXPECT_EQ(markdown(summaryOf("First, e.g.: this. Second.")), "First, e.g.: this.\n");
  EXPECT_EQ(markdown(summaryOf("Only `one. sentence` here\n\nMore.")), "Only `one. sentence` here\n");
  EXPECT_TRUE(summaryOf("").empty());
}

TEST(Comment, onOneLine) {
  EXPECT_EQ(markdown(onOneLine("One.\n\nTwo:\n- three\n- four")), "One. Two: three four\n");
}

} // namespace
} // namespace ravine::test
