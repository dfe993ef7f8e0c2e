// The ways of storing parameters and gradients that a rule is compiled for, in the order in which variants, libraries
// and reports count them.
#pragma once

#include "dialect/ravine/Ravine.h"

namespace ravine {

/// One way of storing parameters and gradients, and the rule in the arithmetic that it calls for: what computes
/// elements in f64 is a rule of its own (`wide` of ravine.optimizer).
struct RulePrecision {
  ir::OptimizerOp rule;
  ir::PrecisionAttr storage;
};

/// The precisions of the rule itself, then those of the rule that it names as `wide`, each as listed there.
[[nodiscard]] llvm::SmallVector<RulePrecision> precisionsOf(ir::OptimizerOp rule);

/// Whether some other rule names this one as `wide`, so that it is no rule of its own.
[[nodiscard]] bool isWideForm(ir::OptimizerOp rule);

/// The rule that another names as `wide`; null where it names none.
[[nodiscard]] ir::OptimizerOp wideFormOf(ir::OptimizerOp rule);

} // namespace ravine
