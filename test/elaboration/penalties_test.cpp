// Penalties, sets and functions as parts: what they come to in a flat optimizer.
#include "test/elaboration/Elaborated.h"

#include "compiler/elaboration/Probes.h"

#include <algorithm>
#include <regex>

namespace ravine::test {
namespace {

using ast::LawKind;

const std::string penalties = R"(
penalty l1(x) {
  hyper lambda = 1 in [0, inf)
  value = lambda*sum(abs(x))
  prox(tau) = sign(x)*max(abs(x) - tau*lambda, 0)
  law convex
  law separable
  law conjugate(cube(radius = lambda))
}
set cube(x) {
  hyper radius = 1 in [0, inf)
  project = clamp(x, -radius, radius)
  contains(tolerance) = all(abs(x) <= radius + tolerance)
  law convex
  law projection
}
penalty group(x) {
  hyper lambda = 1 in [0, inf)
  let scale = lambda/2
  value = scale*norm(x)*size
  prox(tau) = x*(1 - min(1, tau*scale*norm(x)))
}
penalty ridge(x) {
  hyper weight = 1 in [0, inf)
  value = weight/2*sum(x^2)
  prox(tau) = x/(1 + tau*weight)
  grad = weight*x
  law convex
  law separable
  law quadratic(weight, 0)
}
optimizer proximal<P: penalty> {
  w' = P.prox(w - g, 0.5)
  metric cost = P.value(w)
}
)";

std::string lineOf(const std::string &text, const std::string &beginning) {
  size_t at = text.find(beginning);
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

TEST(Penalties, areWrittenOutWhereTheyStand) {
  Elaborated program(penalties + "optimizer whole = proximal<l1(lambda = 3)>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(hyper P.lambda = 3
w' = { let P.x.1 = w - g; sign(P.x.1)*max(abs(P.x.1) - 0.5*P.lambda, 0) }
metric cost = sum[model](P.lambda*sum[tensor](abs(w)))
)");
}

/// The name of a penalty does what a parameter that stands for it does, for all that there is to ask.
TEST(Penalties, areAskedByTheirNamesAsByParameters) {
  struct Asked {
    std::string name, kind, rule;
  };
  const Asked asked[] = {
      {"ridge", "penalty", "P.prox(w - g, 0.5)"}, {"ridge", "penalty", "w - P.grad(w)"},
      {"ridge", "penalty", "w - g*P.value(w)"},   {"cube", "penalty", "P.prox(w - g, 0.5)"},
      {"cube", "set", "P.project(w - g)"},        {"cube", "set", "if P.contains(w, 0.1) then w else w - g"},
  };
  for (const auto &[name, kind, rule] : asked) {
    std::string byName = std::regex_replace(rule, std::regex("P\\."), name + ".");
    Elaborated program(penalties + "optimizer generic<P: " + kind + "> { w' = " + rule + " }\n" +
                       "optimizer part = generic<" + name + ">\n" + "optimizer named { w' = " + byName + " }\n");
    EXPECT_EQ(program.codes(), "") << byName << "\n" << program.messages();
    std::string named = std::regex_replace(program.text("named"), std::regex(name + "\\."), "P.");
    EXPECT_EQ(named, program.text("part")) << byName;
  }
}

TEST(Penalties, foldWhatTheirUseSays) {
  std::map<std::string, std::string> sizes = {{"row", "cols"},
                                              {"col", "rows"},
                                              {"tensor", "size"},
                                              {"channel", "size/channels"},
                                              {"block 64", "count[block 64](w == w or true)"}};
  for (const auto &[set, size] : sizes) {
    Elaborated program(penalties + "optimizer whole = proximal<group[" + set + "]>\n");
    EXPECT_EQ(program.codes(), "") << program.messages();
    std::string text = program.text("whole");
    std::string factor = size.find('/') == std::string::npos ? size : "(" + size + ")";
    EXPECT_EQ(lineOf(text, "metric"), "metric cost = sum[model]({ let group.scale.3 = P.lambda/2; group.scale.3*norm[" +
                                          set + "](w)*" + factor + " })");
    EXPECT_EQ(lineOf(text, "w'"), "w' = { let P.x.1 = w - g; { let group.scale.2 = P.lambda/2; P.x.1*(1 - min(1, "
                                  "0.5*group.scale.2*norm[" +
                                      set + "](P.x.1))) } }");
  }
}

TEST(Penalties, ofTheModelAreNotSummed) {
  Elaborated program(penalties + "optimizer whole = proximal<group[model]>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(lineOf(program.text("whole"), "metric"),
            "metric cost = { let group.scale.3 = P.lambda/2; group.scale.3*norm[model](w)*sum[model](size) }");
}

TEST(Penalties, canBeChosenByTensor) {
  Elaborated program(penalties +
                     "optimizer whole = proximal<select { rows2: rank >= 4 -> group[row]; _ -> l1(lambda = 2) }>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"),
            R"(condition P.rows2 of 0 = rank >= 4
condition P.l1 of 0 = not rank >= 4
hyper P.rows2.lambda = 1
hyper P.l1.lambda = 2
w' = { let P.x.1 = w - g; case P.rows2 { { let group.scale.2 = P.rows2.lambda/2; P.x.1*(1 - min(1, 0.5*group.scale.2*norm[row](P.x.1))) } } else { sign(P.x.1)*max(abs(P.x.1) - 0.5*P.l1.lambda, 0) } }
metric cost = sum[model P.rows2]({ let group.scale.3 = P.rows2.lambda/2; group.scale.3*norm[row](w)*cols }) + sum[model P.l1](P.l1.lambda*sum[tensor](abs(w)))
)");
}

TEST(Penalties, ofTheModelThatAreChosenAreOfTheirTensors) {
  Elaborated program(penalties + "optimizer whole = proximal<select { big: rank >= 4 -> group[model]; _ -> l1 }>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_THAT(lineOf(program.text("whole"), "w'"), testing::HasSubstr("norm[model P.big](P.x.1)"));
}

TEST(Penalties, inABranchAreOfItsTensors) {
  Elaborated program(penalties + "optimizer sgd { w' = w - g }\n"
                                 "optimizer whole = select { hidden: matrix -> proximal<l1>; _ -> sgd }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(lineOf(program.text("whole"), "metric"),
            "metric hidden.cost = sum[model hidden](hidden.P.lambda*sum[tensor](abs(w)))");
}

TEST(Penalties, areUsedByNameToo) {
  Elaborated program(penalties + "penalty rowwise = group[row](lambda = 4)\n"
                                 "optimizer whole { hyper lr = 0.1 in [0, inf); w' = rowwise.prox(w - lr*g, lr) }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(hyper lr = 0.1
hyper rowwise.lambda = 4
w' = { let rowwise.x.1 = w - lr*g; let rowwise.tau.2 = lr; { let group.scale.3 = rowwise.lambda/2; rowwise.x.1*(1 - min(1, rowwise.tau.2*group.scale.3*norm[row](rowwise.x.1))) } }
)");
}

TEST(Penalties, canBeUsedInTransforms) {
  Elaborated program(penalties + "transform shrink { hyper by = 0.1 in [0, inf); after { w' = l1.prox(w, by) } }\n"
                                 "optimizer sgd { w' = w - g }\n"
                                 "optimizer whole = sgd |> small: shrink\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(hyper small.by = 0.1
hyper small.l1.lambda = 1
let sgd:w = w - g
let small:w = sign(sgd:w)*max(abs(sgd:w) - small.by*small.l1.lambda, 0)
w' = small:w
)");
}

TEST(Penalties, followTheHypersOfACompositionAndSchedules) {
  Elaborated program(penalties +
                     "schedule grow { hyper to = 1; value = to*step }\n"
                     "optimizer whole = { hyper peak = 2 in [0, inf); proximal<l1(lambda = grow(2*peak))> }\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(lineOf(program.text("whole"), "hyper P.lambda"), "hyper P.lambda follows 2*peak*step");
}

TEST(Penalties, ofAGenericOptimizerInsideAnotherHaveItsPrefix) {
  Elaborated program(penalties + "optimizer twice<inner: optimizer> { w' = inner(w, 2*g) }\n"
                                 "optimizer whole = twice<proximal<l1>>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(lineOf(program.text("whole"), "hyper"), "hyper inner.P.lambda = 1");
}

TEST(Sets, standForPenalties) {
  Elaborated program(penalties + "optimizer whole = proximal<cube(2)>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"), R"(hyper P.radius = 2
w' = { let P.x.1 = w - g; clamp(P.x.1, -P.radius, P.radius) }
metric cost = 0
)");
}

TEST(Sets, areProjectedOnto) {
  Elaborated program(penalties + R"(optimizer projected<S: set = cube> {
  w' = S.project(w - g)
  metric inside = if S.contains(w, 1e-6) then 1 else 0
}
)");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(lineOf(program.text("projected"), "metric"),
            "metric inside = if all[model](all[tensor](abs(w) <= S.radius + 1e-06)) then 1 else 0");
}

TEST(Parts, haveDefaults) {
  Elaborated program(penalties + R"(optimizer mirror<there: fn = log, back: fn = exp, P: penalty with convex = 2*l1> {
  w' = P.prox(back(there(w) - g), 1)
}
fn half(x) = x/2
optimizer other = mirror<half, half>
)");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(lineOf(program.text("mirror"), "w'"), "w' = { let P.x.1 = exp(log(w) - g); { let P.tau.2 = P.factor*1; "
                                                  "sign(P.x.1)*max(abs(P.x.1) - P.tau.2*P.P.lambda, 0) } }");
  EXPECT_NE(program.text("other").find("let half.x.1 = w/2 - g; half.x.1/2"), std::string::npos)
      << program.text("other");
}

TEST(Calculus, addsQuadraticPenalties) {
  Elaborated program(penalties + "optimizer whole = proximal<ridge(0.1) + l1>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.text("whole"),
            R"(hyper P.l1.lambda = 1
hyper P.ridge.weight = 0.1
w' = { let P.x.1 = w - g; { let share.2 = 1/(1 + 0.5*P.ridge.weight); { let P.x.3 = share.2*P.x.1 + share.2*0.5*P.ridge.weight*0; let P.tau.4 = share.2*0.5; sign(P.x.3)*max(abs(P.x.3) - P.tau.4*P.l1.lambda, 0) } } }
metric cost = sum[model](P.l1.lambda*sum[tensor](abs(w)) + P.ridge.weight/2*sum[tensor]((w - 0)^2))
)");
}

TEST(Penalties, haveOneNumberForEachHyperOverTheModel) {
  const std::string sets = penalties + R"(import std.prox.calculus
set ball(x) {
  hyper radius = 1 in [0, inf)
  hyper center [tensor] = 0
  project = center + clamp(x - center, -simplex_threshold(abs(x), radius), radius)
}
)";
  auto hypersOf = [](const std::string &source) {
    Elaborated program(source);
    EXPECT_EQ(program.codes(), "") << program.messages();
    std::string listed;
    for (const auto &hyper : program.optimizer("whole").hypers)
      listed += hyper->name + " " + spelling(hyper->set) + ", ";
    return listed;
  };
  EXPECT_EQ(hypersOf(sets + "optimizer whole = proximal<ball[tensor]>\n"), "P.radius group, P.center tensor, ");
  EXPECT_EQ(hypersOf(sets + "optimizer whole = proximal<ball[model]>\n"), "P.radius model, P.center tensor, ");
  EXPECT_EQ(hypersOf(sets + "optimizer whole = proximal<scaled<group[model]>>\n"),
            "P.factor model, P.P.lambda model, ");
  EXPECT_EQ(hypersOf(sets + "optimizer whole = proximal<scaled<group>[model]>\n"),
            "P.factor model, P.P.lambda model, ");
  EXPECT_EQ(hypersOf(sets + "optimizer whole = proximal<group[model] + ridge>\n"),
            "P.group.lambda model, P.ridge.weight model, ");
  EXPECT_EQ(hypersOf(sets + "penalty all = group[model](lambda = 2)\noptimizer whole = proximal<all>\n"),
            "P.lambda model, ");
  EXPECT_EQ(hypersOf(sets + "optimizer whole = proximal<select { matrix -> group[model]; _ -> l1 }>\n"),
            "P.group.lambda model, P.l1.lambda group, ");
}

