// The laws of a file's penalties, and the optimizers that they are tried with.
#pragma once

#include "compiler/elaboration/Probes.h"

namespace ravine::testing {

/// A law that a penalty declares, by itself or through what it is composed of.
struct ProbedLaw {
  /// "l1: minimizes"
  std::string name;
  ast::LawKind kind;
  /// Where the law is declared, or the penalty that is composed of others.
  SourceSpan span;
  const ast::PenaltyDecl *penalty = nullptr;
  /// Shared by all laws of the penalty.
  std::shared_ptr<PenaltyProbe> probe;
  /// What the penalty is called in the library.
  std::string optimizer;
  /// Over what the argument is taken: one row, channel or column where it is these.
  IndexSet set = IndexSet::Tensor;
  /// Who uses the penalty has to say over what.
  bool needsSet = false;
};

/// Every law that the penalties and sets of a file declare and that `isMeant(name)`. Generic declarations are tried
/// where they are used: of `penalty twice = scaled<l1>(factor = 2)` it is the laws of `scaled` that hold for l1.
[[nodiscard]] std::vector<ProbedLaw> lawsOf(const SourceManager &sources, const Program &program,
                                            const ast::Module &module, Diagnostics &diagnostics,
                                            const std::function<bool(std::string_view)> &isMeant);

/// Adds the optimizers of laws to the composed optimizers of a file.
void addProbes(std::vector<ProbedLaw> &laws, ast::Module &composed);

} // namespace ravine::testing
