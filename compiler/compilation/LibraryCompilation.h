// One run of the compiler on a set of sources: what the `ravine` command and the embedding library have in common.
#pragma once

#include "compiler/codegen/Description.h"
#include "compiler/compilation/FilesRead.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Program.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

#include <memory>

namespace ravine {

/// Checks sources and what they import, keeps what was said about them, and takes them through the compiler step by
/// step. Each step needs the one before it to have succeeded. Prints nothing; one compilation belongs to one thread,
/// and several may run at once.
class LibraryCompilation {
public:
  /// Adds a source under the name that messages use for it. What it imports by a path is another one of these.
  void add(std::string name, std::string text);
  /// Adds a file, "-" for standard input. What it imports by a path is a file, too. False where it cannot be read.
  bool addFile(const std::string &path);

  /// Parses what was added and what that imports, writes out what is composed, and checks it. False where there are
  /// errors so far. `amend`, if it is given, may change what was parsed before composition is written
  /// out, and `extend` may add to what is written out of the first source. May be repeated.
  bool check(llvm::function_ref<void(Program &)> amend = nullptr,
             llvm::function_ref<void(const Program &, ast::Module &, Diagnostics &)> extend = nullptr);
  /// Checks, source by source, the limits that only show when rules are written out as values: how much is asked of
  /// tensors at creation, and which groups of elements go together. For checking alone: `simplify` and `form` check
  /// them, too. False where there are errors so far.
  bool checkLimits();
  /// Checks what concerns all sources of one library together. False where there are errors so far.
  bool checkTogether();

  /// How hosts will store parameters and gradients; f32 unless said otherwise.
  void setPrecisions(std::vector<Precision> asked) { precisions = precisionsInOrder(std::move(asked)); }

  /// Brings the sources into the ravine dialect, as written.
  void lower() { lower(checked); }
  /// Fixes their numbers.
  bool simplify() { return simplify(checked); }
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
  /// The sources as they were written, and what they import.
  [[nodiscard]] const Program &program() const { return loaded; }
  /// The optimizers of each source, with nothing composed left.
  [[nodiscard]] const std::vector<std::unique_ptr<ast::Module>> &modules() const { return checked; }
  /// The files that the result depends on, by their paths.
  [[nodiscard]] std::span<const std::string> filesRead() const { return files.paths(); }
  [[nodiscard]] mlir::ModuleOp module() { return *lowered; }
  [[nodiscard]] const LibraryDescription &library() const { return description; }

private:
  [[nodiscard]] std::optional<SourceText> find(std::string_view importer, std::string_view path);
  using Modules = llvm::ArrayRef<std::unique_ptr<ast::Module>>;
  void lower(Modules modules);
  bool simplify(Modules modules);
  using GroupLimit = std::vector<Diagnostic> (*)(ir::OptimizerOp, const SourceManager &);
  /// Refuses the rules of which something is too much: what is asked of names outside of conditions only shows there;
  /// and those whose groups of elements do not go together. False where it has refused one.
  bool checkRules(Modules modules, llvm::function_ref<std::string(ir::OptimizerOp)> excessOf,
                  GroupLimit findBeyondLimit);
  /// Refuses rules of which there would be too many variants, or whose groups of elements clash. After `simplify`.
  bool checkOutcomes(Modules modules);
  void warnAboutMetrics(const ast::OptimizerDecl &optimizer);

  SourceManager sourceTexts;
  Diagnostics messages;
  FilesRead files;
  std::vector<uint32_t> roots;
  std::vector<Precision> precisions = precisionsInOrder({});
  Program loaded;
  std::vector<std::unique_ptr<ast::Module>> checked;
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> lowered;
  LibraryDescription description;
};

} // namespace ravine
