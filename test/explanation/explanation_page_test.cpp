// The page of `ravine explain --html`.
#include "compiler/explanation/Explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

using namespace explanation;
using testing::HasSubstr;
using testing::Not;

std::string page(const std::string &remark, const std::string &source = "optimizer rule {\n  w' = w - g\n}\n") {
  SourceManager sources;
  uint32_t file = sources.add("rule.rvn", source);
  Pass pass{"step_0", "element", {}, {{"%0 = arith.subf %a, %b : f32", 2}, {"%1", 0}}};
  Sweep sweep{"sweep 1", {{"w", 4, 4}, {"g", 4, 0}}, 8, 4, {remark}, {pass}};
  Pass ofRows{"step_2", "row", {{"%lr = sweep.hyper 0", 0}}, {{"%2", 0}}};
  Sweep other{"sweep 2", {{"w", 4, 4}}, 4, 4, {}, {pass, ofRows}};
  Variant variant{"", {"2 sweeps"}, {sweep, other}};
  AssemblyFunction function{"rule_step_0", {{".LBB0_1:", 0, true}, {"vsubps", 2, false}, {"retq", 0, false}}};
  return writeHtml({"rule.rvn", "x86-64-v4", {{file, {{"rule", {variant}, {function}}}}}}, sources);
}

TEST(ExplanationPage, partsOfOneLineShareItsName) {
  std::string text = page("alone");
  EXPECT_THAT(text, HasSubstr("<span class=\"row\" id=\"f0-2\" data-line=\"f0-2\"><span class=\"at\">2</span>"));
  EXPECT_THAT(text, HasSubstr("<span class=\"row\" data-line=\"f0-2\"><a class=\"at\" href=\"#f0-2\">2</a>"
                              "%0 = arith.subf %a, %b : f32</span>"));
  EXPECT_THAT(text,
              HasSubstr("<span class=\"row\" data-line=\"f0-2\"><a class=\"at\" href=\"#f0-2\">2</a>  vsubps</span>"));
}

TEST(ExplanationPage, whatComesFromNoLineHasNone) {
  EXPECT_THAT(page("alone"), HasSubstr("<span class=\"row\"><span class=\"at\"></span>  retq</span>"));
  EXPECT_THAT(page("alone"), HasSubstr("Those without one belong to no single line"));
}

TEST(ExplanationPage, sweepsHaveNumbersAndSymbols) {
  EXPECT_THAT(page("alone"), HasSubstr("<h4>sweep 1 <small>step_0</small></h4>"));
}

TEST(ExplanationPage, passesHaveSymbolsWhereThereAreSeveral) {
  std::string text = page("alone");
  EXPECT_THAT(text, HasSubstr("<h4>sweep 2</h4>"));
  EXPECT_THAT(text, HasSubstr("<h4>pass <small>step_2</small></h4>\n<h4>Once before the pass</h4>"));
  EXPECT_THAT(text, HasSubstr("<h4>For every row</h4>"));
  EXPECT_THAT(text, Not(HasSubstr("Once before the sweep")));
}

TEST(ExplanationPage, bytes) {
  EXPECT_THAT(page("alone"),
              HasSubstr("<tr><td>w</td><td>4</td><td>4</td></tr><tr><td>g</td><td>4</td><td>0</td></tr>"));
  EXPECT_THAT(page("alone"), HasSubstr("<tfoot><tr><td>total</td><td>8</td><td>4</td></tr></tfoot>"));
}

TEST(ExplanationPage, nothingFromOutsideReachesMarkup) {
  std::string text = page("</script><b>&\"", "/// </script><b>&\"'\noptimizer rule { w' = w - g }\n");
  EXPECT_THAT(text, Not(HasSubstr("</script><b>")));
  EXPECT_THAT(text, HasSubstr("&lt;/script&gt;&lt;b&gt;&amp;&quot;"));
}

TEST(ExplanationPage, needsNothingElse) {
  EXPECT_THAT(page("alone"), Not(HasSubstr("http")));
  EXPECT_THAT(page("alone"), Not(HasSubstr("src=")));
}

} // namespace
} // namespace ravine::test
