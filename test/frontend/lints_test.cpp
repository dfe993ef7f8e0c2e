// Warnings, and above all where there must be none.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

// Loshchilov & Hutter 2019
constexpr const char *adamw = R"(optimizer adamw {
  hyper lr = 1e-3 in [0, inf)
  hyper beta1 = 0.9 in [0, 1)
  hyper beta2 = 0.999 in [0, 1)
  hyper eps = 1e-8 in (0, inf)
  hyper weight_decay = 0.01 in [0, inf)
  state m = 0
  state v = 0
  m' = beta1*m + (1 - beta1)*g
  v' = beta2*v + (1 - beta2)*g^2
  let mhat = m'/(1 - beta1^t)
  let vhat = v'/(1 - beta2^t)
  w' = w - lr*(mhat/(sqrt(vhat) + eps) + weight_decay*w)
}
)";

// Kingma & Ba 2015, section 2, with the correction in the step size; its eps may be 0.
constexpr const char *adam = R"(optimizer adam {
  hyper lr = 1e-3 in [0, inf)
  hyper beta1 = 0.9 in [0, 1)
  hyper beta2 = 0.999 in [0, 1)
  hyper eps = 1e-8 in [0, inf)
  state m = 0
  state v = 0
  m' = beta1*m + (1 - beta1)*g
  v' = beta2*v + (1 - beta2)*g^2
  let rate = lr*sqrt(1 - beta2^t)/(1 - beta1^t)
  w' = w - rate*m'/(sqrt(v') + eps)
}
)";

constexpr const char *sgd = R"(optimizer sgd {
  hyper lr = 1e-3 in [0, inf)
  hyper momentum = 0 in [0, 1)
  hyper dampening = 0 in [0, 1]
  hyper nesterov = false
  require momentum > 0 or not nesterov
  state b when momentum > 0 = 0
  b' = if t == 1 then g else momentum*b + (1 - dampening)*g
  let d = if momentum > 0
          then if nesterov then g + momentum*b' else b'
          else g
  w' = w - lr*d
}
)";

// Tieleman & Hinton 2012, centred
constexpr const char *rmsprop = R"(optimizer rmsprop {
  hyper lr = 0.01 in [0, inf)
  hyper alpha = 0.99 in [0, 1)
  hyper eps = 1e-8 in (0, inf)
  hyper centered = false
  state v = 0
  state a when centered = 0
  v' = alpha*v + (1 - alpha)*g^2
  a' = alpha*a + (1 - alpha)*g
  let s = if centered then v' - a'^2 else v'
  w' = w - lr*g/(sqrt(s) + eps)
}
)";

// Chen et al. 2023
constexpr const char *lion = R"(optimizer lion {
  hyper lr = 1e-4 in [0, inf)
  hyper beta1 = 0.9 in [0, 1)
  hyper beta2 = 0.99 in [0, 1)
  state m = 0
  m' = beta2*m + (1 - beta2)*g
  w' = w - lr*sign(beta1*m + (1 - beta1)*g)
}
)";

TEST(Lints, silentOnTheUsualOptimizers) {
  for (const char *rule : {adamw, adam, sgd, rmsprop, lion}) {
    Checked checked(rule);
    EXPECT_EQ(checked.codes(), "") << checked.messages();
  }
}

/// The codes of a rule with a state `v` that divides by `divisor`.
std::string codesOfDivisionBy(const std::string &divisor) {
  return Checked(
             "optimizer rule {\n  hyper lr = 0.1\n  hyper eps = 1e-8 in (0, inf)\n  hyper c = 1 in [0, inf)\n"
             "  state v = 0\n  v' = v + g^2\n  let root = sqrt(v')\n  let safe = root + eps\n  let kept = c + safe\n"
             "  w' = w - lr*g/(" +
             divisor + ")*kept\n}\n")
      .codes();
}

TEST(DivisionLint, warnsOfWhatIsOrdinarilyZero) {
  for (const char *divisor : {"v", "v'", "sqrt(v')", "abs(g)", "root", "g", "g - v", "2*root", "-v'", "sqrt(v')*t",
                              "g^2", "sqrt(abs(w - v))", "{ let a = root; a }", "abs(w)", "sqrt(v' + g^2)",
                              "max(root, g)", "min(root, 1)", "clamp(root, 0, 1)", "if c > 1 then root else v'"})
    EXPECT_EQ(codesOfDivisionBy(divisor), "W0105") << divisor;
}

