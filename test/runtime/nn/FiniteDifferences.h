// Gradients, checked against central differences.
#pragma once

#include "runtime/nn/Layer.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <random>

namespace ravine::test {

/// Fills with distinct values from about −1 to 1 that are 2/count apart and at least 1/(2·count) from 0, in random
/// order: no step of a finite difference crosses a kink of a rectifier or changes which of two values is larger. Their
/// sum is ½, lest a derivative that adds them up be nothing but rounding errors.
inline void fillApart(std::span<double> values, uint32_t seed) {
  const auto count = static_cast<double>(values.size());
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = (2 * static_cast<double>(i) + 1.5 - count) / count;
  std::shuffle(values.begin(), values.end(), std::mt19937(seed));
}

/// Compares a gradient with the central differences of `function` by each of `variables`, which `function` reads. The
/// relative error of every component stays below 1e-6; components of less than a thousandth of the largest are compared
/// on the scale of that.
inline void expectGradient(const std::function<double()> &function, std::span<double> variables,
                           std::span<const double> gradient, const std::string &what) {
  constexpr double step = 1e-4;
  std::vector<double> differences;
  double scale = 0;
  for (double &variable : variables) {
    const double middle = variable;
    variable = middle + step;
    const double above = function();
    variable = middle - step;
    const double below = function();
    variable = middle;
    differences.push_back((above - below) / (2 * step));
    scale = std::max(scale, std::abs(differences.back()));
  }
  ASSERT_EQ(gradient.size(), variables.size()) << what;
  EXPECT_GT(scale, 0) << what << ": nothing depends on it, so nothing is tested";
  for (size_t i = 0; i < gradient.size(); ++i)
    EXPECT_NEAR(gradient[i], differences[i], 1e-6 * std::max(std::abs(differences[i]), 1e-3 * scale))
        << what << " " << i;
}

/// Checks what `backward` says of the input and of every parameter, for the scalar Σ c·y with random c. Parameters are
/// filled. Gradients start from ones, because backward adds to them.
inline void expectLayerGradients(nn::Layer<double> &layer, const nn::Shape &input, int64_t examples) {
  const nn::Shape output = layer.outputShape(input);
  nn::Tensor<double> x(input.batchOf(examples)), y(output.batchOf(examples)), slope(output.batchOf(examples)),
      dx(input.batchOf(examples)), scratch({layer.scratchCount(input, examples)});
  fillApart(x.span(), 1);
  fillApart(slope.span(), 2);
  std::ranges::fill(dx.span(), 1e30);              // Must be overwritten,
  std::ranges::fill(scratch.span(), std::nan("")); // and this must not matter.
  std::vector<nn::Tensor<double>> gradients;
  std::vector<nn::TensorView<double>> views;
  uint32_t seed = 3;
  for (nn::Parameter<double> *parameter : layer.parameters()) {
    fillApart(parameter->value.span(), seed++);
    gradients.emplace_back(parameter->value.shape());
    views.push_back(gradients.back().view());
    std::ranges::fill(views.back().span(), 1.0);
  }

  const auto function = [&] {
    layer.forward(x.view(), y.view(), scratch.span());
    return y.view().vector().dot(slope.view().vector());
  };
  function();
  layer.backward(x.view(), y.view(), slope.view(), dx.view(), views, scratch.span());
  expectGradient(function, x.span(), dx.span(), "input");
  for (size_t index = 0; nn::Parameter<double> *parameter : layer.parameters()) {
    views[index].vector().array() -= 1;
    expectGradient(function, parameter->value.span(), gradients[index].span(), parameter->name);
    ++index;
  }
}

} // namespace ravine::test
