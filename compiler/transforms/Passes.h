// Passes on the ravine dialect. Passes.td says what each does.
#pragma once

#include "mlir/Pass/Pass.h"

namespace ravine {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/transforms/Passes.h.inc"
} // namespace ravine
