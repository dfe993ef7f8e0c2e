// Which of the library's instruction sets this processor, and its operating system, can run.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/Error.h"

namespace ravine::core {

/// Bit RAVINE_TARGET_x is set where this machine can run that target.
[[nodiscard]] uint32_t supportedTargets();

/// Chooses among the library's targets: the one that `requested` names, or, where that is null or empty, the widest
/// that is in `supported`. `index` counts the library's targets.
[[nodiscard]] ravine_status chooseTarget(const ravine_plan_library &library, uint32_t supported, const char *requested,
                                         uint32_t &index, Error error);

} // namespace ravine::core
