// Tokens to trees: precedence, lines, declarations, documentation.
#include "test/frontend/Checked.h"

#include <limits>

namespace ravine::test {
namespace {

TEST(Precedence, productsBindTighterThanSums) {
  EXPECT_EQ(structureOf("a + b*c - d/e"), "(- (+ a (* b c)) (/ d e))");
  EXPECT_EQ(structureOf("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(structureOf("a/b*c"), "(* (/ a b) c)");
  EXPECT_EQ(structureOf("(a + b)*c"), "(* (+ a b) c)");
}

TEST(Precedence, powersBindTightestAndToTheRight) {
  EXPECT_EQ(structureOf("a*b^c"), "(* a (^ b c))");
  EXPECT_EQ(structureOf("a^b^c"), "(^ a (^ b c))");
  EXPECT_EQ(structureOf("-a^2"), "(- (^ a 2))");
  EXPECT_EQ(structureOf("2^-10"), "(^ 2 (- 10))");
  EXPECT_EQ(structureOf("2^-a^b"), "(^ 2 (- (^ a b)))");
  EXPECT_EQ(structureOf("m'^2"), "(^ m' 2)");
}

TEST(Precedence, minusBindsTighterThanProducts) {
  EXPECT_EQ(structureOf("-a*b"), "(* (- a) b)");
  EXPECT_EQ(structureOf("a*-b"), "(* a (- b))");
  EXPECT_EQ(structureOf("a - -b"), "(- a (- b))");
}

TEST(Precedence, conditionsBindLoosest) {
  EXPECT_EQ(structureOf("a + b < c*d"), "(< (+ a b) (* c d))");
  EXPECT_EQ(structureOf("a < b and c >= d or e"), "(or (and (< a b) (>= c d)) e)");
  EXPECT_EQ(structureOf("a or b and c"), "(or a (and b c))");
  EXPECT_EQ(structureOf("not a < b"), "(not (< a b))");
  EXPECT_EQ(structureOf("not a and b"), "(and (not a) b)");
  EXPECT_EQ(structureOf("a and not not b"), "(and a (not (not b)))");
}

TEST(Precedence, anIfReachesAsFarAsItCan) {
  EXPECT_EQ(structureOf("if c then a else b + 1"), "(if c a (+ b 1))");
  EXPECT_EQ(structureOf("2*if c then a else b"), "(* 2 (if c a b))");
  EXPECT_EQ(structureOf("if c then if d then 1 else 2 else 3"), "(if c (if d 1 2) 3)");
}

TEST(Lines, anOperatorAtTheEndGoesOn) {
  EXPECT_EQ(structureOf("a +\n  b*\n\n  c"), "(+ a (* b c))");
  EXPECT_EQ(structureOf("\n  a"), "a");
  EXPECT_EQ(structureOf("not\n a"), "(not a)");
}

TEST(Lines, bracketsGoOn) {
  EXPECT_EQ(structureOf("(a\n + b\n)"), "(+ a b)");
  EXPECT_EQ(structureOf("max(a,\n b\n + c)"), "(max a (+ b c))");
}

TEST(Lines, ifsGoOnAtThenAndElse) {
  EXPECT_EQ(structureOf("if c\n then a\n else b"), "(if c a b)");
  EXPECT_EQ(structureOf("if c then\n a else\n b"), "(if c a b)");
  EXPECT_EQ(structureOf("if\n c then a\n else if d then e\n else f"), "(if c a (if d e f))");
}

TEST(Lines, commentsMayStandBetween) {
  EXPECT_EQ(structureOf("a + // first\n // more\n b"), "(+ a b)");
}

TEST(Lines, theNextLineIsAnotherItem) {
  Checked checked = Checked::rule("  state m = 0\n  m' = g\n  w' = w - lr*m'");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(structure(checked.next("m")), "g");
  EXPECT_EQ(structure(checked.next("w")), "(- w (* lr m'))");
}

TEST(Lines, semicolonsSeparate) {
  Checked checked("optimizer rule { hyper lr = 0.1; state m = 0;; m' = g; w' = w - lr*m'; }");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(checked.optimizer().equations.size(), 2u);
}

TEST(Blocks, letsThenAValue) {
  EXPECT_EQ(structureOf("{ let a = 1; let b = 2; a*b }"), "(block 1 2 (* a b))");
  EXPECT_EQ(structureOf("{\n let a = 1 +\n 2\n a\n}"), "(block (+ 1 2) a)");
  EXPECT_EQ(structureOf("{ 1 }"), "(block 1)");
  EXPECT_EQ(structureOf("{ let a = 1\n -a }"), "(block 1 (- a))");
  EXPECT_EQ(structureOf("({\n let a = 1\n a\n} + 2)"), "(+ (block 1 a) 2)");
}

TEST(Spans, coverTheWholeExpression) {
  Checked checked = Checked::rule("  let d = (g + 1)*min(g, 2)\n  w' = w - lr*d");
  EXPECT_EQ(checked.sources.text(checked.let("d").span), "(g + 1)*min(g, 2)");
  const auto *product = checked.let("d").as<ast::Binary>();
  ASSERT_NE(product, nullptr);
  EXPECT_EQ(checked.sources.text(product->left->span), "(g + 1)");
  EXPECT_EQ(checked.sources.text(product->opSpan), "*");
  EXPECT_EQ(checked.sources.text(product->right->as<ast::Call>()->calleeSpan), "min");
}

TEST(Hypers, kindsDefaultsAndRanges) {
  Checked checked("optimizer rule {\n"
                  "  hyper a = 1/4 in [0, 1)\n"
                  "  hyper b : int = 3 in 1..10\n"
                  "  hyper c = false\n"
                  "  hyper d : bool = true\n"
                  "  hyper e : enum(mean, sum) = sum\n"
                  "  hyper f : real = 1% in (-inf, inf)\n"
                  "  hyper h = -2\n"
                  "  w' = w - a*b*f*h*(if c or d or e == mean then g else 0)\n"
                  "}\n");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  auto expectRange = [&](const char *name, double lower, bool isLowerOpen, double upper, bool isUpperOpen) {
    const ast::HyperDecl &hyper = checked.hyper(name);
    EXPECT_EQ(hyper.lower.value, lower) << name;
    EXPECT_EQ(hyper.lower.isOpen, isLowerOpen) << name;
    EXPECT_EQ(hyper.upper.value, upper) << name;
    EXPECT_EQ(hyper.upper.isOpen, isUpperOpen) << name;
  };
  expectRange("a", 0, false, 1, true);
  expectRange("b", 1, false, 10, false);
  expectRange("f", -infinity, true, infinity, true);
  expectRange("h", -infinity, true, infinity, true);
  EXPECT_EQ(checked.hyper("a").kind, ast::ValueKind::Real);
  EXPECT_EQ(checked.hyper("b").kind, ast::ValueKind::Int);
  EXPECT_EQ(checked.hyper("c").kind, ast::ValueKind::Bool);
  EXPECT_EQ(checked.hyper("d").kind, ast::ValueKind::Bool);
  EXPECT_EQ(checked.hyper("e").kind, ast::ValueKind::Enum);
  EXPECT_EQ(checked.hyper("a").defaultValue, 0.25);
  EXPECT_EQ(checked.hyper("b").defaultValue, 3);
  EXPECT_EQ(checked.hyper("c").defaultValue, 0);
  EXPECT_EQ(checked.hyper("d").defaultValue, 1);
  EXPECT_EQ(checked.hyper("e").defaultValue, 1);
  EXPECT_EQ(checked.hyper("f").defaultValue, 0.01);
  EXPECT_EQ(checked.hyper("h").defaultValue, -2);
  EXPECT_EQ(checked.hyper("e").choices, (std::vector<std::string>{"mean", "sum"}));
}

TEST(Documentation, goesToTheDeclarationBelow) {
  Checked checked("/// Plain descent.  @cite Cauchy 1847\n"
                  "/// In two lines.\n"
                  "/// @cite Robbins & Monro 1951\n"
                  "optimizer rule {\n"
                  "  /// the step size\n"
                  "  hyper lr = 0.1\n"
                  "  // not documentation\n"
                  "  /// an average\n"
                  "  state m = 0\n"
                  "  m' = 0.9*m + g\n"
                  "  w' = w - lr*m'\n"
                  "}\n");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(checked.optimizer().doc, "Plain descent.\nIn two lines.");
  EXPECT_EQ(checked.optimizer().citation, "Cauchy 1847; Robbins & Monro 1951");
  EXPECT_EQ(checked.hyper("lr").doc, "the step size");
  EXPECT_EQ(checked.state("m").doc, "an average");
}

TEST(Documentation, belongsToNothingElsewhere) {
  EXPECT_EQ(Checked::rule("  /// a let\n  let d = g\n  w' = w - lr*d").codes(), "W0106");
  EXPECT_EQ(Checked::rule("  w' = w - lr*g\n  /// nothing below").codes(), "W0106");
  EXPECT_EQ(Checked::rule("  w' = w - /// inside\n  lr*g").codes(), "W0106");
}

TEST(Denormals, areKeptWhereTheRuleSaysSo) {
  Checked kept = Checked::rule("  denormals keep\n  w' = w - lr*g");
  EXPECT_EQ(kept.codes(), "") << kept.messages();
  EXPECT_TRUE(kept.optimizer().keepsSubnormals);
  EXPECT_FALSE(Checked::rule("  w' = w - lr*g").optimizer().keepsSubnormals);
  EXPECT_EQ(Checked::rule("  denormals keep; w' = w - lr*g").codes(), "");
  // Of each optimizer by itself.
  Checked two("optimizer a {\n  denormals keep\n  w' = w - g\n}\noptimizer b {\n  w' = w - g\n}\n");
  EXPECT_EQ(two.codes(), "");
  EXPECT_TRUE(two.optimizer(0).keepsSubnormals);
  EXPECT_FALSE(two.optimizer(1).keepsSubnormals);
}

TEST(Denormals, isANameLikeAnyOther) {
  Checked checked =
      Checked::rule("  state denormals = 0\n  denormals' = denormals + g\n  w' = w - lr*\n    denormals*denormals'");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_FALSE(checked.optimizer().keepsSubnormals);
}

TEST(ForeignForms, areReadAsWhatTheyMean) {
  EXPECT_EQ(structure(Checked::rule("  w' = w - lr*|g|").next("w")), "(- w (* lr (abs g)))");
  EXPECT_EQ(structure(Checked::rule("  w' = w - |g - |w||").next("w")).find("abs"), std::string::npos);
  EXPECT_EQ(structure(Checked::rule("  w' = w - (g if lr > 1 else 2*g)").next("w")), "(- w (if (> lr 1) g (* 2 g)))");
  EXPECT_EQ(structure(Checked::rule("  w' = w + g if lr > 1 else w").next("w")), "(if (> lr 1) (+ w g) w)");
  EXPECT_EQ(Checked::rule("  w' = w - 2 if lr > 1 then g else w").codes(), "E0206");
  EXPECT_EQ(Checked::rule("  hyper on = True\n  w' = w - lr*(if on then g else w)").codes(), "E0301");
}

} // namespace
} // namespace ravine::test
