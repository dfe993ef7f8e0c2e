// States that are single numbers, and metrics: what scalar programs make of them at the start and at the end of a step.
#pragma once

#include "runtime/core/Sweeps.h"

namespace ravine::core {

/// The states stand in the tables of values. Next values and metrics are computed for all tensors and the model from
/// what the step began with, and stored afterwards.
class ScalarStates {
public:
  /// False where there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, const ravine_optimizer_info &description,
                                size_t tensorCount, const Memory &memory);

  /// Gives the states of the model, or of a tensor, their initial values.
  void startModel(const ScalarInputs &inputs, ValueTables &values);
  void startTensor(const ScalarInputs &inputs, size_t tensor, ValueTables &values);

  /// Computes next values and metrics, for the tensors that take part and for the model, and stores them afterwards.
  /// The metrics of tensors that sat the step out become NaN; so do those of the model where no elements took part, and
  /// its states keep their values.
  void finishStep(const ScalarInputs &inputs, ValueTables &values);
  /// The same for a step that ends at an exit, where metrics stay what they are.
  void finishAtExit(const ravine_plan_exit &exit, const ScalarInputs &inputs, ValueTables &values);

  /// Makes all metrics NaN, as before the first step.
  void forgetMetrics();

  /// The `index`th metric of its index set: of a tensor, of the model.
  [[nodiscard]] double tensorMetric(size_t tensor, size_t index) const {
    return tensorMetrics_[tensor * tensorMetricCount_ + index];
  }
  [[nodiscard]] double modelMetric(size_t index) const { return modelMetrics_[index]; }

private:
  /// Runs programs, one for each variant, for the tensors that take part.
  void computeTensors(const ScalarInputs &inputs, const ravine_plan_scalars *programs);
  [[nodiscard]] double *nextOf(size_t tensor) { return tensorNext_.data() + tensor * tensorStride_; }

  const ravine_plan_optimizer *plan_ = nullptr;
  size_t tensorStateCount_ = 0, modelStateCount_ = 0, tensorMetricCount_ = 0, modelMetricCount_ = 0;
  /// States, then metrics, as end programs write them.
  Array<double> tensorNext_;
  Array<double> modelNext_;
  size_t tensorStride_ = 0;
  Array<double> tensorMetrics_;
  Array<double> modelMetrics_;
};

} // namespace ravine::core
