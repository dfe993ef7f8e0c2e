// The rectifier.
#pragma once

#include "runtime/nn/Layer.h"

namespace ravine::nn {

/// y = max(x, 0), element by element. At x = 0 the derivative is taken to be 0. A NaN stays one.
template <typename T> class Relu final : public Layer<T> {
public:
  [[nodiscard]] std::string_view kind() const override { return "relu"; }
  [[nodiscard]] Shape outputShape(const Shape &input) const override { return input; }

private:
  void computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const override;
  void computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                        std::span<const TensorView<T>> gradients, std::span<T> scratch) const override;
};

extern template class Relu<float>;
extern template class Relu<double>;

} // namespace ravine::nn
