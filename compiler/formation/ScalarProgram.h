// Gathering uniform code into a scalar program.
#pragma once

#include "compiler/formation/ValueTables.h"

namespace ravine::formation {

/// A scalar program to write: where and as what.
struct ScalarProgram {
  std::string name;
  sweep::ScalarRole role;
  uint32_t variant = 0;
};

/// Writes, at the builder's insertion point, a scalar program that computes `scalars`, which are values of `rule`
/// coarser than elements, in that order.
void emitScalarProgram(mlir::OpBuilder &builder, const ScalarProgram &program, ir::OptimizerOp rule,
                       const ValueTables &tables, llvm::ArrayRef<mlir::Value> scalars);

} // namespace ravine::formation
