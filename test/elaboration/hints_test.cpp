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
  EXPECT_EQ(Elaborated("optimizer a<abs: optimizer> { w' = abs(w, g) }\n").codes(), "E0304");
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

const std::string parts =
    "optimizer sgd { hyper lr = 1; w' = w - lr*g }\n"
    "transform clip { before { g' = clamp(g, -1, 1) } }\n"
    "transform ema { hyper decay = 0.5 in [0, 1); state s = w; after { s' = decay*s + w }; view eval = s }\n";

TEST(ForgottenImports, areNamed) {
  EXPECT_THAT(messagesOf(parts + "optimizer o = sgd(lr = 1e-3*cosine(50))"),
              HasSubstr("error[E0302]: unknown function `cosine`"));
  EXPECT_THAT(messagesOf(parts + "optimizer o = sgd(lr = 1e-3*cosine(50))"),
              HasSubstr("hint: `import std.schedules: cosine`\n\n1 error"));
  for (const char *use : {"optimizer o { hyper lr = 2*cosine; w' = w - lr*g }", "optimizer o = sgd(cosine)",
                          "optimizer o { w' = w - cosine(3)*g }", "fn f(x) = x*cosine(2)"})
    EXPECT_THAT(messagesOf(parts + use), HasSubstr("hint: `import std.schedules: cosine`\n\n1 error")) << use;
  EXPECT_THAT(messagesOf(parts + "optimizer o = clip_value |> sgd"), HasSubstr("`import std.transforms: clip_value`"));
  EXPECT_THAT(messagesOf(parts + "optimizer o = clip |> adamw"), HasSubstr("`import std.optimizers: adamw`"));
  EXPECT_THAT(messagesOf(parts + "optimizer o = ema(w) |> sgd"), HasSubstr("`decay` cannot be given `w`"));
  EXPECT_EQ(Elaborated("optimizer o { hyper lr = 2*foo(3); w' = w - lr*g }\n").codes(), "E0302");
}

TEST(Suggestions, areTheSameEachTime) {
  EXPECT_THAT(
      messagesOf("optimizer s { hyper lr = 1; w' = w - lr*g }\n"
                 "optimizer o = { hyper peakb = 1; hyper peaka = 1; hyper peakc = 1; s(peakx*peaka*peakb*peakc) }"),
      HasSubstr("did you mean `peaka`?"));
}

TEST(Parentheses, aroundTransformsMeanNothing) {
  for (const char *pipe : {"(clip |> ema) |> sgd", "sgd |> (clip |> (ema where matrix))", "sgd |> (clip where matrix)"})
    EXPECT_EQ(Elaborated(parts + "optimizer o = " + pipe + "\n").codes(), "") << pipe;
  EXPECT_EQ(Elaborated(parts + "optimizer o = (clip |> ema) |> sgd\n").text("o"),
            Elaborated(parts + "optimizer o = clip |> ema |> sgd\n").text("o"));
  EXPECT_EQ(Elaborated(parts + "optimizer o = x: (clip |> ema) |> sgd\n").codes(), "E0328");
}

TEST(Pipes, areWrittenWithTheirOwnSign) {
  EXPECT_THAT(messagesOf(parts + "optimizer o = clip | sgd"), HasSubstr("hint: write `|>`\n\n1 error"));
  EXPECT_THAT(messagesOf(parts + "optimizer o = clip > sgd"), HasSubstr("hint: write `|>`\n\n1 error"));
  EXPECT_THAT(messagesOf(parts + "optimizer o { clip |> sgd }"), HasSubstr("write `=` in front of the `{`\n\n1 error"));
}

TEST(Hints, canBeWritten) {
  std::string chosen = parts + "optimizer o = select { it: matrix -> sgd |> ema; _ -> frozen }\n";
  EXPECT_THAT(messagesOf(chosen + "optimizer p = o with { s store bf16 }"), HasSubstr("behind the part that has"));
  EXPECT_THAT(messagesOf(chosen + "optimizer p = o(foo = 1)"), HasSubstr("to the part that has"));
}

TEST(Generics, sayOneThing) {
  EXPECT_EQ(Elaborated("optimizer a<mean: optimizer> { w' = mean(w, g) }\n").codes(), "E0304");
  EXPECT_EQ(Elaborated("optimizer a<inner: optimizer, P: penalty> { w' = P.prox(inner(w, g), 1) }\n").codes(), "");
}

TEST(Thens, knowTheLetsOfBlocks) {
  std::string ramp = "schedule ramp { hyper steps = 10 in [1, inf); length = steps; value = step/steps }\n";
  EXPECT_EQ(
      Elaborated(ramp + "optimizer a { hyper lr = { let up = ramp(3); up } then ramp(5); w' = w - lr*g }\n").codes(),
      "");
}

} // namespace
} // namespace ravine::test
