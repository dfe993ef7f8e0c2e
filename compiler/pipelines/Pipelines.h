// Every pipeline of the compiler.
#pragma once

#include "mlir/Pass/PassManager.h"

namespace ravine {

/// On the ravine dialect: fixes the numbers, that is, every decision that could change a bit.
void addSimplifyPipeline(mlir::OpPassManager &passes);

/// From ravine to sweep.
void addFormationPipeline(mlir::OpPassManager &passes);

/// From the sweeps of a module to functions on vectors (`--emit=vector`).
void addVectorPipeline(mlir::OpPassManager &passes);

/// From the scalar programs of a module to functions.
void addScalarPipeline(mlir::OpPassManager &passes);

/// From functions to the LLVM dialect, with the entry points that the runtime core calls.
void addLLVMPipeline(mlir::OpPassManager &passes);

/// On kernels in the LLVM dialect: makes machine code say which line of the source it comes from. Changes no
/// instruction.
void addSourceLinePipeline(mlir::OpPassManager &passes);

/// Makes the passes and pipelines known by name, for ravine-opt.
void registerPipelines();

} // namespace ravine
