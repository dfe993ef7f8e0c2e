// Constants and the ranges that they are held against.
#include "test/frontend/Checked.h"

#include "compiler/frontend/Constants.h"

#include <cmath>
#include <numbers>

namespace ravine::test {
namespace {

std::optional<double> valueOf(const std::string &text) {
  Checked checked = Checked::rule("  let x = " + text + "\n  w' = w - x");
  return constantValue(checked.let("x"));
}

TEST(Constants, operatorsAndFunctions) {
  EXPECT_EQ(valueOf("1/3"), 1.0 / 3);
  EXPECT_EQ(valueOf("2^-10"), 0x1p-10);
  EXPECT_EQ(valueOf("1%"), 0.01);
  EXPECT_EQ(valueOf("-(2 + 3*4)"), -14);
  EXPECT_EQ(valueOf("2*pi"), 2 * std::numbers::pi);
  EXPECT_EQ(valueOf("sqrt(2)"), std::sqrt(2.0));
  EXPECT_EQ(valueOf("max(1, 3, 2) - min(4, 5)"), -1);
  EXPECT_EQ(valueOf("clamp(7, -1, 1)"), 1);
  EXPECT_EQ(valueOf("round(2.5)"), 2); // to even
  EXPECT_EQ(valueOf("sign(-3)"), -1);
}

TEST(Constants, choicesAndBlocks) {
  EXPECT_EQ(valueOf("if 3 > 2 and not (1 == 2) then 5 else 7"), 5);
  EXPECT_EQ(valueOf("{ let a = 2; let b = a + 1; a*b }"), 6);
}

TEST(Constants, nothingElse) {
  EXPECT_EQ(valueOf("lr"), std::nullopt);
  EXPECT_EQ(valueOf("2*t"), std::nullopt);
  EXPECT_EQ(valueOf("if lr > 1 then 1 else 2"), std::nullopt);
  EXPECT_EQ(valueOf("abs(g)"), std::nullopt);
}

/// The codes for one hyper `x` that is declared as `declaration` and used.
std::string codesOf(const std::string &declaration) {
  return Checked("optimizer rule {\n  hyper x " + declaration + "\n  w' = w - x*g\n}\n").codes();
}

TEST(Ranges, endsThatBelongAndThatDoNot) {
  EXPECT_EQ(codesOf("= 0 in [0, 1)"), "");
  EXPECT_EQ(codesOf("= 1 in [0, 1)"), "E0601");
  EXPECT_EQ(codesOf("= 0 in (0, 1]"), "E0601");
  EXPECT_EQ(codesOf("= 1 in (0, 1]"), "");
  EXPECT_EQ(codesOf("= 1 in 0..1"), "");
  EXPECT_EQ(codesOf("= 1e300 in [0, inf)"), "");
  EXPECT_EQ(codesOf("= -1 in (-inf, 0)"), "");
  EXPECT_EQ(codesOf("= 0.25 in [1/8, 2^-1]"), "");
  EXPECT_EQ(codesOf("= 5 in 1..inf"), "");
}

TEST(Ranges, emptyOnes) {
  EXPECT_EQ(codesOf("= 1 in [1, 1]"), "");
  EXPECT_EQ(codesOf("= 1 in [1, 1)"), "E0602");
  EXPECT_EQ(codesOf("= 1 in 2..1"), "E0602");
  EXPECT_EQ(codesOf(": int = 1 in (0, 1)"), "E0602");
  EXPECT_EQ(codesOf(": int = 1 in (0, 2)"), "");
  EXPECT_EQ(codesOf(": int = 1 in (0, inf)"), "");
}

TEST(Ranges, ofWholeNumbers) {
  EXPECT_EQ(codesOf(": int = 4/2 in 1..3"), "");
  EXPECT_EQ(codesOf(": int = 3/2 in 1..3"), "E0604");
  EXPECT_EQ(codesOf(": int = 1 in 1..3.5"), "E0604");
}

TEST(Defaults, areConstantsOfTheirType) {
  EXPECT_EQ(codesOf("= 0/0 + 1"), "E0603");
  EXPECT_EQ(codesOf("= log(0)"), "E0603");
  EXPECT_EQ(codesOf("= unknown"), "E0603");
  EXPECT_EQ(codesOf(": real = false"), "E0605");
}

} // namespace
} // namespace ravine::test
