// What a library says of its optimizers, as constant data.
#pragma once

#include "compiler/codegen/ConstantData.h"
#include "compiler/codegen/Description.h"

namespace ravine {

/// The `ravine_optimizer_info` of one optimizer of a library that is built for `precisions`.
[[nodiscard]] llvm::Constant *optimizerInfo(ConstantData &data, OptimizerDescription optimizer,
                                            llvm::ArrayRef<Precision> precisions);

} // namespace ravine
