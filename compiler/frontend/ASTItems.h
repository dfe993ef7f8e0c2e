// The syntax tree of what declarations are made of: hypers, states, equations, metrics and their like.
#pragma once

#include "compiler/frontend/ASTExpressions.h"

namespace ravine::ast {

/// One end of a range; infinite where the source says `inf`.
struct Bound {
  double value = 0;
  bool isOpen = false;
};

/// `hyper lr : real = 1e-3 in [0, inf)`, `hyper d0 [model] = 1e-6`
struct HyperDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ValueKind kind = ValueKind::Real;
  /// Group unless the source says `[model]` or `[tensor]`.
  IndexSet set = IndexSet::Group;
  std::vector<std::string> choices; // of an enum
  ExprPtr defaultExpr;
  SourceSpan rangeSpan;
  /// The default depends on `step` or on other hypers: until the host sets the hyper, it follows `defaultExpr`, which
  /// is computed anew for each step. Set by elaboration, only for real hypers, and not for those per tensor.
  bool isScheduled = false;
  // Filled by the checker: the default as a number (bool 0 or 1, enum the index of the choice; of a scheduled one, what
  // it is at step 1) and the range, which is (-inf, inf) where none was written.
  double defaultValue = 0;
  Bound lower;
  Bound upper;
};

/// How numbers are stored between steps; Compute: as the step computes them.
enum class Storage : uint8_t { Compute, F32, F64, BF16, F16 };

/// Something that is decided for each tensor at creation, and what depends on it: which branch of a selection a tensor
/// takes, and whether a stage of a pipe applies. Made by elaboration.
struct ConditionDecl {
  /// Such as "hidden": the label of the branch.
  std::string name;
  SourceSpan span;
  ExprPtr condition;
  /// Asked only for tensors for which all of these hold; for others it does not hold.
  std::vector<const ConditionDecl *> under;
  /// Of the conditions with the same number, exactly one holds for each tensor (for which those they are under do).
  std::optional<unsigned> choice;
};

/// `state m = 0`, `state b when momentum > 0 = 0`, `state S [model] = 0`, `state m store bf16 = 0`
struct StateDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ExprPtr condition; // null where the state always exists
  SourceSpan conditionSpan;
  ExprPtr initial;
  IndexSet set = IndexSet::Element;
  /// Of a state over elements.
  Storage storage = Storage::Compute;
  /// Filled by elaboration: it exists only where all of these hold, and `condition` too.
  std::vector<const ConditionDecl *> under;
};

/// `m' = beta1*m + (1 - beta1)*g`; `target` is `w` or a state.
struct Equation {
  SourceSpan targetSpan;
  std::string target;
  Symbol symbol; // filled by the checker: Predefined::Parameter or a state
  ExprPtr value;
  /// Filled by elaboration: how many of the optimizer's skips stand before it. It comes about unless one of them ends
  /// the step.
  unsigned skipsBefore = 0;
};

/// `skip when not (n < inf)`: ends the step. Its condition is one truth value for the model.
struct Skip {
  SourceSpan span; // of the condition
  ExprPtr condition;
};

/// `require beta1 < beta2`
struct Requirement {
  SourceSpan span; // of the condition
  ExprPtr condition;
  /// Filled by elaboration where the source does not say it in these words: how to tell people of it.
  std::string text = {};
};

/// `metric grad_norm = norm[model](g)`: one number per model or per tensor, read by the host after a step.
struct MetricDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ExprPtr value;
  /// Filled by elaboration: what a penalty says of its argument, of which nobody made a metric but to try it out.
  bool isOfPenalty = false;
};

/// `view eval = (w - (1 - beta)*z)/beta`: one number per element, computed from what a step ended with when the host
/// asks for it.
struct ViewDecl {
  std::string name;
  SourceSpan nameSpan;
  std::string doc;
  ExprPtr value;
};

} // namespace ravine::ast
