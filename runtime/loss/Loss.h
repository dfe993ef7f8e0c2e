// The interface of everything that judges the outputs of a model.
#pragma once

#include "runtime/nn/Tensor.h"

namespace ravine::loss {

/// A loss per example, from the model's outputs [examples, …] and one target per example.
///
/// What is computed is the weighted sum Σᵢ weightᵢ·ℓ(outputᵢ, targetᵢ): weights of 1/n make it the mean over a batch of
/// n examples, of which the call may see only a slice.
template <typename T, typename Target> class Loss {
public:
  virtual ~Loss() = default;

  /// Returns the weighted sum, added up in f64 in the order of the examples, and writes its gradient by the outputs to
  /// `slopes`, unless that is absent. Allocates nothing. Throws std::invalid_argument, before anything is written,
  /// where there are not as many targets and weights as examples, slopes of another shape than the outputs, or a target
  /// that the outputs have no place for.
  virtual double evaluate(nn::TensorView<const T> outputs, std::span<const Target> targets, std::span<const T> weights,
                          nn::TensorView<T> slopes) const = 0;
};

} // namespace ravine::loss
