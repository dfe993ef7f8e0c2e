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
  EXPECT_EQ(codesOf("optimizer a = sgd(peak)"), "E0301");
  EXPECT_EQ(codesOf("optimizer a = sgd(w)"), "E0603");
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

TEST(Variants, areCounted) {
  auto select = [](int branches) {
    std::string text = "optimizer a = select { ";
    for (int index = 0; index < branches; ++index)
      text += "b" + std::to_string(index) + ": rank == " + std::to_string(index) + " -> sgd; ";
    return text + "_ -> momentum }";
  };
  EXPECT_EQ(codesOf(select(63)), "");
  EXPECT_EQ(codesOf(select(64)), "E0702");
}

} // namespace
} // namespace ravine::test
