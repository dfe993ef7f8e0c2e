// The equations of a rule.
#pragma once

#include "compiler/documentation/Notation.h"

namespace ravine::documentation {

struct RuleEquations {
  /// The next values, in the order of the source.
  std::vector<Equation> step;
  /// What hypers are that follow a schedule.
  std::vector<Equation> schedules;
  /// The lets that those, skips, metrics and long views use, in the order of the rule, each behind those that stand in
  /// it.
  std::vector<Equation> where;
  /// The lets of blocks that the initial values of states use.
  std::vector<Equation> initial;
};

/// Whether a view can be read at once with its lets written out. Each may stand twice in the next, so that a page of
/// lets would be longer than any book.
[[nodiscard]] bool canBeInlined(const ast::ViewDecl &view);

[[nodiscard]] RuleEquations equationsOf(const ast::OptimizerDecl &optimizer, const Notation &notation);

} // namespace ravine::documentation
