// The rectifier.
#include "runtime/nn/Relu.h"

namespace ravine::nn {

template <typename T> void Relu<T>::computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T>) const {
  std::ranges::transform(x.span(), y.data(), [](T value) { return value < T(0) ? T(0) : value; });
}

template <typename T>
void Relu<T>::computeGradients(TensorView<const T> x, TensorView<const T>, TensorView<const T> dy, TensorView<T> dx,
                               std::span<const TensorView<T>>, std::span<T>) const {
  if (!dx.isPresent())
    return;
  std::ranges::transform(x.span(), dy.span(), dx.data(), [](T value, T slope) { return value <= T(0) ? T(0) : slope; });
}

template class Relu<float>;
template class Relu<double>;

} // namespace ravine::nn
