// Drawing the inputs at which laws are tried.
#include "compiler/testing/laws/LawInputs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ravine::testing {

namespace {

constexpr std::array<size_t, 8> lengths = {1, 2, 3, 1, 5, 2, 8, 17};
constexpr std::array<double, 8> stepSizes = {1, 0.5, 2, 1e-3, 100, 0.1, 1e-8, 1e4};
constexpr size_t kinds = 10;

} // namespace

double LawInputs::logUniform(double least, double most) {
  return std::exp(std::log(least) + uniform() * (std::log(most) - std::log(least)));
}

double LawInputs::normal() {
  // The sum of twelve uniform numbers is normal enough, and the same with every standard library.
  double sum = -6;
  for (int i = 0; i < 12; ++i)
    sum += uniform();
  return sum;
}

Vector LawInputs::vector(size_t kind, size_t length) {
  Vector x(length);
  auto sign = [&] { return below(2) == 0 ? 1.0 : -1.0; };
  switch (kind) {
  case 0: // zeros
    break;
  case 1: // a single one
    x[below(length)] = sign() * logUniform(0.1, 10);
    break;
  case 2: { // ties
    double size = 1 + static_cast<double>(below(3));
    std::ranges::generate(x, [&] { return sign() * size; });
    break;
  }
  case 3: // equal numbers
    std::ranges::fill(x, sign() * logUniform(0.1, 10));
    break;
  case 4: // huge
    std::ranges::generate(x, [&] { return sign() * logUniform(1e3, 1e8); });
    break;
  case 5: // tiny
    std::ranges::generate(x, [&] { return sign() * logUniform(1e-9, 1e-3); });
    break;
  case 6: // small whole numbers, where thresholds are met exactly
    std::ranges::generate(x, [&] { return static_cast<double>(below(7)) - 3; });
    break;
  case 7: // of very different sizes
    std::ranges::generate(x, [&] { return sign() * logUniform(1e-6, 1e6); });
    break;
  case 8: // subnormal among ordinary ones
    std::ranges::generate(x, [&] { return below(2) == 0 ? normal() : sign() * 0x1p-1070; });
    break;
  default:
    std::ranges::generate(x, [&] { return 2 * normal(); });
  }
  return x;
}

/// The end of its range that a hyper may take, the lower one if there are two; its default if there is none.
static double endOf(const LawHyper &hyper) {
  bool hasLower = !hyper.isLowerOpen && std::isfinite(hyper.lower);
  bool hasUpper = !hyper.isUpperOpen && std::isfinite(hyper.upper);
  return hasLower ? hyper.lower : hasUpper ? hyper.upper : hyper.defaultValue;
}

double LawInputs::valueOf(const LawHyper &hyper) {
  double lower = hyper.lower, upper = hyper.upper;
  double value = 0;
  if (std::isinf(lower) && std::isinf(upper))
    value = hyper.defaultValue + 2 * normal();
  else if (std::isinf(upper))
    value = lower + logUniform(1e-2, 1e2);
  else if (std::isinf(lower))
    value = upper - logUniform(1e-2, 1e2);
  else
    value = lower + (upper - lower) * uniform();
  if (hyper.isWhole)
    value =
        std::clamp(std::floor(value), std::isinf(lower) ? value : std::ceil(lower), std::isinf(upper) ? value : upper);
  bool isInside =
      (hyper.isLowerOpen ? value > lower : value >= lower) && (hyper.isUpperOpen ? value < upper : value <= upper);
  return isInside ? value : hyper.defaultValue;
}

LawInput LawInputs::make(size_t number) {
  LawInput input;
  size_t length = number < lengths.size() * kinds ? lengths[number / kinds] : lengths[below(lengths.size())];
  input.x = vector(number < lengths.size() * kinds ? number % kinds : below(kinds), length);
  input.y = vector(below(kinds), length);
  if (below(4) == 0) // a near one
    std::ranges::transform(input.x, input.y.begin(), [&](double x) { return x + 1e-3 * normal(); });
  input.tau = number < kinds ? 1 : below(4) == 0 ? logUniform(1e-4, 1e4) : stepSizes[below(stepSizes.size())];
  for (const LawHyper &hyper : hypers)
    // First with their defaults, then where penalties degenerate: a weight of 0 on a group of zeros.
    if (number >= kinds && number < 2 * kinds)
      input.hypers[hyper.name] = endOf(hyper);
    else if (number >= 2 * kinds && below(3) != 0)
      input.hypers[hyper.name] = valueOf(hyper);
  return input;
}

} // namespace ravine::testing
