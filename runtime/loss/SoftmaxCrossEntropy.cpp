// Cross-entropy of a classifier's logits.
#include "runtime/loss/SoftmaxCrossEntropy.h"

#include <cmath>

namespace ravine::loss {

namespace {

/// Throws where `evaluate` would read or write what is not there.
void check(const nn::Shape &outputs, std::span<const int32_t> targets, size_t weights, const nn::Shape *slopes) {
  if (outputs.rank() != 2 || outputs[1] < 1)
    throw std::invalid_argument("cross-entropy takes outputs [examples, classes], not " + toString(outputs));
  const auto examples = static_cast<size_t>(outputs[0]);
  if (targets.size() != examples || weights != examples)
    throw std::invalid_argument("cross-entropy takes a target and a weight for each of " + std::to_string(examples) +
                                " examples, not " + std::to_string(targets.size()) + " and " + std::to_string(weights));
  if (slopes && *slopes != outputs)
    throw std::invalid_argument("cross-entropy's slopes are " + toString(*slopes) + ", not " + toString(outputs));
  for (const int32_t target : targets)
    if (target < 0 || target >= outputs[1])
      throw std::invalid_argument("target " + std::to_string(target) + " is none of the model's " +
                                  std::to_string(outputs[1]) + " classes");
}

} // namespace

template <typename T>
double SoftmaxCrossEntropy<T>::evaluate(nn::TensorView<const T> outputs, std::span<const int32_t> targets,
                                        std::span<const T> weights, nn::TensorView<T> slopes) const {
  check(outputs.shape(), targets, weights.size(), slopes.isPresent() ? &slopes.shape() : nullptr);
  double total = 0;
  for (size_t example = 0; example < targets.size(); ++example) {
    const auto place = static_cast<int64_t>(example);
    const std::span<const T> logits = outputs[place].span();
    const int32_t target = targets[example];
    const T largest = *std::ranges::max_element(logits);

    T sum = 0;
    for (T logit : logits)
      sum += std::exp(logit - largest);
    total += static_cast<double>(weights[example]) * static_cast<double>(std::log(sum) - (logits[target] - largest));

    if (!slopes.isPresent())
      continue;
    const std::span<T> slope = slopes[place].span();
    for (size_t k = 0; k < logits.size(); ++k)
      slope[k] = weights[example] * (std::exp(logits[k] - largest) / sum);
    slope[target] -= weights[example];
  }
  return total;
}

template class SoftmaxCrossEntropy<float>;
template class SoftmaxCrossEntropy<double>;

} // namespace ravine::loss
