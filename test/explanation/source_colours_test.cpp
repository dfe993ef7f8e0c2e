// Source text in colours.
#include "compiler/explanation/SourceColours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

std::vector<std::string> coloured(const std::string &text) {
  SourceManager sources;
  uint32_t file = sources.add("rule.rvn", text);
  return explanation::colouredLines(sources, file);
}

using testing::ElementsAre;

TEST(SourceColours, words) {
  EXPECT_THAT(
      coloured("let x = sqrt(g) + 1e-3\n"),
      ElementsAre("<span class=\"k\">let</span> x = <span class=\"p\">sqrt</span>(<span class=\"p\">g</span>) + "
                  "<span class=\"n\">1e-3</span>"));
  EXPECT_THAT(coloured("m' = m"), ElementsAre("<span class=\"q\">m</span>&#39; = m"));
}

TEST(SourceColours, comments) {
  EXPECT_THAT(coloured("/// one\n// two\n\nx // three"),
              ElementsAre("<span class=\"c\">/// one</span>", "<span class=\"c\">// two</span>", "",
                          "x <span class=\"c\">// three</span>"));
}

TEST(SourceColours, whatMeansSomethingToHtmlIsEscaped) {
  EXPECT_THAT(coloured("/// </script> & \"x\"\na < b\n"),
              ElementsAre("<span class=\"c\">/// &lt;/script&gt; &amp; &quot;x&quot;</span>", "a &lt; b"));
}

TEST(SourceColours, lettersOutsideAsciiStayTogether) {
  EXPECT_THAT(coloured("let β₁ = ε\n"), ElementsAre("<span class=\"k\">let</span> β₁ = ε"));
}

TEST(SourceColours, everyLineIsThere) {
  EXPECT_EQ(coloured("a\n\n\nb\n").size(), 4u);
  EXPECT_EQ(coloured("a\r\nb\r\n").size(), 2u);
  EXPECT_TRUE(coloured("").empty());
}

} // namespace
} // namespace ravine::test
