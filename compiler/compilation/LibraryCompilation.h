// One run of the compiler on a set of sources: what the `ravine` command and the embedding library have in common.
#pragma once

#include "compiler/codegen/Description.h"
#include "compiler/frontend/Frontend.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

#include <memory>

namespace ravine {

/// Parses and checks sources, keeps what was said about them, and takes them through the compiler step by step. Each
/// step needs the one before it to have succeeded. Prints nothing; one compilation belongs to one thread, and several
/// may run at once.
class LibraryCompilation {
public:
  /// Adds a source under the name that messages use for it, parses and checks it. False where there are errors so far.
  bool add(std::string name, std::string text);
  /// The same with a file; "-" is standard input.
  bool addFile(const std::string &path);
  /// Checks what concerns all sources of one library together. False where there are errors so far.
  bool checkTogether();

  /// Brings the sources into the ravine dialect, as written.
  void lower();
  /// Fixes their numbers.
  bool simplify();
  /// Adds the sweeps, and warns of what costs memory traffic without need.
  bool form();
  /// Runs a pipeline on a module of this compilation; a failure is reported as a fault of the compiler in `phase`.
  bool run(mlir::ModuleOp module, llvm::StringRef phase, void (*addPasses)(mlir::OpPassManager &));
  /// Describes the library that the sources make up. `targets` names instruction sets; empty for all there are.
  void describe(llvm::StringRef libraryName, llvm::ArrayRef<std::string> targets);

  /// Adds an error that has no place in a source, and returns false.
  bool fail(Code code, const llvm::Twine &message, const llvm::Twine &hint = "");
  /// The same for a fault of the compiler itself.
  bool failInternally(const llvm::Twine &message);

  [[nodiscard]] const SourceManager &sources() const { return sourceTexts; }
  [[nodiscard]] const Diagnostics &diagnostics() const { return messages; }
  [[nodiscard]] const std::vector<std::unique_ptr<ast::Module>> &modules() const { return checked; }
  [[nodiscard]] mlir::ModuleOp module() { return *lowered; }
  [[nodiscard]] const LibraryDescription &library() const { return description; }

private:
  void warnAboutMetrics(const ast::OptimizerDecl &optimizer);

  SourceManager sourceTexts;
  Diagnostics messages;
  std::vector<std::unique_ptr<ast::Module>> checked;
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> lowered;
  LibraryDescription description;
};

} // namespace ravine
