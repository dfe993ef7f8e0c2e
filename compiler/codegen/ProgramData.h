// How an optimizer is walked, as constant data.
#pragma once

#include "compiler/codegen/ConstantData.h"
#include "compiler/codegen/Description.h"

namespace ravine {

/// The `ravine_plan_optimizer` of one optimizer. Kernels and scalar functions are referred to by name; `targetSuffixes`
/// are appended to the names of kernels, one for each target.
[[nodiscard]] llvm::Constant *optimizerPlan(ConstantData &data, OptimizerDescription optimizer,
                                            llvm::ArrayRef<llvm::StringRef> targetSuffixes);

} // namespace ravine
