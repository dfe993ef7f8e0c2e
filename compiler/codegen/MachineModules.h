// From the LLVM dialect to LLVM IR that is ready to become machine code.
#pragma once

#include "compiler/codegen/Description.h"
#include "compiler/codegen/cpu/ObjectEmitter.h"

#include "mlir/IR/BuiltinOps.h"

namespace ravine {

/// Everything that becomes machine code: kernels on their own, which are generated once for each instruction set, and
/// scalar functions with the plan, which are generated once.
class MachineModules {
public:
  /// Both modules are in the LLVM dialect, with entry points, and belong to a context that createContext made.
  static llvm::Expected<MachineModules> create(mlir::ModuleOp kernels, mlir::ModuleOp scalars,
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
