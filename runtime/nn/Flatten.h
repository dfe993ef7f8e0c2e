// From images to plain vectors.
#pragma once

#include "runtime/nn/Layer.h"

namespace ravine::nn {

/// The same values as one axis, in row-major order.
template <typename T> class Flatten final : public Layer<T> {
public:
  [[nodiscard]] std::string_view kind() const override { return "flatten"; }
  [[nodiscard]] Shape outputShape(const Shape &input) const override { return {input.count()}; }

private:
  void computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T>) const override {
    std::ranges::copy(x.span(), y.data());
  }

  void computeGradients(TensorView<const T>, TensorView<const T>, TensorView<const T> dy, TensorView<T> dx,
                        std::span<const TensorView<T>>, std::span<T>) const override {
    if (dx.isPresent())
      std::ranges::copy(dy.span(), dx.data());
  }
};

} // namespace ravine::nn
