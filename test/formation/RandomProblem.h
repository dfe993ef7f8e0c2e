// Made-up steps for tests of sweep formation.
#pragma once

#include "compiler/formation/Problem.h"

#include <random>

namespace ravine::test {

/// A step with a few buffers, chains of reductions and operations of every scope and values that many others share;
/// valid and different for each state of the engine. Small enough for findLowerBound.
[[nodiscard]] formation::Problem randomProblem(std::mt19937 &engine);

} // namespace ravine::test
