// Trying to refute a law.
#pragma once

#include "compiler/testing/laws/LawChecks.h"

namespace ravine::testing {

/// An input at which a law does not hold, as plain as it could be made.
struct Counterexample {
  LawInput input;
  Violation violation;
};

/// What came of trying a law.
struct LawOutcome {
  /// Inputs that were tried, those that a law cannot say anything about included.
  size_t inputs = 0;
  std::optional<Counterexample> counterexample;
};

/// Tries a law at `count` inputs, those that `seed` makes, until one refutes it; that one is shrunk.
[[nodiscard]] LawOutcome tryToRefute(const LawTrial &trial, const std::vector<LawHyper> &hypers, size_t count,
                                     uint64_t seed);

} // namespace ravine::testing
