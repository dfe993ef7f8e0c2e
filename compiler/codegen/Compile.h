// From a checked module of optimizers to the parts of a library: the compiler's back half as functions on values.
#pragma once

#include "compiler/codegen/Description.h"
#include "compiler/codegen/cpu/ObjectEmitter.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

namespace ravine {

/// A context in which everything that the compiler writes can be read.
[[nodiscard]] std::unique_ptr<mlir::MLIRContext> createContext();

/// Runs a pipeline; on failure its errors have gone to the context's diagnostic handlers.
[[nodiscard]] mlir::LogicalResult runPipeline(mlir::ModuleOp module, void (*addPasses)(mlir::OpPassManager &));

/// Kernels as functions on vectors, from a module after formation, which is left as it is.
[[nodiscard]] mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> compileKernels(mlir::ModuleOp formed);

/// Everything that becomes LLVM IR: kernels on their own, which are generated once for each instruction set, and scalar
/// functions with the plan, which are generated once.
class MachineModules {
public:
  /// `kernels` as compileKernels made them (consumed), `formed` the module after formation, left as it is.
  static llvm::Expected<MachineModules> create(mlir::ModuleOp formed, mlir::ModuleOp kernels,
                                               const LibraryDescription &library);

  /// Kernels for one target, optimised, with its suffix.
  [[nodiscard]] std::unique_ptr<llvm::Module> kernelsFor(const CpuTarget &target, const ObjectEmitter &emitter) const;

  /// Scalar functions and the plan, optimised.
  [[nodiscard]] llvm::Module &shared() { return *sharedModule; }

private:
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> kernelModule;
  std::unique_ptr<llvm::Module> sharedModule;
};

} // namespace ravine
