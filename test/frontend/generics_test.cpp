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
  // Of what is no part, the elaboration says what it thinks; oracles of other objectives are not available.
  EXPECT_EQ(codesOfValue("Q.prox(w, 1)"), "");
  EXPECT_EQ(codesOfValue("h.grad(w)"), "E0927");
  EXPECT_EQ(codesOfValue("s.a"), "E0927");
  EXPECT_EQ(codesOfValue("np.max(g)"), "E0302");
}

} // namespace
} // namespace ravine::test
