// Gathering uniform code into a scalar program.
#pragma once

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

namespace ravine {

/// Writes a `sweep.scalars` at the builder's insertion point whose slot i holds scalars[i], a number or a truth value.
/// What the scalars depend on comes along.
sweep::ScalarsOp emitScalarProgram(mlir::OpBuilder &builder, mlir::Location location, llvm::StringRef name,
                                   sweep::ScalarRole role, ir::OptimizerOp optimizer,
                                   llvm::ArrayRef<mlir::Value> scalars);

} // namespace ravine
