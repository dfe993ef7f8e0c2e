// A host in C++, linked with a compiled AdamW: fits a line to noisy points, weight and bias in groups of their own,
// with a learning rate that falls to zero.
#include "adamw.h"
#include "ravine.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <random>

namespace {

constexpr size_t inputs = 8, points = 256;
constexpr int steps = 500;

enum Group : uint32_t { weights, biases, groupCount };

/// y = x . slope + offset, with a little noise.
struct Points {
  std::array<std::array<float, inputs>, points> x;
  std::array<float, points> y;

  Points() {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (size_t p = 0; p < points; ++p) {
      y[p] = 3 + 0.1f * normal(random);
      for (size_t i = 0; i < inputs; ++i) {
        x[p][i] = normal(random);
        y[p] += x[p][i] * (static_cast<float>(i) - 3.5f) / 2;
      }
    }
  }
};

/// The model, with a gradient beside each parameter.
struct Line {
  std::array<float, inputs> weight = {}, weightGradient;
  std::array<float, 1> bias = {}, biasGradient;

  /// Mean squared error over all points; leaves its gradients.
  float loss(const Points &data) {
    weightGradient.fill(0);
    biasGradient.fill(0);
    float sum = 0;
    for (size_t p = 0; p < points; ++p) {
      float error = bias[0] - data.y[p];
      for (size_t i = 0; i < inputs; ++i)
        error += weight[i] * data.x[p][i];
      sum += error * error / points;
      biasGradient[0] += 2 * error / points;
      for (size_t i = 0; i < inputs; ++i)
        weightGradient[i] += 2 * error * data.x[p][i] / points;
    }
    return sum;
  }
};

} // namespace

int main() {
  ravine::Library library(ravine_adamw_v1);
  std::printf("%s, compiled by %s\n", library->name, library->compiler);

  const std::array<ravine::Tensor, 2> tensors = {
      ravine::Tensor{.name = "weight", .shape = {inputs}, .group = weights},
      ravine::Tensor{.name = "bias", .shape = {1}, .group = biases},
  };
  // Weight decay is for weights.
  ravine::Optimizer optimizer(
      library, tensors,
      {.groupCount = groupCount, .settings = {{.name = RAVINE_HYPER_adamw_weight_decay, .value = 0, .group = biases}}});

  Points data;
  Line line;
  const std::array<void *, 2> parameters = {line.weight.data(), line.bias.data()};
  const std::array<const void *, 2> gradients = {line.weightGradient.data(), line.biasGradient.data()};
  float first = line.loss(data);
  for (int step = 0; step < steps; ++step) {
    if (step % 100 == 0)
      std::printf("step %3d  loss %.4f\n", step, line.loss(data));
    optimizer.set(RAVINE_HYPER_adamw_lr, 0.05 * (1 - static_cast<double>(step) / steps));
    optimizer.step(parameters, gradients);
    line.loss(data);
  }
  float last = line.loss(data);
  std::printf("step %3lld  loss %.4f\n", static_cast<long long>(optimizer.steps()), last);

  try {
    optimizer.set(RAVINE_HYPER_adamw_lr, -1);
  } catch (const ravine::Error &error) {
    std::printf("%s: %s\n", library->status_name(error.status()), error.what());
  }
  return last < first / 100 ? 0 : 1;
}
