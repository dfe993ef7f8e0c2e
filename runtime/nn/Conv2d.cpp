// Convolution of images, as a matrix product over unrolled patches.
#include "runtime/nn/Conv2d.h"

namespace ravine::nn {

namespace {

const Conv2dOptions &checked(const Conv2dOptions &options) {
  if (options.inputs < 1 || options.outputs < 1 || options.kernel < 1 || options.stride < 1)
    throw std::invalid_argument("conv2d: inputs, outputs, kernel and stride are at least 1");
  if (options.padding < 0)
    throw std::invalid_argument("conv2d: padding is at least 0");
  if (options.groups != 1)
    throw std::invalid_argument("conv2d: grouped convolution (groups = " + std::to_string(options.groups) +
                                ") is not supported yet; use groups = 1");
  return options;
}

/// The output positions [begin, end) along one axis whose tap at `offset` from the kernel's corner lies inside the
/// image.
struct InsideRange {
  int64_t begin;
  int64_t end;

  InsideRange(int64_t outputExtent, int64_t inputExtent, int64_t stride, int64_t offset) {
    const auto ceilingOfQuotient = [stride](int64_t value) { return value <= 0 ? 0 : (value + stride - 1) / stride; };
    begin = std::min(outputExtent, ceilingOfQuotient(-offset));
    end = std::clamp(ceilingOfQuotient(inputExtent - offset), begin, outputExtent);
  }
};

} // namespace

template <typename T>
Conv2d<T>::Conv2d(const Conv2dOptions &options)
    : options(checked(options)),
      weight("weight", {options.outputs, options.inputs, options.kernel, options.kernel},
             Fans{.in = patchSize(), .out = options.outputs * options.kernel * options.kernel}),
      bias("bias", {options.outputs}) {}

template <typename T> Shape Conv2d<T>::outputShape(const Shape &input) const {
  if (input.rank() != 3 || input[0] != options.inputs)
    throw std::invalid_argument("takes [" + std::to_string(options.inputs) + ", height, width], not " +
                                toString(input));
  const int64_t height = input[1] + 2 * options.padding - options.kernel;
  const int64_t width = input[2] + 2 * options.padding - options.kernel;
  if (height < 0 || width < 0)
    throw std::invalid_argument("has a kernel of " + std::to_string(options.kernel) + " with padding " +
                                std::to_string(options.padding) + ", too large for " + toString(input));
  return {options.outputs, height / options.stride + 1, width / options.stride + 1};
}

template <typename T> int64_t Conv2d<T>::scratchCount(const Shape &input, int64_t) const {
  const Shape output = outputShape(input);
  return patchSize() * output[1] * output[2];
}

template <typename T> void Conv2d<T>::unroll(TensorView<const T> image, const Shape &output, T *patches) const {
  const int64_t height = image.shape()[1], width = image.shape()[2], stride = options.stride;
  for (int64_t channel = 0; channel < options.inputs; ++channel)
    for (int64_t r = -options.padding; r < options.kernel - options.padding; ++r)
      for (int64_t s = -options.padding; s < options.kernel - options.padding; ++s) {
        const InsideRange rows(output[1], height, stride, r), columns(output[2], width, stride, s);
        patches = std::fill_n(patches, rows.begin * output[2], T(0));
        for (int64_t i = rows.begin; i < rows.end; ++i) {
          const T *source = image.data() + (channel * height + i * stride + r) * width + s;
          std::fill_n(patches, columns.begin, T(0));
          if (stride == 1)
            std::copy(source + columns.begin, source + columns.end, patches + columns.begin);
          else
            for (int64_t j = columns.begin; j < columns.end; ++j)
              patches[j] = source[j * stride];
          std::fill(patches + columns.end, patches + output[2], T(0));
          patches += output[2];
        }
        patches = std::fill_n(patches, (output[1] - rows.end) * output[2], T(0));
      }
}

template <typename T> void Conv2d<T>::fold(const T *patches, const Shape &output, TensorView<T> image) const {
  const int64_t height = image.shape()[1], width = image.shape()[2], stride = options.stride;
  std::ranges::fill(image.span(), T(0));
  for (int64_t channel = 0; channel < options.inputs; ++channel)
    for (int64_t r = -options.padding; r < options.kernel - options.padding; ++r)
      for (int64_t s = -options.padding; s < options.kernel - options.padding; ++s) {
        const InsideRange rows(output[1], height, stride, r), columns(output[2], width, stride, s);
        for (int64_t i = rows.begin; i < rows.end; ++i) {
          const T *source = patches + i * output[2];
          T *target = image.data() + (channel * height + i * stride + r) * width + s;
          for (int64_t j = columns.begin; j < columns.end; ++j)
            target[j * stride] += source[j];
        }
        patches += output[1] * output[2];
      }
}

template <typename T>
void Conv2d<T>::computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const {
  const Shape output = y.shape().example();
  const int64_t positions = output[1] * output[2];
  const MatrixMap<T> patches(scratch.data(), patchSize(), positions);
  const auto weights = weight.value.view().matrix(options.outputs, patchSize());
  for (int64_t example = 0; example < x.shape()[0]; ++example) {
    unroll(x[example], output, scratch.data());
    auto image = y[example].matrix(options.outputs, positions);
    image.noalias() = weights * patches;
    image.colwise() += bias.value.view().vector();
  }
}

template <typename T>
void Conv2d<T>::computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                                 std::span<const TensorView<T>> gradients, std::span<T> scratch) const {
  const Shape output = y.shape().example();
  const int64_t positions = output[1] * output[2];
  MatrixMap<T> patches(scratch.data(), patchSize(), positions);
  const auto weights = weight.value.view().matrix(options.outputs, patchSize());
  auto weightGradient = gradients[0].matrix(options.outputs, patchSize());
  for (int64_t example = 0; example < x.shape()[0]; ++example) {
    const auto slope = dy[example].matrix(options.outputs, positions);
    unroll(x[example], output, scratch.data());
    weightGradient.noalias() += slope * patches.transpose();
    gradients[1].vector() += slope.rowwise().sum();
    if (!dx.isPresent())
      continue;
    patches.noalias() = weights.transpose() * slope;
    fold(scratch.data(), output, dx[example]);
  }
}

template class Conv2d<float>;
template class Conv2d<double>;

} // namespace ravine::nn
