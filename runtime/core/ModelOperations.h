// The operations over the model that end a stage.
#pragma once

#include "runtime/core/Runs.h"

namespace ravine::core {

/// Which operations there are, whatever the variants, and whose fields each works on.
class ModelOperations {
public:
  /// `variants` are the plan's forms of the stage. False where there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, const ravine_plan_stage *variants,
                                const Settings &settings, const SweepContext &context);

  /// Carries them out, in order, on the fields of the tensors that take part.
  void run(const ScalarInputs &inputs, std::span<const bool> participants, const RunContext &context,
           Parallel &parallel);

private:
  /// The same kind and result or, without a result, the same field.
  [[nodiscard]] static bool areOne(const ravine_plan_sweep &a, const ravine_plan_sweep &b);
  void add(const ravine_plan_sweep &sweep);

  Array<const ravine_plan_sweep *> operations_;
  size_t operationCount_ = 0;
  /// By operation and tensor: its field there, null where the tensor does not have it.
  Array<operations::Stretch> fields_;
  size_t tensorCount_ = 0;
};

/// Whether a sweep of the plan is an operation on all tensors at once.
[[nodiscard]] inline bool isOverModel(const ravine_plan_sweep &sweep) {
  return sweep.operation != RAVINE_OPERATION_NONE && sweep.over == RAVINE_PER_MODEL;
}

} // namespace ravine::core
