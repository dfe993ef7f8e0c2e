// The page of a penalty or a set, and where pages are listed.
#include "compiler/documentation/OptimizerPage.h"
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace documentation;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string pageOf(const std::string &declaration) {
  Checked checked(declaration);
  EXPECT_FALSE(checked.diagnostics.hasErrors()) << checked.messages();
  return writeMarkdown(describe({*checked.module.penalties.at(0), "page"}, checked.sources));
}

std::string display(const std::string &equations) {
  return "$$\n\\begin{aligned}\n" + equations + "\n\\end{aligned}\n$$\n";
}

TEST(PenaltyPage, saysWhatItIsAndWhoseItIs) {
  EXPECT_THAT(pageOf("/// The lasso.  @cite Tibshirani 1996\npenalty l1(x) { prox(tau) = x }"),
              testing::StartsWith("# l1\n\nThe lasso.\n\nSource: Tibshirani 1996\n\n## Definition\n\n"));
}

TEST(PenaltyPage, foldsNameNoIndexSet) {
  EXPECT_THAT(pageOf("penalty p(x) { hyper lambda = 1\n value = lambda*sum(abs(x)) + norm1(x) + norm(x) + dot(x, x) }"),
              HasSubstr(display(
                  "\\mathrm{p} (x) &= \\lambda \\left( \\sum \\lvert x \\rvert \\right) + \\lVert x \\rVert_{1} + "
                  "\\lVert x \\rVert_{2} + \\langle x, x \\rangle")));
}

TEST(PenaltyPage, eachDefinitionHasItsOwnLets) {
  EXPECT_THAT(
      pageOf("penalty p(x) {\n  value = { let n = norm(x); n^2 }\n  prox(tau) = { let n = norm1(x); n*x/tau }\n}"),
      HasSubstr(display("\\mathrm{p} (x) &= n^{2}") + "\nwhere\n\n" + display("n &= \\lVert x \\rVert_{2}") + "\n" +
                display("\\mathrm{prox}_{\\tau} (x) &= \\frac{n x}{\\tau}") + "\nwhere\n\n" +
                display("n &= \\lVert x \\rVert_{1}")));
}

TEST(PenaltyPage, setsHaveProjections) {
  std::string page = pageOf("set box(y) {\n  hyper high = 1\n  let low = -high\n  project = clamp(y, low, high)\n"
                            "  contains(tolerance) = norminf(y) <= high + tolerance\n}");
  EXPECT_THAT(page,
              AllOf(HasSubstr("\\mathrm{project} (y) &= "),
                    HasSubstr("\\mathrm{contains}_{\\mathrm{tolerance}} (y) &= \\lVert y \\rVert_{\\infty} \\le "
                              "\\mathrm{high} + \\mathrm{tolerance}"),
                    HasSubstr("where\n\n" + display("\\mathrm{low} &= -\\mathrm{high}")), Not(HasSubstr("prox_"))));
}

TEST(PenaltyPage, partsAreAskedWithTheirStep) {
  std::string page = pageOf("penalty scaled<P: penalty with convex, S: set>(x) {\n  hyper c = 1\n"
                            "  value = c*P.value(x)\n  prox(tau) = P.prox(S.project(x), c*tau)\n}");
  EXPECT_THAT(page, AllOf(HasSubstr("A penalty that is built from others:\n\n- `P`, a penalty that declares `convex`\n"
                                    "- `S`, a set\n"),
                          HasSubstr("&= c \\, \\mathrm{P} (x)"),
                          HasSubstr("&= \\mathrm{prox}_{\\mathrm{P},c \\tau} (\\mathrm{project}_{\\mathrm{S}} (x))")));
}

TEST(PenaltyPage, hypersAreThoseOfTheSource) {
  EXPECT_THAT(
      pageOf("penalty p(x) {\n  /// How much.\n  hyper lambda = 1 in [0, inf)\n  hyper k [model] : int = 2 in 1..9\n"
             "  prox(tau) = x\n}"),
      AllOf(HasSubstr("| `lambda` | $\\lambda$ | real | `1` | `[0, inf)` | parameter group | How much. |\n"
                      "| `k` | $k$ | int | `2` | `1..9` | model |  |\n"),
            HasSubstr("has them as `P.lambda` and so on.")));
}

TEST(PenaltyPage, lawsArePromises) {
  EXPECT_THAT(pageOf("penalty p<P: penalty>(x) {\n  hyper c = 1\n  value = c*sum(x^2)/2\n  law convex when P convex\n"
                     "  law quadratic(c, 0)\n}"),
              AllOf(HasSubstr("| `convex when P convex` | It is convex. |\n"
                              "| `quadratic(c, 0)` | The value is ρ/2·‖x − c‖², of these ρ and c. |\n"),
                    HasSubstr("They are tested, not proved.")));
  EXPECT_THAT(pageOf("penalty p(x) { prox(tau) = x }"), Not(HasSubstr("Laws")));
}

TEST(PenaltyPage, namesShowWhatTheyAre) {
  EXPECT_THAT(pageOf("penalty strong = 2*l1"), HasSubstr("It is `2*l1`."));
}

TEST(PenaltyPage, isListedBehindOptimizers) {
  Checked checked(
      "optimizer one { w' = w - g }\n/// The lasso. It pulls.\npenalty l1<P: penalty>(x) {\n  prox(tau) = x\n"
      "  law convex\n  law separable when P separable\n}\nset all(x) { project = x }\n");
  std::vector<DocumentedPenalty> penalties = {{*checked.module.penalties.at(0), "l1"},
                                              {*checked.module.penalties.at(1), "all-set"}};
  std::string table = "| name | kind | what it is | laws |\n|---|---|---|---|\n"
                      "| [l1](l1.md) | penalty | The lasso. | convex, separable |\n| [all](all-set.md) | set |  |  |\n";
  EXPECT_EQ(writeMarkdown(describeAll({}, penalties, checked.sources)), "# Penalties and sets\n\n" + table);
  std::vector<Documented> optimizers;
  optimizers.push_back({*checked.module.optimizers.at(0), {}});
  EXPECT_THAT(writeMarkdown(describeAll(optimizers, penalties, checked.sources)),
              AllOf(testing::StartsWith("# Optimizers\n\n"), testing::EndsWith("\n## Penalties and sets\n\n" + table)));
}

} // namespace
} // namespace ravine::test
