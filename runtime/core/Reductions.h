// Folding numbers in an order that depends on nothing but how many there are.
#pragma once

#include "runtime/abi/plan.h"

#include <cmath>
#include <cstddef>
#include <limits>

namespace ravine::core {

/// What folding nothing gives, for a RAVINE_REDUCE_x.
[[nodiscard]] inline double foldOfNothing(uint32_t kind) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return kind == RAVINE_REDUCE_SUM ? 0 : kind == RAVINE_REDUCE_MAX ? -infinity : infinity;
}

/// A maximum or minimum is NaN where either number is, and −0 counts as less than +0, as in kernels (IEEE 754-2019,
/// section 9.6).
[[nodiscard]] inline double fold(uint32_t kind, double a, double b) {
  if (kind == RAVINE_REDUCE_SUM)
    return a + b;
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) ? a : b;
  if (a == b)
    return (kind == RAVINE_REDUCE_MAX) == std::signbit(a) ? b : a;
  return (kind == RAVINE_REDUCE_MAX ? a < b : b < a) ? b : a;
}

/// Folds values[0], values[stride], … pairwise: neighbours, then neighbouring pairs, and so on, whose error grows with
/// the logarithm of `count` (Higham 2002, section 4.2). Overwrites them; they are left untouched where there is one.
[[nodiscard]] inline double foldPairwise(uint32_t kind, double *values, size_t count, size_t stride) {
  if (count == 0)
    return foldOfNothing(kind);
  for (size_t reach = 1; reach < count; reach *= 2)
    for (size_t i = 0; i + reach < count; i += 2 * reach)
      values[i * stride] = fold(kind, values[i * stride], values[(i + reach) * stride]);
  return values[0];
}

} // namespace ravine::core
