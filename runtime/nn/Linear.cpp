// The affine layer.
#include "runtime/nn/Linear.h"

namespace ravine::nn {

namespace {

int64_t positive(int64_t count) {
  if (count < 1)
    throw std::invalid_argument("a linear layer has at least one input and one output");
  return count;
}

} // namespace

template <typename T>
Linear<T>::Linear(int64_t inputs, int64_t outputs)
    : inputs(positive(inputs)), outputs(positive(outputs)),
      weight("weight", {outputs, inputs}, Fans{.in = inputs, .out = outputs}), bias("bias", {outputs}) {}

template <typename T> Shape Linear<T>::outputShape(const Shape &input) const {
  if (input.count() != inputs)
    throw std::invalid_argument("takes " + std::to_string(inputs) + " values, not " + toString(input));
  return {outputs};
}

template <typename T> void Linear<T>::computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T>) const {
  auto out = y.rows();
  out.noalias() = x.rows() * weight.value.view().rows().transpose();
  out.rowwise() += bias.value.view().vector().transpose();
}

template <typename T>
void Linear<T>::computeGradients(TensorView<const T> x, TensorView<const T>, TensorView<const T> dy, TensorView<T> dx,
                                 std::span<const TensorView<T>> gradients, std::span<T>) const {
  gradients[0].rows().noalias() += dy.rows().transpose() * x.rows();
  gradients[1].vector() += dy.rows().colwise().sum().transpose();
  if (dx.isPresent())
    dx.rows().noalias() = dy.rows() * weight.value.view().rows();
}

template class Linear<float>;
template class Linear<double>;

} // namespace ravine::nn
