// The largest value of each window of an image.
#pragma once

#include "runtime/nn/Layer.h"

namespace ravine::nn {

/// y[c, i, j] = max over the window of kernel × kernel values whose corner is x[c, i·stride, j·stride]. Only windows
/// that lie inside the image count: output extents are ⌊(extent − kernel) / stride⌋ + 1.
///
/// Where several values of a window are equally large the first, in row-major order, is the one that gets the whole
/// gradient. A NaN counts as larger than everything.
template <typename T> class MaxPool2d final : public Layer<T> {
public:
  /// Both are at least 1; otherwise throws std::invalid_argument.
  MaxPool2d(int64_t kernel, int64_t stride);

  [[nodiscard]] std::string_view kind() const override { return "max_pool2d"; }
  [[nodiscard]] Shape outputShape(const Shape &input) const override;

private:
  void computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const override;
  void computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                        std::span<const TensorView<T>> gradients, std::span<T> scratch) const override;

  int64_t kernel;
  int64_t stride;
};

extern template class MaxPool2d<float>;
extern template class MaxPool2d<double>;

} // namespace ravine::nn
