// Differences of neighbours.
#pragma once

#include "runtime/core/operations/Elements.h"

namespace ravine::core::operations {

/// Replaces each element by the next one less itself, and the last by 0; in the precision that the elements have, which
/// is one for all.
void replaceByDifferences(const Elements &elements, Crew &crew);

} // namespace ravine::core::operations
