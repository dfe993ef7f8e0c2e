// A penalty in a compiled library, asked through its probe.
#pragma once

#include "compiler/testing/laws/PenaltyOracle.h"
#include "compiler/testing/laws/ProbedLaw.h"

#include "runtime/abi/ravine.hpp"

namespace ravine::testing {

/// The penalty of a law, in f64. `library` holds its probe; the law outlives what is returned.
[[nodiscard]] std::unique_ptr<PenaltyOracle> compiledOracle(const Library &library, const ProbedLaw &law);
/// The other penalty that the law compares with, which has nothing but a prox; null where there is none.
[[nodiscard]] std::unique_ptr<PenaltyOracle> comparedOracle(const Library &library, const ProbedLaw &law);

/// The hypers of a law's penalty, as the library describes them.
[[nodiscard]] std::vector<LawHyper> hypersOf(const Library &library, const ProbedLaw &law);

} // namespace ravine::testing
