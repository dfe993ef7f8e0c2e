// The equations of a rule.
#pragma once

#include "compiler/documentation/Notation.h"

namespace ravine::documentation {

struct RuleEquations {
  /// The next values, in the order of the source.
  std::vector<Equation> step;
  /// The lets that those and the metrics use, in the order of the source.
  std::vector<Equation> where;
};

[[nodiscard]] RuleEquations equationsOf(const ast::OptimizerDecl &optimizer, const Notation &notation);

} // namespace ravine::documentation
