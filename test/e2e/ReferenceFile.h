// A file of reference trajectories, as test/stdlib/generate_vectors.py writes them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace ravine::test {

/// For each tensor its elements; none for a tensor that is absent from a step.
using ModelRow = std::vector<std::vector<double>>;

/// A number, with 1 for true, or the name of an enum's choice.
using HyperValue = std::variant<double, std::string>;

struct ReferenceCase {
  std::string name;
  /// By name, one value, or one for each step. The others have their defaults.
  std::map<std::string, std::vector<HyperValue>> hypers;
  ModelRow start;
  std::vector<ModelRow> gradients;
  /// The weights after each step.
  std::vector<ModelRow> weights;
  /// What the view `eval` shows after each step; empty if the case has none.
  std::vector<ModelRow> eval;
};

struct ReferenceFile {
  /// Throws std::runtime_error if the file is missing or malformed.
  explicit ReferenceFile(const std::string &path);

  std::string optimizer;
  std::vector<std::vector<int64_t>> shapes;
  std::vector<ReferenceCase> cases;
};

} // namespace ravine::test
