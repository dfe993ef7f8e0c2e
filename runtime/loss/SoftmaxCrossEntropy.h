// Cross-entropy of a classifier's logits.
#pragma once

#include "runtime/loss/Loss.h"

namespace ravine::loss {

/// ℓ(z, k) = −ln softmax(z)ₖ = ln Σⱼ exp(zⱼ − max z) − (zₖ − max z), fused with its gradient softmax(z) − eₖ.
///
/// No logit overflows it: the largest is subtracted first, so that every exponential is at most 1 and their sum at
/// least 1. Outputs are [examples, classes], with at least one class, targets the classes, each in [0, classes).
template <typename T> class SoftmaxCrossEntropy final : public Loss<T, int32_t> {
public:
  double evaluate(nn::TensorView<const T> outputs, std::span<const int32_t> targets, std::span<const T> weights,
                  nn::TensorView<T> slopes) const override;
};

extern template class SoftmaxCrossEntropy<float>;
extern template class SoftmaxCrossEntropy<double>;

} // namespace ravine::loss
