// Layers one after another: a model.
#pragma once

#include "runtime/nn/Layer.h"

namespace ravine::nn {

/// A chain of named layers, itself a layer, so that chains nest. It knows the shape of its input from the start, and a
/// layer that does not fit is refused where it is added.
///
///   Sequential<float> model({1, 28, 28});
///   model.add("conv1", Conv2d<float>({.inputs = 1, .outputs = 6, .kernel = 5, .padding = 2}));
///   model.add("relu1", Relu<float>());
///
/// Its parameters are called "conv1.weight", "conv1.bias" and so on.
template <typename T> class Sequential final : public Layer<T> {
public:
  explicit Sequential(const Shape &input) : input(input) {}

  /// Appends a layer under a name that is new in this chain. Throws std::invalid_argument, naming the layer, if the
  /// name is taken or the layer cannot take what comes out of the one before.
  void add(std::string name, std::unique_ptr<Layer<T>> layer);

  template <typename Kind>
    requires std::derived_from<Kind, Layer<T>>
  void add(std::string name, Kind layer) {
    add(std::move(name), std::unique_ptr<Layer<T>>(std::make_unique<Kind>(std::move(layer))));
  }

  [[nodiscard]] const Shape &inputShape() const { return input; }
  [[nodiscard]] const Shape &outputShape() const { return links.empty() ? input : links.back().output; }

  [[nodiscard]] std::string_view kind() const override { return "sequential"; }
  [[nodiscard]] Shape outputShape(const Shape &input) const override;
  [[nodiscard]] int64_t scratchCount(const Shape &input, int64_t examples) const override;
  [[nodiscard]] std::vector<Parameter<T> *> parameters() override;

private:
  void computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const override;
  void computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy, TensorView<T> dx,
                        std::span<const TensorView<T>> gradients, std::span<T> scratch) const override;

  struct Link {
    std::string name;
    std::unique_ptr<Layer<T>> layer;
    Shape input;
    Shape output;
    size_t parameterCount;

    /// The scratch memory of one link: its output, then what the layer itself needs.
    [[nodiscard]] int64_t outputCount(int64_t examples) const { return alignedCount<T>(output.count() * examples); }
    [[nodiscard]] int64_t layerCount(int64_t examples) const {
      return alignedCount<T>(layer->scratchCount(input, examples));
    }
  };

  /// The size of each of the two buffers that gradients by the values between the links alternate in.
  [[nodiscard]] int64_t slopeCount(int64_t examples) const;

  Shape input;
  std::vector<Link> links;
};

extern template class Sequential<float>;
extern template class Sequential<double>;

} // namespace ravine::nn
