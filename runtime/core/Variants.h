// Which variant of the plan each tensor is in: the outcome of the rule's conditions.
#pragma once

#include "runtime/abi/plan.h"
#include "runtime/core/Tensors.h"

namespace ravine::core {

/// Tensors for which the conditions come out alike, whatever the hypers: those of one group, and of one size and rank
/// where the conditions read these.
struct VariantClass {
  uint32_t group;
  uint32_t rank;
  int64_t count;
  /// Fixed at creation.
  uint32_t variant;
};

/// Tensors by class, so that checking new settings costs as much as there are different tensors.
class Variants {
public:
  /// Finds the classes; their variants are not set yet. False where there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, const TensorTable &tensors, const Memory &memory);

  /// The variant of a class for these values of its group's hypers.
  [[nodiscard]] uint32_t outcome(const VariantClass &of, const double *hypers) const;

  [[nodiscard]] std::span<VariantClass> classes() { return {classes_.data(), classCount_}; }
  [[nodiscard]] std::span<const VariantClass> classes() const { return {classes_.data(), classCount_}; }
  [[nodiscard]] uint32_t ofTensor(size_t tensor) const { return classes_[classOf_[tensor]].variant; }

private:
  const ravine_plan_optimizer *plan_ = nullptr;
  Array<VariantClass> classes_;
  size_t classCount_ = 0;
  Array<size_t> classOf_;
};

} // namespace ravine::core
