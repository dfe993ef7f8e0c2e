// What the verifiers of declarations and of steps share.
#pragma once

#include "dialect/ravine/Ravine.h"

namespace ravine::ir {

/// A scalar that outlives a step: f64 for each tensor or for the model.
[[nodiscard]] bool isKeptScalar(FieldType type);

/// The value that a region of declarations yields; null if there is none.
[[nodiscard]] mlir::Value yieldedValue(mlir::Region &region);

/// Whether every name is that of a case of the optimizer around `op`; if not, says so on `op` as constraint `number`.
[[nodiscard]] mlir::LogicalResult verifyUnder(mlir::Operation *op, std::optional<mlir::ArrayAttr> under,
                                              mlir::SymbolTableCollection &symbols, llvm::StringRef number);

} // namespace ravine::ir
