// Specialising a rule to one outcome of the conditions under which its optional states exist: a variant.
#pragma once

#include "dialect/ravine/Ravine.h"

#include "mlir/IR/OwningOpRef.h"

namespace ravine {

/// The distinct conditions of an optimizer's optional states.
struct Conditions {
  static constexpr int32_t Always = -1;

  /// One region for each condition, as declared by the first state that has it.
  llvm::SmallVector<mlir::Region *> regions;
  /// For each state, in order of declaration, the condition it exists under or Always.
  llvm::SmallVector<int32_t> ofState;

  /// Whether a state exists in a variant. Variant v has condition i true where bit i of v is set.
  [[nodiscard]] bool exists(size_t state, uint32_t variant) const {
    return ofState[state] == Always || (variant >> ofState[state] & 1u) != 0;
  }
};

[[nodiscard]] Conditions collectConditions(ir::OptimizerOp optimizer);

/// A copy of the optimizer in which the variant's outcome is known: `ravine.exists` is folded, absent states are
/// neither read nor defined, and what no longer has a use is gone.
[[nodiscard]] mlir::OwningOpRef<ir::OptimizerOp> specialize(ir::OptimizerOp optimizer, const Conditions &conditions,
                                                            uint32_t variant);

} // namespace ravine
