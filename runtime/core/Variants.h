// Which variant of the plan each tensor is in: its precision, and the outcome of the rule's conditions.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/Tensors.h"

namespace ravine::core {

[[nodiscard]] constexpr uint32_t variantCount(const ravine_plan_optimizer &plan) {
  return plan.precision_count * plan.outcome_count;
}

/// Whether a state exists in a variant.
[[nodiscard]] inline bool existsInVariant(const ravine_plan_optimizer &plan, size_t state, uint32_t variant) {
  return plan.state_exists[state * variantCount(plan) + variant] != 0;
}

/// Tensors for which the conditions come out alike, whatever the hypers: those of one group for which they read the
/// same shapes and names.
struct VariantClass {
  uint32_t group;
  /// One of its tensors.
  size_t tensor;
  /// Which of the plan's outcomes; fixed at creation.
  uint32_t outcome;
};

/// Tensors by class, so that checking new settings costs as much as there are different tensors.
class Variants {
public:
  /// Finds the classes; their outcomes are not set yet. `groupNames` has a name, or null, for each group, or is null.
  /// `tensors` outlives the variants. False where there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, const TensorTable &tensors,
                                const char *const *groupNames, const Memory &memory);

  /// The outcome of a class for these values of its group's hypers; the plan's outcome_count where it has no such one.
  [[nodiscard]] uint32_t outcome(size_t index, const double *hypers) const { return outcomeFor(inputs(index), hypers); }
  /// The same for no tensor at all, which has no shape and no name.
  [[nodiscard]] uint32_t outcomeOfNothing(const double *hypers) const {
    return outcomeFor(inputs(classCount_), hypers);
  }

  /// In the order of their groups.
  [[nodiscard]] std::span<VariantClass> classes() { return {classes_.data(), classCount_}; }
  [[nodiscard]] std::span<const VariantClass> classes() const { return {classes_.data(), classCount_}; }
  [[nodiscard]] uint32_t ofTensor(size_t tensor) const {
    return (*tensors_)[tensor].precision * plan_->outcome_count + classes_[classOf_[tensor]].outcome;
  }

private:
  /// What conditions read besides hypers: a clock, and behind it whether the patterns fit.
  [[nodiscard]] size_t inputCount() const { return RAVINE_CLOCK_COUNT + plan_->pattern_count; }
  [[nodiscard]] const double *inputs(size_t index) const { return inputs_.data() + index * inputCount(); }
  void findInputs(const Tensor &tensor, const char *groupName, double *inputs) const;
  [[nodiscard]] uint32_t outcomeFor(const double *inputs, const double *hypers) const;

  const ravine_plan_optimizer *plan_ = nullptr;
  const TensorTable *tensors_ = nullptr;
  Array<VariantClass> classes_;
  size_t classCount_ = 0;
  /// By class, and zeros for no tensor at all.
  Array<double> inputs_;
  Array<size_t> classOf_;
};

} // namespace ravine::core
