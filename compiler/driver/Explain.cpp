// `ravine explain`: what a step costs in memory traffic, or what a message means.
#include "compiler/codegen/Manifest.h"
#include "compiler/diagnostics/ErrorIndex.h"
#include "compiler/driver/Compilation.h"
#include "compiler/driver/ExplainHtml.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/TrafficText.h"
#include "compiler/driver/Verbs.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace ravine;
using namespace ravine::driver;

static void printSweeps(llvm::raw_ostream &out, const SweepRun &run, const SourceWords &words) {
  if (!run.head.empty())
    out << "    " << run.head << ":\n";
  for (auto [index, sweep] : llvm::enumerate(run.sweeps)) {
    out << llvm::formatv("    sweep {0,-10} {1,6} {2,8}\n", run.first + index, "read", "written");
    for (const std::string &remark : remarksOn(run, index, words))
      out << "      " << remark << "\n";
    for (const BufferTraffic &buffer : sweep.buffers)
      out << llvm::formatv("      {0,-14} {1,6} {2,8}{3}\n", buffer.name, buffer.read, buffer.written,
                           buffer.isScratch ? "  in cache" : "");
    out << llvm::formatv("      {0,-14} {1,6} {2,8}\n", "total", sweep.read, sweep.written);
    for (const GroupTraffic &group : sweep.groups)
      out << llvm::formatv("      {0,-14} {1,6} {2,8}\n", "per " + spelling(group.set), group.read, group.written);
  }
}

/// All that is said of a variant, but for which it is.
static std::string detailsOf(const VariantTraffic &traffic, const SourceWords &words) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << costText(traffic) << "\n";
  for (const std::string &remark : remarksOn(traffic, words))
    out << "    " << remark << "\n";
  for (const SweepRun &run : runsOf(traffic))
    printSweeps(out, run, words);
  return text;
}

static void printOptimizer(llvm::raw_ostream &out, const OptimizerDescription &optimizer, const SourceWords &words) {
  out << ir::OptimizerOp(optimizer.rule).getSymName() << "\n";
  auto details = [&](const VariantTraffic &traffic) { return detailsOf(traffic, words); };
  size_t precisions = precisionCount(optimizer);
  for (size_t precision = 0; precision < precisions; ++precision)
    for (const ShownVariant &variant : mergedVariants(shownVariants(optimizer, precision), details)) {
      std::string head = headOf(variant, precisions > 1);
      out << "  " << head << (head.empty() ? "" : ": ") << details(variant.traffic);
    }
}

static std::string textOf(const std::vector<OptimizerDescription> &optimizers, const SourceWords &words) {
  std::string text;
  llvm::raw_string_ostream out(text);
  for (const OptimizerDescription &optimizer : optimizers)
    printOptimizer(out, optimizer, words);
  return text;
}

static std::string jsonOf(const std::vector<OptimizerDescription> &optimizers) {
  llvm::json::Array array;
  for (const OptimizerDescription &optimizer : optimizers)
    array.push_back(trafficJson(optimizer.rule, optimizer.program));
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(array)));
}

static int unknownCode(Compilation &compilation, llvm::StringRef word) {
  std::string near;
  for (std::string_view code : nearestCodes(word, 2))
    near += (near.empty() ? "near it there are `" : "` and `") + std::string(code);
  compilation.fail(Code::E0805, "there is no message " + word.upper(),
                   near.empty() ? "codes of messages look like `E0301` or `W0105`" : near + "`");
  return compilation.report();
}

/// To the file of -o or to standard output.
static bool write(Compilation &compilation, const Options &options, llvm::StringRef text) {
  if (options.output.empty() || options.output == "-") {
    llvm::outs() << text;
    return true;
  }
  for (const std::string &input : options.inputs)
    if (llvm::sys::fs::equivalent(input, options.output))
      return compilation.fail(Code::E0803, "cannot write `" + options.output + "`: it is the source file",
                              "choose another path with -o");
  OutputFiles files;
  files.add(options.output, text);
  if (llvm::Error problem = files.commit())
    return compilation.fail(Code::E0803, llvm::toString(std::move(problem)));
  return true;
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
  if (options.html) {
    if (std::optional<std::string> page = explainHtml(compilation, options))
      write(compilation, options, *page);
    return compilation.report();
  }
  std::vector<OptimizerDescription> optimizers = describeOptimizers(compilation.module());
  bool isWritten =
      write(compilation, options, options.json ? jsonOf(optimizers) : textOf(optimizers, SourceWords(compilation)));
  // JSON on standard output is either the traffic or the messages.
  return options.json && isWritten ? Success : compilation.report();
}
