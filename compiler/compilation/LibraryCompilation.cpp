// One run of the compiler on a set of sources.
#include "compiler/compilation/LibraryCompilation.h"

#include "compiler/codegen/cpu/ObjectEmitter.h"
#include "compiler/formation/MetricCost.h"
#include "compiler/lowering/Lowering.h"
#include "compiler/pipelines/Pipelines.h"
#include "compiler/pipelines/RunPipeline.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"

using namespace ravine;

bool LibraryCompilation::fail(Code code, const llvm::Twine &message, const llvm::Twine &hint) {
  messages.add({code, SourceSpan::nowhere(), message.str(), "", hint.str(), {}});
  return false;
}

bool LibraryCompilation::failInternally(const llvm::Twine &message) {
  return fail(Code::E0804, message,
              "this is a fault of the compiler, not of your program; please report it with the file");
}

bool LibraryCompilation::add(std::string name, std::string text) {
  uint32_t file = sourceTexts.add(std::move(name), std::move(text));
  auto module = std::make_unique<ast::Module>(parse(sourceTexts, file, messages));
  check(sourceTexts, *module, messages);
  checked.push_back(std::move(module));
  return !messages.hasErrors();
}

bool LibraryCompilation::addFile(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path);
  if (!buffer)
    return fail(Code::E0801, "cannot read `" + path + "`: " + buffer.getError().message());
  return add(path == "-" ? "<stdin>" : path, (*buffer)->getBuffer().str());
}

bool LibraryCompilation::checkTogether() {
  llvm::StringMap<const ast::OptimizerDecl *> known;
  for (const auto &module : checked)
    for (const auto &optimizer : module->optimizers) {
      auto [place, isNew] = known.insert({optimizer->name, optimizer.get()});
      if (isNew || place->second->nameSpan.file == optimizer->nameSpan.file)
        continue;
      messages.add({Code::E0802,
                    optimizer->nameSpan,
                    "a library cannot hold two optimizers named `" + optimizer->name + "`",
                    "",
                    "rename one of them, or build two libraries",
                    {{place->second->nameSpan, "the other `" + optimizer->name + "` is declared here"}}});
    }
  return !messages.hasErrors();
}

void LibraryCompilation::lower() {
  context = createContext();
  llvm::SmallVector<const ast::Module *> asts;
  for (const auto &module : checked)
    asts.push_back(module.get());
  auto computeType = mlir::Float32Type::get(context.get());
  lowered = ravine::lower(*context, sourceTexts, asts, computeType);
}

bool LibraryCompilation::simplify() {
  return run(*lowered, "simplification", addSimplifyPipeline);
}

bool LibraryCompilation::form() {
  if (!run(*lowered, "sweep formation", addFormationPipeline))
    return false;
  for (const auto &module : checked)
    for (const auto &optimizer : module->optimizers)
      warnAboutMetrics(*optimizer);
  return true;
}

void LibraryCompilation::warnAboutMetrics(const ast::OptimizerDecl &optimizer) {
  for (const MetricCost &cost : costsOfMetrics(lowered->lookupSymbol<ir::OptimizerOp>(optimizer.name)))
    for (const auto &metric : optimizer.metrics)
      if (metric->name == cost.name)
        messages.add({Code::P0101,
                      metric->nameSpan,
                      "the metric `" + cost.name + "` makes every step move " + std::to_string(cost.bytes) +
                          " more bytes per parameter",
                      "",
                      "measure what a sweep has at hand anyway (`ravine explain` shows what each reads)",
                      {}});
}

bool LibraryCompilation::run(mlir::ModuleOp module, llvm::StringRef phase, void (*addPasses)(mlir::OpPassManager &)) {
  std::string message;
  mlir::ScopedDiagnosticHandler handler(context.get(), [&](mlir::Diagnostic &diagnostic) {
    if (message.empty())
      message = diagnostic.str();
    return mlir::success();
  });
  if (mlir::succeeded(runPipeline(module, addPasses)))
    return true;
  return failInternally(phase + " failed: " + message);
}

void LibraryCompilation::describe(llvm::StringRef libraryName, llvm::ArrayRef<std::string> targets) {
  llvm::SHA256 hash;
  for (uint32_t file = 0; file < sourceTexts.size(); ++file)
    hash.update(llvm::StringRef(sourceTexts.text(file)));
  // File names need not be UTF-8; a description has to be.
  description.name = llvm::json::fixUTF8(libraryName);
  description.sourceHash = llvm::toHex(hash.final(), /*LowerCase=*/true);
  for (const CpuTarget &target : cpuTargets())
    if (targets.empty() || llvm::is_contained(targets, target.name)) {
      description.targets.push_back(target.id);
      description.targetNames.push_back(target.name.str());
    }
  description.precisions = {{"f32", RAVINE_F32, RAVINE_F32, RAVINE_F32}};
  description.optimizers = describeOptimizers(*lowered);
}
