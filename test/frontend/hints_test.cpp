// Hints are programs that people copy: they mean what was written, and what was understood is not reported twice.
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Checked ruleWith(const std::string &value) {
  return Checked::rule("  let n = norm[tensor](g)\n  let x = " + value + "\n  w' = w - lr*n*g*x");
}

/// The codes, and the hint of the first message.
std::string said(const Checked &checked) {
  const auto &all = checked.diagnostics.all();
  return checked.codes() + ": " + (all.empty() ? "" : all.front().hint);
}

TEST(SetsThatCross, areFoldedOverTheTensor) {
  EXPECT_EQ(said(ruleWith("mean[col](norm[row](g))")),
            "E0430: each column has one element of every row, so that the number is the same for all: write "
            "`mean[tensor](norm[row](g))`");
  EXPECT_THAT(said(ruleWith("norm[row](max[col](g))")), HasSubstr("write `norm[tensor](max[col](g))`"));
  for (const char *value : {"sum[row](norm[block 64](g))", "max[block 64](norm[col](g))"})
    EXPECT_THAT(said(ruleWith(value)), HasSubstr("E0430: they cross each other")) << value;
}

TEST(SameForAll, sumsAreProducts) {
  EXPECT_EQ(said(ruleWith("sum[tensor](1)")), "E0413: the number of elements of a tensor is `size`");
  EXPECT_EQ(said(ruleWith("sum[row](1)")), "E0413: the number of elements of a row is `cols`");
  EXPECT_EQ(said(ruleWith("sum[col](1)")), "E0413: the number of elements of a column is `rows`");
  EXPECT_EQ(said(ruleWith("sum[tensor](lr)")), "E0413: its sum over a tensor is `lr*size`");
  EXPECT_THAT(said(ruleWith("sum[model](1)")), Not(HasSubstr("size")));
  EXPECT_THAT(said(ruleWith("mean[tensor](1)")), Not(HasSubstr("size")));
}

TEST(NoIndexSet, keepsTheValueAlone) {
  for (const char *call : {"norm(g, 2)", "norm(g, tensor)", "norm(g, model)"})
    EXPECT_THAT(said(ruleWith(call)), HasSubstr("E0411: write `norm[tensor](g)` or `norm[model](g)`")) << call;
  EXPECT_THAT(said(ruleWith("norm(g, 1)")), HasSubstr("E0411: write `norm1[tensor](g)`"));
  EXPECT_THAT(said(ruleWith("norm(g, 3)")), AllOf(HasSubstr("E0411: "), Not(HasSubstr("norm[tensor](g)"))));
  EXPECT_THAT(said(ruleWith("dot(g, w)")), HasSubstr("`dot[tensor](g, w)`"));
  EXPECT_EQ(ruleWith("norm(g, inf)").codes(), "E0409");
  EXPECT_EQ(ruleWith("norm(g, q)").codes(), "E0301");
}

TEST(NoIndexSet, keywordsAndOtherBrackets) {
  for (const char *call :
       {"mean(g, axis=1)", "norm(g, ord=inf)", "norm(g, axis=(0, 1), ord=2)", "sum[tensor](g, axis=0, keepdim=true)"})
    EXPECT_THAT(
        said(ruleWith(call)),
        AllOf(HasSubstr("E0217: there are no keyword arguments; a reduction takes a value"), Not(HasSubstr("=="))))
        << call;
  EXPECT_EQ(said(ruleWith("clamp(g, min=0, max=1)")), "E0217: there are no keyword arguments: give them in order");
  Checked angle = ruleWith("norm<tensor>(g)");
  EXPECT_EQ(said(angle), "E0412: write `norm[tensor](…)`");
  EXPECT_EQ(angle.let("x").type.set, ast::IndexSet::Tensor);
  EXPECT_EQ(said(ruleWith("norm<layer>(g)")), "E0412: write `norm[tensor](…)`");
  EXPECT_EQ(ruleWith("if lr < n and lr > (1) then 1 else 2").codes(), "");
}

