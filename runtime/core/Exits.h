// The places where a step may end early.
#pragma once

#include "runtime/core/Stages.h"

namespace ravine::core {

/// One exit of the plan, made ready for the tensors of one optimizer.
struct Exit {
  const ravine_plan_exit *plan = nullptr;
  /// What is done in place of the rest of the step.
  Objects<Stage> stages;

  /// Whether the step ends here.
  [[nodiscard]] bool isTaken(const ScalarInputs &inputs) const {
    double holds = 0;
    inputs.runForModel(plan->condition, &holds);
    return holds != 0;
  }
};

} // namespace ravine::core
