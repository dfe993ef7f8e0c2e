// Runs one case on one subject.
#pragma once

#include "compiler/testing/Comparison.h"
#include "compiler/testing/Expressions.h"
#include "compiler/testing/Subject.h"

namespace ravine::testing {

/// What one expectation has come to.
struct Verdict {
  Comparison comparison;
  Array left, right;
  /// Why there is nothing to compare, a sentence; empty where there is.
  std::string problem;

  [[nodiscard]] bool holds() const { return problem.empty() && comparison.holds; }
};

struct Run {
  /// Why a step or a setting failed, and which; after it nothing was run.
  std::string problem;
  int64_t problemStep = 0;
  SourceSpan problemSpan;
  /// One for each expectation of the case, unless a step failed.
  std::vector<Verdict> verdicts;
  /// The parameters that the first step left.
  std::vector<Array> firstStep;
};

/// Takes a fresh subject through all steps of a case.
[[nodiscard]] Run run(const SourceManager &sources, const Case &tried, Subject &subject);

} // namespace ravine::testing
