// The operations that a set of values needs.
#pragma once

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace ravine {

/// The operations that `roots` depend on, in an order in which operands come first. An operation for which `stopsAt`
/// holds belongs to the slice, but what it depends on does not.
[[nodiscard]] llvm::SmallVector<mlir::Operation *> backwardSlice(llvm::ArrayRef<mlir::Value> roots,
                                                                 llvm::function_ref<bool(mlir::Operation *)> stopsAt);

} // namespace ravine
