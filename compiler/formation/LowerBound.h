// The least that any schedule can move, found the plain way.
#pragma once

#include "compiler/formation/Problem.h"

namespace ravine::formation {

/// The fewest bytes of main memory per element that a step can move when nothing stays in cache between sweeps, and all
/// of a tile between the passes of one: the optimum over every choice of what each epoch loads, when each buffer is
/// committed and each reduction made, with findEarliest(problem).epochs as the epochs. What the runtime moves inside of
/// operations is not counted. Found by trying all of them, without anything of what Schedule.h does, which it is there
/// to check. Nothing where there are too many to try.
[[nodiscard]] std::optional<unsigned> findLowerBound(const Problem &problem);

} // namespace ravine::formation
