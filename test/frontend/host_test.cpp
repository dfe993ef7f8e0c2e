// What a rule shows the host, metrics and views, and what it does with gradients that are not finite.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace ast;

TEST(Metrics, areNumbersOfTheModelOrOfTensors) {
  Checked checked = Checked::rule("  state s [model] = 0\n  s' = s + norm[model](g)\n"
                                  "  /// how long the gradient is\n  metric a = s'\n  metric b = norm[tensor](g)\n"
                                  "  metric c = lr\n  w' = w - lr*g");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(checked.metric("a").type.set, IndexSet::Model);
  EXPECT_EQ(checked.metric("b").type.set, IndexSet::Tensor);
  EXPECT_EQ(checked.metric("c").type.set, IndexSet::Group);
  EXPECT_EQ(checked.optimizer().metrics.front()->doc, "how long the gradient is");
  EXPECT_EQ(Checked::rule("  metric a = g\n  w' = w - lr*g").codes(), "E0507");
  EXPECT_EQ(Checked::rule("  metric a = any[model](g > 1)\n  w' = w - lr*g").codes(), "E0401");
}

std::string codesOfView(const std::string &value) {
  return Checked::rule("  hyper role [tensor] = 1\n  state z = w\n  state v when matrix = 0\n  state s [model] = 0\n"
                       "  z' = z - role*g\n  v' = v + g\n  s' = s + norm[model](g)\n"
                       "  let kept = w - z/2\n  let seen = kept + 2*g\n  let deep = 2*seen\n  view eval = " +
                       value + "\n  w' = w - lr*(z' + s' + deep + (case matrix { v' } else { g }))")
      .codes();
}

TEST(Views, useWhatIsLeftOfAStep) {
  for (const char *value :
       {"w", "z", "(w - (1 - lr)*z)/lr*role", "kept + s", "z/t + step/size", "case matrix { v } else { w }",
        "w*norm[tensor](w)", "w - mean[row](z)", "{ let a = z - w; if a > 0 then a else 0 }", "1"})
    EXPECT_EQ(codesOfView(value), "") << value;
  for (const char *value :
       {"g", "z'", "w'", "seen", "deep", "s*norm[model](w - z)", "norm[tensor](g)", "{ let a = z'; 2*a }"})
    EXPECT_EQ(codesOfView(value), "E0508") << value;
  EXPECT_EQ(codesOfView("v"), "E0701");
  EXPECT_EQ(codesOfView("w > 0"), "E0401");
}

TEST(Views, eachSaysWhatItCannotUse) {
  EXPECT_EQ(Checked::rule("  let d = 2*g\n  view a = d\n  view b = d\n  w' = w - lr*d").codes(), "E0508 E0508");
}

TEST(MetricsAndViews, haveNamesLikeAllOthers) {
  EXPECT_EQ(Checked::rule("  metric lr = step\n  w' = w - lr*g").codes(), "E0303");
  EXPECT_EQ(Checked::rule("  metric a = step\n  view a = w\n  w' = w - lr*g").codes(), "E0303");
  EXPECT_EQ(Checked::rule("  metric size = step\n  w' = w - lr*g").codes(), "E0304");
  EXPECT_EQ(Checked::rule("  metric a = step\n  w' = w - lr*a*g").codes(), "E0308");
  EXPECT_EQ(Checked::rule("  view a = w\n  metric b = norm[model](a)\n  w' = w - lr*g").codes(), "E0308");
  EXPECT_EQ(Checked::rule("  metric a = step\n  a' = g\n  w' = w - lr*g").codes(), "E0501");
}

TEST(MetricsAndViews, areWordsOnlyWhereItemsBegin) {
  Checked checked = Checked::rule("  state view = 0\n  let metric = 2*view\n  view' = metric + g\n  w' = w - lr*\n"
                                  "    view*view'");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(Checked("metric a = 1\noptimizer rule {\n  w' = w - g\n}\n").codes(), "E0218");
}

TEST(NonFinite, policies) {
  auto policyOf = [](const std::string &item) {
    Checked checked = Checked::rule(item + "\n  w' = w - lr*g");
    EXPECT_EQ(checked.codes(), "") << checked.messages();
    return checked.optimizer().nonFinite;
  };
  EXPECT_EQ(policyOf(""), NonFinite::Propagate);
  EXPECT_EQ(policyOf("  nonfinite propagate"), NonFinite::Propagate);
  EXPECT_EQ(policyOf("  nonfinite skip"), NonFinite::Skip);
  EXPECT_EQ(policyOf("  nonfinite error"), NonFinite::Error);
  EXPECT_EQ(Checked::rule("  nonfinite skip\n  nonfinite skip\n  w' = w - lr*g").codes(), "E0221");
  EXPECT_EQ(Checked::rule("  nonfinite raise\n  w' = w - lr*g").codes(), "E0221");
  Checked two("optimizer a {\n  nonfinite skip\n  w' = w - g\n}\noptimizer b {\n  w' = w - g\n}\n");
  EXPECT_EQ(two.optimizer(1).nonFinite, NonFinite::Propagate);
}

} // namespace
} // namespace ravine::test
