// Making a counterexample as small and plain as it can be.
#pragma once

#include "compiler/testing/laws/LawInputs.h"

#include <functional>

namespace ravine::testing {

/// The simplest input found for which `fails` still holds: fewer elements, zeros, round numbers, default hypers, τ = 1.
/// `fails(input)` holds to begin with. Tries at most `attempts` inputs.
[[nodiscard]] LawInput shrink(LawInput input, const std::function<bool(const LawInput &)> &fails, int attempts = 400);

} // namespace ravine::testing