TEST(Penalties, haveOneValueOverTheModel) {
  Elaborated program(penalties + "optimizer whole = proximal<group[model]>\n");
  EXPECT_EQ(program.codes(), "") << program.messages();
  EXPECT_EQ(program.optimizer("whole").metrics.front()->value->type.set, IndexSet::Model);
}

TEST(Laws, dependOnParts) {
  std::string asks = penalties + "import std.prox.calculus\n"
                                 "optimizer needy<P: penalty with convex> { w' = P.prox(w - g, 1) }\n";
  EXPECT_EQ(Elaborated(asks + "optimizer whole = needy<scaled<l1>>\n").codes(), "");
  EXPECT_EQ(Elaborated(asks + "optimizer whole = needy<scaled<group[row]>>\n").codes(), "E0351");
  EXPECT_EQ(Elaborated(asks + "optimizer whole = needy<select { matrix -> l1; _ -> ridge }>\n").codes(), "");
  EXPECT_EQ(Elaborated(asks + "optimizer whole = needy<select { matrix -> group[row]; _ -> l1 }>\n").codes(), "E0351");
  EXPECT_EQ(Elaborated(asks + "optimizer more<Q: penalty with convex> = needy<Q>\n").codes(), "");
  EXPECT_EQ(Elaborated(asks + "optimizer more<Q: penalty with separable> = needy<Q>\n").codes(), "E0351");
}

