// The interface of everything that training examples come from.
#pragma once

#include "runtime/nn/Tensor.h"

namespace ravine::data {

/// A fixed number of examples, each a value of one shape and a target. T is the model's scalar.
template <typename T, typename Target> class Dataset {
public:
  virtual ~Dataset() = default;

  [[nodiscard]] virtual int64_t size() const = 0;

  /// The shape of one example's value.
  [[nodiscard]] virtual nn::Shape exampleShape() const = 0;

  /// Writes the examples at `places`, each in [0, size()), to values [places, …] and targets. Called from several
  /// threads at once; allocates nothing.
  virtual void read(std::span<const int64_t> places, nn::TensorView<T> values, std::span<Target> targets) const = 0;
};

} // namespace ravine::data
