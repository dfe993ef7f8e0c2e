// Total variation denoising along a line.
#pragma once

#include "runtime/core/operations/Elements.h"

namespace ravine::core::operations {

/// Replaces x by the u that minimises λ·Σ|u of the next one − u| + ‖u − x‖²/2. Where λ is NaN or below 0, or x holds a
/// NaN or an infinity, all become NaN.
///
/// The direct algorithm of Condat (*A direct algorithm for 1-D total variation denoising*, IEEE Signal Processing
/// Letters 20, 2013), in f64: it keeps the least and the greatest value that the segment at hand may have, and how far
/// the dual variable, the cumulative sum of x − u, would then be from ±λ; where one of them would leave [−λ, λ] there
/// is a jump. What is written is never read again, so that it works in place. Linear time but for constructed inputs.
void tautString(const Stretch &numbers, double lambda);

} // namespace ravine::core::operations
