// Specialising a rule: to what is known of a tensor when the optimizer is created, which is the outcome of the rule's
// conditions and how parameters are stored, and to one way in which a step ends.
#pragma once

#include "dialect/ravine/Ravine.h"

#include "mlir/IR/OwningOpRef.h"

namespace ravine {

/// What is decided for each tensor at creation, and what can come of it.
struct Conditions {
  /// Cases that ask the same under the same cases are one condition, for which the first of them stands here.
  llvm::SmallVector<ir::CaseOp> cases;
  /// The number of the condition that a case is, by the case's name.
  llvm::StringMap<uint32_t> ofCase;
  /// The outcomes that there can be, ascending; in an outcome, condition i holds where bit i is set. A condition holds
  /// only where those that it is under do, and of a choice exactly one. Never empty, and at most `mostOutcomes` + 1
  /// however many there are.
  llvm::SmallVector<uint32_t> outcomes;

  static constexpr size_t mostOutcomes = 64;

  [[nodiscard]] static bool holds(size_t condition, uint32_t outcome) { return (outcome >> condition & 1u) != 0; }
  /// Whether all the cases that a state, a reduction or a search is under hold.
  [[nodiscard]] bool allHold(std::optional<mlir::ArrayAttr> under, uint32_t outcome) const;
  /// Whether a state exists, which is counted in order of declaration. `isNarrow`: see below.
  [[nodiscard]] bool exists(size_t state, uint32_t outcome, bool isNarrow) const;

  // What `exists` asks of each state.
  struct Existence {
    bool isMaster;
    uint32_t needed; // conditions, as bits
  };
  llvm::SmallVector<Existence> ofState;
};

/// The conditions of an optimizer, of which there are at most 32.
[[nodiscard]] Conditions collectConditions(ir::OptimizerOp optimizer);

/// Whether parameters are stored in less than the rule computes in, so that a master exists.
[[nodiscard]] bool isNarrow(ir::OptimizerOp optimizer, ir::PrecisionAttr precision);

/// Makes the step and the views read the master, where one is declared, in place of the parameter, and the step define
/// it as it does the parameter. It is an ordinary state then.
void useMaster(ir::OptimizerOp optimizer);

/// A copy of the optimizer for tensors with one of the outcomes and for one way of storing parameters:
///
/// - `ravine.exists` is folded, and with it the choices that it decides;
/// - states that do not exist are neither read nor defined;
/// - the master is used where parameters are stored in less than the rule computes in;
/// - a reduction over the model that such a tensor is no part of (its `under`) folds a constant that changes nothing; a
///   search that it is no part of keeps its result and asks nothing of the elements, and what is rearranged without it
///   is 0;
/// - numbers of groups of elements that are left to be the same throughout the tensor are numbers of the tensor (see
///   Coarsen.h);
/// - what no longer has a use is gone, reductions over the model included.
///
/// Declarations stay, so that positions do. `conditions` are those of the optimizer or of one that it is a copy of.
[[nodiscard]] mlir::OwningOpRef<ir::OptimizerOp> specialize(ir::OptimizerOp optimizer, const Conditions &conditions,
                                                            uint32_t outcome, ir::PrecisionAttr precision);

/// A copy of the optimizer, whose step is what comes about when its skip number `skip`, counted from 0, is the first to
/// end the step: no skips and no metrics, and of `update` and `next` those that stand after at most as many skips. A
/// skip that refuses leaves nothing.
[[nodiscard]] mlir::OwningOpRef<ir::OptimizerOp> specializeToExit(ir::OptimizerOp optimizer, unsigned skip);

} // namespace ravine