TEST(Penalties, haveErrorsOfTheirOwn) {
  // Of names.
  EXPECT_EQ(Elaborated("penalty p(x) { value = sum(x*w); prox(tau) = x }\n").codes(), "E0323");
  EXPECT_EQ(Elaborated("penalty p(x) { value = sum(x) + tau; prox(tau) = x }\n").codes(), "E0301");
  EXPECT_EQ(Elaborated(penalties + "fn f(x) = l1.prox(x, 1)\n").codes(), "E0323");
  // Of types: a value is one number, used or not.
  EXPECT_THAT(Elaborated("penalty p(x) { value = x^2; prox(tau) = x }\n").codes(), testing::StartsWith("E"));
  EXPECT_THAT(Elaborated("penalty p(x) { value = sum(x > 0); prox(tau) = x }\n").codes(), testing::StartsWith("E"));
  // Of parts.
  EXPECT_EQ(Elaborated("penalty p<P: penalty>(x) { value = P.value(x); prox(tau) = P.project(x) }\n").codes(), "E0354");
  EXPECT_EQ(Elaborated("penalty p<P: penalty>(x) { value = sum(x); prox(tau) = x }\n").codes(), "E0335");
  EXPECT_EQ(Elaborated("penalty a = b\npenalty b = a\n").codes(), "E0331");
  EXPECT_EQ(Elaborated("penalty a<P: penalty = a>(x) { prox(tau) = P.prox(x, tau) }\npenalty b = a\n").codes(),
            "E0331");
  // Of index sets.
  EXPECT_EQ(Elaborated(penalties + "optimizer a { w' = group.prox(w, 1) }\n").codes(), "E0352");
}

