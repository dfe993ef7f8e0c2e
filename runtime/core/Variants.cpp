// Finding the classes of tensors that always share an outcome, and evaluating the conditions.
#include "runtime/core/Variants.h"

#include "runtime/core/FloatingPoint.h"
#include "runtime/core/Patterns.h"

#include <algorithm>

namespace ravine::core {

bool Variants::initialize(const ravine_plan_optimizer &plan, const TensorTable &tensors, const char *const *groupNames,
                          const Memory &memory) {
  plan_ = &plan;
  tensors_ = &tensors;
  const size_t count = tensors.size(), width = inputCount();
  Array<double> read;
  Array<size_t> order;
  if (!classOf_.allocate(memory, count) || !order.allocate(memory, count) || !read.allocate(memory, count * width))
    return false;
  const bool readsNothing = plan.condition_count == 0;
  auto groupOf = [&](size_t i) { return readsNothing ? 0 : tensors[i].group; };
  auto readOf = [&](size_t i) { return std::span(read.data() + i * width, width); };
  for (size_t i = 0; i < count; ++i) {
    order[i] = i;
    const char *groupName = groupNames != nullptr ? groupNames[tensors[i].group] : nullptr;
    if (!readsNothing)
      findInputs(tensors[i], groupName != nullptr ? groupName : "", readOf(i).data());
  }

  auto isBefore = [&](size_t a, size_t b) {
    std::span<const double> of = readOf(a), other = readOf(b);
    return groupOf(a) != groupOf(b) ? groupOf(a) < groupOf(b)
                                    : std::lexicographical_compare(of.begin(), of.end(), other.begin(), other.end());
  };
  std::sort(order.begin(), order.end(), isBefore);
  auto startsClass = [&](size_t place) { return place == 0 || isBefore(order[place - 1], order[place]); };
  for (size_t place = 0; place < count; ++place) {
    classCount_ += startsClass(place) ? 1 : 0;
    classOf_[order[place]] = classCount_ - 1;
  }
  if (!classes_.allocate(memory, classCount_) || !inputs_.allocate(memory, (classCount_ + 1) * width))
    return false;
  for (size_t place = 0; place < count; ++place) {
    size_t tensor = order[place], its = classOf_[tensor];
    if (!startsClass(place))
      continue;
    classes_[its] = {groupOf(tensor), tensor, 0};
    std::ranges::copy(readOf(tensor), inputs_.begin() + its * width);
  }
  return true;
}

void Variants::findInputs(const Tensor &tensor, const char *groupName, double *inputs) const {
  auto put = [&](int entry, double value) {
    inputs[entry] = (plan_->condition_clock_mask >> entry & 1) != 0 ? value : 0;
  };
  put(RAVINE_CLOCK_SIZE, static_cast<double>(tensor.count));
  put(RAVINE_CLOCK_RANK, tensor.rank);
  put(RAVINE_CLOCK_ROWS, tensor.rows);
  put(RAVINE_CLOCK_COLS, tensor.cols);
  put(RAVINE_CLOCK_CHANNELS, tensor.channels);
  for (uint32_t i = 0; i < plan_->pattern_count; ++i) {
    const ravine_plan_pattern &pattern = plan_->patterns[i];
    bool fits = isLike(pattern.is_of_group != 0 ? groupName : tensor.name, pattern.pattern);
    inputs[RAVINE_CLOCK_COUNT + i] = fits ? 1 : 0;
  }
}

uint32_t Variants::outcomeFor(const double *inputs, const double *hypers) const {
  uint32_t truths = 0;
  if (plan_->condition_count > 0) {
    FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
    double holds[32] = {};
    plan_->conditions(hypers, inputs, nullptr, nullptr, holds);
    for (uint32_t condition = 0; condition < plan_->condition_count; ++condition)
      truths |= (holds[condition] != 0 ? 1u : 0u) << condition;
  }
  const uint32_t *end = plan_->outcomes + plan_->outcome_count;
  return static_cast<uint32_t>(std::find(plan_->outcomes, end, truths) - plan_->outcomes);
}

} // namespace ravine::core
