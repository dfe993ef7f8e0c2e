// From the path of a file to what came of its tests.
#include "compiler/testing/TestedFile.h"

#include "compiler/compilation/Generation.h"
#include "compiler/compilation/NativeTarget.h"
#include "compiler/embed/LoadLibrary.h"
#include "compiler/testing/CompiledSubject.h"
#include "compiler/testing/InterpretedSubject.h"
#include "compiler/testing/Resolution.h"
#include "compiler/testing/laws/LawTests.h"

#include <map>

namespace ravine::testing {

using namespace ast;

bool TestedFile::fail() {
  problems = compilation.diagnostics();
  return false;
}

bool TestedFile::isAnythingMeant(const Filter &filter) {
  const Module &module = *compilation.program().modules.front();
  result.file = std::string(compilation.sources().name(module.file));
  bool isAny = false;
  auto isMeant = [&](std::string_view name) {
    bool isLikeFilter = filter(name);
    result.filtered += isLikeFilter ? 0 : 1;
    isAny |= isLikeFilter;
    return isLikeFilter;
  };
  for (const auto &test : module.tests)
    (void)isMeant(test->name);
  (void)lawsOf(compilation.sources(), compilation.program(), module, problems, isMeant);
  return isAny;
}

bool TestedFile::run(const Filter &filter, uint64_t seed) {
  // First the file as it is, so that its errors are said as `ravine check` says them.
  if (!compilation.addFile(path) || !compilation.check())
    return fail();
  if (!isAnythingMeant(filter))
    return !problems.hasErrors();

  // Then what the tests and the laws use, in the place of what the file declares.
  auto declare = [&](Program &program) { declareTested(program, filter); };
  auto addLaws = [&](const Program &program, Module &composed, Diagnostics &messages) {
    laws = lawsOf(compilation.sources(), program, *program.modules.front(), messages, filter);
    addProbes(laws, composed);
  };
  if (!compilation.check(declare, addLaws))
    return fail();
  if (!resolveTests(filter))
    return false;
  std::optional<Library> library = makeLibrary();
  if (!library)
    return fail();
  for (const Case &tried : cases)
    result.tests.push_back(runCase(tried, *library));
  for (const ProbedLaw &law : laws)
    result.tests.push_back(tryLaw(sources(), *library, law, seed));
  return true;
}

void TestedFile::declareTested(Program &program, const Filter &filter) {
  Module &module = *program.modules.front();
  std::map<std::string_view, std::string> known;
  for (const auto &test : module.tests) {
    if (!filter(test->name))
      continue;
    // The same words are the same optimizer.
    auto [place, isNew] = known.try_emplace(compilation.sources().text(test->tested->span));
    if (isNew) {
      auto optimizer = std::make_unique<OptimizerDecl>();
      optimizer->name = "test." + std::to_string(known.size());
      optimizer->nameSpan = test->tested->span;
      optimizer->composition = std::move(test->tested);
      optimizer->isExported = true;
      place->second = optimizer->name;
      module.optimizers.push_back(std::move(optimizer));
    }
    testedNames.push_back(place->second);
  }
  // Nothing else is wanted of the file.
  module.hasExports = true;
  for (const auto &optimizer : module.optimizers)
    optimizer->isExported = optimizer->name.starts_with("test.");
}

const OptimizerDecl &TestedFile::optimizerOf(const std::string &name) const {
  return **llvm::find_if(compilation.modules().front()->optimizers,
                         [&](const auto &optimizer) { return optimizer->name == name; });
}

bool TestedFile::resolveTests(const Filter &filter) {
  std::vector<Precision> precisions;
  size_t next = 0;
  for (const auto &test : compilation.program().modules.front()->tests) {
    if (!filter(test->name))
      continue;
    std::optional<Case> tried = resolve(compilation.sources(), *test, optimizerOf(testedNames[next++]), problems);
    if (!tried)
      continue;
    precisions.push_back(tried->precision);
    cases.push_back(std::move(*tried));
  }
  if (!laws.empty())
    precisions.push_back(*parsePrecision("f64"));
  compilation.setPrecisions(precisionsInOrder(std::move(precisions)));
  return !problems.hasErrors();
}

std::optional<Library> TestedFile::makeLibrary() {
  compilation.lower();
  if (!compilation.simplify() || !compilation.form())
    return std::nullopt;
  compilation.describe("tests", {nativeTarget().name.str()});
  Generation generation(compilation);
  if (!generation.vectorize() || !generation.translate())
    return std::nullopt;
  std::optional<LibraryFiles> files = generation.link("libtests.so");
  if (!files)
    return std::nullopt;
  llvm::Expected<Library> loaded = loadLibrary(files->library);
  if (loaded)
    return std::move(*loaded);
  compilation.failInternally("cannot load the library: " + llvm::toString(loaded.takeError()));
  return std::nullopt;
}

TestReport TestedFile::runCase(const Case &tried, const Library &library) {
  TestReport report{tried.name, tried.nameSpan, {}};
  auto rule = compilation.module().lookupSymbol<ir::OptimizerOp>(tried.optimizer->name);
  bool isWide = tried.precision.compute == RAVINE_F64 && !rule.getComputeType().isF64();
  if (isWide)
    rule = compilation.module().lookupSymbol<ir::OptimizerOp>(*rule.getWide());
  Subject::Problem problem;
  std::unique_ptr<Subject> compiled = compiledSubject(library, tried, problem);
  if (!compiled) {
    report.failures.push_back({{Code::E0649, tried.nameSpan, "the optimizer cannot be made: " + *problem, "", "", {}}});
    return report;
  }
  std::unique_ptr<Subject> interpreted = interpretedSubject(rule, tried);
  Run expected = testing::run(sources(), tried, *interpreted);
  report.failures = judge(sources(), tried, expected, testing::run(sources(), tried, *compiled));
  return report;
}

} // namespace ravine::testing