TEST(Penalties, areWarnedAboutWhereTheyAreDeclared) {
  Elaborated program("penalty p(x) { hyper a = 1; hyper b = 1; value = sum(x^2); prox(tau) = x/(1 + a^2*tau) }\n"
                     "optimizer whole { w' = p.prox(w - g, 1) }\n");
  EXPECT_EQ(program.codes(), "W0101") << program.messages();
}

/// What `ravine test` tries the laws of a penalty with.
struct Probe {
  Elaborated program;
  std::unique_ptr<PenaltyProbe> probe;

  Probe(const std::string &source, const std::string &name) : program(source) {
    const ast::Module &home = *program.program.modules.front();
    for (const auto &penalty : home.penalties)
      if (penalty->name == name)
        probe = penaltyProbe(program.sources, program.program, *penalty, home, program.diagnostics);
    if (!probe)
      return;
    program.modules.front()->optimizers.clear();
    program.modules.front()->optimizers.push_back(std::move(probe->optimizer));
    check(program.sources, *program.modules.front(), program.diagnostics);
  }
};

TEST(Probes, haveAllThatAPenaltySays) {
  Probe ridge(penalties, "ridge");
  ASSERT_TRUE(ridge.probe);
  EXPECT_EQ(ridge.program.codes(), "") << ridge.program.messages();
  EXPECT_EQ(ridge.program.text("ridge"), R"(hyper tau = 1
hyper weight = 1
state grad = 0
w' = w/(1 + tau*weight)
grad' = weight*w
metric value = sum[model](weight/2*sum[tensor](w^2))
)");
  EXPECT_THAT(ridge.probe->laws, testing::ElementsAre(LawKind::Convex, LawKind::Separable, LawKind::Quadratic));
}

TEST(Probes, compareWithOthers) {
  Probe l1(penalties, "l1");
  ASSERT_TRUE(l1.probe);
  EXPECT_EQ(l1.program.codes(), "") << l1.program.messages();
  EXPECT_EQ(l1.program.text("l1"), R"(hyper tau = 1
hyper lambda = 1
hyper conjugate.radius follows lambda
state conjugate.prox = 0
w' = sign(w)*max(abs(w) - tau*lambda, 0)
conjugate.prox' = { let conjugate.x.1 = w/tau; let conjugate.tau.2 = 1/tau; clamp(conjugate.x.1, -conjugate.radius, conjugate.radius) }
metric value = sum[model](lambda*sum[tensor](abs(w)))
)");
  ASSERT_EQ(l1.probe->comparisons.size(), 1U);
  EXPECT_EQ(l1.probe->comparisons.front().state, "conjugate.prox");
}

TEST(Probes, ofSetsSayWhatLiesInThem) {
  Probe cube(penalties, "cube");
  ASSERT_TRUE(cube.probe);
  EXPECT_EQ(cube.program.codes(), "") << cube.program.messages();
  EXPECT_EQ(lineOf(cube.program.text("cube"), "metric"),
            "metric contains = if all[model](all[tensor](abs(w) <= radius + tolerance)) then 1 else 0");
}

TEST(Probes, areNotOfWhatNeedsParts) {
  EXPECT_FALSE(Probe(penalties + "penalty half<P: penalty>(x) { prox(tau) = P.prox(x, tau/2) }\n", "half").probe);
  EXPECT_TRUE(Probe(penalties + "penalty half<P: penalty = l1>(x) { prox(tau) = P.prox(x, tau/2) }\n", "half").probe);
}

} // namespace
} // namespace ravine::test
