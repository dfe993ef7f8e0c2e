// Looking for overlaps in sorted intervals of addresses.
#include "runtime/core/Overlap.h"

#include <algorithm>

namespace ravine::core {

namespace {

template <typename Interval> bool meets(const Interval &interval, std::span<const char> block) {
  auto begin = reinterpret_cast<uintptr_t>(block.data());
  return interval.begin < begin + block.size() && begin < interval.end;
}

Sentence overlapOf(const char *what, const char *first, const char *otherWhat, const char *second) {
  Sentence sentence;
  sentence << what << " of tensor " << Quoted{first} << " overlaps " << otherWhat << " of tensor " << Quoted{second};
  return sentence;
}

/// The same for two of a kind, in the host's order.
Sentence overlapOf(const char *what, const TensorTable &tensors, size_t one, size_t other) {
  auto [first, second] = std::minmax(one, other);
  return overlapOf(what, tensors[first].name, "that", tensors[second].name);
}

/// Puts intervals in order of address; the first one that starts before the one before it ends, or null.
template <typename Interval> const Interval *firstOverlap(std::span<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](auto &a, auto &b) { return a.begin < b.begin; });
  for (size_t i = 1; i < intervals.size(); ++i)
    if (intervals[i].begin < intervals[i - 1].end)
      return &intervals[i];
  return nullptr;
}

Sentence overlapWithState(const char *what, const char *tensor) {
  Sentence sentence;
  sentence << what << " of tensor " << Quoted{tensor} << " overlaps a state of this optimizer";
  return sentence;
}

} // namespace

bool OverlapCheck::reserve(const TensorTable &tensors, bool writesGradients, const Memory &memory) {
  writesGradients_ = writesGradients;
  return parameters_.allocate(memory, tensors.size()) && outputs_.allocate(memory, tensors.size()) &&
         gradients_.allocate(memory, writesGradients ? tensors.size() : 0);
}

ravine_status OverlapCheck::check(const TensorTable &tensors, std::span<const char> states, const Bindings &seen,
                                  const Pointers &now, Error error) {
  bool parametersMoved = !isSorted_;
  for (size_t i = 0; i < tensors.size() && !parametersMoved; ++i)
    parametersMoved = now.parameter(i) != seen.parameter(i);
  if (parametersMoved)
    if (ravine_status status = sortParameters(tensors, states, now, error))
      return status;

  // On an error, what was sorted belongs to pointers that no step has seen.
  auto refuse = [&](ravine_status status) {
    isSorted_ = isSorted_ && !parametersMoved;
    return status;
  };
  bool gradientsMoved = false;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const void *gradient = now.gradient(i);
    bool isNew = gradient != seen.gradient(i);
    if (gradient == nullptr || tensors[i].count == 0 || (!parametersMoved && !isNew))
      continue;
    gradientsMoved |= isNew;
    if (ravine_status status = checkGradient(tensors, states, gradientOf(tensors, i, gradient), error))
      return refuse(status);
  }
  if (writesGradients_ && gradientsMoved)
    if (ravine_status status = checkWrittenGradients(tensors, now, error))
      return refuse(status);
  return RAVINE_OK;
}

OverlapCheck::Interval OverlapCheck::gradientOf(const TensorTable &tensors, size_t tensor, const void *gradient) {
  auto begin = reinterpret_cast<uintptr_t>(gradient);
  return {begin, begin + static_cast<size_t>(tensors[tensor].count) * dtypeSize(tensors[tensor].gradientDtype), tensor};
}

ravine_status OverlapCheck::checkWrittenGradients(const TensorTable &tensors, const Pointers &now, Error error) {
  size_t count = 0;
  for (size_t i = 0; i < tensors.size(); ++i)
    if (now.gradient(i) != nullptr && tensors[i].count > 0)
      gradients_[count++] = gradientOf(tensors, i, now.gradient(i));
  if (const Interval *later = firstOverlap(std::span(gradients_.begin(), count)))
    return error(RAVINE_ERROR_OVERLAP, overlapOf("the gradient", tensors, later[-1].tensor, later->tensor));
  return RAVINE_OK;
}