TEST(WrongIndexSets, areNotPromised) {
  for (const char *value : {"norm[element](g)", "norm[0](g)", "norm[model, tensor](g)", "norm[](g)", "g[0]", "g[i, j]"})
    EXPECT_EQ(ruleWith(value).codes(), "E0412") << value;
  for (const char *value : {"norm[row, col](g)", "g[row]", "norm[rows](g)", "norm[blok 64](g)", "norm[64](g)"})
    EXPECT_EQ(ruleWith(value).codes(), "E0412") << value;
  for (const char *value : {"norm[group](g)", "norm[example](g)", "g[example]"})
    EXPECT_EQ(ruleWith(value).codes(), "E0916") << value;
}

TEST(States, conditionsStandBeforeTheInitialValue) {
  Checked late = Checked::rule("  state s [tensor] = 0 when matrix\n  s' = 1\n"
                               "  w' = w - lr*g*(if matrix then s' else 1)");
  EXPECT_EQ(said(late), "E0201: write `state s [tensor] when matrix = 0`");
  EXPECT_NE(late.state("s").condition, nullptr);
}

TEST(Declarations, takeTheIndexSetBehindTheName) {
  Checked state = Checked::rule("  state [tensor] s = 1\n  s' = norm[tensor](g)\n  w' = w - lr*g*s'");
  EXPECT_EQ(said(state), "E0412: write `state s [tensor] = …`");
  EXPECT_EQ(state.state("s").set, ast::IndexSet::Tensor);
  Checked hyper = Checked::rule("  hyper [model] k = 3\n  state s [model] = k\n  s' = 2*k\n  w' = w - lr*g*s'");
  EXPECT_EQ(said(hyper), "E0412: write `hyper k [model] = …`");
  Checked typed = Checked::rule("  hyper k : int [model] = 3\n  w' = w - lr*k*g");
  EXPECT_EQ(said(typed), "E0412: write `hyper k [model] : int = …`");
  EXPECT_EQ(typed.hyper("k").set, ast::IndexSet::Model);
  EXPECT_EQ(said(Checked::rule("  let n [tensor] = norm[tensor](g)\n  w' = w - lr*n*g")),
            "E0412: delete it: over what a let varies follows from its value");
  EXPECT_EQ(said(Checked::rule("  metric n [model] = norm[model](g)\n  w' = w - lr*g")),
            "E0412: delete it: over what a metric varies follows from its value");
  EXPECT_EQ(Checked::rule("  view n [element] = w\n  w' = w - lr*g").codes(), "E0412");
}

TEST(NonFinite, standsFirst) {
  for (auto [word, policy] : {std::pair("skip", ast::NonFinite::Skip), std::pair("error", ast::NonFinite::Error)}) {
    Checked checked = Checked::rule("  " + std::string(word) + " nonfinite\n  w' = w - lr*g");
    EXPECT_EQ(said(checked), "E0221: write `nonfinite " + std::string(word) + "`");
    EXPECT_EQ(checked.optimizer().nonFinite, policy);
  }
  EXPECT_EQ(Checked::rule("  skip when step > 3\n  w' = w - lr*g").codes(), "E0222");
}

TEST(Remainders, areWrittenOut) {
  EXPECT_EQ(said(ruleWith("if step % 5 == 0 then 1 else 2")), "E0217: write `step - 5*floor(step/5)`");
  EXPECT_EQ(said(ruleWith("(t + 1) % 3")), "E0217: write `a - 3*floor(a/3)`");
  EXPECT_EQ(said(ruleWith("5*step % 2 + 1")), "E0217: write `a - 2*floor(a/2)`");
  EXPECT_EQ(said(ruleWith("mod(t, 5)")), "E0302: write `a - b*floor(a/b)`");
  EXPECT_THAT(said(ruleWith("5 %")), HasSubstr("E0217: write `1%`"));
  EXPECT_EQ(ruleWith("5% + lr").codes(), "");
}

