// Kinds and index sets.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace ast;
using enum IndexSet::Kind;
using enum ValueKind;

/// The type of `text`, with a hyper of every kind and a state `m` in scope.
Type typeOf(const std::string &text) {
  Checked checked = Checked::rule("  hyper k : int = 3\n  hyper b = false\n  hyper mode : enum(mean, sum) = mean\n"
                                  "  state m = 0\n  m' = g\n  let scalar = 2*lr\n  let field = 2*g\n  let x = " +
                                  text + "\n  w' = w");
  EXPECT_FALSE(checked.diagnostics.hasErrors()) << checked.messages();
  return checked.let("x").type;
}

TEST(IndexSets, ofNames) {
  EXPECT_EQ(typeOf("3").set, Model);
  EXPECT_EQ(typeOf("pi").set, Model);
  EXPECT_EQ(typeOf("step").set, Model);
  EXPECT_EQ(typeOf("lr").set, Group);
  EXPECT_EQ(typeOf("t").set, Tensor);
  EXPECT_EQ(typeOf("size").set, Tensor);
  EXPECT_EQ(typeOf("w").set, Element);
  EXPECT_EQ(typeOf("g").set, Element);
  EXPECT_EQ(typeOf("m").set, Element);
  EXPECT_EQ(typeOf("w'").set, Element);
  EXPECT_EQ(typeOf("scalar").set, Group);
  EXPECT_EQ(typeOf("field").set, Element);
}

TEST(IndexSets, theFinestOfTheParts) {
  EXPECT_EQ(typeOf("1 - lr^t").set, Tensor);
  EXPECT_EQ(typeOf("lr*step").set, Group);
  EXPECT_EQ(typeOf("lr*g").set, Element);
  EXPECT_EQ(typeOf("max(1, lr, t)").set, Tensor);
  EXPECT_EQ(typeOf("if b then 1 else 2").set, Group);
  EXPECT_EQ(typeOf("if g > 0 then 1 else 2").set, Element);
  EXPECT_EQ(typeOf("{ let a = g; lr }").set, Group);
  EXPECT_EQ(typeOf("mode == mean").set, Group);
  EXPECT_EQ(typeOf("not (t > 3)").set, Tensor);
}

TEST(Kinds, wholeNumbersStayWhole) {
  for (const char *text : {"3", "k", "t", "step", "size", "k + 2*t", "-k", "abs(k)", "min(k, 2)", "if b then 1 else k"})
    EXPECT_EQ(typeOf(text).kind, Int) << text;
  for (const char *text : {"3.0", "1e3", "lr", "k/2", "2^k", "k + lr", "sqrt(k)", "floor(lr)", "max(k, 0.5)",
                           "if b then 1 else 0.5", "m", "pi"})
    EXPECT_EQ(typeOf(text).kind, Real) << text;
}

TEST(Kinds, comparisonsAreConditions) {
  for (const char *text : {"b", "true", "k < lr", "g == 0", "not b", "b and g > 0", "b == true", "mode != sum",
                           "if b then g > 0 else false"})
    EXPECT_EQ(typeOf(text).kind, Bool) << text;
}

TEST(Kinds, mistakesAreReportedOnce) {
  EXPECT_EQ(Checked::rule("  let c = g > 0\n  let d = c*2\n  let e = d + 1\n  w' = w - lr*e").codes(), "E0401");
  EXPECT_EQ(Checked::rule("  w' = sqrt(w - lr*g, if g then 1 else 2) + q").codes(), "E0301 E0402 E0404");
  EXPECT_EQ(Checked::rule("  state m = true\n  m' = g > 0\n  require lr\n  w' = w - lr*m'").codes(),
            "E0401 E0402 E0401");
}

TEST(Kinds, divisionByAConstantZero) {
  EXPECT_EQ(Checked::rule("  w' = w - lr*g/0").codes(), "E0408");
  EXPECT_EQ(Checked::rule("  w' = w - lr*g/(1/2 - 0.5)").codes(), "E0408");
  EXPECT_EQ(Checked::rule("  w' = w - lr*g/(1/2)").codes(), "");
}

TEST(Creation, onlyWhatIsKnownThen) {
  EXPECT_EQ(Checked::rule("  require lr < pi and not (lr == 1/3)\n  w' = w - g").codes(), "");
  EXPECT_EQ(Checked::rule("  state m = { let a = 2*w; a*lr + pi }\n  m' = g\n  w' = w - m'").codes(), "");
  for (const char *name : {"g", "t", "step", "m", "m'", "w'", "d", "norm[model](w)"}) {
    EXPECT_EQ(Checked::rule(std::string("  let d = lr\n  state m = 0\n  state v = ") + name +
                            "\n  m' = g + d\n  v' = m\n  w' = v' + m'")
                  .codes(),
              "E0505")
        << name;
    EXPECT_EQ(Checked::rule(std::string("  let d = lr\n  state m = 0\n  require 0 < ") + name +
                            "\n  m' = g + d\n  w' = w - m'")
                  .codes(),
              "E0410")
        << name;
  }
  EXPECT_EQ(Checked::rule("  require w < 1\n  w' = w - lr*g").codes(), "E0410");
}

} // namespace
} // namespace ravine::test
