// The interface of everything that maps a batch to a batch and can be differentiated.
#pragma once

#include "runtime/nn/Parameter.h"

#include <span>
#include <string_view>
#include <vector>

namespace ravine::nn {

/// A differentiable map from one example's value to another, applied to a batch: x is [examples, input…], y is
/// [examples, output…].
///
/// A layer holds its parameters and nothing that depends on a batch. `forward` and `backward` are const and keep what
/// they must remember in scratch memory of the caller, so that several threads can run the same layer on different
/// slices of a batch. Neither allocates.
///
/// T is float for training and double for checks against finite differences.
template <typename T> class Layer {
public:
  virtual ~Layer() = default;

  /// What messages call it, such as "conv2d".
  [[nodiscard]] virtual std::string_view kind() const = 0;

  /// The shape of one example's output. Throws std::invalid_argument, with what the layer takes, for an input shape
  /// that does not fit.
  [[nodiscard]] virtual Shape outputShape(const Shape &input) const = 0;

  /// How many elements of scratch memory a batch of `examples` inputs of this shape needs.
  [[nodiscard]] virtual int64_t scratchCount(const Shape & /*input*/, int64_t /*examples*/) const { return 0; }

  /// Computes y from x. Scratch is aligned to `storageAlignment` and holds anything at first. Throws
  /// std::invalid_argument, before anything is written, where x is no batch of inputs that fit, y no batch of as many
  /// outputs, or scratch smaller than `scratchCount`.
  void forward(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const;

  /// From the gradient dy of a scalar by y, computes its gradients by x and by the parameters. x, y and scratch are
  /// those of the `forward` just before. dx is overwritten; it may be absent, when nobody asks for it. `gradients` has
  /// one view per parameter, in the order of `parameters()` and of the parameter's shape, to which the gradients are
  /// *added*. Throws as `forward` does, also where dy or dx has another shape than y or x.
  void backward(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                std::span<const TensorView<T>> gradients, std::span<T> scratch) const;

  /// The parameters, always in the same order, at addresses that stay while the layer lives.
  [[nodiscard]] virtual std::vector<Parameter<T> *> parameters() { return {}; }

private:
  /// `forward`, once the shapes are known to fit.
  virtual void computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const = 0;

  /// `backward`, once the shapes are known to fit.
  virtual void computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                                std::span<const TensorView<T>> gradients, std::span<T> scratch) const = 0;

  void checkShapes(const Shape &x, const Shape &y, size_t scratchSize) const;
};

extern template class Layer<float>;
extern template class Layer<double>;

} // namespace ravine::nn