TEST(DivisionLint, silentOnWhatIsNot) {
  for (const char *divisor : {"sqrt(v') + eps",
                              "safe",
                              "root + c",
                              "max(root, eps)",
                              "max(abs(g), 1)",
                              "clamp(v', 0.1, 1)",
                              "exp(-v')",
                              "sqrt(v' + eps)",
                              "lr",
                              "1 - lr^t",
                              "t",
                              "size",
                              "2",
                              "eps*safe",
                              "abs(g) + 1",
                              "g^2 + 1e-12",
                              "cos(g)",
                              "1 - v'",
                              "w - v",
                              "1 - sqrt(v')",
                              "max(v', eps)",
                              "if g > 1 then root else 1"})
    EXPECT_EQ(codesOfDivisionBy(divisor), "") << divisor;
}

TEST(DivisionLint, normsCanBeZero) {
  for (const char *divisor :
       {"norm[model](g)", "norm1[tensor](g)", "norminf[model](v')", "sqrt(sum[tensor](g^2))", "mean[tensor](v')",
        "count[tensor](g > 0)", "dot[model](g, w)", "norm[tensor](w)", "case matrix { norm[tensor](g) } else { 1 }"})
    EXPECT_EQ(codesOfDivisionBy(divisor), "W0105") << divisor;
  for (const char *divisor :
       {"norm[model](g) + eps", "max(norm[tensor](g), eps)", "norm[model](g + 1)", "mean[tensor](exp(g))",
        "if norm[model](g) > 0 then norm[model](g) else 1", "sqrt(sum[tensor](g^2) + eps)", "sum[model](v' + eps)"})
    EXPECT_EQ(codesOfDivisionBy(divisor), "") << divisor;
}

TEST(DivisionLint, scalarStates) {
  // AdaGrad-Norm, Ward, Wu & Bottou 2019: its accumulator begins above 0.
  std::string rule = "  hyper b0 [model] = 0.1 in (0, inf)\n  s' = s + b0*dot[model](g, g)\n  w' = w - lr*g/sqrt(s')\n";
  EXPECT_EQ(Checked::rule("  state s [model] = b0^2\n" + rule).codes(), "");
  EXPECT_EQ(Checked::rule("  state s [model] = 0\n" + rule).codes(), "W0105");
}

TEST(LargeNumberLint, whereNumbersMeetElements) {
  for (const char *value : {"g*1e39", "g + (1e300*2)", "if g > 0 then 1e39 else g", "1e39/(g^2 + 1)", "-1e39 - g"})
    EXPECT_EQ(Checked::rule(std::string("  w' = w - lr*(") + value + ")").codes().substr(0, 5), "W0108") << value;
  for (const char *value : {"g*3e38", "g*(1e39*1e-39)", "min(g, 1e39)", "if g < 1e300 then g else w", "g/1e300",
                            "lr*1e300/1e300*g", "sum[model](g)*1e39/1e39"})
    EXPECT_EQ(Checked::rule(std::string("  w' = w - lr*(") + value + ")").codes(), "") << value;
}

TEST(DivisionLint, silentWhereTheAuthorAsked) {
  EXPECT_EQ(Checked::rule("  let n = abs(g)\n  w' = w - lr*(if n > 0 then g/n else 0)").codes(), "");
  EXPECT_EQ(Checked::rule("  w' = w - lr*(if g == 0 then 0 else g/abs(g))").codes(), "");
  EXPECT_EQ(Checked::rule("  w' = w - lr*(if w == 0 then 0 else g/abs(g))").codes(), "W0105");
  EXPECT_EQ(Checked::rule("  let safe = abs(g) > 0\n  w' = w - lr*(if safe then g/abs(g) else 0)").codes(), "");
  EXPECT_EQ(codesOfDivisionBy("if v' > 0 then g/sqrt(v') else 1"), "");
  EXPECT_EQ(Checked::rule("  w' = w - lr*(if abs(g) == 0 then 0 else g/abs(g))").codes(), "");
}

