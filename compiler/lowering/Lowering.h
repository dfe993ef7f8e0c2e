// Checked AST in, ravine dialect out.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"
#include "compiler/lowering/Precision.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace ravine {

/// Lowers every optimizer of the given modules, which are elaborated and have been checked without errors, into one
/// module of `ravine.optimizer` operations. Elements are computed in what the precisions ask for, scalars in f64: where
/// some precisions ask for f32 and others for f64, an optimizer has two operations, of which the one for f32 bears its
/// name and refers to the other (`wide`).
[[nodiscard]] mlir::OwningOpRef<mlir::ModuleOp> lower(mlir::MLIRContext &context, const SourceManager &sources,
                                                      llvm::ArrayRef<const ast::Module *> modules,
                                                      llvm::ArrayRef<Precision> precisions);

} // namespace ravine
