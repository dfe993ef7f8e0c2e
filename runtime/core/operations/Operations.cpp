// Arguments and special cases of operations.
#include "runtime/core/operations/Operations.h"

#include "runtime/abi/plan.h"
#include "runtime/core/FloatingPoint.h"
#include "runtime/core/operations/Difference.h"
#include "runtime/core/operations/Selection.h"
#include "runtime/core/operations/SimplexThreshold.h"
#include "runtime/core/operations/TautString.h"

#include <cmath>
#include <limits>

namespace ravine::core::operations {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

double kthLargest(const Elements &elements, double argument, Crew &crew) {
  const double k = std::nearbyint(argument); // ties to even, as the mode says
  const auto count = static_cast<double>(elements.count());
  if (std::isnan(k))
    return notANumber;
  const bool isOutside = k < 1 || k > count;
  if (elements.count() == 0)
    return k < 1 ? infinity : -infinity;
  // A NaN among the elements shows even where no element is asked for.
  const int64_t rank = isOutside ? 0 : elements.count() - static_cast<int64_t>(k);
  const Selection found = select(elements, rank, crew);
  return found.hasNaN ? notANumber : k < 1 ? infinity : k > count ? -infinity : found.value;
}

double quantile(const Elements &elements, double argument, Crew &crew) {
  if (std::isnan(argument) || elements.count() == 0)
    return notANumber;
  const double place = static_cast<double>(elements.count() - 1) * std::clamp(argument, 0.0, 1.0);
  const double floor = std::floor(place), part = place - floor;
  const auto rank = static_cast<int64_t>(floor);
  const Selection below = select(elements, rank, crew);
  if (below.hasNaN)
    return notANumber;
  if (part == 0 || rank + 1 < below.below + below.equal)
    return below.value;
  const double above = nextAfter(elements, below, crew);
  // Of -inf and 1, the former; of two finite numbers, without overflow.
  const bool isFinite = std::isfinite(below.value) && std::isfinite(above);
  return isFinite ? std::lerp(below.value, above, part) : (1 - part) * below.value + part * above;
}

void largest(const Elements &elements, double argument, Crew &crew) {
  const double k = std::nearbyint(argument);
  // No k at all keeps nothing.
  const double kept = std::isnan(k) ? 0 : std::clamp(k, 0.0, static_cast<double>(elements.count()));
  markLargest(elements, static_cast<int64_t>(kept), crew);
}

} // namespace

double operate(uint32_t operation, const Elements &elements, double argument, Crew &crew) {
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  switch (operation) {
  case RAVINE_OPERATION_KTH_LARGEST:
    return kthLargest(elements, argument, crew);
  case RAVINE_OPERATION_QUANTILE:
    return quantile(elements, argument, crew);
  case RAVINE_OPERATION_SIMPLEX_THRESHOLD:
    return simplexThreshold(elements, argument, crew);
  case RAVINE_OPERATION_LARGEST:
    largest(elements, argument, crew);
    return 0;
  case RAVINE_OPERATION_DIFFERENCE:
    replaceByDifferences(elements, crew);
    return 0;
  case RAVINE_OPERATION_TAUT_STRING:
    if (elements.pieceCount() > 0)
      tautString(elements.whole(), argument);
    return 0;
  default:
    return 0;
  }
}

} // namespace ravine::core::operations