ravine_status OverlapCheck::sortParameters(const TensorTable &tensors, std::span<const char> states,
                                           const Pointers &now, Error error) {
  isSorted_ = false;
  sorted_ = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (now.parameter(i) == nullptr || tensors[i].count == 0)
      continue;
    auto begin = reinterpret_cast<uintptr_t>(now.parameter(i));
    uintptr_t end = begin + static_cast<size_t>(tensors[i].count) * dtypeSize(tensors[i].parameterDtype);
    parameters_[sorted_++] = {begin, end, i};
    if (meets(parameters_[sorted_ - 1], states))
      return error(RAVINE_ERROR_OVERLAP, overlapWithState("the parameter", tensors[i].name));
  }
  if (const Interval *later = firstOverlap(std::span(parameters_.begin(), sorted_)))
    return error(RAVINE_ERROR_OVERLAP, overlapOf("the parameter", tensors, later[-1].tensor, later->tensor));
  isSorted_ = true;
  return RAVINE_OK;
}

ravine_status OverlapCheck::checkGradient(const TensorTable &tensors, std::span<const char> states, Interval gradient,
                                          Error error) {
  if (meets(gradient, states))
    return error(RAVINE_ERROR_OVERLAP, overlapWithState("the gradient", tensors[gradient.tensor].name));
  auto endsBefore = [&](size_t i) { return parameters_[i].end <= gradient.begin; };
  bool isSameGap = gap_ <= sorted_ && (gap_ == 0 || endsBefore(gap_ - 1)) && (gap_ == sorted_ || !endsBefore(gap_));
  if (!isSameGap)
    gap_ = static_cast<size_t>(
        std::partition_point(parameters_.begin(), parameters_.begin() + sorted_,
                             [&](const Interval &parameter) { return parameter.end <= gradient.begin; }) -
        parameters_.begin());
  if (gap_ < sorted_ && parameters_[gap_].begin < gradient.end)
    return error(RAVINE_ERROR_OVERLAP, overlapOf("the gradient", tensors[gradient.tensor].name, "the parameter",
                                                 tensors[parameters_[gap_].tensor].name));
  return RAVINE_OK;
}

ravine_status OverlapCheck::checkOutputs(const TensorTable &tensors, std::span<const char> states, const Bindings &seen,
                                         const Pointers &now, void *const *outputs, Error error) {
  bool parametersMoved = false;
  for (size_t i = 0; i < tensors.size() && !parametersMoved; ++i)
    parametersMoved = now.parameter(i) != seen.parameter(i);
  if (parametersMoved || !isSorted_)
    if (ravine_status status = sortParameters(tensors, states, now, error))
      return status;
  // What was sorted may belong to pointers that no step has seen.
  isSorted_ = !parametersMoved;
  size_t count = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (outputs[i] == nullptr || tensors[i].count == 0)
      continue;
    auto begin = reinterpret_cast<uintptr_t>(outputs[i]);
    outputs_[count++] = {begin, begin + static_cast<size_t>(tensors[i].count) * dtypeSize(tensors[i].parameterDtype),
                         i};
    if (ravine_status status = checkOutput(tensors, states, outputs_[count - 1], error))
      return status;
  }
  if (const Interval *later = firstOverlap(std::span(outputs_.begin(), count)))
    return error(RAVINE_ERROR_OVERLAP, overlapOf("the output", tensors, later[-1].tensor, later->tensor));
  return RAVINE_OK;
}

ravine_status OverlapCheck::checkOutput(const TensorTable &tensors, std::span<const char> states,
                                        const Interval &output, Error error) const {
  if (meets(output, states))
    return error(RAVINE_ERROR_OVERLAP, overlapWithState("the output", tensors[output.tensor].name));
  const Interval *end = parameters_.begin() + sorted_;
  const Interval *parameter = std::partition_point(parameters_.begin(), end,
                                                   [&](const Interval &before) { return before.end <= output.begin; });
  for (; parameter != end && parameter->begin < output.end; ++parameter)
    if (parameter->tensor != output.tensor || parameter->begin != output.begin)
      return error(RAVINE_ERROR_OVERLAP, overlapOf("the output", tensors[output.tensor].name, "the parameter",
                                                   tensors[parameter->tensor].name));
  return RAVINE_OK;
}

} // namespace ravine::core
