// The meaning of the ravine dialect, written to be read: the oracle that compiled code is tested against.
#pragma once

#include "compiler/interpreter/Evaluator.h"
#include "compiler/transforms/Specialize.h"

#include <memory>
#include <optional>

namespace ravine {

/// How a step ended.
enum class StepEnd {
  Committed,
  /// By a `skip`: what stands before it came about, and initial values stay.
  Skipped,
  /// By a `skip` that refuses the step: nothing has changed.
  Refused,
};

/// Executes one optimizer.
class Interpreter {
public:
  /// `hypers` gives values by name where they differ from the defaults; bools are 0 or 1, enums an index, and NaN
  /// stands for following a schedule. `precision` is one of those the optimizer is compiled for, the first where none
  /// is given; it says what memory holds where arithmetic is rounded, and whether there is a master.
  Interpreter(ir::OptimizerOp optimizer, Arithmetic arithmetic, const std::map<std::string, double> &hypers = {},
              ir::PrecisionAttr precision = {});

  /// From now on every result of an operation is adjusted (see Evaluator.h).
  void setAdjustment(Adjustment changed) { adjustment = std::move(changed); }

  /// For each tensor its gradient, with as many numbers as the tensor has elements, or none: that tensor is left out.
  using Gradients = std::vector<std::optional<std::vector<double>>>;

  /// One step of the whole model.
  StepEnd step(InterpretedModel &model, const Gradients &gradients) const;

  /// Whether the gradients are 0 after a step that was not refused.
  [[nodiscard]] bool zeroesGradients() const;

  /// The numbers of a view for one tensor, as the last step left the model; the parameter before the tensor's first.
  [[nodiscard]] std::vector<double> view(const InterpretedModel &model, llvm::StringRef name, size_t tensor) const;

  /// What comes of the rule's conditions for a tensor: a position in Conditions::outcomes (see Specialize.h). Only its
  /// shape, names and hypers matter; those that follow a schedule are as at step 1.
  [[nodiscard]] size_t outcome(const InterpretedTensor &tensor) const;

  /// How many axes a tensor must have to be optimized by the rule, given what its own shape, names and hypers make of
  /// the conditions: 2 where the rule speaks of its rows, columns or channels, else 0. `step` is for tensors with as
  /// many.
  [[nodiscard]] unsigned minimumRank(const InterpretedTensor &tensor) const;

  /// Whether every requirement holds for the hypers of a tensor at a step, which is counted from 1.
  [[nodiscard]] bool requirementsHold(const InterpretedTensor &tensor, int64_t step = 1) const;

private:
  [[nodiscard]] Surroundings scopeOf(const std::map<std::string, double> &states, int64_t step) const;

  /// The rule as it is for a tensor: compiled code folds it knowing the tensor's conditions, which shows in the bits of
  /// subnormal numbers (see RavineFolds.cpp).
  [[nodiscard]] mlir::OwningOpRef<ir::OptimizerOp> ruleOf(const InterpretedTensor &tensor) const;

  /// The rule, its reductions numbered.
  std::shared_ptr<mlir::OwningOpRef<ir::OptimizerOp>> optimizer;
  Conditions conditions;
  ir::PrecisionAttr precision;
  Arithmetic arithmetic;
  std::map<std::string, double> hypers;
  Adjustment adjustment;
};

} // namespace ravine
