// Steps three rules from two libraries under a constant gradient, where each has a closed form. All numbers are dyadic,
// so that they are exact.
#include "descent.h"
#include "ravine.hpp"
#include "rules.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace {

constexpr int steps = 8;
constexpr std::array<float, 5> start = {0, 1, -2, 3, 4}, gradient = {1, -1, 2, 0.5f, 0};

/// Whether the rule leads from `start` to start + factor*gradient.
bool leadsTo(double factor, ravine::Library library, const char *rule) {
  const std::array tensors = {ravine::Tensor{.name = "w", .shape = {start.size()}}};
  ravine::Optimizer optimizer(library, tensors, {.optimizer = rule});
  std::array<float, start.size()> weight = start;
  void *const weights[] = {weight.data()};
  const void *const gradients[] = {gradient.data()};
  for (int step = 0; step < steps; ++step)
    optimizer.step(weights, gradients);
  bool isRight = true;
  for (size_t i = 0; i < start.size(); ++i)
    isRight = isRight && static_cast<double>(weight[i]) == static_cast<double>(start[i]) + factor * gradient[i];
  std::printf("%s: %s\n", rule, isRight ? "right" : "wrong");
  return isRight;
}

} // namespace

int main() {
  const double mu = 0.5;
  // The k-th step moves by lr (1 - mu^k) / (1 - mu).
  double momentum = -0.25 / (1 - mu) * (steps - mu * (1 - std::pow(mu, steps)) / (1 - mu));
  bool isRight = leadsTo(-0.5 * steps, ravine::Library(ravine_descent_v1), RAVINE_NAME_descent);
  isRight &= leadsTo(+0.5 * steps, ravine::Library(ravine_rules_v1), RAVINE_NAME_ascent);
  isRight &= leadsTo(momentum, ravine::Library(ravine_rules_v1), RAVINE_NAME_heavy_ball);
  return isRight ? 0 : 1;
}
