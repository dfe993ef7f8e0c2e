// The outcomes of an optimizer's conditions that are worth showing.
#pragma once

#include "compiler/codegen/Manifest.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace ravine::driver {

struct ShownVariant {
  VariantTraffic traffic;
  /// What the default hypers choose; where a condition asks for the shape of a tensor, for a matrix.
  bool isDefault = false;
  /// Whether a condition of the optimizer asks for the shape, where there are no branches of a selection.
  bool asksForShape = false;
};

/// Those of one precision, counted from 0, by number, without those that certainly cannot be: one condition holds, but
/// another does not that the first contains, as `clip` in `clip and matrix`.
[[nodiscard]] std::vector<ShownVariant> shownVariants(const OptimizerDescription &optimizer, size_t precision = 0);

/// One in place of two of the same details that differ in what becomes of one condition, which is then none of its own;
/// branches of a selection stay apart.
[[nodiscard]] std::vector<ShownVariant>
mergedVariants(std::vector<ShownVariant> variants, llvm::function_ref<std::string(const VariantTraffic &)> detailsOf);

} // namespace ravine::driver
