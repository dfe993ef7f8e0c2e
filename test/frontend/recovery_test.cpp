// One mistake gives one message, and the rest of the file is still understood.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

TEST(Recovery, theNextItemIsRead) {
  Checked checked = Checked::rule("  state m = )\n  let d = 2*\n  m' = 0.9*m + g\n  w' = w - lr*m'*d");
  EXPECT_EQ(checked.codes(), "E0202 E0202") << checked.messages();
  EXPECT_EQ(structure(checked.next("w")), "(- w (* (* lr m') d))");
}

TEST(Recovery, aBrokenOptimizerDoesNotHideTheNext) {
  Checked checked("optimizer a {\n  w' = {\n    let x = (1\noptimizer b {\n  w' = w - q\n}\n");
  EXPECT_EQ(checked.codes(), "E0203 E0204 E0301") << checked.messages();
  ASSERT_EQ(checked.module.optimizers.size(), 2u);
  EXPECT_EQ(checked.optimizer(1).name, "b");
}

TEST(Recovery, mistakesInBlocksStayInside) {
  Checked checked = Checked::rule("  let d = {\n    let a = 1 +\n    let b = { 2 ) }\n    a\n  }\n  w' = w - lr*d + q");
  EXPECT_EQ(checked.codes(), "E0202 E0301") << checked.messages();
}

TEST(Recovery, misspeltDeclarationsStillDeclare) {
  EXPECT_EQ(Checked("optimizer rule {\n  hypr lr = 0.1\n  stae m = 0\n  m' = g\n  w' = w - lr*m'\n}\n").codes(),
            "E0212 E0212");
}

TEST(Recovery, assignmentsWithoutPrimeStillDefine) {
  EXPECT_EQ(Checked::rule("  state m = 0\n  m = g\n  d = 2*m'\n  w = w - lr*d").codes(), "E0211 E0211 E0211");
}

TEST(Recovery, aCorrectedLineCountsInsteadOfTheMistake) {
  for (const char *mistake : {"m' := 2*g", "m = 2*g", "m'' = 2*g", "m' += g"}) {
    Checked checked = Checked::rule(std::string("  state m = 0\n  ") + mistake + "\n  m' = g\n  w' = w - lr*m'");
    EXPECT_EQ(checked.diagnostics.errors(), 1u) << checked.messages();
    EXPECT_EQ(structure(checked.next("m")), "g");
    EXPECT_EQ(checked.optimizer().equations.size(), 2u) << mistake;
  }
  EXPECT_EQ(Checked::rule("  w = w - g\n  w' = w - lr*g").codes(), "E0211");
  EXPECT_EQ(Checked::rule("  state m = 0\n  m = g\n  m := 2*g\n  m = 3*g\n  w' = w - lr*m'").codes().find("E0503"),
            std::string::npos);
  // Two sound ones are still two.
  EXPECT_EQ(Checked::rule("  state m = 0\n  m = g\n  m' = g\n  m' = w\n  w' = w - lr*m'").codes(), "E0211 E0503");
}

TEST(Recovery, aBodyInPythonStyleIsOneMistake) {
  EXPECT_EQ(Checked("optimizer sgd:\n  hyper lr = 0.1\n  w' = w - lr*g\n").codes(), "E0201");
  EXPECT_EQ(Checked("optimizer sgd: {\n  hyper lr = 0.1\n  w' = w - q\n}\n").codes(), "E0201 E0301");
}

TEST(Recovery, refusedPartsAreSkippedWhole) {
  Checked checked = Checked::rule("  let n = scatter(g, { )} ])\n"
                                  "  every 10 {\n    n' = (((\n    if } else }\n"
                                  "  w' = w - lr*g");
  EXPECT_EQ(checked.codes().substr(0, 5), "E0918") << checked.messages();
}

TEST(Recovery, namesOfRefusedDeclarationsAreNotReportedAgain) {
  Checked checked("optimizer rule<P: compressor> {\n"
                  "  index k in 1..4\n"
                  "  w' = P(w - helper(g)*k, 1)\n"
                  "}\n"
                  "compressor helper(x) {\n  decode = 2*x\n}\n");
  EXPECT_EQ(checked.codes(), "E0902 E0918 E0902") << checked.messages();
}

TEST(Recovery, lintsAreSilentAboutBrokenRules) {
  EXPECT_EQ(Checked::rule("  state m = 0\n  w' = w - q").codes(), "E0301");
  EXPECT_EQ(Checked::rule("  state m = 0\n  law convex\n  w' = w - g").codes(), "E0222");
}

TEST(Recovery, aMissingUpdateIsNotReportedWhereItWasSkipped) {
  EXPECT_EQ(Checked::rule("  when step > 3 {\n    w' = w - lr*g\n  }").codes(), "E0920");
}

TEST(Depth, deepNestingIsAnErrorOfEveryKind) {
  auto repeated = [](std::string_view text, size_t count) {
    std::string result;
    for (size_t i = 0; i < count; ++i)
      result += text;
    return result;
  };
  constexpr size_t many = 50000;
  EXPECT_EQ(Checked::rule("  w' = " + repeated("(", many)).codes(), "E0208");
  EXPECT_EQ(Checked::rule("  w' = " + repeated("-", many) + "w").codes(), "E0208");
  EXPECT_EQ(Checked::rule("  w' = " + repeated("not ", many) + "w").codes(), "E0208");
  EXPECT_EQ(Checked::rule("  w' = " + repeated("w + ", many) + "w").codes(), "E0208");
  EXPECT_EQ(Checked::rule("  w' = " + repeated("w^", many) + "w").codes(), "E0208");
  EXPECT_EQ(Checked::rule("  w' = " + repeated("abs(", many) + "w").codes(), "E0208");
  EXPECT_EQ(Checked::rule("  w' = " + repeated("if true then ", many) + "w").codes(), "E0208");
  EXPECT_EQ(Checked::rule("  w' = " + repeated("{", many) + "w").codes(), "E0208 E0204");
}

TEST(Depth, ordinaryDepthIsFine) {
  std::string open(100, '(');
  std::string close(100, ')');
  Checked checked = Checked::rule("  w' = w - lr*" + open + "g" + close);
  EXPECT_EQ(checked.codes(), "") << checked.messages();
}

TEST(Depth, longChainsOfLetsAreFine) {
  std::string body = "  let a0 = g\n";
  for (int i = 1; i <= 20000; ++i)
    body += "  let a" + std::to_string(i) + " = a" + std::to_string(i - 1) + " + 1\n";
  Checked checked = Checked::rule(body + "  w' = w - lr*a20000");
  EXPECT_EQ(checked.codes(), "") << checked.diagnostics.errors();
}

} // namespace
} // namespace ravine::test
