// Where an optional state may be used.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

/// The codes of a rule with `state b when momentum > 0` and `state c when momentum > 0 and centered`, whose equation of
/// `w` uses `value`.
std::string codesOf(const std::string &value, const std::string &more = "") {
  Checked checked = Checked::rule("  hyper momentum = 0.9\n  hyper centered = false\n"
                                  "  state b when momentum > 0 = 0\n"
                                  "  state c when momentum > 0 and centered = 0\n"
                                  "  b' = momentum*b + g\n  c' = c + b'\n" +
                                  more + "  w' = w - lr*(" + value + ")");
  std::string codes;
  for (const Diagnostic &diagnostic : checked.diagnostics.all())
    if (diagnostic.severity() == Severity::Error)
      codes += (codes.empty() ? "" : " ") + std::string(spelling(diagnostic.code));
  return codes;
}

TEST(OptionalStates, guardedByTheSameCondition) {
  EXPECT_EQ(codesOf("if momentum > 0 then b' else g"), "");
  EXPECT_EQ(codesOf("if (momentum) > 0.0 then b else g"), "");
  EXPECT_EQ(codesOf("if not (momentum > 0) then g else b'"), "");
  EXPECT_EQ(codesOf("if lr > 1 and (momentum > 0 and centered) then b' + c' else g"), "");
  EXPECT_EQ(codesOf("if momentum > 0 then if centered then c' else b' else g"), "");
  EXPECT_EQ(codesOf("if not (momentum > 0) or lr > 1 then g else b'"), "");
}

TEST(OptionalStates, notGuarded) {
  EXPECT_EQ(codesOf("b'"), "E0701");
  EXPECT_EQ(codesOf("if momentum > 0 then g else b'"), "E0701");
  EXPECT_EQ(codesOf("if momentum >= 0 then b' else g"), "E0701");
  EXPECT_EQ(codesOf("if momentum > 0 or centered then b' else g"), "E0701");
  EXPECT_EQ(codesOf("if momentum > 0 then c' else g"), "E0701");
  EXPECT_EQ(codesOf("if b > 0 and momentum > 0 then g else g"), "E0701");
  EXPECT_EQ(codesOf("(if momentum > 0 then b' else g) + b"), "E0701");
}

TEST(OptionalStates, aLetIsGuardedByWhatIsInsideIt) {
  EXPECT_EQ(codesOf("if momentum > 0 then d else g", "  let d = 2*b'\n"), "E0701");
  EXPECT_EQ(codesOf("d", "  let d = if momentum > 0 then { let e = b'; 2*e } else g\n"), "");
}

TEST(OptionalStates, equationsOfStatesWithTheSameCondition) {
  EXPECT_EQ(codesOf("if momentum > 0 then d' else g", "  state d when momentum > 0 = 0\n  d' = b' + b\n"), "");
  EXPECT_EQ(codesOf("d'", "  state d = 0\n  d' = b'\n"), "E0701");
  EXPECT_EQ(codesOf("if centered then d' else g", "  state d when centered = 0\n  d' = b'\n"), "E0701");
}

TEST(OptionalStates, areNotKnownToExistForAllThatAReductionOverTheModelFolds) {
  EXPECT_EQ(codesOf("if momentum > 0 then g*norm[model](b') else g"), "E0701");
  EXPECT_EQ(codesOf("g*norm[model](if momentum > 0 then b' else 0)"), "");
  EXPECT_EQ(codesOf("if momentum > 0 then g*norm[tensor](b') else g"), "");
  EXPECT_EQ(codesOf("if momentum > 0 then { let e = 2*b'; g*norm[model](e) } else g"), "E0701");
  // What is the same for the whole model holds inside as well.
  std::string ofTheModel = "  hyper keep [model] = false\n  state d when keep = 0\n  d' = d + g\n";
  EXPECT_EQ(codesOf("if keep then g*norm[model](d') else g", ofTheModel), "");
}

TEST(OptionalStates, brokenConditionsAreReportedOnce) {
  EXPECT_EQ(codesOf("d", "  state d when lr = 0\n  d' = g\n"), "E0402");
  EXPECT_EQ(codesOf("d", "  state d when unknown > 0 = 0\n  d' = g\n"), "E0301");
}

} // namespace
} // namespace ravine::test
