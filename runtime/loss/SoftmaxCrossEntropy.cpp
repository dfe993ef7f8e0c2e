// Cross-entropy of a classifier's logits.
#include "runtime/loss/SoftmaxCrossEntropy.h"

#include <cmath>

namespace ravine::loss {

template <typename T>
double SoftmaxCrossEntropy<T>::evaluate(nn::TensorView<const T> outputs, std::span<const int32_t> targets,
                                        std::span<const T> weights, nn::TensorView<T> slopes) const {
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
