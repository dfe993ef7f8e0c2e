// The reductions of a rule, and the numbers that they go by.
#pragma once

#include "dialect/ravine/Ravine.h"

namespace ravine::formation {

/// Numbers every reduction of a rule, densely and in program order. Copies of the rule keep the numbers.
void numberReductions(ir::OptimizerOp rule);

/// Gives the reductions of `wide`, which is `rule` computing in f64, the numbers that they have in `rule`. What f32
/// keeps apart may be one number in f64, where widening is nothing: then a copy of it takes the second place. Fails,
/// with a message, where a reduction has no counterpart.
[[nodiscard]] mlir::LogicalResult numberReductionsAlike(ir::OptimizerOp wide, ir::OptimizerOp rule);

[[nodiscard]] unsigned numberOf(ir::ReduceOp reduce);
[[nodiscard]] bool isOverModel(ir::ReduceOp reduce);

/// The reductions that a scalar is computed from, each once, by number.
[[nodiscard]] llvm::SmallVector<ir::ReduceOp, 2> reductionsBehind(mlir::Value scalar);

} // namespace ravine::formation
