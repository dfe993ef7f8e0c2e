// What shape a tensor has to have for a rule.
#pragma once

#include "compiler/transforms/Specialize.h"

namespace ravine {

/// How many axes a tensor must have to be optimized by a rule where its conditions come to `outcome`: 2 where the rule
/// is for matrices, or speaks of rows, columns or channels in anything that it then computes, keeps or has folded over
/// the model, else 0.
[[nodiscard]] unsigned minimumRank(ir::OptimizerOp optimizer, const Conditions &conditions, uint32_t outcome,
                                   ir::PrecisionAttr precision);

/// The same for a rule that has been specialised already; `exists` says whether a state does, by position.
[[nodiscard]] unsigned minimumRank(ir::OptimizerOp specialized, llvm::function_ref<bool(size_t state)> exists);

} // namespace ravine
