// Checked AST in, ravine dialect out.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace ravine {

/// Lowers every optimizer of the given modules, which have been checked without errors, into one module of
/// `ravine.optimizer` operations. Elements are computed in `computeType` (f32 or f64), scalars in f64.
[[nodiscard]] mlir::OwningOpRef<mlir::ModuleOp> lower(mlir::MLIRContext &context, const SourceManager &sources,
                                                      llvm::ArrayRef<const ast::Module *> modules,
                                                      mlir::FloatType computeType);

} // namespace ravine
