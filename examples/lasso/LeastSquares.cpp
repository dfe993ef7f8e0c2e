// Sparse regression on generated data: ‖Ax − b‖²/2 with a penalty, its dual, and coordinate descent for it.
#include "LeastSquares.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace lasso {

namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += a[i] * b[i];
  return sum;
}

double norm(std::span<const double> a) {
  return std::sqrt(dot(a, a));
}

/// a += factor·b
void addScaled(std::span<double> a, double factor, std::span<const double> b) {
  for (size_t i = 0; i < a.size(); ++i)
    a[i] += factor * b[i];
}

/// Normally distributed, by the sum of twelve uniform numbers: the same on every platform, and normal enough.
double normalNumber(std::mt19937_64 &random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i)
    sum += static_cast<double>(random() >> 11) * 0x1p-53;
  return sum;
}

} // namespace

LeastSquares::LeastSquares(const ProblemSize &given) : size(given) {
  std::mt19937_64 random(size.seed);
  double scale = 1 / std::sqrt(static_cast<double>(size.samples));
  matrix.resize(static_cast<size_t>(size.samples * size.features));
  std::ranges::generate(matrix, [&] { return scale * normalNumber(random); });

  std::vector<double> truth(static_cast<size_t>(size.features));
  for (int64_t group = 0; group < groups(); group += 20)
    for (int64_t i = 0; i < size.groupSize; ++i)
      truth[static_cast<size_t>(group * size.groupSize + i)] = normalNumber(random);
  target.assign(static_cast<size_t>(size.samples), 0);
  for (int64_t feature = 0; feature < size.features; ++feature)
    addScaled(target, truth[static_cast<size_t>(feature)], column(feature));
  for (double &b : target)
    b += 0.01 * normalNumber(random);
  penaltyWeight = 0.1 * greatestCorrelation(target);

  // Power iteration on AᵀA.
  std::vector<double> direction(truth.size(), 1), next(truth.size());
  for (int i = 0; i < 200; ++i) {
    std::vector<double> image(target.size());
    for (int64_t feature = 0; feature < size.features; ++feature)
      addScaled(image, direction[static_cast<size_t>(feature)], column(feature));
    for (int64_t feature = 0; feature < size.features; ++feature)
      next[static_cast<size_t>(feature)] = dot(column(feature), image);
    double length = norm(next);
    curvature = 1.001 * length;
    for (size_t j = 0; j < next.size(); ++j)
      direction[j] = next[j] / length;
  }
}

std::vector<double> LeastSquares::residual(std::span<const double> x) const {
  std::vector<double> r = target;
  for (int64_t feature = 0; feature < size.features; ++feature)
    if (double value = x[static_cast<size_t>(feature)]; value != 0)
      addScaled(r, -value, column(feature));
  return r;
}

double LeastSquares::greatestCorrelation(std::span<const double> r) const {
  double greatest = 0;
  for (int64_t group = 0; group < groups(); ++group) {
    double squares = 0;
    for (int64_t i = 0; i < size.groupSize; ++i)
      squares += std::pow(dot(column(group * size.groupSize + i), r), 2);
    greatest = std::max(greatest, std::sqrt(squares));
  }
  return greatest;
}

double LeastSquares::penalty(std::span<const double> x) const {
  double sum = 0;
  auto length = static_cast<size_t>(size.groupSize);
  for (size_t i = 0; i < x.size(); i += length)
    sum += norm(x.subspan(i, length));
  return penaltyWeight * sum;
}

double LeastSquares::objective(std::span<const double> x) const {
  std::vector<double> r = residual(x);
  return dot(r, r) / 2 + penalty(x);
}

void LeastSquares::gradient(std::span<const double> x, std::span<double> result) const {
  std::vector<double> r = residual(x);
  for (int64_t feature = 0; feature < size.features; ++feature)
    result[static_cast<size_t>(feature)] = -dot(column(feature), r);
}

double LeastSquares::dualityGap(std::span<const double> x) const {
  // The dual: maximize ‖b‖²/2 − ‖b − θ‖²/2 over θ with ‖(Aᵀθ)_G‖ ≤ λ.
  std::vector<double> r = residual(x);
  double feasible = std::min(1.0, penaltyWeight / greatestCorrelation(r));
  double dual = 0;
  for (size_t i = 0; i < r.size(); ++i)
    dual += (target[i] * target[i] - std::pow(target[i] - feasible * r[i], 2)) / 2;
  return dot(r, r) / 2 + penalty(x) - dual;
}

std::vector<double> LeastSquares::coordinateDescent(double gap) const {
  auto length = static_cast<size_t>(size.groupSize);
  std::vector<double> x(static_cast<size_t>(size.features)), moved(length);
  std::vector<double> r = target;
  for (int round = 1; round <= 100'000; ++round) {
    double greatestMove = 0;
    for (int64_t group = 0; group < groups(); ++group) {
      int64_t first = group * size.groupSize;
      std::span<double> own(x.data() + first, length);
      // Exact for a single feature; for several, the sum of squares bounds the curvature of the group.
      double bound = 0;
      for (int64_t i = 0; i < size.groupSize; ++i)
        bound += dot(column(first + i), column(first + i));
      for (size_t i = 0; i < length; ++i)
        moved[i] = own[i] + dot(column(first + static_cast<int64_t>(i)), r) / bound;
      double reach = norm(moved), threshold = penaltyWeight / bound;
      double shrink = reach > threshold ? 1 - threshold / reach : 0;
      for (size_t i = 0; i < length; ++i) {
        double value = shrink * moved[i], move = value - own[i];
        if (move != 0)
          addScaled(r, -move, column(first + static_cast<int64_t>(i)));
        greatestMove = std::max(greatestMove, std::abs(move));
        own[i] = value;
      }
    }
    if (greatestMove == 0 || (round % 10 == 0 && dualityGap(x) < gap))
      break;
  }
  return x;
}

} // namespace lasso
