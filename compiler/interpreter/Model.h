// What the interpreter works on: the tensors of a model and what an optimizer keeps for them. Numbers are held as
// double whatever their type; truth values are 0 and 1.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ravine {

/// One tensor under optimization.
struct InterpretedTensor {
  /// The extents of its axes; one element where there are none.
  std::vector<int64_t> shape = {};
  /// As many numbers as the shape has elements, such as memory can hold.
  std::vector<double> parameter = {};
  /// The hypers of its group or its own, by name, where they differ from the interpreter's. NaN for one that follows
  /// its schedule.
  std::map<std::string, double> hypers = {};
  /// By name, a number for each element, for each row, column, channel or block, or a single one; empty until the
  /// tensor is initialized. States that do not exist are absent.
  std::map<std::string, std::vector<double>> states = {};
  /// The metrics per tensor, as the last committed step left them: NaN if the tensor took no part in it.
  std::map<std::string, double> metrics = {};
  /// Committed steps in which it took part.
  int64_t t = 0;
  /// Its states have their initial values or later ones. A step that a `skip` ends sets them, too.
  bool isInitialized = false;
  /// How many of the axes run over rows, where there are at least two: at least 1 and not all of them.
  int64_t rowAxes = 1;
  std::string name = {};
  /// The name of its group.
  std::string group = {};

  [[nodiscard]] int64_t size() const;
};

/// All tensors that one optimizer works on.
struct InterpretedModel {
  std::vector<InterpretedTensor> tensors = {};
  /// The states of the model by name; empty until the model is initialized.
  std::map<std::string, double> states = {};
  /// The metrics of the model as the last committed step left them; empty until the first.
  std::map<std::string, double> metrics = {};
  /// Committed steps, and steps that were ended early and not refused.
  int64_t steps = 0, skipped = 0;
  /// As for a tensor.
  bool isInitialized = false;
};

} // namespace ravine
