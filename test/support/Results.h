// Everything that steps have changed in a model, by name, to compare one way of computing it with another.
#pragma once

#include "compiler/interpreter/Interpreter.h"
#include "test/support/CompiledOptimizer.h"

namespace ravine::test {

/// The numbers of one parameter, state, metric, view or counter. Empty where there are none: a state that does not
/// exist.
struct Result {
  /// Numbers of tensors' elements, and states of groups of them, are as memory holds them, all others f64.
  bool isOfElements = false;
  std::vector<double> numbers;
};

/// By what they are, such as "m of tensor 3".
using Results = std::map<std::string, Result>;

[[nodiscard]] Results resultsOf(const CompiledOptimizer &compiled);
[[nodiscard]] Results resultsOf(const Interpreter &interpreter, ir::OptimizerOp optimizer,
                                const InterpretedModel &model);

/// How far results may be apart.
struct Tolerance {
  /// Of numbers of elements, in units in the last place of f32.
  int64_t ulps = 0;
  /// Of scalars, relative to their magnitude.
  double relative = 0;
};

/// Expects two sets of results to have the same names and numbers within the tolerance. A NaN agrees with every NaN,
/// and a zero only with one of its sign.
void expectAgreement(const Results &actual, const Results &expected, Tolerance tolerance);

} // namespace ravine::test
