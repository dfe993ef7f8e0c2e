// Compiling a rule and running it in every way that must not matter.
#include "test/fuzz/rules/Check.h"

#include "compiler/compilation/Generation.h"
#include "compiler/diagnostics/Render.h"
#include "compiler/formation/Report.h"
#include "test/fuzz/rules/Composition.h"
#include "test/fuzz/rules/Perturbation.h"
#include "test/fuzz/rules/Running.h"

#include <cmath>
#include <fstream>
#include <unistd.h>

namespace ravine::fuzz {

using test::Results;

namespace {

std::string scratchPath(const std::string &scratch, int process) {
  return scratch + "/ravine-fuzz-" + std::to_string(process);
}

class Checker {
public:
  Checker(const std::string &source, const Inputs &given, const CheckOptions &options)
      : source(source), inputs(given), options(options), path(scratchPath(options.scratch, getpid())) {}

  ~Checker() { removeScratch(options.scratch, getpid()); }

  Verdict run() {
    try {
      compileAndCompare();
    } catch (const test::CallFailed &failure) {
      fail("refused", failure.what());
    }
    return verdict;
  }

private:
  std::string libraryPath() const { return path + ".so"; }
  std::string savedPath() const { return path + ".safetensors"; }

  /// Notes a finding, the first one only, and returns false.
  bool fail(const std::string &kind, const std::string &detail) {
    if (verdict.kind.empty()) {
      verdict.kind = kind;
      verdict.detail = detail;
    }
    return false;
  }

  bool failToCompile(const std::string &kind) {
    verdict.isRefused = mayBeRefused();
    if (verdict.isRefused)
      return false;
    std::string code;
    for (const Diagnostic &diagnostic : compilation.diagnostics().all())
      if (code.empty() && diagnostic.severity() == Severity::Error)
        code = spelling(diagnostic.code);
    return fail(kind + " " + code, render(compilation.sources(), compilation.diagnostics()));
  }

  bool hasAny(std::initializer_list<const char *> words) const {
    return llvm::any_of(words, [&](const char *word) { return source.find(word) != std::string::npos; });
  }

  /// What a rule may be refused for, as it is made without asking: conditions with too many outcomes together, and
  /// groups of elements that no walk of a tensor serves together.
  bool mayBeRefusedFor(Code code) const {
    bool hasColumns = hasAny({"[col]"}), hasChannels = hasAny({"[channel]"});
    switch (code) {
    case Code::E0702:
      return true;
    case Code::E0710:
      return hasAny({"[block "}) && (hasColumns || hasChannels || hasAny({"[row]"}));
    case Code::E0711:
      return hasColumns && hasChannels;
    case Code::E0712:
      return hasAny({"kth_largest[c", "quantile[c", "simplex_threshold[c", "largest[c", "difference[c", "simplex[c",
                     "l1_ball[c", "k_sparse[c"});
    default:
      return false;
    }
  }

  /// Whether all errors that were said are such.
  bool mayBeRefused() const {
    return llvm::all_of(compilation.diagnostics().all(), [&](const Diagnostic &diagnostic) {
      return diagnostic.severity() != Severity::Error || mayBeRefusedFor(diagnostic.code);
    });
  }

  void compileAndCompare() {
    compilation.add("rule.rvn", source);
    compilation.setPrecisions(inputs.precisions());
    if (!compilation.check()) {
      failToCompile("rejected");
      return;
    }
    compilation.lower();
    if (!compilation.simplify()) {
      failToCompile("compiler");
      return;
    }
    keepMeaning();
    if (!compile())
      return;
    if (!shapesFit(*rule, inputs)) {
      expectRefusal();
      return;
    }
    std::optional<Results> first = runCompiled(libraryPath(), inputs, {});
    if (first)
      compareRuns(*first);
    if (verdict.kind.empty() && options.looksFor("interpreter") && isOfOnePrecision(inputs))
      compareWithInterpreter(first);
  }

  /// What the interpreter runs; and the inputs get the names that the host knows.
  void keepMeaning() {
    auto meaning = compilation.module().lookupSymbol<ir::OptimizerOp>(optimizerName);
    if (meaning.getWide() && inputs.precisions().front().compute == RAVINE_F64)
      meaning = compilation.module().lookupSymbol<ir::OptimizerOp>(*meaning.getWide());
    rule = mlir::OwningOpRef<ir::OptimizerOp>(meaning.clone());
    std::vector<std::string> hypers;
    std::set<std::string> scheduled;
    for (ir::HyperOp hyper : rule->declared<ir::HyperOp>()) {
      hypers.push_back(hyper.getSymName().str());
      if (hyper.isScheduled())
        scheduled.insert(hypers.back());
    }
    inputs = inputs.forHost(hypers, scheduled);
  }

  /// Of tensors that have too few axes.
  void expectRefusal() {
    verdict.isRefused = true;
    try {
      if (runCompiled(libraryPath(), inputs, {}))
        fail("shape", "the library takes a tensor that has too few axes");
    } catch (const test::CallFailed &failure) {
      if (failure.status != RAVINE_ERROR_TENSOR)
        throw;
    }
  }

  bool compile() {
    if (!compilation.form())
      return failToCompile("compiler");
    compilation.describe(optimizerName, {});
    if (options.looksFor("formation") && !checkFormation())
      return false;
    Generation generation(compilation);
    if (!generation.vectorize() || !generation.translate())
      return failToCompile("compiler");
    std::optional<LibraryFiles> files = generation.link("lib" + optimizerName + ".so");
    if (!files)
      return failToCompile("compiler");
    std::ofstream file(libraryPath(), std::ios::binary);
    file.write(files->library.data(), static_cast<std::streamsize>(files->library.size()));
    return true;
  }

