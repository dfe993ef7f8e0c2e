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
  for (const char *divisor : {"v'", "sqrt(v')", "abs(g)", "root", "g", "w - v", "2*root", "-v'", "sqrt(v')*t", "g^2",
                              "sqrt(abs(w - v))", "{ let a = root; a }"})
    EXPECT_EQ(codesOfDivisionBy(divisor), "W0105") << divisor;
}

TEST(DivisionLint, silentOnWhatIsNot) {
  for (const char *divisor :
       {"sqrt(v') + eps", "safe", "root + c", "max(root, eps)", "max(abs(g), 1)", "clamp(v', 0.1, 1)", "exp(-v')",
        "sqrt(v' + eps)", "lr", "1 - lr^t", "t", "size", "2", "eps*safe", "abs(g) + 1", "g^2 + 1e-12", "cos(g)"})
    EXPECT_EQ(codesOfDivisionBy(divisor), "") << divisor;
}

TEST(DivisionLint, silentWhereTheAuthorAsked) {
  EXPECT_EQ(Checked::rule("  let n = abs(g)\n  w' = w - lr*(if n > 0 then g/n else 0)").codes(), "");
  EXPECT_EQ(Checked::rule("  w' = w - lr*(if g == 0 then 0 else g/abs(g))").codes(), "W0105");
  EXPECT_EQ(Checked::rule("  w' = w - lr*(if abs(g) == 0 then 0 else g/abs(g))").codes(), "");
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
