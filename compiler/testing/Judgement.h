// What two runs of one case say together.
#pragma once

#include "compiler/testing/Run.h"

namespace ravine::testing {

/// Something that is not as a test has it.
struct Failure {
  /// Its code says which kind: E0647 an expectation, E0648 the runs disagree, E0649 a step failed.
  Diagnostic diagnostic;
  /// Names and values: what came out, what was expected, what is allowed.
  std::vector<std::pair<std::string, std::string>> details = {};
  /// A `test` block that fails for the same reason, to paste; empty where there is none.
  std::string test = {};
};

/// The same case in the interpreter, which computes in f64, and compiled. Both have to meet every expectation; where
/// only one does, they disagree. Besides, the parameters that the first step leaves, from the same numbers, must agree
/// but for rounding (see docs/testing.md).
[[nodiscard]] std::vector<Failure> judge(const SourceManager &sources, const Case &tried, const Run &interpreted,
                                         const Run &compiled);

} // namespace ravine::testing
