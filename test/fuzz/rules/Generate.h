// Makes well-typed optimizers and inputs for them.
#pragma once

#include "test/fuzz/rules/Composition.h"
#include "test/fuzz/rules/Inputs.h"

namespace ravine::fuzz {

/// An optimizer, what it is run on, and where they came from.
struct Subject {
  uint64_t seed = 0;
  Composition optimizer;
  Inputs inputs;
};

/// The same for the same seed, whatever the machine.
[[nodiscard]] Subject generate(uint64_t seed);

} // namespace ravine::fuzz
