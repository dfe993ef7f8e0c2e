// From schedules, which know numbers, to passes over the values of a rule.
#pragma once

#include "compiler/formation/StageWriter.h"
#include "compiler/formation/StepPlan.h"

namespace ravine::formation {

/// The step itself, among its exits.
inline constexpr int32_t theStepItself = -1;

/// The passes of a stage.
[[nodiscard]] std::vector<ElementPass> passesOf(const StepGraph &graph, const Schedule &schedule, unsigned stage,
                                                const GroupBuffers &groups);

/// Whether a stage has several sweeps that differ for tensors that stay in cache.
[[nodiscard]] bool differsInCache(const VariantPlan &variant, unsigned stage);

/// What the step of a specialised rule gives to states over groups of elements.
[[nodiscard]] llvm::SmallVector<Place> groupCommits(ir::OptimizerOp rule, const Memory &memory);

} // namespace ravine::formation
