// `ravine doc`: a page for each optimizer, penalty and set, written from its source.
#include "compiler/documentation/OptimizerPage.h"
#include "compiler/driver/Compilation.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/Variants.h"
#include "compiler/driver/Verbs.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace ravine;
using namespace ravine::driver;

/// What the steps of an optimizer cost, once sweeps are formed.
static std::vector<documentation::Cost> costsOf(const OptimizerDescription &optimizer) {
  std::vector<documentation::Cost> costs;
  for (const auto &[variant, isDefault, asksForShape] : shownVariants(optimizer))
    costs.push_back({.conditions = variant.conditions,
                     .isDefault = isDefault,
                     .asksForShape = asksForShape,
                     .sweeps = static_cast<unsigned>(variant.sweeps.size()),
                     .bytes = static_cast<double>(variant.bytesPerParameter),
                     .bytesCached = static_cast<double>(variant.bytesCached),
                     .stateBytes = static_cast<double>(variant.stateBytes)});
  return costs;
}

/// Every optimizer of the inputs, in the order of the command line.
static std::vector<documentation::Documented> documentedOf(Compilation &compilation) {
  llvm::StringMap<std::vector<documentation::Cost>> costs;
  for (const OptimizerDescription &optimizer : describeOptimizers(compilation.module()))
    costs[ir::OptimizerOp(optimizer.rule).getSymName()] = costsOf(optimizer);
  std::vector<documentation::Documented> optimizers;
  for (const auto &module : compilation.modules())
    for (const auto &optimizer : module->optimizers)
      optimizers.push_back({*optimizer, costs.lookup(optimizer->name)});
  return optimizers;
}

/// Every penalty and set that the inputs declare and export, in the order of the command line. Pages have their names,
/// and where a page has that already, the kind behind it.
static std::vector<documentation::DocumentedPenalty>
penaltiesOf(const Program &program, const std::vector<documentation::Documented> &optimizers) {
  llvm::StringSet<> taken;
  taken.insert("index");
  for (const documentation::Documented &documented : optimizers)
    taken.insert(documentation::pageName(documented.optimizer));
  std::vector<documentation::DocumentedPenalty> penalties;
  for (const auto &module : llvm::ArrayRef(program.modules).take_front(program.rootCount))
    for (const auto &penalty : module->penalties) {
      if (!module->exports(*penalty))
        continue;
      std::string page = penalty->name;
      while (!taken.insert(page).second)
        page += penalty->isSet ? "-set" : "-penalty";
      penalties.push_back({*penalty, page});
    }
  return penalties;
}

/// Reads and checks the inputs. They need no optimizer where there are penalties to describe.
static bool readInputs(Compilation &compilation) {
  if (!compilation.loadEach())
    return false;
  bool hasOptimizers = llvm::any_of(compilation.modules(), [](auto &module) { return !module->optimizers.empty(); });
  return (!hasOptimizers && !penaltiesOf(compilation.program(), {}).empty()) || compilation.checkTogether();
}

/// Writes the pages to a folder, which is made if need be.
static llvm::Error writePages(llvm::StringRef folder, const Options &options,
                              const std::vector<documentation::Page> &pages) {
  if (std::error_code problem =
          llvm::sys::fs::create_directories(folder, /*IgnoreExisting=*/true, llvm::sys::fs::all_all))
    return llvm::createStringError(problem, "cannot make the folder `" + folder + "`: " + problem.message());
  bool isHtml = options.format == PageFormat::Html;
  OutputFiles files;
  for (const documentation::Page &page : pages) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, page.name + (isHtml ? ".html" : ".md"));
    for (const std::string &input : options.inputs)
      if (llvm::sys::fs::equivalent(input, path))
        return llvm::createStringError("cannot write `" + path + "`: it is a source file");
    files.add(path, isHtml ? writeHtml(page) : writeMarkdown(page));
  }
  return files.commit();
}

int ravine::driver::doc(const Options &options) {
  Compilation compilation(options);
  if (!readInputs(compilation))
    return compilation.report();
  compilation.lower();
  if (!compilation.simplify() || !compilation.form())
    return compilation.report();
  std::vector<documentation::Documented> optimizers = documentedOf(compilation);
  std::vector<documentation::DocumentedPenalty> penalties = penaltiesOf(compilation.program(), optimizers);
  std::vector<documentation::Page> pages = {documentation::describeAll(optimizers, penalties, compilation.sources())};
  for (const documentation::Documented &optimizer : optimizers)
    pages.push_back(documentation::describe(optimizer, compilation.sources()));
  for (const documentation::DocumentedPenalty &penalty : penalties)
    pages.push_back(documentation::describe(penalty, compilation.sources()));
  std::string folder = options.output.empty() ? "doc" : options.output;
  if (llvm::Error problem = writePages(folder, options, pages))
    compilation.fail(Code::E0803, llvm::toString(std::move(problem)));
  return compilation.report();
}
