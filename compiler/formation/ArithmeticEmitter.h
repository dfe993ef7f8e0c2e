// From operations on fields to operations on single numbers.
#pragma once

#include "dialect/ravine/Ravine.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace ravine {

/// Writes the `arith` and `math` operations that compute, for one member of the index set, what an elementwise ravine
/// operation computes for all of them. Operands are looked up in `mapping`, where the result is entered.
void emitArithmetic(mlir::OpBuilder &builder, mlir::Operation *op, mlir::IRMapping &mapping);

} // namespace ravine
