// What declarations are built from, and what they ask of it: tokens to trees.
#include "test/frontend/Parsed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

using namespace ast;

TEST(GenericParameters, haveAKindLawsAndADefault) {
  EXPECT_EQ(
      treeOf("optimizer x<P: penalty with convex, separable = 2*l1, S: set with projection, phi: fn, "
             "inner: optimizer = sgd(lr = 1)> {\n  w' = inner(w, g)\n}\n"),
      "optimizer x\n  part P : penalty with convex, separable\n    times\n      2\n      use l1\n"
      "  part S : set with projection\n  part phi : fn\n  part inner : optimizer\n    use sgd\n      argument lr\n"
      "        1\n  equation w'\n    call inner\n      w\n      g\n");
  EXPECT_EQ(treeOf("penalty scaled<P: penalty>(x) {\n  prox(tau) = P.prox(x, 2*tau)\n}\n"),
            "penalty scaled(x)\n  part P : penalty\n  prox(tau)\n    call P.prox\n      x\n      *\n        2\n"
            "        tau\n");
  EXPECT_EQ(treeOf("optimizer y = x<\n  a,\n  b\n>\n"), treeOf("optimizer y = x<a, b>\n"));
}

TEST(GenericParameters, thatAreMalformed) {
  auto codesOfGenerics = [](const std::string &generics) {
    return codesOf("optimizer x<" + generics + "> {\n  w' = w\n}\n");
  };
  for (const char *generics : {"P", "P: penalti", "P: metric", "lr: real", "inner: optimizer with convex",
                               "phi: fn with convex", "P: penalty with", "P: schedule"})
    EXPECT_EQ(codesOfGenerics(generics), "E0256") << generics;
  EXPECT_EQ(codesOfGenerics("P: penalty with convx"), "E0255");
  EXPECT_EQ(codesOfGenerics("C: compressor with contractive"), "E0902");
  EXPECT_EQ(codesOfGenerics("w: penalty"), "E0304");
  EXPECT_EQ(codesOfGenerics("abs: fn"), "E0304");
  EXPECT_EQ(codesOfGenerics("P: penalty ="), "E0224");
  EXPECT_EQ(codesOfGenerics("2: penalty"), "E0201");
  EXPECT_EQ(codesOf("optimizer x<P: penalty {\n  w' = w\n}\n").substr(0, 5), "E0203");
}

TEST(Members, areCalls) {
  Parsed parsed("optimizer x<P: penalty, S: set> {\n  let a = P.value(w) + P.grad(w)\n"
                "  w' = if S.contains(w, 1e-3) then P.prox(S.project(w), 1) else a\n}\n");
  EXPECT_EQ(parsed.codes(), "");
  const auto *choice = parsed.module.optimizers.at(0)->equations.at(0).value->as<If>();
  ASSERT_NE(choice, nullptr);
  const auto *prox = choice->thenValue->as<Call>();
  ASSERT_NE(prox, nullptr);
  EXPECT_EQ(prox->callee, "P.prox");
  EXPECT_EQ(parsed.sources.text(prox->calleeSpan), "P.prox");
  EXPECT_EQ(prox->arguments.size(), 2u);
  EXPECT_EQ(choice->condition->as<Call>()->callee, "S.contains");
}

TEST(Members, areThoseThereAre) {
  auto codesOfValue = [](const std::string &value) {
    return codesOf("optimizer x<P: penalty> {\n  w' = w - " + value + "\n}\n");
  };
  for (const char *value :
       {"P.proxx(w, 1)", "P.prox", "P.lambda", "P.conv.prox(w, 1)", "P.prox.x", "P.T", "P.lambda(3)"})
    EXPECT_EQ(codesOfValue(value), "E0258") << value;
  EXPECT_EQ(codesOfValue("P.prox(w, tau = 1)"), "E0217");
  // Of what is no part, the elaboration says what it thinks.
  EXPECT_EQ(codesOfValue("Q.prox(w, 1)"), "");
  EXPECT_EQ(codesOfValue("h.grad(w)"), "");
  for (const char *value : {"Q.gradient(w)", "Q.proximal(w, 1)", "Q.proj(w)", "Q.prox", "Q.grad"})
    EXPECT_EQ(codesOfValue(value), "E0258") << value;
  for (const char *value : {"s.a", "Q.lambda", "h.loss(w)", "g.old", "w.clone()"})
    EXPECT_EQ(codesOfValue(value), "E0927") << value;
  EXPECT_EQ(codesOfValue("np.max(g)"), "E0302");
}

TEST(Members, areAskedOfNames) {
  auto codesOfValue = [](const std::string &value) { return codesOf("optimizer x {\n  w' = w - " + value + "\n}\n"); };
  for (const char *value :
       {"l1(lambda = 2).prox(w, 1)", "l1(2).value(w)", "ball[row].project(w)", "ball[block 64](radius = 2).project(w)",
        "scaled<l1>.prox(w, 1)", "scaled<l1>[row](2).value(w)", "(2*l1).prox(w, 1)", "(l1 + ridge).value(w)"})
    EXPECT_EQ(codesOfValue(value), "E0258") << value;
  // Comparisons, products and reductions are what they were.
  for (const char *value : {"(if w < g then w else g)", "norm[row](w)*(w)", "max(w, g)"})
    EXPECT_EQ(codesOfValue(value), "") << value;
  // However long an argument is, and wherever in it a penalty is asked.
  std::string sum = "w";
  for (int terms = 2; terms < 150; ++terms) {
    sum += " + w";
    EXPECT_EQ(codesOf("penalty l1(x) { prox(tau) = x }\noptimizer o { w' = max(" + sum + ", l1.prox(w, 1)) }\n"), "")
        << terms;
  }
  // What is no penalty is not offered a name as one.
  for (const char *value : {"(w - g).prox(w, 1)", "norm(w).prox(w, 1)"}) {
    const Parsed parsed("optimizer x {\n  w' = w - " + std::string(value) + "\n}\n");
    ASSERT_EQ(parsed.codes(), "E0258") << value;
    EXPECT_THAT(parsed.diagnostics.all().front().hint, testing::Not(testing::HasSubstr("other"))) << value;
  }
}

TEST(Members, ofObjectivesAreRefusedOnce) {
  EXPECT_EQ(codesOf("optimizer x {\n  objective h\n  w' = w - h.grad(w)\n}\n"), "E0923");
}

} // namespace
} // namespace ravine::test
