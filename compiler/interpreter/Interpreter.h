// The meaning of the ravine dialect, written to be read: the oracle that compiled code is tested against.
#pragma once

#include "compiler/interpreter/Evaluator.h"
#include "compiler/transforms/Specialize.h"

#include <memory>
#include <optional>

namespace ravine {

/// Executes one optimizer.
class Interpreter {
public:
  /// `hypers` gives values by name where they differ from the defaults; bools are 0 or 1, enums an index.
  Interpreter(ir::OptimizerOp optimizer, Arithmetic arithmetic, const std::map<std::string, double> &hypers = {});

  /// From now on every result of an operation is adjusted (see Evaluator.h).
  void setAdjustment(Adjustment changed) { adjustment = std::move(changed); }

  /// For each tensor its gradient, with as many numbers as the tensor has elements, or none: that tensor is left out.
  using Gradients = std::vector<std::optional<std::vector<double>>>;

  /// One step of the whole model. False if the step was not committed because a gradient is infinite or NaN and the
  /// rule does not propagate that; nothing but the count of skipped steps has changed then.
  bool step(InterpretedModel &model, const Gradients &gradients) const;

  /// The numbers of a view for one tensor, as the last step left the model; the parameter before the tensor's first.
  [[nodiscard]] std::vector<double> view(const InterpretedModel &model, llvm::StringRef name, size_t tensor) const;

  /// Which of the rule's variants is the tensor's (see Specialize.h). Only its shape and hypers matter.
  [[nodiscard]] uint32_t variant(const InterpretedTensor &tensor) const;

  /// Whether every requirement holds for the hypers of a tensor.
  [[nodiscard]] bool requirementsHold(const InterpretedTensor &tensor) const;

private:
  /// The rule as it is for a tensor: compiled code folds it knowing the tensor's conditions, which shows in the bits of
  /// subnormal numbers (see RavineFolds.cpp).
  [[nodiscard]] mlir::OwningOpRef<ir::OptimizerOp> ruleOf(const InterpretedTensor &tensor) const;

  /// The rule, its reductions numbered.
  std::shared_ptr<mlir::OwningOpRef<ir::OptimizerOp>> optimizer;
  Conditions conditions;
  Arithmetic arithmetic;
  std::map<std::string, double> hypers;
  Adjustment adjustment;
};

} // namespace ravine
