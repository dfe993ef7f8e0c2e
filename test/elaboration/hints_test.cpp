// What messages say of names that are known only in some places, and of those that nobody wrote.
#include "test/elaboration/Elaborated.h"

namespace ravine::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string messagesOf(const std::string &text) {
  return Elaborated(text + "\n").messages();
}

TEST(StepNames, areExplainedWhereTheyMeanNothing) {
  for (const char *name : {"w.old", "delta"}) {
    std::string where = "in the `after` of a transform";
    std::string use = name;
    EXPECT_THAT(messagesOf("optimizer a { w' = w - " + use + " }"), HasSubstr(where));
    EXPECT_THAT(messagesOf("fn f(x) = x*" + use), HasSubstr(where));
    EXPECT_THAT(messagesOf("schedule s { value = " + use + " }"), HasSubstr(where));
    EXPECT_THAT(messagesOf("transform x { state s = " + use + "; before { g' = s*g } }"), HasSubstr(where));
    EXPECT_THAT(messagesOf("transform x { before { g' = " + use + " } }"), HasSubstr("in a `before`, "));
    EXPECT_THAT(messagesOf("transform x { let d = " + use + "; before { g' = d } }"), HasSubstr("move the `let`"));
  }
  EXPECT_THAT(messagesOf("optimizer a { w' = w - g' }"), HasSubstr("only the `before` of a transform defines `g'`"));
  EXPECT_THAT(messagesOf("fn f(x) = x*g'"), HasSubstr("known in the `before` of a transform"));
  EXPECT_THAT(messagesOf("schedule s { value = w' }"), HasSubstr("in the `after` of a transform"));
  EXPECT_THAT(messagesOf("transform x { after { w' = g' } }"), HasSubstr("the gradient that the rule saw"));
  EXPECT_EQ(Elaborated("let delta = 2\nfn f(x, delta) = x*delta\nfn h(x) = x*delta\n"
                       "optimizer a { w' = w - f(g, 1) - h(g) }\n")
                .codes(),
            "");
}

TEST(Messages, holdNoNamesThatNobodyWrote) {
  std::string twice = messagesOf("transform twice { before { g' = 2*g\n g' = 3*g } }");
  EXPECT_THAT(twice, HasSubstr("error[E0503]: `g'` is defined twice"));
  EXPECT_THAT(messagesOf("transform twice { after { w' = 2*w\n w' = 3*w } }"), HasSubstr("`w'` is defined twice"));
  EXPECT_THAT(messagesOf("transform x { before { g' = 2*g' } }"), HasSubstr("cycle: `g'` needs `g'`"));
  EXPECT_THAT(messagesOf("transform x { after { w' = 2*w' } }"), HasSubstr("as it is proposed so far"));
  std::string ramp = "schedule ramp { hyper steps = 10 in [1, inf); length = steps; value = step/steps }\n";
  std::string behind = messagesOf(ramp + "optimizer a { hyper lr = ramp(5) then ramp(step); w' = w - lr*g }");
  EXPECT_THAT(behind, HasSubstr("error[E0633]"));
  EXPECT_THAT(behind, HasSubstr("`step` is not a hyper"));
  std::string inner = "optimizer a<inner: optimizer> { let p = inner(p + 1, g); w' = p }";
  EXPECT_THAT(messagesOf(inner), HasSubstr("error[E0502]"));
  EXPECT_THAT(messagesOf(inner), Not(HasSubstr("`inner:")));
}

TEST(Calls, lookForFunctionsFirst) {
  Elaborated program("schedule s { hyper floor = 0.1; value = floor(step/2) + floor }\n"
                     "transform x { hyper sqrt = 1; before { g' = sqrt(abs(g))*sqrt } }\n"
                     "fn f(x, exp) = exp(x) + exp\n"
                     "optimizer a { hyper f = 1; let log = 2; w' = w - s(floor = 1)*f(g, f)*log(2)*log }\n"
                     "optimizer b = x |> a\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(Elaborated("fn f(x, y) = y(x)\noptimizer a { w' = w - f(g, 2) }\n").codes(), "E0305");
  EXPECT_EQ(Elaborated("optimizer a<abs: optimizer> { w' = abs(w, g) }\n").codes(), "");
}

TEST(Arguments, decideWhatIsLookedAt) {
  std::string use = "optimizer a { w' = w - f(g, 0) }\n";
  EXPECT_EQ(Elaborated("fn f(x, k) = if k > 0 then x/k else x\n" + use).codes(), "");
  EXPECT_EQ(Elaborated("fn f(x, k) = x/k\n" + use).codes(), "");
  EXPECT_EQ(Elaborated("optimizer a { w' = w - (if 0 > 0 then g/0 else g) }\n").codes(), "");
  EXPECT_EQ(Elaborated("optimizer a { w' = w - g/(1 - 1) }\n").codes(), "E0408");
  EXPECT_EQ(Elaborated("schedule up { hyper n = 1 in [1, inf); length = n; value = step/n }\n"
                       "schedule s { hyper n = 0; length = n + 1; value = if n > 0 then up(n) else 1 }\n"
                       "optimizer a { hyper lr = s(0); w' = w - lr*g }\n")
                .codes(),
            "");
}

TEST(WholeSteps, areNotForSomeTensors) {
  std::string parts = "optimizer sgd { w' = w - g }\ntransform clear { zero g }\n"
                      "transform guard { before { skip when all[model](g == 0) } }\n"
                      "optimizer around<inner: optimizer> { w' = inner(w, g) }\n"
                      "optimizer guarded = guard |> sgd\n";
  EXPECT_EQ(Elaborated(parts + "optimizer b = guard |> select { matrix -> sgd; _ -> frozen } |> clear\n").codes(), "");
  EXPECT_THAT(messagesOf(parts + "optimizer b = guard where matrix |> sgd"), HasSubstr("delete the `where`"));
  for (const char *branch : {"guard |> sgd", "guarded", "around<guard |> sgd>", "around<guarded>"}) {
    std::string messages = messagesOf(parts + "optimizer b = select { it: matrix -> " + branch + "; _ -> frozen }");
    EXPECT_THAT(messages, HasSubstr("error[E0527]: one branch skips steps")) << branch;
    EXPECT_THAT(messages, HasSubstr("in front of the `select`")) << branch;
  }
}

} // namespace
} // namespace ravine::test
