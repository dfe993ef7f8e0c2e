// The threshold of the Euclidean projection onto a simplex.
#pragma once

#include "runtime/core/operations/Elements.h"

namespace ravine::core::operations {

/// The θ with Σ max(x − θ, 0) = s: the greatest x for s = 0, NaN for s < 0, for no elements, and where s or any x is
/// NaN. Where the greatest x or s is infinite there is no such θ: it is the greatest x then, or −∞ for s = ∞.
///
/// Newton's method on that sum, which is convex and piecewise linear in θ: from below, each step goes to where the sum
/// over those elements that were above the last θ reaches s (Michelot, *A finite algorithm for finding the projection
/// of a point onto the canonical simplex*, JOTA 50, 1986). It starts at max x − s, below which θ cannot be, since the
/// greatest x alone gives no more than s: most elements are never active then (Condat, *Fast projection onto the
/// simplex and the ℓ1 ball*, Mathematical Programming 158, 2016, compares the ways to start). The product of the sum's
/// distance from s and of its slope falls at least fourfold in each step, so that some dozens of steps are enough for
/// any input.
///
/// Sums are of distances from the greatest x, in f64, and in an order that depends on nothing but the pieces.
[[nodiscard]] double simplexThreshold(const Elements &elements, double s, Crew &crew);

} // namespace ravine::core::operations
