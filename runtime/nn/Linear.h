// The affine layer.
#pragma once

#include "runtime/nn/Layer.h"

namespace ravine::nn {

/// y = W x + b for x of `inputs` values (of any shape) and y of `outputs`.
/// Parameters: weight [outputs, inputs], bias [outputs].
template <typename T> class Linear final : public Layer<T> {
public:
  /// Both are at least 1; otherwise throws std::invalid_argument.
  Linear(int64_t inputs, int64_t outputs);

  [[nodiscard]] std::string_view kind() const override { return "linear"; }
  [[nodiscard]] Shape outputShape(const Shape &input) const override;
  [[nodiscard]] std::vector<Parameter<T> *> parameters() override { return {&weight, &bias}; }

private:
  void computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const override;
  void computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                        std::span<const TensorView<T>> gradients, std::span<T> scratch) const override;

  int64_t inputs;
  int64_t outputs;
  Parameter<T> weight;
  Parameter<T> bias;
};

extern template class Linear<float>;
extern template class Linear<double>;

} // namespace ravine::nn