/// Of a rule whose state `u` has the equation `next` and which divides by `divisor`.
Checked divisionByState(const std::string &initial, const std::string &next, const std::string &divisor) {
  return Checked::rule("  hyper beta = 0.9 in [0, 1)\n  hyper eps = 1e-8 in (0, inf)\n  state u = " + initial +
                       "\n  u' = " + next + "\n  w' = w - lr*eps*beta*g/(" + divisor + ")");
}

TEST(DivisionLint, looksThroughPrimes) {
  // AdaMax, Kingma & Ba 2015, section 7.1, with and without its stabiliser
  EXPECT_EQ(divisionByState("0", "max(beta*u, abs(g) + eps)", "u'").codes(), "");
  EXPECT_EQ(divisionByState("0", "max(beta*u, abs(g))", "u'").codes(), "W0105");
  EXPECT_EQ(divisionByState("0", "beta*u + (1 - beta)*(g^2 + eps)", "sqrt(u')").codes(), "");
  EXPECT_EQ(divisionByState("0", "beta*u + (1 - beta)*g^2", "sqrt(u')").codes(), "W0105");
  // Adagrad with an initial accumulator
  EXPECT_EQ(divisionByState("0.1", "u + g^2", "sqrt(u')").codes(), "");
}

TEST(DivisionLint, suggestsThePrimeThatIsMissing) {
  using testing::HasSubstr;
  using testing::Not;
  EXPECT_THAT(divisionByState("0", "max(beta*u, abs(g) + eps)", "u").messages(), HasSubstr("did you mean `u'`?"));
  EXPECT_THAT(divisionByState("0", "u + g^2 + eps", "sqrt(u)").messages(), HasSubstr("did you mean `u'`?"));
  EXPECT_THAT(divisionByState("0", "u + g^2", "u").messages(), Not(HasSubstr("did you mean")));
}

TEST(DivisionLint, largeTreesOfLetsCostLittle) {
  std::string body = "  let a0 = abs(g)\n";
  for (int i = 1; i <= 60; ++i) {
    std::string last = "a" + std::to_string(i - 1);
    body += "  let a" + std::to_string(i) + " = sqrt(" + last + "*" + last + ")\n";
  }
  // Warned or not: it ends.
  Checked checked = Checked::rule(body + "  w' = w - lr*g/a60");
  EXPECT_EQ(checked.diagnostics.errors(), 0u) << checked.messages();
}

TEST(PythonKeywords, ofHypersAndStatesOnly) {
  EXPECT_EQ(Checked::rule("  hyper lambda = 1\n  let is = g\n  w' = w - lr*lambda*is").codes(), "W0107");
  EXPECT_EQ(Checked::rule("  hyper λ = 1\n  state as = 0\n  as' = as + g\n  w' = w - lr*λ*as'").codes(), "W0107 W0107");
  EXPECT_EQ(Checked::rule("  hyper lambda_ = 1\n  hyper match = 1\n  w' = w - lr*lambda_*match").codes(), "");
}

TEST(UnusedLints, metricsAndViewsUseWhatTheyShow) {
  EXPECT_EQ(Checked::rule("  metric n = norm[model](g)\n  w' = w - lr*g").codes(), "");
  EXPECT_EQ(Checked::rule("  state z = w\n  z' = z - g\n  view eval = z\n  w' = w - lr*g").codes(), "");
  EXPECT_EQ(Checked::rule("  let n = norm[model](g)\n  metric from = n\n  w' = w - lr*g").codes(), "W0107");
}

TEST(UnusedLints, whatCountsAsUse) {
  EXPECT_EQ(Checked::rule("  require lr < 1\n  w' = w - g").codes(), "");
  EXPECT_EQ(Checked::rule("  state m = 0\n  m' = m + g\n  w' = w - lr*m").codes(), "");
  EXPECT_EQ(Checked::rule("  state m = 0\n  state v = 0\n  m' = v + g\n  v' = m\n  w' = w - lr*g").codes(), "");
  EXPECT_EQ(Checked::rule("  state m = 0\n  w' = w - lr*g").codes(), "W0102");
  EXPECT_EQ(Checked::rule("  state m = w\n  w' = w - lr*m").codes(), "W0104");
}

} // namespace
} // namespace ravine::test
