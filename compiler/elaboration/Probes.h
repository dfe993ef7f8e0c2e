// Optimizers that are made to try a penalty or a set out.
#pragma once

#include "compiler/elaboration/Penalty.h"

namespace ravine {

/// A law that compares with another penalty or set, and the state of elements that a step sets to what its prox makes
/// of the parameter w that the step begins with: prox(w, tau) for `agrees_with`, and for `conjugate` prox(w/tau,
/// 1/tau), so that w = w' + tau·(the state) where the law holds (Moreau's identity). The hypers of the other follow
/// those of this one.
struct Comparison {
  ast::LawKind law;
  std::string state;
};

/// A flat optimizer around one penalty or set, and what its parts are called. A name is empty where there is no such
/// part. What the declaration's own hypers are called stays what it is.
struct PenaltyProbe {
  Flat optimizer;
  /// The hyper that is the τ of the prox, in (0, inf), and 1 where nobody sets it.
  std::string step = {};
  /// The hyper that is the tolerance of `contains`, in [0, inf), and 0 where nobody sets it.
  std::string tolerance = {};
  /// Metrics over the model, computed from the parameter that a step begins with: the penalty's value, and 1 or 0 for
  /// whether the set contains it.
  std::string value = {};
  std::string contains = {};
  /// A state of elements that a step sets to the gradient at the parameter that it begins with.
  std::string gradient = {};
  /// Whether w' is the prox (the projection) of w; else it is w.
  bool hasProx = false;
  /// Who uses the declaration has to say over what its argument is taken.
  bool needsSet = false;
  /// The laws that it declares, its parts being what they are.
  std::vector<ast::LawKind> laws = {};
  std::vector<Comparison> comparisons = {};
  /// The arguments of the law `quadratic(rho, c)`, in the hypers of `optimizer`; none where it does not declare that.
  std::vector<ast::ExprPtr> quadratic = {};
};

/// Writes the probe of a declaration that has no parameters, or whose parameters have defaults, and that has no error
/// of its own. Its argument is taken over `set` where it needs to know, and has not said it itself: a tensor is one
/// argument. Null where it has parameters without defaults, or after a message.
[[nodiscard]] std::unique_ptr<PenaltyProbe> penaltyProbe(const SourceManager &sources, const Program &program,
                                                         const ast::PenaltyDecl &penalty, const ast::Module &home,
                                                         Diagnostics &diagnostics,
                                                         ast::IndexSet set = ast::IndexSet::Tensor);

/// What checks a declaration on its own: all that it says, at its own lines. Parameters stand for whatever they ask
/// for.
[[nodiscard]] Flat trialOf(Elaboration &elaboration, const ast::PenaltyDecl &penalty, const ast::Module &home);

} // namespace ravine
