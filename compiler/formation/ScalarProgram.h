// Gathering uniform code into scalar programs.
#pragma once

#include "compiler/formation/ValueTables.h"

namespace ravine::formation {

/// Truth values travel in slots and group buffers as 0 and 1.
[[nodiscard]] mlir::Value toNumber(mlir::OpBuilder &builder, mlir::Value value);
[[nodiscard]] mlir::Value toTruth(mlir::OpBuilder &builder, mlir::Location location, mlir::Value number);

/// A scalar program to write: where and as what.
struct ScalarProgram {
  std::string name;
  sweep::ScalarRole role;
  uint32_t variant = 0;
  int32_t exit = -1;
};

/// Writes, at the builder's insertion point, a scalar program that computes `scalars`, which are values of `rule`
/// coarser than elements, in that order.
void emitScalarProgram(mlir::OpBuilder &builder, const ScalarProgram &program, ir::OptimizerOp rule,
                       const ValueTables &tables, llvm::ArrayRef<mlir::Value> scalars);

/// Writes the program that decides the given cases of a rule. A case that is under others holds only where they do.
void emitConditions(mlir::OpBuilder &builder, ir::OptimizerOp rule, const ValueTables &tables,
                    llvm::ArrayRef<ir::CaseOp> cases);

/// Writes the program that gives every hyper of a rule its value in a step; nothing where none follows a schedule.
void emitSchedules(mlir::OpBuilder &builder, ir::OptimizerOp rule, const ValueTables &tables);

} // namespace ravine::formation
