// Values that vary over less than their declaration allows for.
#pragma once

#include "dialect/ravine/Ravine.h"

namespace ravine {

/// Makes numbers of rows, columns, channels and blocks that are the same throughout what is coarser ones of that, and
/// spreads them where a finer one is needed. A rule gives a value that is chosen by a condition the index set of all
/// its branches: with
///
///     let n = case matrix { norm[row](g) } else { norm[tensor](g) }
///
/// n is a number of rows, and whatever is computed from it. Once the condition is decided, it may be one of the tensor;
/// a tensor without rows has no other. Groups of elements are computed in f64 like all that is coarser, so that the
/// numbers stay what they are. What is gathered from groups, and states of groups, keep their index sets.
void coarsen(ir::OptimizerOp optimizer);

} // namespace ravine
