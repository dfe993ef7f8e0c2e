// Reductions: how they are written, what they give, and what they may fold.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace ast;

std::string codesOf(const std::string &value) {
  Checked checked = Checked::rule("  hyper role [tensor] = 1\n  let x = " + value + "\n  w' = w - lr*role*g*x");
  return checked.codes();
}

Type typeOf(const std::string &value) {
  Checked checked = Checked::rule("  let x = " + value + "\n  w' = w - lr*g");
  EXPECT_FALSE(checked.diagnostics.hasErrors()) << checked.messages();
  return checked.let("x").type;
}

TEST(Reductions, nameTheSetOfTheirResult) {
  EXPECT_EQ(structureOf("norm[model](g)/size"), "(/ (norm[model] g) size)");
  EXPECT_EQ(structureOf("max[tensor](abs(g), w)"), "(max[tensor] (abs g) w)");
  EXPECT_EQ(structureOf("max(sum[model](g*w), 1)"), "(max (sum[model] (* g w)) 1)");
  EXPECT_EQ(structureOf("norm[model](g/norm[tensor](g))^2"), "(^ (norm[model] (/ g (norm[tensor] g))) 2)");
  EXPECT_EQ(structureOf("dot[tensor](g,\n w)"), "(dot[tensor] g w)");
  EXPECT_EQ(structureOf("norm"), "norm");
}

TEST(Reductions, giveOneNumberOrCondition) {
  for (const char *name : {"sum", "mean", "max", "min", "norm", "norm1", "norminf"}) {
    Type perTensor = typeOf(std::string(name) + "[tensor](g)");
    EXPECT_EQ(perTensor.set, IndexSet::Tensor) << name;
    EXPECT_EQ(perTensor.kind, ValueKind::Real) << name;
    EXPECT_EQ(typeOf(std::string(name) + "[model](lr*g)").set, IndexSet::Model) << name;
  }
  EXPECT_EQ(typeOf("dot[model](g, w)").kind, ValueKind::Real);
  EXPECT_EQ(typeOf("dot[model](g, 1)").set, IndexSet::Model);
  EXPECT_EQ(typeOf("count[tensor](g > 0)").kind, ValueKind::Int);
  EXPECT_EQ(typeOf("any[model](g > lr)").kind, ValueKind::Bool);
  EXPECT_EQ(typeOf("all[tensor](g == 0 or w < 0)").kind, ValueKind::Bool);
  EXPECT_EQ(typeOf("lr*norm[model](g)").set, IndexSet::Group);
}

TEST(Reductions, withoutASetAreExplained) {
  using testing::HasSubstr;
  for (const char *call : {"sum(g)", "mean(g)", "norm(g)", "norm1(g)", "norminf(g)", "count(g > 0)", "dot(g, w)"})
    EXPECT_EQ(codesOf(call), "E0411") << call;
  EXPECT_EQ(codesOf("if any(g > 0) and all(g < 1) then 1 else 2"), "E0411 E0411");
  EXPECT_EQ(codesOf("max(g)"), "E0404");
  EXPECT_THAT(Checked::rule("  w' = w - lr*min(g^2)").messages(), HasSubstr("`min[tensor](g^2)` or `min[model](g^2)`"));
}

TEST(Reductions, takeWhatVariesOverElements) {
  EXPECT_EQ(codesOf("sum[tensor](lr)"), "E0413");
  EXPECT_EQ(codesOf("norm[model](step)"), "E0413");
  EXPECT_EQ(codesOf("mean[tensor](norm[tensor](g))"), "E0413");
  EXPECT_EQ(codesOf("sum[tensor](norm[model](g))"), "E0413");
  EXPECT_EQ(codesOf("sum[model](size)"), "");
  EXPECT_EQ(codesOf("max[model](norm[tensor](g))"), "");
  EXPECT_EQ(codesOf("sum[model](g*norm[tensor](g))"), "");
}

TEST(Reductions, takeNumbersOrConditions) {
  EXPECT_EQ(codesOf("sum[tensor](g > 0)"), "E0401");
  EXPECT_EQ(codesOf("count[model](g)"), "E0402");
  EXPECT_EQ(codesOf("dot[model](g)"), "E0404");
  EXPECT_EQ(codesOf("norm[model](g, w)"), "E0404");
  EXPECT_EQ(codesOf("norm[model]()"), "E0404");
  EXPECT_EQ(codesOf("norm[model]"), "E0306");
}

TEST(Reductions, setsAreReadAsTheyAreMeant) {
  for (const char *set : {"tensors", "Tensor", "layer", "param"}) {
    Checked checked = Checked::rule(std::string("  let x = norm[") + set + "](g)\n  w' = w - lr*g*x");
    EXPECT_EQ(checked.codes(), "E0412") << set;
    EXPECT_EQ(checked.let("x").type.set, IndexSet::Tensor) << set;
  }
  EXPECT_EQ(codesOf("norm[global](g)"), "E0412");
  EXPECT_EQ(codesOf("norm[everywhere](q)"), "E0412");
  EXPECT_EQ(codesOf("norm[](g)"), "E0412");
  EXPECT_EQ(codesOf("norm[rows](g)"), "E0412");
  EXPECT_EQ(codesOf("norm[block](g)"), "E0250");
  EXPECT_EQ(codesOf("g[tensor]"), "E0412");
  EXPECT_EQ(codesOf("sqrt[tensor](g)"), "E0412");
  EXPECT_EQ(codesOf("nrom[tensor](g)"), "E0302");
  EXPECT_EQ(codesOf("norm[tensor(g)"), "E0203");
}

TEST(Reductions, otherLanguagesAreTranslated) {
  using testing::HasSubstr;
  for (const char *call : {"np.sum(g)", "torch.linalg.norm(g)", "g.norm()", "l2norm(g)", "average(g)"}) {
    Checked checked = Checked::rule(std::string("  w' = w - lr*") + call);
    EXPECT_EQ(checked.codes(), "E0302") << call;
    EXPECT_THAT(checked.messages(), HasSubstr("[tensor](")) << call;
  }
  EXPECT_EQ(codesOf("workers.mean(g)"), "E0925");
  EXPECT_EQ(codesOf("g.old"), "E0927");
}

TEST(Reductions, cyclesGoThroughThem) {
  EXPECT_EQ(Checked::rule("  state s [model] = 0\n  state m = 0\n  s' = norm[model](m')\n  m' = g*s'\n"
                          "  w' = w - lr*m'")
                .codes(),
            "E0502");
}

} // namespace
} // namespace ravine::test
