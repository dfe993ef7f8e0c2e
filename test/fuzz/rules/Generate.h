// Makes well-typed rules and inputs for them.
#pragma once

#include "test/fuzz/rules/Expression.h"
#include "test/fuzz/rules/Inputs.h"

namespace ravine::fuzz {

/// A rule, what it is run on, and where they came from.
struct Subject {
  uint64_t seed = 0;
  RuleTree rule;
  Inputs inputs;
};

/// The same for the same seed, whatever the machine.
[[nodiscard]] Subject generate(uint64_t seed);

} // namespace ravine::fuzz
