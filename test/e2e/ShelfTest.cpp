// What the papers of some library entries promise about them.
#include "test/support/Rule.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace ravine;
using namespace ravine::test;

namespace {

/// The step sizes of adagrad_norm over gradients that are large at first and then die down.
std::vector<double> stepSizes(double form) {
  const double beta = 0.5, eps = 1e-3;
  Rule rule(RAVINE_SOURCE "/stdlib/optimizers/adagrad_norm.rvn");
  Interpreter interpreter(rule.optimizer("adagrad_norm"), Arithmetic::Exact,
                          {{"form", form}, {"beta", beta}, {"eps", eps}, {"lr", 1}});
  InterpretedModel model;
  model.tensors.push_back({.shape = {2}, .parameter = {0, 0}});
  std::vector<double> sizes;
  for (int step = 1; step <= 40; ++step) {
    double size = step % 7 == 0 ? 0 : std::pow(0.7, step);
    double before = model.tensors[0].parameter[1];
    // The second gradient is tiny but never 0: its step shows the step size.
    EXPECT_EQ(interpreter.step(model, {{{size, 1e-9}}}), StepEnd::Committed);
    sizes.push_back((before - model.tensors[0].parameter[1]) / 1e-9);
  }
  return sizes;
}

bool everGrows(const std::vector<double> &sizes) {
  for (size_t i = 1; i < sizes.size(); ++i)
    if (sizes[i] > sizes[i - 1] * (1 + 1e-6)) // the step is the difference of two weights
      return true;
  return false;
}

TEST(AdaGradNorm, SafeguardedStepSizeNeverGrows) {
  EXPECT_FALSE(everGrows(stepSizes(2)));
}

TEST(AdaGradNorm, SumsStepSizeNeverGrows) {
  EXPECT_FALSE(everGrows(stepSizes(0)));
}

TEST(AdaGradNorm, WithoutTheSafeguardItGrows) {
  EXPECT_TRUE(everGrows(stepSizes(1)));
}

} // namespace
