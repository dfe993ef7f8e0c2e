// Writing one sweep, with the scalar program that it reads.
#pragma once

#include "compiler/formation/GroupBuffers.h"
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
  /// Elements, or the groups of elements that it computes numbers for.
  IndexSet over = IndexSet::Element;
  /// Values that are read instead of computed. What the rule itself reads from w, g and states need not be listed.
  llvm::SmallVector<Place> loads;
  llvm::SmallVector<Place> stores;
  /// Reductions of values over the sweep's members.
  llvm::SmallVector<ir::ReduceOp> reductions;

  [[nodiscard]] bool isIdle() const { return stores.empty() && reductions.empty(); }
};

/// What a sweep or a fold says of a reduction: where its result goes.
[[nodiscard]] sweep::ReductionAttr reductionAttr(ir::ReduceOp reduce, const ValueTables &tables,
                                                 const GroupBuffers &groups);

/// The numbers of groups that a sweep over elements reads, each once. They have to be among its `loads` when it is
/// written.
[[nodiscard]] llvm::SmallVector<mlir::Value> groupNumbersOf(const SweepContents &contents, const Memory &memory);

/// Writes, at the builder's insertion point, a scalar program `<name>_scalars` and a sweep `<name>` that together do
/// what `contents` says. Its values belong to `rule`, whose buffers are those of `memory` and `groups`.
void emitSweep(mlir::OpBuilder &builder, const SweepContents &contents, ir::OptimizerOp rule, const Memory &memory,
               const ValueTables &tables, const GroupBuffers &groups);

} // namespace ravine::formation
