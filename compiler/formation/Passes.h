// Sweep formation as a pass. Passes.td says what it does.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace ravine {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/formation/Passes.h.inc"
} // namespace ravine
