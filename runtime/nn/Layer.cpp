// What every layer checks before it touches memory.
#include "runtime/nn/Layer.h"

namespace ravine::nn {

namespace {

void requireShape(std::string_view kind, const char *what, const Shape &given, const Shape &needed) {
  if (given != needed)
    throw std::invalid_argument(std::string(kind) + ": " + what + " is " + toString(given) + ", not " +
                                toString(needed));
}

} // namespace

template <typename T> void Layer<T>::checkShapes(const Shape &x, const Shape &y, size_t scratchSize) const {
  if (x.rank() < 1)
    throw std::invalid_argument(std::string(kind()) + ": x is one value, not a batch");
  const Shape input = x.example();
  Shape output;
  try {
    output = outputShape(input);
  } catch (const std::invalid_argument &reason) {
    throw std::invalid_argument(std::string(kind()) + " " + reason.what());
  }
  requireShape(kind(), "y", y, output.batchOf(x[0]));
  const auto needed = static_cast<size_t>(scratchCount(input, x[0]));
  if (scratchSize < needed)
    throw std::invalid_argument(std::string(kind()) + ": scratch has " + std::to_string(scratchSize) +
                                " elements, and " + std::to_string(needed) + " are needed");
}

template <typename T> void Layer<T>::forward(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const {
  checkShapes(x.shape(), y.shape(), scratch.size());
  computeOutputs(x, y, scratch);
}

template <typename T>
void Layer<T>::backward(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                        std::span<const TensorView<T>> gradients, std::span<T> scratch) const {
  checkShapes(x.shape(), y.shape(), scratch.size());
  requireShape(kind(), "dy", dy.shape(), y.shape());
  if (dx.isPresent())
    requireShape(kind(), "dx", dx.shape(), x.shape());
  computeGradients(x, y, dy, dx, gradients, scratch);
}

template class Layer<float>;
template class Layer<double>;

} // namespace ravine::nn
