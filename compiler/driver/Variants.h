// The outcomes of an optimizer's conditions that are worth showing.
#pragma once

#include "compiler/codegen/Manifest.h"

namespace ravine::driver {

struct ShownVariant {
  VariantTraffic traffic;
  /// What the default hypers choose; where a condition asks for the shape of a tensor, for a matrix.
  bool isDefault = false;
  /// Whether a condition of the optimizer asks for the shape.
  bool asksForShape = false;
};

/// Those of the first precision, by number, without those that certainly cannot be: one condition holds, but another
/// does not that the first contains, as `clip` in `clip and matrix`.
[[nodiscard]] std::vector<ShownVariant> shownVariants(const OptimizerDescription &optimizer);

} // namespace ravine::driver
