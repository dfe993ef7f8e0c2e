// Finding the classes of tensors that always share a variant, and evaluating the conditions.
#include "runtime/core/Variants.h"

#include "runtime/core/FloatingPoint.h"

#include <algorithm>
#include <tuple>

namespace ravine::core {

bool Variants::initialize(const ravine_plan_optimizer &plan, const TensorTable &tensors, const Memory &memory) {
  plan_ = &plan;
  auto reads = [&](int entry) { return plan.condition_count > 0 && (plan.condition_clock_mask >> entry & 1) != 0; };
  auto classOf = [&](size_t tensor) {
    return VariantClass{.group = plan.condition_count > 0 ? tensors[tensor].group : 0,
                        .rank = reads(RAVINE_CLOCK_RANK) ? tensors[tensor].rank : 0,
                        .count = reads(RAVINE_CLOCK_SIZE) ? tensors[tensor].count : 0,
                        .variant = 0};
  };
  auto key = [](const VariantClass &one) { return std::tuple(one.group, one.rank, one.count); };

  Array<size_t> order;
  if (!classOf_.allocate(memory, tensors.size()) || !order.allocate(memory, tensors.size()))
    return false;
  for (size_t i = 0; i < tensors.size(); ++i)
    order[i] = i;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(classOf(a)) < key(classOf(b)); });
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (i == 0 || key(classOf(order[i - 1])) != key(classOf(order[i])))
      ++classCount_;
    classOf_[order[i]] = classCount_ - 1;
  }
  if (!classes_.allocate(memory, classCount_))
    return false;
  for (size_t i = 0; i < tensors.size(); ++i)
    classes_[classOf_[i]] = classOf(i);
  return true;
}

uint32_t Variants::outcome(const VariantClass &of, const double *hypers) const {
  if (plan_->condition_count == 0)
    return 0;
  FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
  double clock[RAVINE_CLOCK_COUNT] = {};
  clock[RAVINE_CLOCK_SIZE] = static_cast<double>(of.count);
  clock[RAVINE_CLOCK_RANK] = of.rank;
  double holds[32] = {};
  plan_->conditions(hypers, clock, nullptr, nullptr, holds);
  uint32_t variant = 0;
  for (uint32_t condition = 0; condition < plan_->condition_count; ++condition)
    variant |= (holds[condition] != 0 ? 1u : 0u) << condition;
  return variant;
}

} // namespace ravine::core
