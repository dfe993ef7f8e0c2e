// What the processor of this machine can do.
#pragma once

#include "compiler/codegen/cpu/ObjectEmitter.h"

namespace ravine {

/// The widest instruction set that this processor has; the plainest where it has none.
[[nodiscard]] const CpuTarget &nativeTarget();

} // namespace ravine
