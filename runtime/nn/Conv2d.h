// Convolution of images, as a matrix product over unrolled patches.
#pragma once

#include "runtime/nn/Layer.h"

namespace ravine::nn {

/// The geometry of a convolution with square kernels.
struct Conv2dOptions {
  int64_t inputs = 1;
  int64_t outputs = 1;
  int64_t kernel = 1;
  int64_t stride = 1;
  /// Zeros added on all four sides.
  int64_t padding = 0;
  /// Only 1 for now.
  int64_t groups = 1;
};

/// The cross-correlation that deep learning calls convolution:
///
///   y[o, i, j] = b[o] + Σ_{c, r, s} W[o, c, r, s] · x[c, i·stride + r − padding, j·stride + s − padding],
///
/// x being zero outside its image. Input [inputs, height, width], output [outputs, ⌊(height + 2·padding − kernel) /
/// stride⌋ + 1, likewise]. Parameters: weight [outputs, inputs, kernel, kernel], bias [outputs].
///
/// Each image is unrolled to a matrix of patches and multiplied by the weight. The patches are not kept for `backward`
/// but unrolled again: that is cheaper than the cache they would occupy.
template <typename T> class Conv2d final : public Layer<T> {
public:
  /// Throws std::invalid_argument for options that describe no convolution, or more than one group.
  explicit Conv2d(const Conv2dOptions &options);

  [[nodiscard]] std::string_view kind() const override { return "conv2d"; }
  [[nodiscard]] Shape outputShape(const Shape &input) const override;
  [[nodiscard]] int64_t scratchCount(const Shape &input, int64_t examples) const override;
  [[nodiscard]] std::vector<Parameter<T> *> parameters() override { return {&weight, &bias}; }

private:
  void computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const override;
  void computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                        std::span<const TensorView<T>> gradients, std::span<T> scratch) const override;

  /// Values under one kernel: the rows of the matrix of patches.
  [[nodiscard]] int64_t patchSize() const { return options.inputs * options.kernel * options.kernel; }

  /// patches[(c, r, s), (i, j)] = x[c, i·stride + r − padding, j·stride + s − padding].
  void unroll(TensorView<const T> image, const Shape &output, T *patches) const;

  /// The transpose of `unroll`: adds every patch value to where it came from. Overwrites the image.
  void fold(const T *patches, const Shape &output, TensorView<T> image) const;

  Conv2dOptions options;
  Parameter<T> weight;
  Parameter<T> bias;
};

extern template class Conv2d<float>;
extern template class Conv2d<double>;

} // namespace ravine::nn
