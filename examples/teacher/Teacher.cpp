// One-layer teacher networks whose expected loss is known in closed form, so that nothing has to be sampled.
#include "Teacher.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace teacher {

namespace {

using std::numbers::pi;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += a[i] * b[i];
  return sum;
}

double norm(std::span<const double> a) {
  return std::sqrt(dot(a, a));
}

} // namespace

double angle(std::span<const double> a, std::span<const double> b) {
  // From the sine of half of it: the arc cosine loses half of the digits of a small angle.
  const double lengthOfA = norm(a), lengthOfB = norm(b);
  double squares = 0;
  for (size_t i = 0; i < a.size(); ++i)
    squares += std::pow(a[i] / lengthOfA - b[i] / lengthOfB, 2);
  return 2 * std::asin(std::min(1.0, std::sqrt(squares) / 2));
}

RectifiedNetwork::RectifiedNetwork(std::vector<double> teacher, int patches)
    : target(std::move(teacher)), targetNorm(norm(target)), k(patches) {}

double RectifiedNetwork::loss(std::span<const double> w) const {
  const double length = norm(w), theta = angle(w, target);
  const double b = (k * k - k) / (2 * pi), a = b + k / 2;
  const double overlap = length * targetNorm * (std::sin(theta) + (pi - theta) * std::cos(theta)) / (2 * pi);
  return (a * (length * length + targetNorm * targetNorm) - 2 * k * overlap - 2 * b * length * targetNorm) / (k * k);
}

RectifiedNetwork::Pull RectifiedNetwork::pull(std::span<const double> w) const {
  const double length = norm(w), theta = angle(w, target);
  const double b = (k * k - k) / (2 * pi), a = b + k / 2;
  return {(2 * a - (2 * b + k / pi * std::sin(theta)) * targetNorm / length) / (k * k), (pi - theta) / (pi * k)};
}

void RectifiedNetwork::gradient(std::span<const double> w, std::span<double> result) const {
  const auto [own, other] = pull(w);
  for (size_t i = 0; i < w.size(); ++i)
    result[i] = own * w[i] - other * target[i];
}

double RectifiedNetwork::lipschitz() const {
  // 2a/k² from the square, and what the two terms that bend with w/‖w‖ add at most for ‖w‖ ≥ ‖w*‖/2.
  const double b = (k * k - k) / (2 * pi), a = b + k / 2;
  return (2 * a + 2 * k / pi) / (k * k);
}

BinarizedNetwork::BinarizedNetwork(std::vector<double> teacher) : target(std::move(teacher)) {
  const double length = norm(target);
  for (double &value : target)
    value /= length;
}

void BinarizedNetwork::coarseGradient(std::span<const double> w, std::span<double> result) const {
  const double length = norm(w);
  for (size_t i = 0; i < w.size(); ++i)
    result[i] = (w[i] / length - target[i]) / (2 * std::sqrt(2 * pi));
}

} // namespace teacher
