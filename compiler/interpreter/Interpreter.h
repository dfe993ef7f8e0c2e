// The meaning of the ravine dialect, written to be read: the oracle that compiled code is tested against.
#pragma once

#include "dialect/ravine/Ravine.h"

#include "mlir/IR/OwningOpRef.h"

#include <map>
#include <span>

namespace ravine {

enum class Arithmetic {
  /// Everything in f64: what the rule means.
  Exact,
  /// Elements rounded to their type after every operation, subnormals flushed as kernels flush them: what compiled code
  /// computes, bit for bit where an operation is exactly defined.
  Rounded,
};

/// One tensor under optimization. Numbers are held as double whatever their type.
struct InterpretedTensor {
  std::vector<double> parameter;
  /// By name; empty until the first step. States that do not exist are absent.
  std::map<std::string, std::vector<double>> states;
  /// Steps in which it took part.
  int64_t t = 0;
};

/// Executes one optimizer.
class Interpreter {
public:
  /// `hypers` gives values by name where they differ from the defaults; bools are 0 or 1, enums an index.
  Interpreter(ir::OptimizerOp optimizer, Arithmetic arithmetic, const std::map<std::string, double> &hypers = {});

  /// Advances one tensor; `step` is the optimizer's committed step, from 1. Sizes of parameter and gradient agree.
  void step(InterpretedTensor &tensor, std::span<const double> gradient, int64_t step) const;

  /// Which of the rule's variants these hypers choose (see Specialize.h).
  [[nodiscard]] uint32_t variant() const;

  /// Whether every requirement holds for these hypers.
  [[nodiscard]] bool requirementsHold() const;

private:
  mutable ir::OptimizerOp optimizer;
  /// The rule as it is for these hypers: without optional states that they exclude.
  std::shared_ptr<mlir::OwningOpRef<ir::OptimizerOp>> specialized;
  Arithmetic arithmetic;
  llvm::StringMap<double> hypers;
};

} // namespace ravine
