// What is wrong is said once, and where it is.
#include "test/elaboration/Elaborated.h"

namespace ravine::test {
namespace {

const std::string parts = R"(
optimizer sgd { hyper lr = 0.1 in [0, inf); w' = w - lr*g }
optimizer momentum { hyper lr = 0.1; hyper mu [tensor] = 0.9; hyper k : int = 2 in 1..9; state b = 0; state n [model] = 0
  b' = mu*b + g*k; n' = step; w' = w - lr*b'*n' }
transform ema { hyper decay = 0.999 in [0, 1); state shadow = w
  after { shadow' = decay*shadow + (1 - decay)*w' }
  view eval = shadow }
optimizer wrap<inner: optimizer> { w' = inner(w, g) }
schedule ramp { hyper steps : int = 10 in [1, inf); length = steps; value = step/steps }
schedule root { value = 1/sqrt(step) }
)";

std::string codesOf(const std::string &text) {
  return Elaborated(parts + text + "\n").codes();
}

TEST(WrongPipes, areRefused) {
  EXPECT_EQ(codesOf("optimizer a = sdg |> ema"), "E0320");
  EXPECT_EQ(codesOf("optimizer a = ema |> ema"), "E0322");
  EXPECT_EQ(codesOf("optimizer a = fast: ema |> ema"), "E0328");
  EXPECT_EQ(codesOf("optimizer a = sgd |> x: momentum"), "E0329");
  EXPECT_EQ(codesOf("optimizer a = ramp |> sgd"), "E0321");
  EXPECT_EQ(codesOf("optimizer a = wrap<ema>"), "E0321");
  EXPECT_EQ(codesOf("optimizer a = x: ema |> sgd |> x: ema"), "E0325");
  EXPECT_EQ(codesOf("optimizer a = ema |> sgd where matrix"), "E0345");
  EXPECT_EQ(codesOf("optimizer a = b |> ema\noptimizer b = a |> x: ema"), "E0331");
  EXPECT_EQ(codesOf("transform z { zero g }\noptimizer a = z |> sgd |> z"), "E0526");
}

TEST(WrongArguments, areRefused) {
  EXPECT_EQ(codesOf("optimizer a = sgd(rl = 1)"), "E0627");
  EXPECT_EQ(codesOf("optimizer a = sgd(1, lr = 2)"), "E0628");
  EXPECT_EQ(codesOf("optimizer a = sgd(1, 2)"), "E0404");
  EXPECT_EQ(codesOf("optimizer a = sgd(-1)"), "E0621");
  EXPECT_THAT(Elaborated("optimizer a { hyper k = 1; w' = w - k*g }\noptimizer b = a(1/0)\n").messages(),
              testing::HasSubstr("error[E0621]: the value inf of `k` is not a finite number\n"));
  EXPECT_EQ(codesOf("optimizer a = sgd(peak)"), "E0301");
  EXPECT_EQ(codesOf("optimizer a = sgd(w)"), "E0624");
  EXPECT_EQ(codesOf("optimizer a = sgd(2*max[model](1))"), "E0624");
  EXPECT_EQ(codesOf("optimizer a = sgd(1, 2, 3)"), "E0404");
  EXPECT_EQ(codesOf("optimizer a = momentum(k = 1.5)"), "E0624");
  EXPECT_EQ(codesOf("optimizer a = momentum(k = step)"), "E0620");
  EXPECT_EQ(codesOf("optimizer a = momentum(mu = root)"), "E0620");
  EXPECT_EQ(codesOf("optimizer a { hyper x = y; hyper y = 2*x; w' = w - x*y*g }"), "E0623");
}

TEST(WrongGenerics, areRefused) {
  EXPECT_EQ(codesOf("optimizer a = wrap"), "E0327");
  EXPECT_EQ(codesOf("optimizer a = wrap<sgd, sgd>"), "E0326");
  EXPECT_EQ(codesOf("optimizer a = sgd<sgd>"), "E0326");
  EXPECT_EQ(codesOf("optimizer a<inner: optimizer> { w' = w - g }"), "E0335");
  EXPECT_EQ(codesOf("optimizer a<inner: optimizer> { w' = inner(g) }"), "E0336");
  EXPECT_EQ(codesOf("optimizer a<inner: optimizer> { w' = inner(w, g) + inner(w, g) }"), "E0338");
  EXPECT_EQ(codesOf("optimizer a<inner: optimizer> { w' = inner' }"), "E0337");
}

TEST(WrongSelections, areRefused) {
  EXPECT_EQ(codesOf("optimizer a = select { matrix -> sgd; rank == 1 -> momentum }"), "E0720");
  EXPECT_EQ(codesOf("optimizer a = select { _ -> sgd; matrix -> momentum }"), "E0721");
  EXPECT_EQ(codesOf("optimizer a = select { matrix -> sgd; _ -> sgd }"), "E0324");
  EXPECT_EQ(codesOf("optimizer a = select { matrix -> sgd |> ema; _ -> sgd }"), "E0324");
  EXPECT_EQ(codesOf("optimizer a = select { x: matrix -> sgd; x: _ -> sgd }"), "E0325");
  EXPECT_EQ(codesOf("optimizer a = select { t > 3 -> sgd; _ -> momentum }").substr(0, 5), "E0410");
}

TEST(WrongTransforms, areReportedOnce) {
  std::string use = "\noptimizer a = x |> sgd\noptimizer b = x |> momentum";
  EXPECT_EQ(codesOf("transform x { before { let k = norm[model](h); g' = g*k } }" + use), "E0301");
  EXPECT_EQ(codesOf("transform x { after { w' = w + g' } }" + use), "E0521");
  EXPECT_EQ(codesOf("transform x { before { g' = g + w' } }" + use), "E0522");
  EXPECT_EQ(codesOf("transform x { before { g' = g + delta } }" + use), "E0523");
  EXPECT_EQ(codesOf("transform x { let k = g; before { g' = k } }" + use), "E0524");
  EXPECT_EQ(codesOf("transform x { before { skip when g > 1 } }" + use), "E0420");
  EXPECT_EQ(codesOf("transform x { before { skip when norm[model](g) } }" + use), "E0402");
}

TEST(WrongStorage, isRefused) {
  EXPECT_EQ(codesOf("optimizer a = momentum with { c store bf16 }"), "E0340");
  EXPECT_EQ(codesOf("optimizer a = momentum with { n store bf16 }"), "E0341");
  EXPECT_EQ(codesOf("optimizer a { state master = 0; master f32; master' = g; w' = w - master' }"), "E0342");
  EXPECT_EQ(codesOf("optimizer a { hyper master = 1; master f32; w' = w - master*g }"), "E0342");
  EXPECT_EQ(codesOf("transform n { metric master = norm[model](g) }\n"
                    "optimizer a { w' = w - g }\noptimizer b = n |> a with { master f32 }"),
            "E0342");
  EXPECT_EQ(codesOf("optimizer a { master f32; w' = w - g; view master = w }"), "E0342");
}

TEST(WrongFunctions, areReportedOnce) {
  std::string use = "\noptimizer a { w' = w - f(g) - f(w) }";
  EXPECT_EQ(codesOf("fn f(x) = x*step" + use), "E0323");
  EXPECT_EQ(codesOf("fn f(x) = x*y" + use), "E0301");
  EXPECT_EQ(codesOf("fn f(x) = h(x)\nfn h(x) = f(x)" + use).substr(0, 5), "E0331");
  EXPECT_EQ(codesOf("fn f(x, y) = x*y" + use), "E0404 E0404");
  EXPECT_EQ(codesOf("fn f(x) = x\noptimizer a { w' = w - f(z = g) }"), "E0627");
  EXPECT_EQ(codesOf("fn f(x) = x + (x > 0)" + use), "E0401");
  EXPECT_EQ(codesOf("let c = 2*(3 > 1)\noptimizer a { w' = w - c*g }"), "E0625");
  EXPECT_EQ(codesOf("let c = w\noptimizer a { w' = w - c*g }"), "E0625");
}

TEST(WrongSchedules, areRefused) {
  EXPECT_EQ(codesOf("optimizer a = sgd(root then ramp)"), "E0631");
  EXPECT_EQ(codesOf("optimizer a = sgd(0.1 then ramp)"), "E0631");
  EXPECT_EQ(codesOf("optimizer a = sgd(ramp(0))"), "E0621");
  EXPECT_EQ(codesOf("optimizer a = sgd(ramp(step))"), "E0633");
  EXPECT_EQ(codesOf("schedule x { hyper n = 0; length = n; value = step }\noptimizer a = sgd(x(-3))"), "E0634");
}

TEST(WrongStorage, ofOneNumberIsRefusedWhereItIsDeclared) {
  EXPECT_EQ(codesOf("optimizer a { state m [model] store bf16 = 0; m' = m + 1; w' = w - m*g }"), "E0341");
  EXPECT_EQ(codesOf("transform x { state m [tensor] store f32 = 0; before { m' = norm[tensor](g); g' = g*m } }"),
            "E0341");
}

TEST(FailedImports, areReportedOnce) {
  std::string use = "optimizer a = cleep(h) |> adamv(lr = rump(9))\noptimizer b { w' = w - soff(g)*hh }\n";
  EXPECT_EQ(codesOf("import \"nothing.rvn\"\n" + use), "E0130");
  EXPECT_EQ(codesOf("import \"nothing.rvn\": adamv\noptimizer a = adamv\n"), "E0130");
  EXPECT_EQ(codesOf("import std.optimizers: adamv\noptimizer a = adamv\n"), "E0131");
  EXPECT_EQ(codesOf("import std.optimizers: adamv\noptimizer a = adamz\n"), "E0131 E0320");
  EXPECT_EQ(Elaborated("import \"x.rvn\"\noptimizer a = other\n", {{"x.rvn", "optimizer o { w' = }"}}).codes(),
            "E0202");
}

TEST(WrongTests, areReportedByTheCheck) {
  auto test = [](const std::string &used) {
    return codesOf("test \"it\" { use " + used + "; w = [1]; g = [1]; expect w' == [0] }");
  };
  EXPECT_EQ(test("sgd(0.1)"), "");
  EXPECT_EQ(test("clip |> sgd"), "E0320");
  EXPECT_EQ(test("sgd(rl = 1)"), "E0627");
  EXPECT_EQ(test("sgd(-1)"), "E0621");
  EXPECT_EQ(test("sgd(w)"), "E0624");
}

TEST(Sizes, areBounded) {
  auto chain = [](int depth) {
    std::string text = "fn f0(x) = x + 1\n";
    for (int level = 1; level <= depth; ++level) {
      std::string inner = "f" + std::to_string(level - 1);
      text += "fn f" + std::to_string(level) + "(x) = " + inner + "(x) + " + inner + "(2*x)\n";
    }
    return text + "optimizer a { w' = w - f" + std::to_string(depth) + "(g) }";
  };
  EXPECT_EQ(codesOf(chain(10)), "");
  EXPECT_EQ(codesOf(chain(30)), "E0332");
  // An argument is copied to each place where it is used.
  std::string schedules = "schedule s0 { hyper n = 1; value = n + step }\n";
  std::string doubled = "hyper n = 1; value = s";
  for (int level = 1; level <= 30; ++level)
    schedules += "schedule s" + std::to_string(level) + " { " + doubled + std::to_string(level - 1) + "(n + n) }\n";
  EXPECT_EQ(codesOf(schedules + "optimizer a { hyper k = 1; hyper lr = s30(k); w' = w - lr*g }"), "E0332");
}

TEST(Blocks, areLookedAtForUnusedHypers) {
  EXPECT_EQ(codesOf("optimizer a = { hyper peak = 1; hyper unused = 2; sgd(lr = peak) }"), "W0101");
  EXPECT_EQ(codesOf("optimizer a = { hyper limit = 1; select { rank > limit -> sgd; _ -> frozen } }"), "");
}

TEST(Variants, areCounted) {
  auto select = [](int branches) {
    std::string text = "optimizer a = select { ";
    for (int index = 0; index < branches; ++index)
      text += "b" + std::to_string(index) + ": rank == " + std::to_string(index) + " -> sgd; ";
    return text + "_ -> momentum }";
  };
  EXPECT_EQ(codesOf(select(31)), "");
  EXPECT_EQ(codesOf(select(32)), "E0702");
}

TEST(Variants, ofABranchAreCountedOnlyThere) {
  std::string rule = "optimizer heavy { hyper mu = 0.9; state m when mu > 0 = 0; m' = mu*m + g\n"
                     "  let d = if mu > 0 then m' else g\n"
                     "  let e = case mu > 0.5 { d } else { 2*d }\n"
                     "  w' = w - e }\n";
  auto select = [&](int branches) {
    std::string text = "optimizer a = select { ";
    for (int index = 0; index < branches; ++index)
      text += "b" + std::to_string(index) + ": rank == " + std::to_string(index) + " -> heavy; ";
    return codesOf(rule + text + "_ -> frozen }");
  };
  // Ten branches of four outcomes; one condition and two questions each.
  EXPECT_EQ(select(10), "");
  EXPECT_EQ(select(11), "E0702");
  // The same predicate is one question.
  EXPECT_EQ(codesOf("transform x { before { g' = 2*g } }\n"
                    "optimizer a = x where matrix |> b: x where matrix |> sgd"),
            "");
}

} // namespace
} // namespace ravine::test
