// States and hypers at index sets, and what may define them.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace ast;

TEST(IndexSets, ofStatesAndHypers) {
  Checked checked =
      Checked::rule("  hyper beta [model] = 0.9 in [0, 1)\n  hyper role [tensor] : int = 1 in 0..3\n"
                    "  state s [model] = beta\n  state v [tensor] = lr*role\n  state m [element] = role*w\n"
                    "  s' = s + norm[model](g)\n  v' = v + s*norm[tensor](g)\n  m' = m + g\n"
                    "  w' = w - lr*s'*v'*m'");
  EXPECT_EQ(checked.codes(), "") << checked.messages();
  EXPECT_EQ(checked.hyper("lr").set, IndexSet::Group);
  EXPECT_EQ(checked.hyper("beta").set, IndexSet::Model);
  EXPECT_EQ(checked.hyper("role").set, IndexSet::Tensor);
  EXPECT_EQ(checked.hyper("role").kind, ValueKind::Int);
  EXPECT_EQ(checked.state("s").set, IndexSet::Model);
  EXPECT_EQ(checked.state("v").set, IndexSet::Tensor);
  EXPECT_EQ(checked.state("m").set, IndexSet::Element);
  EXPECT_EQ(checked.next("s").type.set, IndexSet::Model);
  EXPECT_EQ(checked.next("v").type.set, IndexSet::Tensor);
}

TEST(IndexSets, ofDeclarationsAreThoseThereAre) {
  EXPECT_EQ(Checked::rule("  hyper a [group] = 1\n  w' = w - lr*a*g").codes(), "E0412");
  EXPECT_EQ(Checked::rule("  hyper a [element] = 1\n  w' = w - lr*a*g").codes(), "E0412");
  EXPECT_EQ(Checked::rule("  hyper a [row] = 1\n  w' = w - lr*a*g").codes(), "E0412");
  EXPECT_EQ(Checked::rule("  hyper a [block 64] = 1\n  w' = w - lr*a*g").codes(), "E0412");
  EXPECT_EQ(Checked::rule("  state a [group] = 0\n  a' = lr\n  w' = w - lr*a").codes(), "E0916");
  EXPECT_EQ(Checked::rule("  state L [row, row] = identity\n  L' = L + g\n  w' = w - lr*L").codes(), "E0916");
  EXPECT_EQ(Checked::rule("  state a [tensr] = 0\n  a' = norm[tensor](g)\n  w' = w - lr*a*g").codes(), "E0412");
}

std::string codesOfNext(const std::string &set, const std::string &value) {
  Checked checked = Checked::rule("  hyper role [tensor] = 1\n  hyper all [model] = 1\n  state m = 0\n"
                                  "  state v [tensor] = 0\n  state s [" +
                                  set + "] = 0\n  m' = g*all*role\n  v' = norm[tensor](g)\n  s' = " + value +
                                  "\n  w' = w - lr*(m' + s' + v')");
  return checked.codes();
}

TEST(ScalarStates, ofTheModel) {
  for (const char *value :
       {"g", "w", "m'", "lr", "lr*norm[model](g)", "role", "t", "size", "rank", "v", "v'", "norm[tensor](g)",
        "if matrix then 1 else 2", "case lr > 1 { 1 } else { 2 }", "{ let a = 2*lr; a }"})
    EXPECT_EQ(codesOfNext("model", value), "E0506") << value;
  for (const char *value : {"s + 1", "step", "all*s", "norm[model](g*lr/size)", "max[model](m')", "2*pi",
                            "{ let a = norm[tensor](g); count[model](g > a) }"})
    EXPECT_EQ(codesOfNext("model", value), "") << value;
}

TEST(ScalarStates, ofTensors) {
  for (const char *value : {"g", "w", "m'", "s + g^2"})
    EXPECT_EQ(codesOfNext("tensor", value), "E0506") << value;
  for (const char *value : {"lr", "role", "t", "v'", "norm[model](g)", "if matrix then lr else 2", "mean[tensor](m')"})
    EXPECT_EQ(codesOfNext("tensor", value), "") << value;
}

TEST(ScalarStates, theCauseIsNamed) {
  using testing::HasSubstr;
  auto messageOf = [](const std::string &items, const std::string &value) {
    return Checked::rule(items + "  state s [model] = 0\n  s' = s + " + value + "\n  w' = w - s*lr*g").messages();
  };
  EXPECT_THAT(messageOf("  hyper beta = 1\n  let c = 1 - beta\n", "c*norm[model](g)"),
              testing::AllOf(HasSubstr("declare `hyper beta [model]`"), HasSubstr("`beta` is declared here")));
  EXPECT_THAT(messageOf("", "t"), HasSubstr("use `step`"));
  EXPECT_THAT(messageOf("", "norm[tensor](g)"), HasSubstr("`norm[model](…)`"));
  EXPECT_THAT(messageOf("", "g"), HasSubstr("`mean[model](…)`"));
}

TEST(ScalarStates, beginWithNumbersAndHypers) {
  auto codesOfInitial = [](const std::string &set, const std::string &initial) {
    return Checked::rule("  hyper role [tensor] = 1\n  hyper d0 [model] = 1\n  state s [" + set + "] = " + initial +
                         "\n  s' = s + d0\n  w' = w - lr*role*s*g")
        .codes();
  };
  for (const char *initial : {"0", "d0", "2*d0 + pi"})
    EXPECT_EQ(codesOfInitial("model", initial), "") << initial;
  for (const char *initial : {"lr", "role", "w"})
    EXPECT_EQ(codesOfInitial("model", initial), "E0506") << initial;
  for (const char *initial : {"lr", "role", "d0"})
    EXPECT_EQ(codesOfInitial("tensor", initial), "") << initial;
  EXPECT_EQ(codesOfInitial("tensor", "w"), "E0506");
  EXPECT_EQ(codesOfInitial("element", "w"), "");
  EXPECT_EQ(codesOfInitial("model", "norm[model](w)"), "E0505");
}

TEST(ScalarStates, optionalOnes) {
  EXPECT_EQ(Checked::rule("  state v [tensor] when matrix = 0\n  v' = v + norm[tensor](g)\n"
                          "  w' = w - lr*g*(case matrix { v' } else { 1 })")
                .codes(),
            "");
  EXPECT_EQ(Checked::rule("  state v [model] when matrix = 0\n  v' = v + 1\n  w' = w - lr*g*(if matrix then v' else 1)")
                .codes(),
            "E0703");
}

TEST(Hypers, ofTensorsDecideNothingAtCreation) {
  EXPECT_EQ(Checked::rule("  hyper role [tensor] = 1\n  require role > lr\n  w' = w - lr*role*g").codes(), "E0410");
  EXPECT_EQ(Checked::rule("  hyper all [model] = 1\n  require all > lr\n  w' = w - lr*all*g").codes(), "");
}

} // namespace
} // namespace ravine::test
