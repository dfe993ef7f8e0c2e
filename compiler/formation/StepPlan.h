// The schedules of a rule: one for each variant, with stages in common, for the step and for each of its exits.
#pragma once

#include "compiler/formation/Schedule.h"
#include "compiler/formation/Variants.h"

namespace ravine::formation {

/// How one variant of a rule walks memory.
struct VariantPlan {
  Variant variant;
  StepGraph graph;
  Schedule streaming;
  Schedule resident;
};

/// What all variants do in stages that they have in common.
struct StagePlan {
  std::vector<VariantPlan> variants;
  unsigned stageCount = 0;
  /// For each reduction of the rule, by number, the stage that makes it. It means something for those over the model.
  llvm::SmallVector<unsigned> stageOfReduction;
};

/// A way for a step to end early.
struct ExitPlan {
  /// In the rule that was planned.
  ir::SkipOp skip;
  /// The question is asked when so many stages of the step are done: as soon as it can be, but after those before it.
  unsigned afterStages = 0;
  /// The rule as it is when it ends here, before any condition is decided.
  mlir::OwningOpRef<ir::OptimizerOp> rule;
  /// What follows then; nothing where the step is refused.
  StagePlan stages;
};

struct StepPlan {
  StagePlan step;
  std::vector<ExitPlan> exits;
};

/// Plans every variant. A reduction over the model takes in tensors of all variants, so it is made in the same stage by
/// all of them; which stage that is, where there is a choice, is decided by the sum of what the variants then move. The
/// step writes nothing before the last of its exits is asked. An exit makes no reduction that the step has made by
/// then. The first of `precisions` belongs to `rule`; all reductions have their numbers (Reductions.h).
[[nodiscard]] StepPlan planStep(ir::OptimizerOp rule, llvm::ArrayRef<RulePrecision> precisions,
                                const Conditions &conditions);

/// What a region of a declaration comes to: an initial value, a view, a condition.
[[nodiscard]] mlir::Value yielded(mlir::Region &region);

/// What is done in one stage outside of steps, and folds nothing over the model. There is no schedule of its own for
/// tensors that stay in cache.
struct SingleStagePlan {
  StepGraph graph;
  Schedule schedule;
};

/// How to give `states` of a specialised rule their initial values. Those over elements are committed by the plan; for
/// those over groups of elements it makes the reductions that their values await, and no more.
[[nodiscard]] SingleStagePlan planInitial(llvm::ArrayRef<ir::StateOp> states, const Memory &memory);

/// How to compute a view of a specialised rule: its only commit is to the buffer {View, 0}.
[[nodiscard]] SingleStagePlan planView(ir::ViewOp view, const Memory &memory);

} // namespace ravine::formation
