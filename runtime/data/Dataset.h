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
  /// threads at once; allocates nothing. Throws std::invalid_argument, before anything is written, for a place outside
  /// the set, values of another shape, or another number of targets than of places.
  void read(std::span<const int64_t> places, nn::TensorView<T> values, std::span<Target> targets) const {
    const nn::Shape needed = exampleShape().batchOf(static_cast<int64_t>(places.size()));
    if (values.shape() != needed)
      throw std::invalid_argument("the examples read are " + toString(needed) + ", but the room for them is " +
                                  toString(values.shape()));
    if (targets.size() != places.size())
      throw std::invalid_argument("there is room for " + std::to_string(targets.size()) + " targets, not for the " +
                                  std::to_string(places.size()) + " read");
    for (const int64_t place : places)
      if (place < 0 || place >= size())
        throw std::invalid_argument("example " + std::to_string(place) + " is read from a set of " +
                                    std::to_string(size()));
    readExamples(places, values, targets);
  }

private:
  /// `read`, once places and shapes are known to fit.
  virtual void readExamples(std::span<const int64_t> places, nn::TensorView<T> values,
                            std::span<Target> targets) const = 0;
};

} // namespace ravine::data
