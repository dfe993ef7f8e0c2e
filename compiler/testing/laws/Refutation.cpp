// Trying to refute a law.
#include "compiler/testing/laws/Refutation.h"

#include "compiler/testing/laws/Shrink.h"

namespace ravine::testing {

LawOutcome tryToRefute(const LawTrial &trial, const std::vector<LawHyper> &hypers, size_t count, uint64_t seed) {
  LawInputs inputs(hypers, seed);
  LawOutcome outcome;
  while (outcome.inputs < count) {
    const LawInput input = inputs.make(outcome.inputs++);
    if (!tryLaw(trial, input))
      continue;
    LawInput plain = shrink(input, [&](const LawInput &candidate) { return tryLaw(trial, candidate).has_value(); });
    std::optional<Violation> violation = tryLaw(trial, plain);
    outcome.counterexample = {std::move(plain), std::move(*violation)};
    break;
  }
  return outcome;
}

} // namespace ravine::testing
