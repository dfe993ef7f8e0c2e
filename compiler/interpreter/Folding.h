// Folding numbers to one, as exactly as f64 can hold the result.
#pragma once

#include "dialect/ravine/Ravine.h"

#include <span>

namespace ravine {

/// Folds numbers one after another. A sum is that of the real numbers, rounded, but for a few units in the last place:
/// the error of each addition is carried along (Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur Summation
/// endlicher Summen"), so that it does not depend on the order in which compiled code adds.
class Folding {
public:
  explicit Folding(ir::ReductionKind kind);

  void add(std::span<const double> numbers);

  [[nodiscard]] double result() const;

private:
  void addToSum(double number);

  ir::ReductionKind kind;
  double folded;
  double carried = 0;
};

} // namespace ravine
