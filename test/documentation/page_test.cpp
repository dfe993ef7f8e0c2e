// The page of an optimizer.
#include "compiler/documentation/OptimizerPage.h"
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace documentation;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string pageOf(const std::string &body, std::vector<Cost> costs = {}) {
  Checked checked("optimizer rule {\n" + body + "\n}\n");
  EXPECT_FALSE(checked.diagnostics.hasErrors()) << checked.messages();
  return writeMarkdown(describe({checked.optimizer(), std::move(costs)}, checked.sources));
}

TEST(Page, equationsThenWhatTheyUse) {
  EXPECT_THAT(pageOf("  let unused = g\n  let d = 2*e\n  let e = g\n  w' = w - d"),
              HasSubstr("$$\n\\begin{aligned}\nw_{t} &= w_{t-1} - d\n\\end{aligned}\n$$\n\nwhere\n\n"
                        "$$\n\\begin{aligned}\nd &= 2 e \\\\\ne &= g_{t}\n\\end{aligned}\n$$\n"));
}

TEST(Page, letsOfBlocksAreListedToo) {
  EXPECT_THAT(pageOf("  w' = w - { let s = 2*g; s^2 }"), HasSubstr("w_{t} &= w_{t-1} - s^{2}"));
  EXPECT_THAT(pageOf("  w' = w - { let s = 2*g; s^2 }"), HasSubstr("s &= 2 g_{t}\n"));
}

TEST(Page, optionalStatesHaveACondition) {
  EXPECT_THAT(pageOf("  hyper momentum = 0.9 in [0, 1)\n  state b when momentum > 0 = 0\n  b' = momentum*b + g\n"
                     "  w' = w - (if momentum > 0 then b' else g)"),
              HasSubstr("b_{t} &= \\mu b_{t-1} + g_{t} && \\text{if } \\mu > 0"));
}

TEST(Page, hypersHaveKindsDefaultsAndRanges) {
  std::string page = pageOf("  /// How far.\n  hyper lr = 1e-3 in [0, inf)\n  hyper k : int = 3 in 1..10\n"
                            "  hyper fast = false\n  hyper mode : enum(mean, sum) = sum\n"
                            "  w' = w - lr*k*(if fast and mode == mean then g else w)");
  EXPECT_THAT(page,
              HasSubstr("| name | symbol | kind | default | range | per | meaning |\n|---|---|---|---|---|---|---|\n"
                        "| `lr` | $\\eta$ | real | `1e-3` | \\[0, ∞) | parameter group | How far. |\n"
                        "| `k` | $k$ | int | `3` | \\[1, 10\\] | parameter group |  |\n"
                        "| `fast` | $\\mathrm{fast}$ | bool | `false` |  | parameter group |  |\n"
                        "| `mode` | $\\mathrm{mode}$ | one of mean, sum | `sum` |  | parameter group |  |\n"));
}

TEST(Page, statesBeginSomewhere) {
  EXPECT_THAT(pageOf("  /// The mean.\n  state u = w\n  u' = (u + w')/2\n  w' = w - g"),
              HasSubstr("## States\n\n| name | symbol | one per | at first | meaning |\n|---|---|---|---|---|\n"
                        "| `u` | $u$ | element | $u_{0} = w_{0}$ | The mean. |\n"));
  EXPECT_THAT(pageOf("  state n [model] = 1\n  n' = n + 1\n  w' = w - g/n"), HasSubstr("| `n` | $n$ | model |"));
}

TEST(Page, letsOfInitialValuesAreListedToo) {
  EXPECT_THAT(pageOf("  state u = { let s = 2*w; s^2 }\n  u' = g\n  w' = w - u'"),
              AllOf(HasSubstr("$u_{0} = s^{2}$"),
                    HasSubstr("where, at first,\n\n$$\n\\begin{aligned}\ns &= 2 w_{0}\n\\end{aligned}\n$$\n")));
}

TEST(Page, emptySectionsAreLeftOut) {
  std::string page = pageOf("  w' = w - g");
  for (const char *section : {"## Hyperparameters", "## States", "## Metrics", "## Views", "## Cost", "where"})
    EXPECT_THAT(page, Not(HasSubstr(section))) << section;
}