  bool checkFormation() {
    for (const OptimizerDescription &optimizer : compilation.library().optimizers)
      for (const VariantTraffic &variant : measureTraffic(optimizer.rule, optimizer.program))
        if (variant.lowerBound && (variant.isExact ? variant.bytesPerParameter != *variant.lowerBound
                                                   : variant.bytesPerParameter < *variant.lowerBound))
          return fail("formation", std::to_string(variant.bytesPerParameter) + " bytes per parameter, and " +
                                       std::to_string(*variant.lowerBound) + " are possible");
    return true;
  }

  void compareRuns(const Results &first) {
    compareRun("isa", first, {.isa = "x86-64-v3"});
    if (__builtin_cpu_supports("avx512dq"))
      compareRun("isa", first, {.isa = "x86-64-v4"});
    compareRun("threads", first, {.threads = 2});
    compareRun("threads", first, {.threads = 7});
    compareRun("groups", first, {.groups = 4});
    compareRun("groups", first, {.groups = 6});
    compareRun("cache", first, {.cacheBytes = "1"});
    compareRun("cache", first, {.threads = 3, .cacheBytes = "3000"});
    compareRun("cache", first, {.threads = 2, .cacheBytes = "1000000000"});
    if (inputs.steps > 1)
      compareRun("saved", first, {.savedTo = savedPath()});
  }

  void compareRun(const std::string &kind, const Results &first, const Configuration &configuration) {
    if (!verdict.kind.empty() || !options.looksFor(kind))
      return;
    std::optional<Results> other = runCompiled(libraryPath(), inputs, configuration);
    std::vector<Difference> found = differences(other ? *other : Results(), first);
    if (kind == "saved") // metrics are not saved: those of the last step are gone if none follows
      std::erase_if(found, [&](const Difference &it) { return isOfMetric(it.name) && std::isnan(it.actual); });
    if (!found.empty())
      fail(kind, "isa '" + configuration.isa + "', " + std::to_string(configuration.threads) + " threads, " +
                     std::to_string(configuration.groups) + " groups, cache '" + configuration.cacheBytes +
                     "': " + describe(found));
  }

  bool isOfGroups(const std::string &result) {
    return llvm::any_of(rule->declared<ir::StateOp>(), [&](ir::StateOp state) {
      return state.getFieldType().getSet().isOfGroups() &&
             llvm::StringRef(result).split(" of tensor ").first == state.getSymName();
    });
  }

  bool isOfMetric(const std::string &result) {
    return llvm::any_of(rule->declared<ir::MetricOp>(), [&](ir::MetricOp metric) {
      return llvm::StringRef(result).split(" of tensor ").first == metric.getSymName();
    });
  }

  void compareWithInterpreter(const std::optional<Results> &compiled) {
    std::optional<Results> interpreted = runInterpreted(*rule, inputs, withFault({}));
    if (compiled.has_value() != interpreted.has_value()) {
      fail("requirement", compiled ? "the library takes hypers that break a requirement"
                                   : "the library refuses hypers that keep all requirements");
      return;
    }
    verdict.isRefused = !compiled;
    if (!compiled)
      return;
    verdict.compared = countNumbers(*interpreted);
    std::vector<Difference> found = differences(*compiled, *interpreted);
    verdict.excluded = found.size();
    // Those stay which no change of last digits explains.
    for (int attempt = 0; attempt < 10 && !found.empty(); ++attempt) {
      Direction direction = attempt == 0 ? Direction::Up : attempt == 1 ? Direction::Down : Direction::ByHash;
      std::optional<Results> moved =
          runInterpreted(*rule, inputs, withFault(perturbation(direction, static_cast<uint64_t>(attempt))));
      if (moved)
        std::erase_if(found, [&](const Difference &difference) { return explains(*moved, difference); });
    }
    if (!found.empty())
      fail("interpreter", describe(found));
  }

  Adjustment withFault(const Adjustment &adjustment) const {
    if (options.fault.empty())
      return adjustment;
    return
        [adjustment, fault = plantedFault(options.fault)](mlir::Operation &op, llvm::ArrayRef<Participant> participants,
                                                          llvm::ArrayRef<const Rows *> operands, Rows &result) {
          if (adjustment)
            adjustment(op, participants, operands, result);
          fault(op, participants, operands, result);
        };
  }

  /// Whether a number that may be moved by so much is as far from what is expected.
  bool explains(const Results &moved, const Difference &difference) {
    auto result = moved.find(difference.name);
    if (result == moved.end() || difference.index >= result->second.numbers.size())
      return false;
    double number = result->second.numbers[difference.index];
    // Numbers of groups are computed as scalars are, and so are elements in f64.
    bool isRounded = difference.isOfElement && !isOfGroups(difference.name) && !rule->getComputeType().isF64();
    if (isRounded || !std::isfinite(number) || !std::isfinite(difference.expected))
      return !isSame(number, difference.expected);
    return std::abs(difference.actual - difference.expected) <= 8 * std::abs(number - difference.expected);
  }

  const std::string &source;
  Inputs inputs;
  const CheckOptions &options;
  std::string path;
  LibraryCompilation compilation;
  mlir::OwningOpRef<ir::OptimizerOp> rule;
  Verdict verdict;
};

} // namespace

void removeScratch(const std::string &scratch, int process) {
  for (const char *suffix : {".so", ".safetensors"})
    std::remove((scratchPath(scratch, process) + suffix).c_str());
}

const std::vector<std::string> &findingKinds() {
  static const std::vector<std::string> kinds = {"formation", "isa",   "threads",    "groups",
                                                 "cache",     "saved", "interpreter"};
  return kinds;
}

Verdict check(const std::string &source, const Inputs &inputs, const CheckOptions &options) {
  return Checker(source, inputs, options).run();
}

} // namespace ravine::fuzz
