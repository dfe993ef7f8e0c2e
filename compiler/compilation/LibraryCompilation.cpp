// One run of the compiler on a set of sources.
#include "compiler/compilation/LibraryCompilation.h"

#include "compiler/codegen/cpu/ObjectEmitter.h"
#include "compiler/formation/GroupLimits.h"
#include "compiler/formation/MetricCost.h"
#include "compiler/lowering/Lowering.h"
#include "compiler/pipelines/Pipelines.h"
#include "compiler/pipelines/RunPipeline.h"
#include "compiler/transforms/Specialize.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/JSON.h"
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

void LibraryCompilation::add(std::string name, std::string text) {
  files.addText(name);
  roots.push_back(sourceTexts.add(std::move(name), std::move(text)));
}

bool LibraryCompilation::addFile(const std::string &path) {
  llvm::Expected<SourceText> source = files.addFile(path);
  if (!source)
    return fail(Code::E0801, "cannot read `" + path + "`: " + llvm::toString(source.takeError()));
  roots.push_back(sourceTexts.add(std::move(source->name), std::move(source->text)));
  return true;
}

std::optional<SourceText> LibraryCompilation::find(std::string_view importer, std::string_view path) {
  std::optional<SourceText> found = files.find(importer, path);
  // A check that is repeated knows none of the files that the first one has read.
  for (uint32_t file = 0; found && found->text.empty() && file < sourceTexts.size(); ++file)
    if (sourceTexts.name(file) == found->name)
      found->text = sourceTexts.text(file);
  return found;
}

bool LibraryCompilation::check(llvm::function_ref<void(Program &)> amend,
                               llvm::function_ref<void(const Program &, ast::Module &, Diagnostics &)> extend) {
  loaded = load(
      sourceTexts, roots, [&](std::string_view importer, std::string_view path) { return find(importer, path); },
      messages);
  if (amend)
    amend(loaded);
  checked = elaborate(sourceTexts, loaded, messages);
  if (extend)
    extend(loaded, *checked.front(), messages);
  for (const auto &module : checked)
    ravine::check(sourceTexts, *module, messages);
  warnAboutUnusedImports(loaded, messages);
  return !messages.hasErrors();
}

/// A penalty or set of the files that were asked for which an optimizer of the standard library can use; null where
/// there is none.
static const ast::PenaltyDecl *usablePenalty(const Program &program) {
  auto isUsable = [](const auto &penalty) {
    bool isComplete =
        llvm::all_of(penalty->generics, [](const auto &parameter) { return parameter.defaultPart != nullptr; });
    return isComplete && (penalty->prox || penalty->project || penalty->composition);
  };
  for (const auto &module : llvm::ArrayRef(program.modules).take_front(program.rootCount))
    if (auto found = llvm::find_if(module->penalties, isUsable); found != module->penalties.end())
      return found->get();
  return nullptr;
}

bool LibraryCompilation::checkTogether() {
  bool isEmpty = llvm::all_of(checked, [](const auto &module) { return module->optimizers.empty(); });
  if (isEmpty && !messages.hasErrors()) {
    std::string names;
    for (uint32_t root : roots)
      names += (names.empty() ? "`" : ", `") + std::string(sourceTexts.name(root)) + "`";
    std::string hint = "write `optimizer name = … |> …` with what it declares, or import it in a file that does";
    if (const ast::PenaltyDecl *penalty = usablePenalty(loaded)) {
      std::string user = penalty->isSet ? "projected_gd" : "proximal_gd";
      hint = "use it: `import std.optimizers: " + user + "` and `optimizer name = " + user + "<" + penalty->name + ">`";
    }
    fail(Code::E0807, "there is no optimizer in " + names + " to make a library of", hint);
  }
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

void LibraryCompilation::lower(Modules modules) {
  if (!context)
    context = createContext();
  llvm::SmallVector<const ast::Module *> asts;
  for (const auto &module : modules)
    asts.push_back(module.get());
  lowered = ravine::lower(*context, sourceTexts, asts, precisions);
}

bool LibraryCompilation::checkLimits() {
  // Each source by itself: those that are to be no library together may have optimizers of one name.
  for (const std::unique_ptr<ast::Module> &module : checked) {
    lower(module);
    if (simplify(module))
      (void)checkOutcomes(module);
  }
  lowered = nullptr;
  return !messages.hasErrors();
}

bool LibraryCompilation::checkRules(Modules modules, llvm::function_ref<std::string(ir::OptimizerOp)> excessOf,
                                    GroupLimit findBeyondLimit) {
  bool areWithin = true;
  auto refuse = [&](Diagnostic diagnostic) {
    areWithin = false;
    // A rule is here again where another source composes it.
    if (llvm::none_of(messages.all(), [&](const Diagnostic &said) {
          return said.code == diagnostic.code && said.span == diagnostic.span;
        }))
      messages.add(std::move(diagnostic));
  };
  for (const auto &module : modules)
    for (const auto &optimizer : module->optimizers) {
      auto rule = lowered->lookupSymbol<ir::OptimizerOp>(optimizer->name);
      if (std::string excess = excessOf(rule); !excess.empty()) {
        refuse({Code::E0702,
                optimizer->nameSpan,
                excess,
                "each condition counts, and each question for a name",
                "ask fewer questions, or make two optimizers: each outcome has its own code",
                {}});
        continue;
      }
      for (Diagnostic &diagnostic : findBeyondLimit(rule, sourceTexts))
        refuse(std::move(diagnostic));
    }
  return areWithin;
}

bool LibraryCompilation::simplify(Modules modules) {
  auto tooManyQuestions = [](ir::OptimizerOp rule) -> std::string {
    auto cases = rule.declared<ir::CaseOp>();
    auto count = static_cast<size_t>(std::distance(cases.begin(), cases.end()));
    return count <= ast::maxConditions ? ""
                                       : "at creation a tensor is asked at most " + std::to_string(ast::maxConditions) +
                                             " questions; here it is " + std::to_string(count);
  };
  return checkRules(modules, tooManyQuestions, findSearchesAcrossRows) &&
         run(*lowered, "simplification", addSimplifyPipeline);
}

bool LibraryCompilation::checkOutcomes(Modules modules) {
  auto tooManyOutcomes = [](ir::OptimizerOp rule) -> std::string {
    return collectConditions(rule).outcomes.size() <= ast::maxVariants
               ? ""
               : "what is decided for a tensor at creation has at most " + std::to_string(ast::maxVariants) +
                     " outcomes; here it has more";
  };
  return checkRules(modules, tooManyOutcomes, findClashesOfGroups);
}

bool LibraryCompilation::form() {
  if (!checkOutcomes(checked) || !run(*lowered, "sweep formation", addFormationPipeline))
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
  description.precisions = precisions;
  description.optimizers = describeOptimizers(*lowered);
}
