// Writing one sweep, with the scalar program that it reads.
#pragma once

#include "compiler/formation/Memory.h"
#include "compiler/formation/ValueTables.h"

namespace ravine::formation {

/// A value and the memory that it comes from or goes to.
struct Place {
  mlir::Value value;
  BufferKey buffer;
};

struct SweepContents {
  std::string name;
  sweep::SweepRole role = sweep::SweepRole::Step;
  uint32_t variant = 0;
  /// For a sweep in the role `view`.
  uint32_t view = 0;
  /// Values that are read instead of computed. What the rule itself reads from w, g and states need not be listed.
  llvm::SmallVector<Place> loads;
  llvm::SmallVector<Place> stores;
  llvm::SmallVector<ir::ReduceOp> reductions;
};

/// Writes, at the builder's insertion point, a scalar program `<name>_scalars` and a sweep `<name>` that together do
/// what `contents` says. Its values belong to `rule`, whose buffers are those of `memory`.
void emitSweep(mlir::OpBuilder &builder, const SweepContents &contents, ir::OptimizerOp rule, const Memory &memory,
               const ValueTables &tables);

} // namespace ravine::formation
