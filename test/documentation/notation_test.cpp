// How names are written.
#include "compiler/documentation/Notation.h"
#include "test/frontend/Checked.h"

namespace ravine::test {
namespace {

using namespace documentation;

TEST(Notation, namesByThemselves) {
  const std::pair<const char *, const char *> table[] = {
      {"x", "x"},
      {"X", "X"},
      {"beta", "\\beta"},
      {"beta1", "\\beta_{1}"},
      {"Delta", "\\Delta"},
      {"Gamma2", "\\Gamma_{2}"},
      {"epsilon", "\\varepsilon"},
      {"phi", "\\varphi"},
      {"Eta", "\\mathrm{H}"},
      {"omicron", "o"},
      {"mhat", "\\hat{m}"},
      {"gammabar", "\\bar{\\gamma}"},
      {"xtilde", "\\tilde{x}"},
      {"hat", "\\mathrm{hat}"},
      {"gain", "\\mathrm{gain}"},
      {"v_max", "v_{\\mathrm{max}}"},
      {"v_max2", "v_{\\mathrm{max},2}"},
      {"alpha_k", "\\alpha_{k}"},
      {"lambda_1_beta", "\\lambda_{1,\\beta}"},
      {"m_1", "m_{1}"},
      {"growth_rate", "\\mathrm{growth\\_rate}"},
      {"growth_rate2", "\\mathrm{growth\\_rate}_{2}"},
      {"d_coef", "\\mathrm{d\\_coef}"},
      {"loss_k", "\\mathrm{loss\\_k}"},
      {"a__b", "\\mathrm{a\\_\\_b}"},
      {"d0", "d_{0}"},
      {"log10scale", "\\mathrm{log10scale}"},
      {"trailing_", "\\mathrm{trailing\\_}"},
      {"m_", "\\mathrm{m\\_}"},
      {"_", "\\mathrm{\\_}"},
      {"_1", "\\mathrm{\\_}_{1}"},
      {"lr", "\\eta"},
      {"weight_decay", "\\lambda"},
      {"momentum", "\\mu"},
      {"eps", "\\varepsilon"},
      {"lr2", "\\mathrm{lr}_{2}"},
  };
  for (auto [name, latex] : table)
    EXPECT_EQ(writeLatex(symbolOf(name)), latex) << name;
}

TEST(Notation, namesOfPartsHaveThePartAsSubscript) {
  const std::pair<const char *, const char *> table[] = {
      {"hidden.lr", "\\eta_{\\mathrm{hidden}}"},
      {"inner.inner.beta1", "\\beta_{1,\\mathrm{inner.inner}}"},
      {"wide.max_norm", "\\mathrm{max\\_norm}_{\\mathrm{wide}}"},
      {"clip_global:g", "g_{\\mathrm{clip\\_global}}"},
      {"wide:sgd:mhat", "\\hat{m}_{\\mathrm{wide.sgd}}"},
      {"cautious::delta", "\\delta_{\\mathrm{cautious}}"},
      {"sgd.2:w", "w_{\\mathrm{sgd.2}}"},
      {"soft.x.12", "x_{\\mathrm{soft}}"},
      {"s.3", "s"},
  };
  for (auto [name, latex] : table)
    EXPECT_EQ(writeLatex(symbolOf(name)), latex) << name;
  EXPECT_EQ(writeLatex(symbolOf("soft.x.12", /*customary=*/false)), "x_{\\mathrm{soft},12}");
}

/// The symbols of a rule with these hypers, in LaTeX.
std::vector<std::string> symbolsOf(const std::vector<std::string> &hypers) {
  std::string program = "optimizer rule {\n";
  for (const std::string &hyper : hypers)
    program += "  hyper " + hyper + " = 0.5\n";
  Checked checked(program + "  w' = w - g\n}\n");
  EXPECT_FALSE(checked.diagnostics.hasErrors()) << checked.messages();
  Notation notation(checked.optimizer());
  std::vector<std::string> symbols;
  for (const std::string &hyper : hypers)
    symbols.push_back(writeLatex(notation.symbol(hyper)));
  return symbols;
}

TEST(Notation, twoNamesNeverShareASymbol) {
  using testing::ElementsAre;
  EXPECT_THAT(symbolsOf({"lr", "beta"}), ElementsAre("\\eta", "\\beta"));
  EXPECT_THAT(symbolsOf({"lr", "eta"}), ElementsAre("\\mathrm{lr}", "\\eta"));
  EXPECT_THAT(symbolsOf({"eps", "epsilon"}), ElementsAre("\\mathrm{eps}", "\\varepsilon"));
  EXPECT_THAT(symbolsOf({"beta1", "beta_1", "a"}), ElementsAre("\\mathtt{beta1}", "\\mathtt{beta\\_1}", "a"));
  EXPECT_THAT(symbolsOf({"Alpha", "A"}), ElementsAre("\\mathrm{A}", "A"));
}

TEST(Notation, noNameLooksLikeAStateAtSomeStep) {
  Checked checked = Checked::rule(
      "  hyper d0 = 0.5\n  hyper m_t = 0.5\n  state d = d0\n  state m = 0\n  state w0 = w\n"
      "  let g_t = 2*g\n  let w1 = { let d_t = m_t; d_t*g_t }\n  d' = d\n  m' = w1\n  w0' = w0\n  w' = w - m'");
  EXPECT_FALSE(checked.diagnostics.hasErrors()) << checked.messages();
  Notation notation(checked.optimizer());
  auto symbol = [&](const char *name) { return writeLatex(notation.symbol(name)); };
  EXPECT_EQ(symbol("d0"), "\\mathtt{d0}");
  EXPECT_EQ(symbol("d"), "d");
  EXPECT_EQ(writeLatex(notation.defined("d", Moment::Creation)), "d_{0}");
  EXPECT_EQ(symbol("m_t"), "\\mathtt{m\\_t}");
  EXPECT_EQ(symbol("g_t"), "\\mathtt{g\\_t}");
  EXPECT_EQ(writeLatex(notation.defined("w0", Moment::Creation)), "\\mathtt{w0}_{0}");
  EXPECT_EQ(symbol("d_t"), "\\mathtt{d\\_t}");
  EXPECT_EQ(symbol("w1"), "w_{1}");
}

std::string used(const char *name, bool isPrimed, ast::Symbol symbol, Moment moment) {
  Checked checked = Checked::rule("  state v_max = 0\n  v_max' = g");
  return writeLatex(Notation(checked.optimizer()).use({name, isPrimed, symbol}, moment));
}

TEST(Notation, subscriptsCountSteps) {
  Checked checked = Checked::rule("  state v_max = 0\n  v_max' = g");
  const ast::StateDecl *state = &checked.state("v_max");
  ast::Symbol w = ast::Predefined::Parameter, g = ast::Predefined::Gradient;
  EXPECT_EQ(used("w", false, w, Moment::Step), "w_{t-1}");
  EXPECT_EQ(used("w", true, w, Moment::Step), "w_{t}");
  EXPECT_EQ(used("w", false, w, Moment::Creation), "w_{0}");
  EXPECT_EQ(used("w", false, w, Moment::After), "w_{t}");
  EXPECT_EQ(used("g", false, g, Moment::Step), "g_{t}");
  EXPECT_EQ(used("v_max", false, state, Moment::Step), "v_{\\mathrm{max},t-1}");
  EXPECT_EQ(used("v_max", true, state, Moment::Step), "v_{\\mathrm{max},t}");
  EXPECT_EQ(used("t", false, ast::Predefined::T, Moment::Step), "t");
  EXPECT_EQ(used("pi", false, ast::Predefined::Pi, Moment::Step), "\\pi");
  EXPECT_EQ(used("size", false, ast::Predefined::Size, Moment::Step), "\\mathrm{size}");
}

} // namespace
} // namespace ravine::test
