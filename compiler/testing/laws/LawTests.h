// The laws of a file's penalties, tried and reported.
#pragma once

#include "compiler/testing/Report.h"
#include "compiler/testing/laws/ProbedLaw.h"

#include "runtime/abi/ravine.hpp"

namespace ravine::testing {

/// How many inputs each law is tried at.
inline constexpr size_t lawInputs = 400;

/// Tries one law. The report says on how many inputs and with which seed; a failure (E0670) shows the plainest input
/// found, and where the law says what should come out there, a test to paste.
[[nodiscard]] TestReport tryLaw(const SourceManager &sources, const Library &library, const ProbedLaw &law,
                                uint64_t seed);

} // namespace ravine::testing
