// One-layer teacher networks whose expected loss is known in closed form, so that nothing has to be sampled.
#pragma once

#include <span>
#include <vector>

namespace teacher {

/// The angle between two vectors, in radians.
[[nodiscard]] double angle(std::span<const double> a, std::span<const double> b);

/// y(w) = 1/k·Σⱼ max(w·xⱼ, 0) over k patches that do not overlap, each with independent standard normal entries; the
/// loss is the expected squared difference to the same network with weights w*. Brutzkus & Globerson: Globally optimal
/// gradient descent for a ConvNet with Gaussian inputs (ICML 2017).
class RectifiedNetwork {
public:
  RectifiedNetwork(std::vector<double> teacher, int patches);

  [[nodiscard]] std::span<const double> teacher() const { return target; }
  [[nodiscard]] double loss(std::span<const double> w) const;
  /// The gradient is own·w − other·w*; this gives the two factors. w is not zero.
  struct Pull {
    double own, other;
  };
  [[nodiscard]] Pull pull(std::span<const double> w) const;
  void gradient(std::span<const double> w, std::span<double> result) const;
  /// No second derivative is greater, where ‖w‖ is at least half of ‖w*‖.
  [[nodiscard]] double lipschitz() const;

private:
  std::vector<double> target;
  double targetNorm;
  double k;
};

/// The network with steps in place of rectifiers, 1{w·x > 0}, and known second layer v, ‖v‖ = 1: its loss has no useful
/// gradient, and the expected coarse one, which takes the derivative of the rectifier for that of the step, is
/// (w/‖w‖ − w*)/(2·√(2π)) for ‖w*‖ = 1.
/// Yin et al.: Understanding straight-through estimator in training activation quantized neural nets (ICLR 2019).
class BinarizedNetwork {
public:
  /// Scales the teacher to length 1.
  explicit BinarizedNetwork(std::vector<double> teacher);

  [[nodiscard]] std::span<const double> teacher() const { return target; }
  void coarseGradient(std::span<const double> w, std::span<double> result) const;

private:
  std::vector<double> target;
};

} // namespace teacher