TEST(Page, metricsAndViews) {
  EXPECT_THAT(pageOf("  /// Its length.\n  metric grad_norm = norm[model](g)\n  w' = w - g"),
              HasSubstr("| `grad_norm` | model | $\\lVert g_{t} \\rVert_{2,\\mathrm{model}}$ | Its length. |\n"));
  // A view is computed from what the step left, and its lets with it.
  EXPECT_THAT(pageOf("  state z = w\n  z' = z - g\n  let middle = w + z\n  view eval = middle/2\n  w' = z'"),
              HasSubstr("| `eval` | $\\frac{w_{t} + z_{t}}{2}$ |"));
}

TEST(Page, longViewsKeepTheirLets) {
  std::string body = "  state z = w\n  z' = z - g\n  w' = z'\n  let v0 = w + z\n";
  for (int i = 1; i < 60; ++i)
    body += "  let v" + std::to_string(i) + " = v" + std::to_string(i - 1) + "*v" + std::to_string(i - 1) + "\n";
  EXPECT_THAT(pageOf(body + "  view eval = v59/2\n"),
              AllOf(HasSubstr("| `eval` | $\\frac{v_{59}}{2}$, all of it as the step left it |"),
                    HasSubstr("v_{59} &= v_{58} v_{58}")));
}

TEST(Page, predefinedNamesAreExplainedWhereTheyAreUsed) {
  EXPECT_THAT(pageOf("  w' = w - g/step"),
              AllOf(HasSubstr("\n$\\mathrm{step}$ counts the steps that the optimizer has made, this one included.\n"),
                    Not(HasSubstr("$t$ counts"))));
  EXPECT_THAT(pageOf("  w' = w - g/t/rank"),
              AllOf(HasSubstr("\n$t$ counts the steps in which the tensor took part"),
                    HasSubstr("\n$\\mathrm{rank}$ is the number of axes of the tensor.\n"),
                    Not(HasSubstr("$\\mathrm{step}$"))));
  EXPECT_THAT(pageOf("  state b when matrix = 0\n  b' = g\n  w' = w - (case matrix { b' } else { g/size })"),
              AllOf(HasSubstr("\n$\\mathrm{matrix}$ says whether the tensor has rows and columns"),
                    HasSubstr("\n$\\mathrm{size}$ is the number of elements of the tensor.\n")));
}

TEST(Page, requirements) {
  EXPECT_THAT(pageOf("  hyper a = 1\n  hyper b = 2\n  require a < b\n  w' = w - a*b*g"),
              HasSubstr("satisfy\n\n- $a < b$\n"));
}

TEST(Page, costs) {
  std::vector<Cost> costs = {
      {.conditions = {{"momentum > 0", false}}, .isDefault = false, .sweeps = 1, .bytes = 12, .bytesCached = 12},
      {.conditions = {{"momentum > 0", true}},
       .isDefault = true,
       .sweeps = 2,
       .bytes = 20.5,
       .bytesCached = 20,
       .stateBytes = 4}};
  EXPECT_THAT(
      pageOf("  w' = w - g", costs),
      HasSubstr("| not `momentum > 0` | 1 | 12 | 12 | 0 |\n| `momentum > 0` (the default) | 2 | 20.5 | 20 | 4 |\n"));
}

TEST(Page, theIndexLinksToEveryPage) {
  Checked checked("/// Descends. Slowly.\noptimizer one { w' = w - g }\noptimizer index { w' = w + g }\n");
  std::vector<Documented> all;
  for (const auto &optimizer : checked.module.optimizers)
    all.push_back({*optimizer, {{.conditions = {}, .sweeps = 1, .bytes = 12}}});
  EXPECT_EQ(writeMarkdown(describeAll(all, {}, checked.sources)),
            "# Optimizers\n\n| optimizer | what it does | bytes a step moves | bytes of state |\n"
            "|---|---|---|---|\n| [one](one.md) | Descends. | 12 | 0 |\n"
            "| [index](index-optimizer.md) |  | 12 | 0 |\n\n"
            "Bytes are per parameter, in the precision f32, with the default hyperparameters.\n");
}

} // namespace
} // namespace ravine::test
