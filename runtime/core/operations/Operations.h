// What a plan calls an operation: the choice among those in this folder, and their arguments.
#pragma once

#include "runtime/core/operations/Elements.h"

namespace ravine::core::operations {

/// Carries out a RAVINE_OPERATION_x, as dialect/ravine/RavineOps.td defines `search` and `rearrange`, on all elements
/// of a member. Returns what a search has found, which leaves the elements as they are; 0 for the others, which replace
/// them. Works in the ordinary floating-point mode, whatever the caller's is.
double operate(uint32_t operation, const Elements &elements, double argument, Crew &crew);

} // namespace ravine::core::operations
