// Contexts to compile in, and running one pipeline on one module.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"

namespace ravine {

/// Everything that the compiler reads and writes, from the ravine dialect to LLVM's.
void registerDialects(mlir::DialectRegistry &registry);

/// A context in which everything that the compiler writes can be read and translated.
[[nodiscard]] std::unique_ptr<mlir::MLIRContext> createContext();

/// Runs a pipeline; on failure its errors have gone to the context's diagnostic handlers.
[[nodiscard]] mlir::LogicalResult runPipeline(mlir::ModuleOp module, void (*addPasses)(mlir::OpPassManager &));

} // namespace ravine
