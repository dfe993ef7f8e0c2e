// Specialising a rule to one outcome of the conditions under which its optional states exist and its cases apply: a
// variant.
#pragma once

#include "dialect/ravine/Ravine.h"

#include "mlir/IR/OwningOpRef.h"

namespace ravine {

/// The distinct conditions of an optimizer's optional states and cases.
struct Conditions {
  static constexpr int32_t Always = -1;

  /// One region for each condition, as declared by the first state or, where no state has it, the first case.
  llvm::SmallVector<mlir::Region *> regions;
  /// How the author wrote each.
  llvm::SmallVector<llvm::StringRef> texts;
  /// For each state, in order of declaration, the condition it exists under or Always.
  llvm::SmallVector<int32_t> ofState;
  /// For each case, in order of declaration, its condition.
  llvm::SmallVector<int32_t> ofCase;

  /// Whether a state exists in a variant.
  [[nodiscard]] bool exists(size_t state, uint32_t variant) const {
    return ofState[state] == Always || holds(ofState[state], variant);
  }

  /// Whether a case applies in a variant.
  [[nodiscard]] bool applies(size_t choice, uint32_t variant) const { return holds(ofCase[choice], variant); }

private:
  /// Variant v has condition i true where bit i of v is set.
  static bool holds(int32_t condition, uint32_t variant) { return (variant >> condition & 1u) != 0; }
};

/// Equal conditions count once.
[[nodiscard]] Conditions collectConditions(ir::OptimizerOp optimizer);

/// A copy of the optimizer in which the variant's outcome is known: `ravine.exists` is folded, absent states are
/// neither read nor defined, and what no longer has a use is gone, reductions over the model included.
[[nodiscard]] mlir::OwningOpRef<ir::OptimizerOp> specialize(ir::OptimizerOp optimizer, const Conditions &conditions,
                                                            uint32_t variant);

} // namespace ravine
