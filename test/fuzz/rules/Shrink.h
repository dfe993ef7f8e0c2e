// Cuts a rule and its inputs down as long as the same is wrong with them.
#pragma once

#include "test/fuzz/rules/Generate.h"

#include <functional>

namespace ravine::fuzz {

/// Whether something smaller still shows the finding.
using StillFails = std::function<bool(const Subject &)>;

/// The smallest subject that was found within so many tries: no item, operand, tensor, step or hyper can be left out.
[[nodiscard]] Subject shrink(Subject subject, const StillFails &stillFails, size_t tries);

} // namespace ravine::fuzz
