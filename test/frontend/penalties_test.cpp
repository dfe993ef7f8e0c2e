// Penalties, sets and their laws: tokens to trees.
#include "test/frontend/Parsed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

using namespace ast;
using testing::HasSubstr;

/// The codes of a penalty with a value and the items `body`.
std::string codesOfBody(const std::string &body) {
  return codesOf("penalty p(x) {\n  hyper lambda = 1 in [0, inf)\n  value = lambda*sum(abs(x))\n" + body + "\n}\n");
}

TEST(Penalties, areWrittenOut) {
  EXPECT_EQ(treeOf("export penalty l1(x) {\n  hyper lambda = 1 in [0, inf)\n  require lambda < 10\n  let s = 2*lambda\n"
                   "  value = lambda*sum(abs(x))\n  prox(step_size) = x\n  grad = lambda*sign(x)\n  law convex\n}\n"),
            "export penalty l1(x)\n  hyper lambda [group] : real = 0 in [0, inf)\n"
            "  require\n    <\n      lambda\n      10\n  let s\n    *\n      2\n      lambda\n"
            "  value\n    *\n      lambda\n      reduction sum[]\n        call abs\n          x\n"
            "  prox(step_size)\n    x\n  grad\n    *\n      lambda\n      call sign\n        x\n  law convex\n");
  EXPECT_EQ(
      treeOf("set box(x) {\n  project = clamp(x, -1, 1)\n  contains(tolerance) = norminf(x) <= 1 + tolerance\n}\n"),
      "set box(x)\n  project\n    call clamp\n      x\n      negate\n        1\n      1\n"
      "  contains(tolerance)\n    <=\n      reduction norminf[]\n        x\n      +\n        1\n        tolerance\n");
}

TEST(Penalties, mayBeDocumented) {
  Parsed parsed("/// Sparse.  @cite Tibshirani 1996\npenalty l1(x) {\n  /// Strength.\n  hyper lambda = 1\n"
                "  value = lambda*norm1(x)\n}\n");
  EXPECT_EQ(parsed.codes(), "");
  const PenaltyDecl &penalty = *parsed.module.penalties.at(0);
  EXPECT_EQ(penalty.doc, "Sparse.");
  EXPECT_EQ(penalty.citation, "Tibshirani 1996");
  EXPECT_EQ(penalty.hypers.at(0)->doc, "Strength.");
  EXPECT_EQ(parsed.sources.text(penalty.nameSpan), "l1");
  EXPECT_EQ(parsed.sources.text(penalty.argumentSpan), "x");
  EXPECT_EQ(parsed.sources.text(penalty.valueSpan), "value");
}

TEST(Penalties, foldTheirArgumentWithoutAnIndexSet) {
  // Elsewhere `max` without one is elementwise.
  EXPECT_THAT(treeOf("penalty p(x) {\n  value = max(abs(x)) + max(x, 0)\n}\n"),
              testing::AllOf(HasSubstr("reduction max[]"), HasSubstr("call max")));
  EXPECT_THAT(treeOf("penalty p(x) {\n  value = quantile(x, 0.5)\n}\n"), HasSubstr("reduction quantile[]"));
  EXPECT_THAT(treeOf("penalty p(x) {\n  value = norm(x)\n}\nfn f(x) = max(x, 1)\nfn h(x) = max(x)\n"),
              HasSubstr("fn h\n  parameter x\n  value\n    call max"));
}

TEST(Penalties, haveOneArgument) {
  for (const char *argument : {"", "()", "(x, y)", "(2)", "(x = 1)"})
    EXPECT_EQ(codesOf(std::string("penalty p") + argument + " {\n  value = 1\n}\n"), "E0251") << argument;
  EXPECT_EQ(codesOf("penalty p(w) {\n  value = 1\n}\n"), "E0304");
  EXPECT_EQ(codesOf("penalty p[row](x) {\n  value = sum(x)\n}\n"), "E0412");
  EXPECT_EQ(codesOf("penalty (x) {\n  value = sum(x)\n}\nlet y = 1\n"), "E0201");
  EXPECT_EQ(codesOf("penalty p(x {\n  value = sum(x)\n}\nlet y = 1\n"), "E0203");
}

TEST(Penalties, definitionsHaveTheirForm) {
  EXPECT_EQ(codesOfBody("  prox(tau) = x/tau"), "");
  for (const char *prox :
       {"prox = x/tau", "prox(x, tau) = x/tau", "prox() = x/tau", "prox(tau) { x/tau }", "prox(2) = x"})
    EXPECT_EQ(codesOfBody(std::string("  ") + prox), "E0252") << prox;
  EXPECT_EQ(codesOfBody("  grad(x) = x"), "E0252");
  EXPECT_EQ(codesOfBody("  prox(w) = x"), "E0304");
  EXPECT_EQ(codesOfBody("  value = sum(x)"), "E0231");
  EXPECT_EQ(codesOfBody("  prox(tau) = x\n  prox(s) = 2*x"), "E0231");
  EXPECT_EQ(codesOfBody("  project = x"), "E0253");
  EXPECT_EQ(codesOfBody("  projct = x"), "E0253");
  EXPECT_EQ(codesOfBody("  proxx(tau) = x"), "E0212");
  EXPECT_EQ(codesOfBody("  gradient = x"), "E0212");
  EXPECT_EQ(codesOfBody("  half = lambda/2"), "E0211");
  EXPECT_EQ(codesOfBody("  prox(tau) =\n  law convex"), "E0202");
  for (const char *item : {"state m = 0", "metric n = 1", "w' = x", "view v = x", "skip when true", "zero g"})
    EXPECT_EQ(codesOfBody(std::string("  ") + item), "E0222") << item;
}

