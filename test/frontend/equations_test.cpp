// Primes, cycles and what is defined.
#include "test/frontend/Checked.h"

#include <algorithm>

namespace ravine::test {
namespace {

TEST(Equations, orderNeverMatters) {
  const char *lines[] = {"  m' = 0.9*m + g\n", "  let d = m'/2\n", "  w' = w - lr*d\n", "  state m = 0\n"};
  int order[] = {0, 1, 2, 3};
  do {
    std::string body;
    for (int line : order)
      body += lines[line];
    Checked checked = Checked::rule(body);
    EXPECT_EQ(checked.codes(), "") << body << checked.messages();
    EXPECT_EQ(checked.let("d").type.set, ast::IndexSet::Element);
  } while (std::next_permutation(std::begin(order), std::end(order)));
}

TEST(Equations, aStateMayUseItsOldSelfAndTheNextOfOthers) {
  EXPECT_EQ(Checked::rule("  state m = 0\n  state v = 0\n  m' = m + v'\n  v' = v + m + g\n  w' = w - lr*m'").codes(),
            "");
}

TEST(Cycles, areFoundAmongPrimesAndLets) {
  EXPECT_EQ(Checked::rule("  w' = w' - lr*g").codes(), "E0502");
  EXPECT_EQ(Checked::rule("  let a = a + 1\n  w' = w - lr*a").codes(), "E0502");
  EXPECT_EQ(Checked::rule("  let a = b\n  let b = { let c = a; c }\n  w' = w - lr*a").codes(), "E0502");
  EXPECT_EQ(Checked::rule("  state m = 0\n  m' = w' + g\n  w' = w - lr*m'").codes(), "E0502");
}

TEST(Cycles, printTheChainWithANoteForEachLink) {
  Checked checked = Checked::rule("  state m = 0\n  m' = m + d\n  let d = g*w'\n  w' = w - lr*m'");
  ASSERT_EQ(checked.codes(), "E0502") << checked.messages();
  const Diagnostic &cycle = checked.diagnostics.all().front();
  EXPECT_EQ(cycle.message, "cycle: `d` needs `w'` needs `m'` needs `d`");
  ASSERT_EQ(cycle.notes.size(), 2u);
  EXPECT_EQ(cycle.notes[0].message, "`w'` needs `m'` here");
  EXPECT_EQ(cycle.notes[1].message, "`m'` needs `d` here");
  EXPECT_EQ(checked.sources.text(cycle.notes[1].span), "d");
}

TEST(Cycles, twoThatShareNothingAreTwoMessages) {
  EXPECT_EQ(Checked::rule("  let a = b\n  let b = a\n  let c = d\n  let d = c\n  w' = w - lr*a*c").codes(),
            "E0502 E0502");
  EXPECT_EQ(Checked::rule("  let a = b + c\n  let b = a\n  let c = a\n  w' = w - lr*a").codes(), "E0502");
}

TEST(Cycles, throughTheStepBeforeThereAreNone) {
  EXPECT_EQ(Checked::rule("  state m = 0\n  state v = 0\n  m' = v + g\n  v' = m\n  w' = w - lr*m'").codes(), "");
}

TEST(Equations, targets) {
  EXPECT_EQ(Checked::rule("  g' = g\n  w' = w - lr*g").codes(), "E0501");
  EXPECT_EQ(Checked::rule("  rows' = g\n  w' = w - lr*g").codes(), "E0501");
  EXPECT_EQ(Checked::rule("  unknown' = g\n  w' = w - lr*g").codes(), "E0301");
  EXPECT_EQ(Checked::rule("  w' = w\n  w' = w - lr*g").codes(), "E0503");
}

} // namespace
} // namespace ravine::test
