// The variants of a rule: one for each precision together with each outcome of its conditions.
#pragma once

#include "compiler/formation/StepGraph.h"
#include "compiler/transforms/Specialize.h"

namespace ravine::formation {

/// What variants are made of.
struct VariantSpace {
  /// Rules whose reductions have their numbers (Reductions.h). They may be copies of those that the conditions are of.
  llvm::SmallVector<RulePrecision> precisions;
  const Conditions &conditions;
  /// For each variant, the numbers of reductions that are known before the first stage; none for any where it is empty.
  std::vector<llvm::SmallDenseSet<unsigned>> known;

  [[nodiscard]] size_t size() const { return precisions.size() * conditions.outcomes.size(); }
  [[nodiscard]] const RulePrecision &precisionOf(size_t variant) const {
    return precisions[variant / conditions.outcomes.size()];
  }
  [[nodiscard]] uint32_t outcomeOf(size_t variant) const {
    return conditions.outcomes[variant % conditions.outcomes.size()];
  }
  [[nodiscard]] Folding foldingOf(mlir::Operation *reduction, size_t variant) const;
  /// What is to be done about a reduction before any condition is decided: it is known if every variant knows it.
  [[nodiscard]] Folding foldingOf(mlir::Operation *reduction) const;
};

/// The rule as it is in one variant.
struct Variant {
  mlir::OwningOpRef<ir::OptimizerOp> rule;
  Memory memory;
};

/// Every variant, by number. A reduction over the model that some variant needs is kept, as a measurement, in every
/// variant that it folds and that tensors of the same model can have: a tensor whose own case does not ask for the norm
/// of all gradients still belongs to it.
[[nodiscard]] std::vector<Variant> specializeAll(const VariantSpace &space);

} // namespace ravine::formation
