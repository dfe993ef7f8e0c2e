// One run of the compiler on a set of files: what every verb has in common.
#pragma once

#include "compiler/codegen/Description.h"
#include "compiler/driver/Options.h"
#include "compiler/frontend/Frontend.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

namespace ravine::driver {

/// Reads, parses and checks files, keeps what was said about them, and takes them through the compiler as far as a verb
/// asks. Each step needs the one before it to have succeeded.
class Compilation {
public:
  explicit Compilation(const Options &options) : options(options) {}

  /// Reads, parses and checks the inputs, each by itself.
  bool loadEach();
  /// The same for inputs that are to become one library.
  bool load();

  /// Prints what was said so far, for people on stderr or as JSON on stdout, and returns the exit status. Where a stage
  /// is printed on stdout, JSON goes to stderr, too: the two never share a stream.
  int report() const;

  /// Brings the loaded inputs into the ravine dialect, as written.
  void lower();
  /// Fixes their numbers.
  bool simplify();
  /// Adds the sweeps.
  bool form();
  /// Runs a pipeline on a module of this compilation; a failure is reported as a fault of the compiler in `phase`.
  bool run(mlir::ModuleOp module, llvm::StringRef phase, void (*addPasses)(mlir::OpPassManager &));
  /// Describes the library that the inputs make up.
  void describe(llvm::StringRef libraryName);

  /// Adds an error that has no place in a source file.
  void fail(Code code, const llvm::Twine &message, const llvm::Twine &hint = "");

  [[nodiscard]] const std::vector<std::unique_ptr<ast::Module>> &modules() const { return loaded; }
  [[nodiscard]] mlir::ModuleOp module() { return *lowered; }
  [[nodiscard]] const LibraryDescription &library() const { return description; }

private:
  void read(const std::string &path);
  void checkNamesAcrossFiles();
  /// Whether `build` prints a stage on stdout.
  [[nodiscard]] bool printsStage() const;

  const Options &options;
  SourceManager sources;
  Diagnostics diagnostics;
  std::vector<std::unique_ptr<ast::Module>> loaded;
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> lowered;
  LibraryDescription description;
};

} // namespace ravine::driver