TEST(Creation, saysWhatElseToDo) {
  using testing::EndsWith;
  for (const char *condition : {"t > 1", "step > 1", "w > 0", "any[model](g > 1)"})
    EXPECT_THAT(said(ruleWith(std::string("case ") + condition + " { 1 } else { 2 }")),
                EndsWith("; or choose in every step: `if c then a else b`"))
        << condition;
  std::string state = "  let flat = rank < 2\n  let late = t > 2\n  state s when ";
  std::string use = " = 0\n  s' = 1\n  w' = w - lr*g";
  EXPECT_THAT(Checked::rule(state + "flat" + use).messages(),
              HasSubstr("hint: write `rank < 2` in the condition of a state itself"));
  EXPECT_THAT(Checked::rule(state + "late" + use).messages(), Not(HasSubstr("itself")));
  EXPECT_EQ(said(Checked::rule("  let flat = rank < 2\n  w' = w - lr*(case flat { g } else { w })")),
            "E0410: write `rank < 2` in the `case` itself");
  EXPECT_EQ(
      said(Checked::rule("  let flat = rank < 2 or lr > 1\n  w' = w - lr*(case flat and size > 3 { g } else { w })")),
      "E0410: write `(rank < 2 or lr > 1)` in the `case` itself");
  EXPECT_EQ(said(Checked::rule("  let small = lr < 2\n  require small\n  w' = w - lr*g")),
            "E0410: write `lr < 2` in the requirement itself");
  EXPECT_THAT(said(Checked::rule("  hyper role [tensor] = 1\n  require role > 0\n  w' = w - lr*role*g")),
              HasSubstr("use hypers (but not `[tensor]` ones) and numbers only"));
  EXPECT_THAT(said(Checked::rule("  state s [tensor] = norm[tensor](w)\n  s' = 1\n  w' = w - lr*g*s'")),
              AllOf(HasSubstr("E0505: use hypers"), Not(HasSubstr("`w`"))));
}

TEST(Names, thatAreGiven) {
  EXPECT_THAT(said(Checked::rule("  t' = t + 1\n  w' = w - lr*g")),
              HasSubstr("delete the equation: it counts the steps by itself"));
  EXPECT_THAT(said(Checked::rule("  w' = w - lr*g'")), AllOf(HasSubstr("delete the prime"), Not(HasSubstr("declare"))));
  EXPECT_THAT(said(Checked::rule("  lr' = 2*lr\n  w' = w - lr*g")), HasSubstr("or declare a state"));
  EXPECT_THAT(said(ruleWith("g(w + lr)")), HasSubstr("E0923"));
  EXPECT_EQ(ruleWith("gradient(w)").codes(), "E0923");
  EXPECT_EQ(said(ruleWith("loss")),
            "E0301: declare a hyper that the host sets in every step: `hyper loss [model] = 0`");
  EXPECT_THAT(said(Checked::rule("  let c = c + 1\n  w' = w - lr*c*g")),
              HasSubstr("E0502: a `let` is a value of one step"));
}

TEST(Functions, ofStatistics) {
  for (const char *call : {"rms(g)", "var(g)", "std(g)", "np.std(g)"})
    EXPECT_THAT(said(ruleWith(call)), AllOf(HasSubstr("E0302: write `"), HasSubstr("mean[tensor]("))) << call;
  EXPECT_THAT(said(ruleWith("isnan(g)")), AllOf(HasSubstr("`a != a`"), HasSubstr("`nonfinite skip`")));
  EXPECT_THAT(said(ruleWith("isfinite(g)")), HasSubstr("`nonfinite skip`"));
  EXPECT_THAT(said(ruleWith("‖g‖")), AllOf(HasSubstr("E0217: "), HasSubstr("`norm[model](")));
  EXPECT_THAT(said(ruleWith("∥g∥")), AllOf(HasSubstr("E0217: "), HasSubstr("`norm[model](")));
}

} // namespace
} // namespace ravine::test
