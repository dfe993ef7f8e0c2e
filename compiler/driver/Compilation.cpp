// One run of the compiler on a set of files.
#include "compiler/driver/Compilation.h"

#include "compiler/codegen/cpu/ObjectEmitter.h"
#include "compiler/diagnostics/Render.h"
#include "compiler/diagnostics/RenderJson.h"
#include "compiler/lowering/Lowering.h"
#include "compiler/pipelines/Pipelines.h"
#include "compiler/pipelines/RunPipeline.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"

using namespace ravine;
using namespace ravine::driver;

void Compilation::fail(Code code, const llvm::Twine &message, const llvm::Twine &hint) {
  diagnostics.add({code, SourceSpan::nowhere(), message.str(), "", hint.str(), {}});
}

bool Compilation::loadEach() {
  for (const std::string &path : options.inputs)
    read(path);
  return !diagnostics.hasErrors();
}

bool Compilation::load() {
  loadEach();
  if (loaded.size() == options.inputs.size())
    checkNamesAcrossFiles();
  return !diagnostics.hasErrors();
}

void Compilation::read(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path);
  if (!buffer) {
    fail(Code::E0801, "cannot read `" + path + "`: " + buffer.getError().message());
    return;
  }
  uint32_t file = sources.add(path == "-" ? "<stdin>" : path, (*buffer)->getBuffer().str());
  auto module = std::make_unique<ast::Module>(parse(sources, file, diagnostics));
  check(sources, *module, diagnostics);
  loaded.push_back(std::move(module));
}

void Compilation::checkNamesAcrossFiles() {
  llvm::StringMap<const ast::OptimizerDecl *> known;
  for (const auto &module : loaded)
    for (const auto &optimizer : module->optimizers) {
      auto [place, isNew] = known.insert({optimizer->name, optimizer.get()});
      if (isNew || place->second->nameSpan.file == optimizer->nameSpan.file)
        continue;
      diagnostics.add({Code::E0802,
                       optimizer->nameSpan,
                       "a library cannot hold two optimizers named `" + optimizer->name + "`",
                       "",
                       "rename one of them, or build two libraries",
                       {{place->second->nameSpan, "the other `" + optimizer->name + "` is declared here"}}});
    }
}

bool Compilation::printsStage() const {
  bool isText = options.stage != Stage::Library && options.stage != Stage::Object;
  return isText && (options.output.empty() || options.output == "-");
}

int Compilation::report() const {
  if (options.json)
    (printsStage() ? llvm::errs() : llvm::outs()) << renderJson(sources, diagnostics);
  else
    llvm::errs() << render(sources, diagnostics, llvm::errs().has_colors() ? Colour::On : Colour::Off);
  return diagnostics.hasErrors() ? Failure : Success;
}

void Compilation::lower() {
  context = createContext();
  llvm::SmallVector<const ast::Module *> asts;
  for (const auto &module : loaded)
    asts.push_back(module.get());
  auto computeType = mlir::Float32Type::get(context.get());
  lowered = ravine::lower(*context, sources, asts, computeType);
}

bool Compilation::simplify() {
  return run(*lowered, "simplification", addSimplifyPipeline);
}

bool Compilation::form() {
  return run(*lowered, "sweep formation", addFormationPipeline);
}

bool Compilation::run(mlir::ModuleOp module, llvm::StringRef phase, void (*addPasses)(mlir::OpPassManager &)) {
  std::string message;
  mlir::ScopedDiagnosticHandler handler(context.get(), [&](mlir::Diagnostic &diagnostic) {
    if (message.empty())
      message = diagnostic.str();
    return mlir::success();
  });
  if (mlir::succeeded(runPipeline(module, addPasses)))
    return true;
  fail(Code::E0804, phase + " failed: " + message,
       "this is a fault of the compiler, not of your program; please report it with the file");
  return false;
}

void Compilation::describe(llvm::StringRef libraryName) {
  llvm::SHA256 hash;
  for (uint32_t file = 0; file < sources.size(); ++file)
    hash.update(llvm::StringRef(sources.text(file)));
  // File names need not be UTF-8; a description has to be.
  description.name = llvm::json::fixUTF8(libraryName);
  description.sourceHash = llvm::toHex(hash.final(), /*LowerCase=*/true);
  for (const CpuTarget &target : cpuTargets())
    if (options.targets.empty() || llvm::is_contained(options.targets, target.name)) {
      description.targets.push_back(target.id);
      description.targetNames.push_back(target.name.str());
    }
  description.precisions = {{"f32", RAVINE_F32, RAVINE_F32, RAVINE_F32}};
  description.optimizers = describeOptimizers(*lowered);
}
