// Writing one sweep for values that vary over elements.
#pragma once

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

namespace ravine {

/// What a sweep leaves behind: a value for w, or for the state of that number.
struct Store {
  sweep::BufferKind kind;
  uint32_t state;
  mlir::Value value;
};

/// Writes, at the builder's insertion point, a scalar program `<name>_scalars` and a sweep `<name>` that together
/// compute and store all of `stores`, which are values of `optimizer`.
void emitElementSweep(mlir::OpBuilder &builder, mlir::Location location, llvm::StringRef name, sweep::SweepRole role,
                      uint32_t variant, ir::OptimizerOp optimizer, llvm::ArrayRef<Store> stores);

} // namespace ravine
