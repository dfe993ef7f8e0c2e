// What a rule is run on: tensors, gradients, hypers, steps. Small enough for one line of text.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ravine::fuzz {

/// What numbers a tensor and its gradients hold.
enum class Numbers {
  /// Of many magnitudes, with zeros of both signs and a subnormal now and then.
  Ordinary,
  /// About 1, all of them.
  Mild,
  /// Subnormal, tiny, huge.
  Extreme,
  /// Ordinary, with infinities and NaN.
  NonFinite,
  Zero,
};

struct TensorInput {
  std::vector<int64_t> shape;
  Numbers numbers = Numbers::Ordinary;
  uint64_t seed = 0;
  /// Steps from 0 in which it has no gradient.
  std::vector<int64_t> absent = {};

  [[nodiscard]] size_t size() const;
  [[nodiscard]] bool isAbsent(size_t step) const;
  [[nodiscard]] std::vector<float> parameter() const;
  [[nodiscard]] std::vector<float> gradient(size_t step) const;
};

struct Inputs {
  std::vector<TensorInput> tensors;
  size_t steps = 1;
  /// Of every tensor and group.
  std::map<std::string, double> hypers = {};
  /// Of the tensors with odd numbers and their groups, where they differ.
  std::map<std::string, double> odd = {};
  /// Set in every group before the second step.
  std::map<std::string, double> later = {};

  /// The hypers of one tensor alone, in a step.
  [[nodiscard]] std::map<std::string, double> hypersOf(size_t tensor) const;
  /// JSON without a line break.
  [[nodiscard]] std::string text() const;
};

/// Nothing if the text is not what Inputs::text writes.
[[nodiscard]] std::optional<Inputs> parseInputs(const std::string &text);

} // namespace ravine::fuzz
