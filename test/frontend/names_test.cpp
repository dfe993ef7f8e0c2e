// What names stand for.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace ast;

const Name &nameIn(const Expr &expr) {
  return *expr.as<Name>();
}

TEST(Names, pointAtTheirDeclarations) {
  Checked checked = Checked::rule("  state m = lr\n  let a = lr\n  let b = m\n  let c = m'\n  let d = a\n  let e = g\n"
                                  "  m' = b + c*0 + d + e\n  w' = w - a*m'");
  EXPECT_EQ(std::get<const HyperDecl *>(nameIn(checked.let("a")).symbol), &checked.hyper("lr"));
  EXPECT_EQ(std::get<const StateDecl *>(nameIn(checked.let("b")).symbol), &checked.state("m"));
  EXPECT_FALSE(nameIn(checked.let("b")).isPrimed);
  EXPECT_TRUE(nameIn(checked.let("c")).isPrimed);
  EXPECT_EQ(std::get<const LetDecl *>(nameIn(checked.let("d")).symbol), checked.optimizer().lets[0].get());
  EXPECT_EQ(std::get<Predefined>(nameIn(checked.let("e")).symbol), Predefined::Gradient);
  EXPECT_EQ(std::get<const HyperDecl *>(nameIn(*checked.state("m").initial).symbol), &checked.hyper("lr"));
}

TEST(Names, targetsOfEquations) {
  Checked checked = Checked::rule("  state m = 0\n  m' = g\n  w' = w - lr*m'");
  EXPECT_EQ(std::get<const StateDecl *>(checked.optimizer().equations[0].symbol), &checked.state("m"));
  EXPECT_EQ(std::get<Predefined>(checked.optimizer().equations[1].symbol), Predefined::Parameter);
}

TEST(Names, greekAndSpelledOutAreOne) {
  Checked checked("optimizer rule {\n  hyper β1 = 0.9\n  w' = w - beta1*g\n}\n");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(checked.optimizer().hypers[0]->name, "beta1");
}

TEST(Names, blocksHaveTheirOwn) {
  Checked checked = Checked::rule("  let a = { let x = g; x + lr }\n  let b = { let x = w; x }\n  w' = a + b");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(Checked::rule("  let a = { let x = g; x }\n  w' = a + x").codes(), "E0301");
  EXPECT_EQ(Checked::rule("  let a = { let lr = g; lr }\n  w' = a").codes(), "E0303");
  EXPECT_EQ(Checked::rule("  let a = { let b = { let x = g; x }; let x = b; x }\n  w' = a - lr").codes(), "");
}

TEST(Names, choicesAreFoundBesideTheirEnum) {
  Checked checked("optimizer rule {\n  hyper mode : enum(mean, lr) = mean\n  hyper lr = 0.1\n"
                  "  let a = mode == lr\n  let b = mean != mode\n  w' = if a and b then w - lr*g else w\n}\n");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  const auto &a = *checked.let("a").as<Binary>();
  EXPECT_EQ(std::get<EnumChoice>(nameIn(*a.right).symbol).index, 1u);
  EXPECT_EQ(std::get<EnumChoice>(nameIn(*a.right).symbol).hyper, &checked.hyper("mode"));
  EXPECT_EQ(std::get<const HyperDecl *>(nameIn(*a.left).symbol), &checked.hyper("mode"));
  const auto &b = *checked.let("b").as<Binary>();
  EXPECT_EQ(std::get<EnumChoice>(nameIn(*b.left).symbol).index, 0u);
}

TEST(Names, functionsAreNoNames) {
  Checked checked = Checked::rule("  let max = 2\n  let norm = 3\n  w' = w - lr*max(g, max)*norm");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
}

TEST(SameExpression, comparesTreesAndMeanings) {
  Checked checked = Checked::rule("  state m = 0\n  let a = lr*g > 0\n  let b = (lr * g) > 0.0\n  let c = g*lr > 0\n"
                                  "  let d = m\n  let e = m'\n  let f = max(g, 1)\n  let h = max(g, 1)\n"
                                  "  m' = if a and b and c then d else f*h\n  w' = w - e");
  EXPECT_TRUE(isSameExpression(checked.let("a"), checked.let("b")));
  EXPECT_FALSE(isSameExpression(checked.let("a"), checked.let("c")));
  EXPECT_FALSE(isSameExpression(checked.let("d"), checked.let("e")));
  EXPECT_TRUE(isSameExpression(checked.let("f"), checked.let("h")));
}

} // namespace
} // namespace ravine::test
