// `case`: a choice that is made at creation.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace ast;

std::string codesOf(const std::string &value, const std::string &items = "") {
  return Checked::rule("  hyper adaptive = false\n  hyper role [tensor] = 1\n" + items + "  let d = " + value +
                       "\n  w' = w - lr*role*d*(if adaptive then 1 else 2)")
      .codes();
}

TEST(Cases, areValues) {
  EXPECT_EQ(structureOf("case matrix { a } else { b }"), "(case matrix (block a) (block b))");
  EXPECT_EQ(structureOf("2*case rank > 2 and a {\n let c = 1\n c + 1\n}\nelse {\n b\n} + 1"),
            "(+ (* 2 (case (and (> rank 2) a) (block 1 (+ c 1)) (block b))) 1)");
  EXPECT_EQ(structureOf("case matrix { case rank == 3 { a } else { b } } else { c }"),
            "(case matrix (block (case (== rank 3) (block a) (block b))) (block c))");
}

TEST(Cases, varyLikeTheFinestOfTheirParts) {
  Checked checked = Checked::rule("  let a = case matrix { 1 } else { 2 }\n  let b = case lr > 1 { g } else { 2 }\n"
                                  "  let c = case lr > 1 { 1 } else { 0.5 }\n  w' = w - lr*a*b*c");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(checked.let("a").type.set, IndexSet::Tensor);
  EXPECT_EQ(checked.let("a").type.kind, ValueKind::Int);
  EXPECT_EQ(checked.let("b").type.set, IndexSet::Element);
  EXPECT_EQ(checked.let("c").type.set, IndexSet::Group);
  EXPECT_EQ(checked.let("c").type.kind, ValueKind::Real);
}

TEST(Cases, areDecidedAtCreation) {
  for (const char *condition : {"matrix", "rank == 4 or size > 100", "adaptive and lr > 1", "not matrix",
                                "{ let big = size > 3; big and matrix }"})
    EXPECT_EQ(codesOf(std::string("case ") + condition + " { g } else { 2*g }"), "") << condition;
  for (const char *condition : {"t > 1", "step > 1", "w > 0", "role > 1", "any[model](g > 1)"})
    EXPECT_EQ(codesOf(std::string("case ") + condition + " { g } else { 2*g }"), "E0410") << condition;
  EXPECT_EQ(codesOf("{ let c = g > 0; case c { g } else { w } }"), "E0410");
  EXPECT_EQ(codesOf("case lr { g } else { w }"), "E0402");
  EXPECT_EQ(codesOf("case matrix { g } else { true }"), "E0403");
}

TEST(Cases, beginStatesButRelateNoHypers) {
  auto codes = [](const std::string &item) { return Checked::rule(item + "\n  w' = w - lr*g").codes(); };
  std::string use = "\n  m' = m + g\n  view eval = m";
  EXPECT_EQ(codes("  state m = case matrix { w } else { 1 }" + use), "");
  EXPECT_EQ(codes("  state m = case t > 1 { w } else { 1 }" + use), "E0410");
  EXPECT_EQ(codes("  state m = case matrix { g } else { 1 }" + use), "E0505");
  EXPECT_EQ(codes("  state m [model] = case matrix { 2 } else { 1 }\n  m' = step\n  view eval = m"), "E0506");
  EXPECT_EQ(codes("  require case matrix { lr > 1 } else { lr > 2 }"), "E0410");
  EXPECT_EQ(codes("  require case lr > 3 { lr > 4 } else { lr > -1 }"), "");
}

TEST(Cases, incompleteOnes) {
  EXPECT_EQ(codesOf("case matrix { g }"), "E0213");
  EXPECT_EQ(codesOf("case matrix g else w"), "E0206 E0213");
  EXPECT_EQ(codesOf("case { g } else { w }"), "E0213");
  EXPECT_EQ(Checked::rule("  case matrix {\n    w' = w - lr*g\n  } else {\n    w' = w - g\n  }\n").codes().substr(0, 5),
            "E0201");
}

TEST(Cases, guardOptionalStates) {
  std::string state = "  state v when matrix and adaptive = 0\n  v' = v + g\n";
  EXPECT_EQ(codesOf("case matrix and adaptive { v' } else { g }", state), "");
  EXPECT_EQ(codesOf("case matrix { case adaptive { v' } else { g } } else { g }", state), "");
  EXPECT_EQ(codesOf("case not (matrix and adaptive) { g } else { v' }", state), "");
  EXPECT_EQ(codesOf("case matrix { v' } else { g }", state), "E0701");
  EXPECT_EQ(codesOf("case matrix and adaptive { g } else { v' }", state), "E0701");
}

TEST(Cases, shareTheLimitOfConditions) {
  std::string states = "  state a when rank > 0 = 0\n  state b when rank > 1 = 0\n  a' = g\n  b' = g\n";
  auto choice = [](int rank) { return "(case rank > " + std::to_string(rank) + " { g } else { w })"; };
  auto codes = [&](const std::string &value) {
    std::string all = codesOf(value + " + (if rank > 0 then a else 1) + (if rank > 1 then b else 1)", states);
    return all;
  };
  // Six conditions have 64 outcomes.
  std::string six = choice(0) + "+" + choice(1) + "+" + choice(2) + "+" + choice(3) + "+" + choice(4) + "+" + choice(5);
  EXPECT_EQ(codes(six + "+" + choice(5)), "");
  EXPECT_EQ(codes(six + "+" + choice(6)), "E0702");
}

} // namespace
} // namespace ravine::test
