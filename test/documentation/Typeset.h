// Expressions of a small rule as formulas.
#pragma once

#include "compiler/documentation/Typeset.h"
#include "test/frontend/Checked.h"

namespace ravine::test {

/// The formula of `text` in a rule with the hypers a, b, c, d, x, y, lr, beta1, weight_decay, r0 and loss_scale, the
/// whole number k, the conditions nesterov and fast, the enum mode and the state m.
inline documentation::Formula formulaOf(const std::string &text) {
  std::string hypers;
  for (const char *name : {"a", "b", "c", "d", "x", "y", "beta1", "weight_decay", "r0", "loss_scale"})
    hypers += "  hyper " + std::string(name) + " = 0.5\n";
  Checked checked = Checked::rule(
      hypers + "  hyper k : int = 3\n  hyper nesterov = false\n  hyper fast = false\n" +
      "  hyper mode : enum(mean, sum) = mean\n  state m = 0\n  m' = g\n  let value = " + text + "\n  w' = w");
  EXPECT_FALSE(checked.diagnostics.hasErrors()) << checked.messages();
  documentation::Notation notation(checked.optimizer());
  return documentation::Typesetter(notation, documentation::Moment::Step).typeset(checked.let("value"));
}

} // namespace ravine::test
