// Wrong penalties, sets and parts: what is wrong is said once, where it is, and in words that fit.
#include "test/elaboration/Elaborated.h"

namespace ravine::test {
namespace {

const std::string l1 = R"(
penalty l1(x) {
  hyper lambda = 1 in [0, inf)
  value = lambda*sum(abs(x))
  prox(tau) = sign(x)*max(abs(x) - tau*lambda, 0)
  law convex
}
penalty hard(x) {
  prox(tau) = if abs(x) > tau then x else 0
}
penalty flipped<P: penalty with convex>(x) { prox(tau) = x - P.prox(x, tau) }
)";

std::string codesOf(const std::string &text) {
  return Elaborated(text + "\n").codes();
}

std::string messagesOf(const std::string &text) {
  return Elaborated(text + "\n").messages();
}

TEST(WrongPenalties, areNotSpokenOfAsMetrics) {
  std::string value = messagesOf("penalty p(x) { value = abs(x) }");
  EXPECT_THAT(value, testing::HasSubstr("error[E0507]: the value of a penalty differs from element to element\n"
                                        " --> rule.rvn:1:24\n"));
  EXPECT_THAT(value, testing::HasSubstr("such as `sum(…)`"));
  std::string contains = messagesOf("set s(x) { project = max(x, 0); contains(tolerance) = x >= -tolerance }");
  EXPECT_THAT(contains,
              testing::HasSubstr("error[E0507]: whether the argument lies in the set differs from element to element\n"
                                 " --> rule.rvn:1:55\n"));
  EXPECT_THAT(contains, testing::HasSubstr("such as `all(…)`"));
}

TEST(WrongPenalties, whoseHypersHaveNoNames) {
  EXPECT_EQ(codesOf("set s(x) { hyper (1); project = x }"), "E0201");
  EXPECT_EQ(codesOf("set s(x) { hyper a = b\n project = x\n hyper (1, a/2)\n }"), "E0201 E0603");
}

TEST(WrongPenalties, areNotLookedForAmongOptimizers) {
  EXPECT_THAT(messagesOf("optimizer o { w' = w - sgd.grad(w) }"), testing::Not(testing::HasSubstr("std.optimizers")));
  EXPECT_THAT(messagesOf("optimizer o { w' = w - ridge.grad(w) }"), testing::HasSubstr("`import std.prox: ridge`"));
}

TEST(WrongPenalties, areWrongWhereTheyAreWritten) {
  EXPECT_EQ(codesOf("penalty p(x) { value = 0; prox(tau) = x > 0 }"), "E0401");
  EXPECT_THAT(messagesOf("set s(x) { project = max(x, 0); contains(tolerance) = 3 }"),
              testing::HasSubstr("rule.rvn:1:55\n"));
}

TEST(WrongPenalties, areToldWhatALawNeeds) {
  EXPECT_THAT(messagesOf("set s(x) { project = max(x, 0); law projection }"),
              testing::HasSubstr("it has no `contains`\nhint: write `contains(tolerance) = …`, or delete the law"));
  EXPECT_THAT(messagesOf("penalty p(x) { prox(tau) = x; law minimizes }"),
              testing::HasSubstr("it has no `value`\nhint: write `value = …`, or delete the law"));
  EXPECT_THAT(messagesOf("penalty p(x) { value = sum(x^2); law nonexpansive }"),
              testing::HasSubstr("it has no `prox`\nhint: write `prox(tau) = …`, or delete the law"));
  EXPECT_THAT(messagesOf("penalty p(x) { value = sum(x^2); law gradient }"),
              testing::HasSubstr("it has no `grad`\nhint: write `grad = …`, or delete the law"));
  EXPECT_THAT(messagesOf("penalty p(x) { grad = 2*x; law gradient }"),
              testing::HasSubstr("it has no `value`\nhint: write `value = …`, or delete the law"));
  EXPECT_THAT(messagesOf("set s(x) { project = max(x, 0); law minimizes }"),
              testing::HasSubstr("it is no penalty\nhint: write `law projection`"));
  EXPECT_THAT(messagesOf("penalty p(x) { prox(tau) = x; law idempotent }"),
              testing::HasSubstr("it is no set\nhint: delete it"));
}

TEST(WrongPenalties, areToldWhereTheirArgumentIsKnown) {
  for (const char *item : {"let y = x", "require x > 0", "law quadratic(x, 0)"})
    EXPECT_THAT(messagesOf("penalty p(x) { hyper a = 1; " + std::string(item) + "; prox(tau) = a*x }"),
                testing::HasSubstr("error[E0323]: the penalty `p` cannot use its argument here\n"));
}

TEST(WrongPenalties, areNotToldToGoOverWhatTheyCannot) {
  const std::string use = "optimizer o<P: penalty> { w' = P.prox(w, 1) }\noptimizer whole = o<p>";
  EXPECT_THAT(messagesOf("penalty p(x) { prox(tau) = x*norm(x) }\n" + use), testing::HasSubstr("`p[channel]`"));
  std::string search = messagesOf("penalty p(x) { prox(tau) = x - clamp(x, 0, kth_largest(abs(x), 2)) }\n" + use);
  EXPECT_THAT(search, testing::HasSubstr("E0352"));
  EXPECT_THAT(search, testing::Not(testing::HasSubstr("channel")));
}

TEST(WrongPenalties, withoutANameSayNothingMore) {
  EXPECT_EQ(codesOf("penalty g(x) { prox(tau) = x*w }"), "E0304");
}

TEST(WrongPenalties, areLookedAtInPolynomialTime) {
  std::string chain = "penalty p0(x) { value = sum(abs(x)); prox(tau) = x }\n";
  for (int level = 1; level <= 60; ++level) {
    std::string inner = "p" + std::to_string(level - 1);
    chain += "penalty p" + std::to_string(level) + "(x) { value = " + inner + ".value(x); prox(tau) = " + inner +
             ".prox(" + inner + ".prox(x, tau), tau) }\n";
  }
  EXPECT_THAT(codesOf(chain), testing::StartsWith("E0332"));
}

TEST(WrongPenalties, withTheNameOfSomethingElseAreReportedOnce) {
  EXPECT_EQ(codesOf("penalty a(x) { prox(tau) = x }\noptimizer a { w' = w - g }\nfn a(x) = x"), "E0303 E0303");
}

TEST(WrongParts, haveNamesOfTheirOwn) {
  EXPECT_EQ(codesOf(l1 + "optimizer o<P: penalty, P: penalty> { w' = P.prox(w - g, 1) }"), "E0303");
  EXPECT_EQ(codesOf(l1 + "penalty o<P: penalty, P: penalty>(x) { prox(tau) = P.prox(x, tau) }"), "E0303");
}

TEST(WrongParts, areNotUnusedWhereTheirUseIsRefused) {
  EXPECT_EQ(codesOf(l1 + "optimizer o<P: penalty> { w' = P.prox[row](w, 1) }"), "E0258");
}

TEST(WrongParts, areReportedOnceWithTheirDefaults) {
  EXPECT_EQ(codesOf(l1 + "optimizer o<P: penalty = l1> { w' = P.project(w - g) }"), "E0354");
}

TEST(WrongParts, cannotBeDefaultsOfEachOther) {
  EXPECT_THAT(messagesOf(l1 + "optimizer o<P: penalty = l1, Q: penalty = flipped<P>> { w' = P.prox(Q.prox(w, 1), 1) }"),
              testing::HasSubstr("error[E0320]: a default cannot use the parameter `P`\n"));
}

TEST(WrongLaws, areLookedAtWithWhatTheyName) {
  EXPECT_EQ(codesOf(l1 + "penalty p(x) { prox(tau) = x; law agrees_with(l1(lambda = tau)) }"), "E0301");
  EXPECT_EQ(codesOf(l1 + "penalty p(x) { prox(tau) = x; law agrees_with(flipped<hard>) }"), "E0351");
  EXPECT_EQ(codesOf(l1 + "penalty p(x) { prox(tau) = x; law agrees_with(q) }\n"
                         "penalty q(x) { hyper a = 1; prox(tau) = x*a; law agrees_with(p) }"),
            "");
}

} // namespace
} // namespace ravine::test
