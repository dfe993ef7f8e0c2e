// `ravine explain`: what a step costs in memory traffic, or what a message means.
#include "compiler/codegen/Manifest.h"
#include "compiler/diagnostics/ErrorIndex.h"
#include "compiler/driver/Compilation.h"
#include "compiler/driver/Verbs.h"

#include "llvm/Support/FormatVariadic.h"

using namespace ravine;
using namespace ravine::driver;

static void printSweep(llvm::raw_ostream &out, size_t number, const SweepTraffic &sweep) {
  out << llvm::formatv("    sweep {0,-10} {1,6} {2,8}\n", number, "read", "written");
  for (const BufferTraffic &buffer : sweep.buffers)
    out << llvm::formatv("      {0,-14} {1,6} {2,8}\n", buffer.name, buffer.read, buffer.written);
  out << llvm::formatv("      {0,-14} {1,6} {2,8}\n", "total", sweep.read, sweep.written);
}

static std::string conditionText(const VariantTraffic &variant) {
  return llvm::join(llvm::map_range(variant.conditions,
                                    [](const auto &condition) {
                                      const auto &[text, holds] = condition;
                                      return holds ? text : "not (" + text + ")";
                                    }),
                    " and ");
}

static void printVariant(llvm::raw_ostream &out, const VariantTraffic &variant, bool isDefault) {
  out << "  ";
  if (!variant.conditions.empty())
    out << "when " << conditionText(variant) << (isDefault ? " (the default)" : "") << ": ";
  out << variant.sweeps.size() << (variant.sweeps.size() == 1 ? " sweep, " : " sweeps, ") << variant.bytesPerParameter
      << " bytes per parameter (the least possible is " << variant.lowerBound << "), " << variant.stateBytes
      << " of state\n";
  // The only reason to walk memory again would be a value that needs all of a tensor, and rules have none yet.
  out << "    Each element needs nothing but its own numbers, so one sweep is enough: it moves every buffer once.\n";
  for (auto [number, sweep] : llvm::enumerate(variant.sweeps))
    printSweep(out, number + 1, sweep);
}

static void printText(const std::vector<OptimizerDescription> &optimizers) {
  for (const OptimizerDescription &optimizer : optimizers) {
    ir::OptimizerOp rule = optimizer.rule;
    llvm::outs() << rule.getSymName() << "\n";
    uint32_t chosen = defaultVariant(rule);
    for (auto [number, variant] : llvm::enumerate(measureTraffic(rule, optimizer.program)))
      printVariant(llvm::outs(), variant, number == chosen);
  }
}

static void printJson(const std::vector<OptimizerDescription> &optimizers) {
  llvm::json::Array array;
  for (const OptimizerDescription &optimizer : optimizers)
    array.push_back(trafficJson(optimizer.rule, optimizer.program));
  llvm::outs() << llvm::formatv("{0:2}", llvm::json::Value(std::move(array))) << "\n";
}

static int unknownCode(Compilation &compilation, llvm::StringRef word) {
  std::string near;
  for (std::string_view code : nearestCodes(word, 2))
    near += (near.empty() ? "near it there are `" : "` and `") + std::string(code);
  compilation.fail(Code::E0805, "there is no message " + word.upper(),
                   near.empty() ? "codes of messages look like `E0301` or `W0105`" : near + "`");
  return compilation.report();
}

int ravine::driver::explain(const Options &options) {
  if (options.inputs.size() == 1)
    if (std::optional<std::string_view> page = explanation(options.inputs.front())) {
      llvm::outs() << *page;
      return Success;
    }
  Compilation compilation(options);
  for (const std::string &word : options.inputs)
    if (looksLikeCode(word))
      return unknownCode(compilation, word);
  if (!compilation.load())
    return compilation.report();
  compilation.lower();
  if (!compilation.simplify() || !compilation.form())
    return compilation.report();
  std::vector<OptimizerDescription> optimizers = describeOptimizers(compilation.module());
  if (!options.json) {
    printText(optimizers);
    return compilation.report();
  }
  printJson(optimizers);
  return Success;
}
