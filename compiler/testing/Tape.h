// Reverse-mode differentiation: values are recorded with the slopes by which they depend on earlier ones, and the
// recording is walked backwards (Griewank & Walther 2008, "Evaluating Derivatives", chapter 3).
#pragma once

#include "compiler/testing/Array.h"

#include <functional>

namespace ravine::testing {

class Tape {
public:
  /// The number of a recorded value.
  using Index = size_t;

  /// What an elementwise function comes to for one element: its value, and its derivative by each operand.
  struct Local {
    double value = 0;
    std::vector<double> slopes = {};
  };
  using Elementwise = std::function<Local(std::span<const double>)>;

  /// A value that depends on nothing.
  Index record(Array value);
  /// Applies a function to each element. The operands have one shape or are single numbers.
  Index map(std::span<const Index> operands, bool isTruth, const Elementwise &function);
  /// Folds all elements of an operand to one number; the function gives a slope for each element.
  Index fold(Index operand, bool isTruth, const Elementwise &function);
  /// Puts operands of one shape side by side along a new first axis.
  Index stack(std::span<const Index> operands);

  [[nodiscard]] const Array &operator[](Index index) const { return entries[index].value; }

  /// The derivative of a recorded number by every value recorded up to it, each with its shape.
  [[nodiscard]] std::vector<Array> derivatives(Index result) const;

private:
  struct Operand {
    Index index = 0;
    /// One for each element of the result or, for a fold, of the operand.
    std::vector<double> slopes;
    /// Where the operand's elements stand in the result, for a stack.
    size_t offset = 0;
  };
  enum class Kind : uint8_t { Leaf, Map, Fold, Stack };
  struct Entry {
    Array value;
    Kind kind = Kind::Leaf;
    std::vector<Operand> operands = {};
  };
  Index add(Entry entry);

  std::vector<Entry> entries;
};

} // namespace ravine::testing