TEST(Penalties, needWhatTheyAreFor) {
  EXPECT_EQ(codesOf("penalty p(x) {\n  law convex\n}\n"), "E0254");
  EXPECT_EQ(codesOf("set s(x) {\n  contains(e) = norm(x) < e\n}\n"), "E0254");
  EXPECT_EQ(codesOf("penalty p(x) {\n  prox(tau) = x\n}\n"), "");
  EXPECT_EQ(codesOf("set s(x) {\n  project = x\n  value = 0\n}\n"), "E0253");
}

TEST(Penalties, wordsAreNamesElsewhere) {
  EXPECT_EQ(codesOf("optimizer x {\n  let prox = g\n  let value = w\n  let law = 2\n  let penalty = law*3\n"
                    "  let set = penalty\n  let project = set + prox\n  w' = w - value*project\n}\n"),
            "");
  EXPECT_EQ(codesOf("test \"t\" {\n  use sgd\n  w = [1]\n  g = [1]\nset lr = 0.1\n  expect w' == [1]\n}\n"), "");
  EXPECT_EQ(codesOf("penalty value(x) {\n  hyper prox = 1\n  value = prox*sum(x)\n}\n"), "");
}

TEST(Penalties, standOutside) {
  EXPECT_EQ(codesOf("optimizer x {\n  w' = g\n  penalty p(x) {\n    value = 1\n  }\n}\n").substr(0, 5), "E0222");
  EXPECT_EQ(codesOf("optimizer x {\n  w' = g\n  prox(tau) = g\n  law convex\n}\n"), "E0222 E0222");
  EXPECT_EQ(codesOf("penelty p(x) {\n  value = 1\n}\n"), "E0212");
  EXPECT_EQ(codesOf("regularizer p(x) {\n  value = 1\n}\n"), "E0212");
  EXPECT_EQ(codesOf("let y = 1\npenalty p(x) {\n  value = 1\n"), "E0204");
}

TEST(Laws, areWordsWithWhatTheyNeed) {
  EXPECT_EQ(
      treeOf("penalty p<P: penalty, Q: set>(x) {\n  prox(tau) = x\n  law convex when P convex\n"
             "  law separable; law nonexpansive\n  law minimizes\n  law gradient\n  law idempotent when Q idempotent\n"
             "  law quadratic(2, 0)\n  law conjugate(box(radius = 2))\n  law agrees_with(2*q)\n  law projection\n}\n"),
      "penalty p(x)\n  part P : penalty\n  part Q : set\n  prox(tau)\n    x\n  law convex when P convex\n"
      "  law separable\n  law nonexpansive\n  law minimizes\n  law gradient\n  law idempotent when Q idempotent\n"
      "  law quadratic\n    2\n    0\n  law conjugate\n    use box\n      argument radius\n        2\n"
      "  law agrees_with\n    times\n      2\n      use q\n  law projection\n");
}

TEST(Laws, thatAreMalformedAreLeftOut) {
  for (const char *law :
       {"law", "law 2", "law convx", "law unbiased(2)", "law convex()", "law convex(1)", "law quadratic",
        "law quadratic(1)", "law quadratic(1, 2, 3)", "law conjugate", "law agrees_with", "law conjugate(3)",
        "law conjugate()", "law is convex", "law convex when", "law convex when P", "law convex when P convex"}) {
    Parsed parsed(std::string("penalty p(x) {\n  prox(tau) = x\n  ") + law + "\n  grad = x\n}\n");
    EXPECT_EQ(parsed.codes(), "E0255") << law;
    EXPECT_TRUE(parsed.module.penalties.at(0)->laws.empty()) << law;
    EXPECT_NE(parsed.module.penalties.at(0)->gradient, nullptr) << law;
  }
  EXPECT_EQ(codesOfBody("  law convex\n  law convex"), "E0231");
  EXPECT_EQ(codesOfBody("  law agrees_with(a)\n  law agrees_with(b)"), "");
  EXPECT_EQ(codesOfBody("  law conjugate(2*a)\n  law agrees_with((a + b))"), "");
  EXPECT_EQ(codesOfBody("  law convex, separable"), "E0255");
  EXPECT_EQ(codesOfBody("  law conjugate(3 + a)"), "E0224");
}

} // namespace
} // namespace ravine::test
