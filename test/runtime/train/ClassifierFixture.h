// A small problem for the tests of training.
#pragma once

#include "runtime/data/Dataset.h"
#include "runtime/loss/SoftmaxCrossEntropy.h"
#include "runtime/nn/Conv2d.h"
#include "runtime/nn/Flatten.h"
#include "runtime/nn/Initializer.h"
#include "runtime/nn/Linear.h"
#include "runtime/nn/MaxPool2d.h"
#include "runtime/nn/Philox.h"
#include "runtime/nn/Relu.h"
#include "runtime/nn/Sequential.h"

namespace ravine::test {

/// Square images, of 1×6×6 unless another side is given, in three classes: noise, on which class 1 has a bright upper
/// half and class 2 a bright left half.
template <typename T> class Halves final : public data::Dataset<T, int32_t> {
public:
  Halves(int64_t examples, uint64_t seed, int64_t side = 6) : examples(examples), seed(seed), side(side) {}

  [[nodiscard]] int64_t size() const override { return examples; }
  [[nodiscard]] nn::Shape exampleShape() const override { return {1, side, side}; }

private:
  void readExamples(std::span<const int64_t> places, nn::TensorView<T> values,
                    std::span<int32_t> targets) const override {
    T *value = values.data();
    for (size_t i = 0; i < places.size(); ++i) {
      const nn::RandomStream random(seed, nn::Purpose::Initialization, static_cast<uint32_t>(places[i]));
      targets[i] = static_cast<int32_t>(places[i] % 3);
      for (int64_t pixel = 0; pixel < side * side; ++pixel) {
        const bool isBright = targets[i] == 1 ? pixel / side < side / 2 : targets[i] == 2 && pixel % side < side / 2;
        const double noise = nn::normalFromBits(random[static_cast<uint64_t>(pixel)]);
        *value++ = static_cast<T>(noise + (isBright ? 1.5 : 0.0));
      }
    }
  }

  int64_t examples;
  uint64_t seed;
  int64_t side;
};

/// A model with one layer of each kind, initialised.
template <typename T> nn::Sequential<T> makeSmallModel() {
  nn::Sequential<T> model({1, 6, 6});
  model.add("conv", nn::Conv2d<T>({.inputs = 1, .outputs = 4, .kernel = 3, .padding = 1}));
  model.add("relu", nn::Relu<T>());
  model.add("pool", nn::MaxPool2d<T>(2, 2));
  model.add("flatten", nn::Flatten<T>());
  model.add("fc", nn::Linear<T>(36, 3));
  nn::initialize<T>(model.parameters(), nn::Initializer::HeNormal, 11);
  return model;
}

/// All values of all parameters, or all gradients, one after another.
template <typename T> std::vector<T> concatenated(nn::Sequential<T> &model, nn::Tensor<T> nn::Parameter<T>::*field) {
  std::vector<T> all;
  for (nn::Parameter<T> *parameter : model.parameters()) {
    const std::span<T> values = (parameter->*field).span();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

} // namespace ravine::test
