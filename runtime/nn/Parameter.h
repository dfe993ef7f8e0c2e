// What training changes: a named tensor with its gradient.
#pragma once

#include "runtime/nn/Tensor.h"

#include <optional>
#include <string>

namespace ravine::nn {

/// How many values feed one output of a weight, and how many outputs one value feeds. Initialisers scale by them.
struct Fans {
  int64_t in = 0;
  int64_t out = 0;
};

/// A parameter of a layer. Its fields are what `ravine_tensor` and `ravine_step_args` ask for.
template <typename T> struct Parameter {
  Parameter(std::string name, const Shape &shape, std::optional<Fans> fans = std::nullopt)
      : name(std::move(name)), value(shape), gradient(shape), fans(fans) {}

  /// Local to the layer ("weight") until the layer joins a Sequential ("conv1.weight").
  std::string name;
  Tensor<T> value;
  /// The gradient of the last batch, of the same shape.
  Tensor<T> gradient;
  /// Given for a weight that an initialiser draws; others keep the value their layer gave them.
  std::optional<Fans> fans;
};

} // namespace ravine::nn
