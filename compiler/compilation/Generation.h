// From the sweeps of a compilation to the files of a library.
#pragma once

#include "compiler/codegen/MachineModules.h"
#include "compiler/compilation/LibraryCompilation.h"

namespace ravine {

/// What `ravine build` writes, as bytes.
struct LibraryFiles {
  llvm::SmallString<0> library;
  std::string header;
  std::string manifest;
};

/// Generates code for a compilation that is formed and described. Each step needs the one before it to have succeeded;
/// a failure is among the compilation's messages.
class Generation {
public:
  explicit Generation(LibraryCompilation &compilation) : compilation(compilation) {}

  /// To be called before the rest: assembly will say which lines of the source it comes from.
  void keepSourceLines() { keepsSourceLines = true; }

  /// Turns sweeps into functions on vectors.
  bool vectorize();
  /// Lowers kernels and scalar programs as far as LLVM IR.
  bool translate();
  /// Shows the kernels for the widest target, optimised, and what makes machine code of them.
  bool showWidest(llvm::function_ref<void(llvm::Module &, const ObjectEmitter &)> show);
  /// Generates the objects of all targets and links them. The library says of itself that it is called `soname`.
  std::optional<LibraryFiles> link(llvm::StringRef soname);

  [[nodiscard]] mlir::ModuleOp kernels() { return *kernelModule; }

private:
  bool emitObjects(llvm::SmallVectorImpl<llvm::SmallString<0>> &objects);
  bool failToLink(llvm::Error problem);

  LibraryCompilation &compilation;
  mlir::OwningOpRef<mlir::ModuleOp> kernelModule;
  std::unique_ptr<MachineModules> modules;
  bool keepsSourceLines = false;
};

} // namespace ravine
