// What a rule is run on: tensors, gradients, hypers, steps. Small enough for one line of text.
#pragma once

#include "compiler/lowering/Precision.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
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
  std::string name = {};
  /// How many axes run over rows; with fewer than two axes it means nothing.
  int64_t rowAxes = 1;
  /// How it is stored (see parsePrecision).
  std::string precision = "f32";

  [[nodiscard]] size_t size() const;
  [[nodiscard]] bool isAbsent(size_t step) const;
  /// Numbers that memory can hold.
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
  /// Returned to their schedules before the third step.
  std::set<std::string> returned = {};

  /// The hypers of one tensor alone, in a step.
  [[nodiscard]] std::map<std::string, double> hypersOf(size_t tensor) const;
  /// What the host sets before a step, counted from 0; NaN for what it returns.
  [[nodiscard]] std::map<std::string, double> changesBefore(size_t step) const;
  [[nodiscard]] std::string nameOf(size_t tensor) const;
  /// Of each tensor once.
  [[nodiscard]] std::vector<Precision> precisions() const;
  /// With the values of hypers as the host knows those: `names` are theirs, and `inner.lr` takes what is given for
  /// `lr`. Only `scheduled` ones can be returned.
  [[nodiscard]] Inputs forHost(const std::vector<std::string> &names, const std::set<std::string> &scheduled) const;
  /// JSON without a line break.
  [[nodiscard]] std::string text() const;
};

/// Nothing if the text is not what Inputs::text writes.
[[nodiscard]] std::optional<Inputs> parseInputs(const std::string &text);

} // namespace ravine::fuzz
