// The two tables of numbers that outlive a sweep and are coarser than elements.
#pragma once

#include "runtime/core/Settings.h"

namespace ravine::core {

/// A row for each tensor and a single row for the model, with the columns that the plan says. Reductions have the value
/// that the last step gave them, states the one that the last committed step did.
class ValueTables {
public:
  /// False where there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, size_t tensorCount, const Memory &memory) {
    plan_ = &plan;
    return tensors_.allocate(memory, tensorCount * plan.tensor_value_count) &&
           model_.allocate(memory, plan.model_value_count);
  }

  [[nodiscard]] double *ofTensor(size_t tensor) { return tensors_.data() + tensor * plan_->tensor_value_count; }
  [[nodiscard]] const double *ofTensor(size_t tensor) const {
    return tensors_.data() + tensor * plan_->tensor_value_count;
  }
  [[nodiscard]] double *ofModel() { return model_.data(); }
  [[nodiscard]] const double *ofModel() const { return model_.data(); }

  [[nodiscard]] std::span<const ravine_plan_value> tensorColumns() const {
    return {plan_->tensor_values, plan_->tensor_value_count};
  }
  [[nodiscard]] std::span<const ravine_plan_value> modelColumns() const {
    return {plan_->model_values, plan_->model_value_count};
  }

  /// Brings the columns of hypers per tensor up to date with the settings.
  void takeHypers(const Settings &settings) {
    if (generation_ == settings.generation())
      return;
    generation_ = settings.generation();
    for (uint32_t column = 0; column < plan_->tensor_value_count; ++column)
      if (plan_->tensor_values[column].kind == RAVINE_VALUE_HYPER)
        for (size_t row = 0; row * plan_->tensor_value_count < tensors_.size(); ++row)
          ofTensor(row)[column] = settings.ofTensor(row, plan_->tensor_values[column].index);
  }

private:
  const ravine_plan_optimizer *plan_ = nullptr;
  Array<double> tensors_;
  Array<double> model_;
  /// Of the settings that were last taken over; no settings have generation 0.
  uint64_t generation_ = 0;
};

} // namespace ravine::core
