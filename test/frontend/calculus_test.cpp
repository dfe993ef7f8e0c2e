// Multiples and sums of penalties, and the index set that a penalty is told: tokens to trees.
#include "test/frontend/Parsed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

/// The tree of what follows `penalty p = `, without its first line.
std::string composed(const std::string &text) {
  std::string tree = treeOf("penalty p = " + text + "\n");
  constexpr std::string_view head = "penalty p\n";
  return tree.starts_with(head) ? tree.substr(head.size()) : tree;
}

std::string codesOfComposed(const std::string &text) {
  return codesOf("penalty p = " + text + "\nlet y = 1\n");
}

TEST(Calculus, factorsStandInFront) {
  EXPECT_EQ(composed("2*l1"), "  times\n    2\n    use l1\n");
  EXPECT_EQ(composed("2*3*l1"), "  times\n    2\n    times\n      3\n      use l1\n");
  EXPECT_EQ(composed("50%*l1(lambda = 2)"), "  times\n    0.5\n    use l1\n      argument lambda\n        2\n");
  EXPECT_EQ(composed("lambda*l1"), "  times\n    lambda\n    use l1\n");
  EXPECT_EQ(composed("lambda/2*l1"), "  times\n    /\n      lambda\n      2\n    use l1\n");
  EXPECT_EQ(composed("2^3*l1"), "  times\n    ^\n      2\n      3\n    use l1\n");
  EXPECT_EQ(composed("(1 - a)*l1"), "  times\n    -\n      1\n      a\n    use l1\n");
  EXPECT_EQ(composed("-2*l1"), "  times\n    negate\n      2\n    use l1\n");
  EXPECT_EQ(composed("sqrt(2)*l1"), "  times\n    call sqrt\n      2\n    use l1\n");
  EXPECT_EQ(composed("2*\n  l1"), composed("2*l1"));
}

TEST(Calculus, sumsGoToTheLeft) {
  EXPECT_EQ(composed("a + b + c"), "  sum\n    sum\n      use a\n      use b\n    use c\n");
  EXPECT_EQ(composed("a + 2*b"), "  sum\n    use a\n    times\n      2\n      use b\n");
  EXPECT_EQ(composed("2*(a + b)"), "  times\n    2\n    sum\n      use a\n      use b\n");
  EXPECT_EQ(composed("a +\n  b"), composed("a + b"));
  EXPECT_EQ(composed("(a)"), "  use a\n");
}

TEST(Calculus, standsWhereComponentsDo) {
  EXPECT_EQ(treeOf("optimizer x = rvsm<2*l1 + ridge, b>(lr = 1)\n"),
            "optimizer x\n  use rvsm\n    sum\n      times\n        2\n        use l1\n      use ridge\n    use b\n"
            "    argument lr\n      1\n");
  EXPECT_EQ(treeOf("optimizer x = rvsm<select { conv: rank >= 4 -> a[channel]; _ -> 2*b }>\n"),
            "optimizer x\n  use rvsm\n    select\n      branch conv\n        of\n          >=\n            rank\n"
            "            4\n        use a[channel]\n      branch\n        times\n          2\n          use b\n");
}

TEST(Calculus, thatIsMalformed) {
  for (const char *text : {"l1*2", "l1(lambda = 2)*3", "(a + b)*2", "l1/2", "a - b", "2 l1", "a[row]*2", "a<b>*2"})
    EXPECT_EQ(codesOfComposed(text), "E0257") << text;
  for (const char *text : {"2", "2*", "*l1", "+ l1", "a + ", "", "2*3", "-"})
    EXPECT_EQ(codesOfComposed(text).substr(0, 3), "E02") << text;
  EXPECT_EQ(codesOfComposed("a\n  + b").substr(0, 5), "E0210");
  EXPECT_EQ(codesOfComposed("a + b c"), "E0201");
}

TEST(Calculus, isNotNestedTooDeeply) {
  std::string sum = "a", product = "a";
  for (int term = 0; term < 10'000; ++term) {
    sum += " + a";
    product = "2*" + product;
  }
  EXPECT_EQ(codesOfComposed(sum), "E0208");
  EXPECT_EQ(codesOfComposed(product), "E0208");
  EXPECT_EQ(codesOfComposed(std::string(10'000, '(') + "a"), "E0208");
}

TEST(Arguments, areTakenOverAnIndexSet) {
  EXPECT_EQ(composed("a[channel](lambda = 1)"), "  use a[channel]\n    argument lambda\n      1\n");
  EXPECT_EQ(composed("a<b>[block 64]"), "  use a[block 64]\n    use b\n");
  for (const char *set : {"row", "col", "tensor", "model", "block 1"})
    EXPECT_EQ(composed(std::string("a[") + set + "]"), std::string("  use a[") + set + "]\n");
  for (const char *set : {"rows", "element", "row, col", "", "3"})
    EXPECT_EQ(codesOfComposed(std::string("a[") + set + "]"), "E0412") << set;
  EXPECT_EQ(codesOfComposed("a[block]"), "E0250");
  EXPECT_EQ(codesOfComposed("a[group]"), "E0916");
  EXPECT_EQ(codesOfComposed("a[row"), "E0203");
}

} // namespace
} // namespace ravine::test
