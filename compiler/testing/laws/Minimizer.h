// Looking for a point that is better than what a proximal operator says is the best.
#pragma once

#include "compiler/testing/laws/LawInputs.h"

#include <functional>

namespace ravine::testing {

/// A point and what it costs.
struct Candidate {
  Vector point;
  double cost = 0;
};

/// The best point found for a cost that need not be convex or smooth: at `given`, at `anchor`, at zero, on grids along
/// each axis through `given`, and at random places, and from the best of these by compass search (Kolda, Lewis &
/// Torczon, SIAM Review 45, 2003) with steps that shrink. `given` itself is returned where nothing is better.
[[nodiscard]] Candidate findBetter(const std::function<double(const Vector &)> &cost, const Vector &given,
                                   const Vector &anchor);

} // namespace ravine::testing
