// Total variation denoising along a line.
#pragma once

#include "runtime/core/operations/Elements.h"

#include <cstddef>

namespace ravine::core::operations {

/// Replaces x by the u that minimises λ·Σ|u of the next one − u| + ‖u − x‖²/2. Where λ is NaN or below 0, or x holds a
/// NaN or an infinity, all become NaN. Returns the work: how many elements the two ways have gone through, each counted
/// as often.
///
/// In f64, in place and without further memory, in two ways. The direct algorithm of Condat (*A direct algorithm for
/// 1-D total variation denoising*, IEEE Signal Processing Letters 20, 2013) keeps the least and the greatest value that
/// the segment at hand may have, and how far the dual variable, the cumulative sum of x − u, would then be from ±λ;
/// where one of them would leave [−λ, λ] there is a jump. It is the faster one on most data, but goes back to the jump
/// each time, which takes n² on long curves, such as ramps, with a large λ.
///
/// When it has gone back over 2n elements, what is left is decomposed by levels (Hochbaum, *An efficient algorithm for
/// image segmentation, Markov random fields and related problems*, Journal of the ACM 48, 2001; Chambolle & Darbon, *On
/// total variation minimization and surface evolution using parametric maximum flows*, IJCV 84, 2009): whether u is
/// above a level is a problem of its own, which takes one pass. The level is the mean of u, which is known without u;
/// the elements above and those below do not touch each other's problems any more, and the same is done with each run
/// of them, until all of a run is at its mean. Passes are about as many as n can be halved: one that leaves more than
/// three quarters of a run on one side draws the next means closer, threefold or more within two such passes, so that
/// more are needed only for values of very many magnitudes, and some hundreds at most for all that f64 has.
size_t tautString(const Stretch &numbers, double lambda);

} // namespace ravine::core::operations
