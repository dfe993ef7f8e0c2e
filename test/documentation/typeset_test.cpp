// Expressions as LaTeX. What is expected is written by hand from the mathematics.
#include "test/documentation/Typeset.h"

namespace ravine::test {
namespace {

struct Expectation {
  const char *source;
  const char *latex;
};

void expectAll(std::initializer_list<Expectation> table) {
  for (const Expectation &expectation : table)
    EXPECT_EQ(documentation::writeLatex(formulaOf(expectation.source)), expectation.latex) << expectation.source;
}

TEST(Typeset, numbers) {
  expectAll({
      {"3", "3"},
      {"0.5", "0.5"},
      {"1%", "0.01"},
      {"1e-3", "0.001"},
      {"1e-8", "10^{-8}"},
      {"2.5e-7", "2.5 \\times 10^{-7}"},
      {"3e12", "3 \\times 10^{12}"},
      {"3e12*a", "3 \\times 10^{12} a"},
      {"a*3e12", "a \\cdot 3 \\times 10^{12}"},
      {"(1e-8)^2", "(10^{-8})^{2}"},
      {"2*pi", "2 \\pi"},
  });
}

TEST(Typeset, sumsAndSigns) {
  expectAll({
      {"a + b", "a + b"},
      {"a + b - c", "a + b - c"},
      {"a - (b - c)", "a - (b - c)"},
      {"a - (b + c)", "a - (b + c)"},
      {"a + (b - c)", "a + b - c"},
      {"(a - b) - c", "a - b - c"},
      {"-a", "-a"},
      {"-a + b", "-a + b"},
      {"a + -b", "a + (-b)"},
      {"a - -b", "a - (-b)"},
      {"a + (-b + c)", "a + (-b + c)"},
      {"-(-a)", "-(-a)"},
      {"-(a + b)", "-(a + b)"},
      {"-(a*b)", "-a b"},
      {"-a*b", "-a b"},
      {"a*-b", "a (-b)"},
      {"a*(-b*c)", "a (-b c)"},
      {"-a*b + c", "-a b + c"},
  });
}

TEST(Typeset, products) {
  expectAll({
      {"a*b", "a b"},
      {"a*b*c", "a b c"},
      {"a*(b*c)", "a b c"},
      {"2*a", "2 a"},
      {"a*2", "a \\cdot 2"},
      {"2*3", "2 \\cdot 3"},
      {"(a + b)*c", "(a + b) c"},
      {"a*(b + c)", "a (b + c)"},
      {"(a + b)*(c - d)", "(a + b) (c - d)"},
      {"a*loss_scale", "a \\, \\mathrm{loss\\_scale}"},
      {"loss_scale*a", "\\mathrm{loss\\_scale} \\, a"},
      {"loss_scale*(a + b)", "\\mathrm{loss\\_scale} (a + b)"},
      {"(1 - beta1)*g^2", "(1 - \\beta_{1}) g_{t}^{2}"},
  });
}

TEST(Typeset, quotients) {
  expectAll({
      {"a/b", "\\frac{a}{b}"},
      {"a/b/c", "\\frac{\\frac{a}{b}}{c}"},
      {"a/(b/c)", "\\frac{a}{\\frac{b}{c}}"},
      {"a/(b*c)", "\\frac{a}{b c}"},
      {"a/b*c", "\\frac{a}{b} c"},
      {"a*b/c", "\\frac{a b}{c}"},
      {"a*(b/c)", "a \\frac{b}{c}"},
      {"2*(1/3)", "2 \\cdot \\frac{1}{3}"},
      {"2*(a/3)", "2 \\frac{a}{3}"},
      {"(a + b)/(c - d)", "\\frac{a + b}{c - d}"},
      {"a - b/c", "a - \\frac{b}{c}"},
      {"-a/b", "\\frac{-a}{b}"},
      {"-(a/b)", "-\\frac{a}{b}"},
      {"a*(1 + b/c)", "a \\left( 1 + \\frac{b}{c} \\right)"},
      {"(a/b)^2", "\\left( \\frac{a}{b} \\right)^{2}"},
  });
}

TEST(Typeset, powersAndRoots) {
  expectAll({
      {"x^2", "x^{2}"},
      {"-x^2", "-x^{2}"},
      {"(-x)^2", "(-x)^{2}"},
      {"x^-2", "x^{-2}"},
      {"x^-0.5", "x^{-0.5}"},
      {"2^x^y", "2^{x^{y}}"},
      {"(2^x)^y", "(2^{x})^{y}"},
      {"(a + b)^2", "(a + b)^{2}"},
      {"(a*b)^2", "(a b)^{2}"},
      {"2*x^2", "2 x^{2}"},
      {"x^(1/3)", "x^{1/3}"},
      {"x^(a/(b*c))", "x^{a/(b c)}"},
      {"x^(a/b/c)", "x^{(a/b)/c}"},
      {"x^(a/b*c)", "x^{(a/b) c}"},
      {"x^(a*b/c)", "x^{a b/c}"},
      {"x^((a + b)/2)", "x^{(a + b)/2}"},
      {"beta1^t", "\\beta_{1}^{t}"},
      {"r0^2", "r_{0}^{2}"},
      {"m'^2", "m_{t}^{2}"},
      {"m^2", "m_{t-1}^{2}"},
      {"sqrt(x)", "\\sqrt{x}"},
      {"sqrt(x/y)", "\\sqrt{\\frac{x}{y}}"},
      {"1/sqrt(x)", "\\frac{1}{\\sqrt{x}}"},
      {"sqrt(x)^3", "\\sqrt{x}^{3}"},
      {"a*(sqrt(x) + b)", "a \\left( \\sqrt{x} + b \\right)"},
  });
}

TEST(Typeset, functions) {
  expectAll({
      {"abs(x)", "\\lvert x \\rvert"},
      {"abs(x/y)", "\\left\\lvert \\frac{x}{y} \\right\\rvert"},
      {"abs(x)^3", "\\lvert x \\rvert^{3}"},
      {"a*abs(x)", "a \\lvert x \\rvert"},
      {"sign(x)", "\\mathrm{sign} (x)"},
      {"a*sign(x)", "a \\, \\mathrm{sign} (x)"},
      {"exp(-x)", "\\exp (-x)"},
      {"exp(x)^2", "(\\exp (x))^{2}"},
      {"a*exp(x)*b", "a \\, \\exp (x) b"},
      {"log1p(x)", "\\log (1 + x)"},
      {"log1p(-x)", "\\log (1 + (-x))"},
      {"a*expm1(x)", "a (\\exp (x) - 1)"},
      {"acos(x)", "\\arccos (x)"},
      {"erf(x)", "\\mathrm{erf} (x)"},
      {"floor(x)", "\\lfloor x \\rfloor"},
      {"ceil(x/y)", "\\left\\lceil \\frac{x}{y} \\right\\rceil"},
      {"round(x)", "\\mathrm{round} (x)"},
      {"min(a, b)", "\\min (a, b)"},
      {"max(a, b, c/d)", "\\max \\left( a, b, \\frac{c}{d} \\right)"},
      {"clamp(x, -1, a)", "\\mathrm{clamp} (x, -1, a)"},
  });
}

TEST(Typeset, conditions) {
  expectAll({
      {"a < b", "a < b"},
      {"a <= b", "a \\le b"},
      {"a > b", "a > b"},
      {"a >= b", "a \\ge b"},
      {"a == b", "a = b"},
      {"a != b", "a \\ne b"},
      {"a + b < c*d", "a + b < c d"},
      {"a > 0 and b > 0", "a > 0 \\text{ and } b > 0"},
      {"nesterov or fast and a > 0", "\\mathrm{nesterov} \\text{ or } (\\mathrm{fast} \\text{ and } a > 0)"},
      {"(nesterov or fast) and a > 0", "(\\mathrm{nesterov} \\text{ or } \\mathrm{fast}) \\text{ and } a > 0"},
      {"not nesterov", "\\text{not } \\mathrm{nesterov}"},
      {"not (a > 0)", "\\text{not } (a > 0)"},
      {"nesterov == (a > 0)", "\\mathrm{nesterov} = (a > 0)"},
      {"nesterov == true", "\\mathrm{nesterov} = \\text{true}"},
      {"mode == mean", "\\mathrm{mode} = \\text{mean}"},
  });
}

TEST(Typeset, choices) {
  expectAll({
      {"if a > 0 then b else c", "\\begin{cases} b & \\text{if } a > 0 \\\\ c & \\text{otherwise} \\end{cases}"},
      {"if a > 0 then b else if a < 0 then c else d",
       "\\begin{cases} b & \\text{if } a > 0 \\\\ c & \\text{if } a < 0 \\\\ d & \\text{otherwise} \\end{cases}"},
      {"x*(if fast then a else b)",
       "x \\left( \\begin{cases} a & \\text{if } \\mathrm{fast} \\\\ b & \\text{otherwise} \\end{cases} \\right)"},
      {"case matrix { a } else { b/c }",
       "\\begin{cases} a & \\text{where } \\mathrm{matrix} \\\\ \\frac{b}{c} & \\text{elsewhere} \\end{cases}"},
      {"{ let z = a + b; z*c }", "z c"},
  });
}

TEST(Typeset, reductions) {
  expectAll({
      {"norm[model](g)", "\\lVert g_{t} \\rVert_{2,\\mathrm{model}}"},
      {"norm[tensor](w)^2", "\\lVert w_{t-1} \\rVert_{2,\\mathrm{tensor}}^{2}"},
      {"norm1[tensor](g)", "\\lVert g_{t} \\rVert_{1,\\mathrm{tensor}}"},
      {"norminf[tensor](g)", "\\lVert g_{t} \\rVert_{\\infty,\\mathrm{tensor}}"},
      {"norm[tensor](g/a)", "\\left\\lVert \\frac{g_{t}}{a} \\right\\rVert_{2,\\mathrm{tensor}}"},
      {"dot[model](g, w' - w)", "\\langle g_{t}, w_{t} - w_{t-1} \\rangle_{\\mathrm{model}}"},
      {"sum[model](g^2)", "\\sum_{\\mathrm{model}} g_{t}^{2}"},
      {"sum[model](a*g)", "\\sum_{\\mathrm{model}} a g_{t}"},
      {"sum[model](g + w)", "\\sum_{\\mathrm{model}} (g_{t} + w_{t-1})"},
      {"a*sum[model](g)", "a \\left( \\sum_{\\mathrm{model}} g_{t} \\right)"},
      {"a + sum[model](g)", "a + \\sum_{\\mathrm{model}} g_{t}"},
      {"sqrt(sum[tensor](g^2))", "\\sqrt{\\sum_{\\mathrm{tensor}} g_{t}^{2}}"},
      {"mean[tensor](g^2)", "\\mathrm{mean}_{\\mathrm{tensor}} (g_{t}^{2})"},
      {"max[tensor](abs(g))", "\\max_{\\mathrm{tensor}} (\\lvert g_{t} \\rvert)"},
      {"count[model](g == 0)", "\\mathrm{count}_{\\mathrm{model}} (g_{t} = 0)"},
      {"norm[row](g)", "\\lVert g_{t} \\rVert_{2,\\mathrm{row}}"},
      {"max[block 64](abs(g))", "\\max_{\\text{block } 64} (\\lvert g_{t} \\rvert)"},
      {"quantile[tensor](g, a)", "\\mathrm{quantile}_{\\mathrm{tensor}} (g_{t}, a)"},
      {"kth_largest[row](g, 3)", "\\text{kth largest}_{\\mathrm{row}} (g_{t}, 3)"},
      {"min(1, a/norm[model](g))", "\\min \\left( 1, \\frac{a}{\\lVert g_{t} \\rVert_{2,\\mathrm{model}}} \\right)"},
  });
}

TEST(Typeset, aWholeUpdate) {
  expectAll({
      {"w - lr*(m'/(1 - beta1^t)/(sqrt(m') + 1e-8) + weight_decay*w)",
       "w_{t-1} - \\eta \\left( \\frac{\\frac{m_{t}}{1 - \\beta_{1}^{t}}}{\\sqrt{m_{t}} + 10^{-8}} + \\lambda w_{t-1} "
       "\\right)"},
  });
}

} // namespace
} // namespace ravine::test
