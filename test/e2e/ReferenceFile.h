// A file of reference trajectories, as the generators of test/stdlib write them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace ravine::test {

/// For each tensor its elements; none for a tensor that is absent from a step.
using ModelRow = std::vector<std::vector<double>>;

/// A number, with 1 for true and NaN for what follows a schedule, or the name of an enum's choice.
using HyperValue = std::variant<double, std::string>;

struct ReferenceCase {
  std::string name;
  /// By name, one value, or one for each step. The others have their defaults.
  std::map<std::string, std::vector<HyperValue>> hypers;
  ModelRow start;
  std::vector<ModelRow> gradients;
  /// The weights after each step; empty if only metrics are of interest.
  std::vector<ModelRow> weights;
  /// By name, what views show after each step.
  std::map<std::string, std::vector<ModelRow>> views;
  /// By name, states of the model after each step.
  std::map<std::string, std::vector<double>> states;
  /// By name, metrics after each step: one number for the model, or one for each tensor.
  std::map<std::string, std::vector<std::vector<double>>> metrics;
  /// How many steps were ended early so far, after each step; empty if none ever is.
  std::vector<int64_t> skipped;
  /// The gradient is 0 after each step.
  bool zeroesGradient = false;
};

struct ReferenceFile {
  /// Throws std::runtime_error if the file is missing or malformed.
  explicit ReferenceFile(const std::string &path);

  /// Empty where each case is an optimizer of its own.
  std::string optimizer;
  std::vector<std::vector<int64_t>> shapes;
  /// As many as there are shapes, or none where they do not matter. `groupOf` counts in `groups`.
  std::vector<std::string> names;
  std::vector<uint32_t> groupOf;
  std::vector<std::string> groups;
  std::vector<ReferenceCase> cases;
};

} // namespace ravine::test
