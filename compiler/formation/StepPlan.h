// The schedules of a rule: one for each variant, with stages in common.
#pragma once

#include "compiler/formation/Schedule.h"
#include "compiler/formation/StepGraph.h"
#include "compiler/transforms/Specialize.h"

namespace ravine::formation {

/// The rule as it is in each variant. A reduction over the model that some variant needs is kept, as a measurement, in
/// every variant that tensors of the same model can have: a tensor whose own case does not ask for the norm of all
/// gradients still belongs to it. The rule's reductions have their numbers (StepGraph.h).
[[nodiscard]] std::vector<mlir::OwningOpRef<ir::OptimizerOp>> specializeAll(ir::OptimizerOp rule,
                                                                            const Conditions &conditions);

/// How one variant of a rule walks memory.
struct VariantPlan {
  mlir::OwningOpRef<ir::OptimizerOp> rule;
  StepGraph graph;
  Schedule streaming;
  Schedule resident;
};

struct StepPlan {
  std::vector<VariantPlan> variants;
  unsigned stageCount = 1;
};

/// Plans every variant. A reduction over the model takes in tensors of all variants, so it is made in the same stage by
/// all of them; which stage that is, where there is a choice, is decided by the sum of what the variants then move. The
/// rule's reductions have their numbers (StepGraph.h).
[[nodiscard]] StepPlan planStep(ir::OptimizerOp rule, const Conditions &conditions);

} // namespace ravine::formation
