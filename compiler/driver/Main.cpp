// The `ravine` command: finds the verb, reads its options, runs it.
#include "compiler/codegen/Description.h"
#include "compiler/codegen/cpu/ObjectEmitter.h"
#include "compiler/diagnostics/Suggest.h"
#include "compiler/driver/Verbs.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/TargetParser/Host.h"

using namespace ravine;
using namespace ravine::driver;
namespace cl = llvm::cl;

namespace {

cl::SubCommand buildVerb("build", "Compile optimizers to a shared library with a C header and a JSON manifest");
cl::SubCommand checkVerb("check", "Report errors and warnings, write nothing");
cl::SubCommand explainVerb("explain", "Show what a step costs in memory traffic, or explain a message by its code");

cl::list<std::string> inputs(cl::Positional, cl::OneOrMore, cl::desc("FILE.rvn ..."), cl::sub(buildVerb),
                             cl::sub(checkVerb), cl::sub(explainVerb));

cl::opt<std::string> output("o", cl::value_desc("path"), cl::sub(buildVerb),
                            cl::desc("the library to write, or a directory that ends in /; default lib<FILE>.so here"));

cl::opt<Stage> stage("emit", cl::sub(buildVerb), cl::init(Stage::Library), cl::desc("stop early and print that stage:"),
                     cl::values(clEnumValN(Stage::Ast, "ast", "the checked syntax tree"),
                                clEnumValN(Stage::Lowered, "lowered", "what is computed, as written (MLIR)"),
                                clEnumValN(Stage::Ravine, "ravine", "the same with its numbers fixed for good (MLIR)"),
                                clEnumValN(Stage::Sweep, "sweep", "how memory is walked (MLIR)"),
                                clEnumValN(Stage::Vector, "vector", "kernels on vectors (MLIR)"),
                                clEnumValN(Stage::Llvm, "llvm", "kernels as LLVM IR, for the widest of --cpu"),
                                clEnumValN(Stage::Assembly, "asm", "kernels as assembly, for the widest of --cpu"),
                                clEnumValN(Stage::Object, "obj", "kernels as an object file, for the widest of --cpu"),
                                clEnumValN(Stage::Library, "library", "the library (the default)")));

cl::list<std::string> targets("cpu", cl::CommaSeparated, cl::value_desc("names"), cl::sub(buildVerb),
                              cl::desc("instruction sets to generate: x86-64-v3, x86-64-v4 or native; default all"));

cl::opt<bool> json("json", cl::desc("print JSON on standard output"), cl::sub(buildVerb), cl::sub(checkVerb),
                   cl::sub(explainVerb));

struct Verb {
  cl::SubCommand &command;
  int (*run)(const Options &);
};

llvm::ArrayRef<Verb> verbs() {
  static const Verb all[] = {{buildVerb, build}, {checkVerb, check}, {explainVerb, explain}};
  return all;
}

void printUsage(llvm::raw_ostream &out) {
  out << "ravine: a compiler for optimizers\n\n  ravine VERB [options] FILE.rvn ...\n\nVerbs:\n";
  for (const Verb &verb : verbs())
    out << llvm::formatv("  {0,-8} {1}\n", verb.command.getName(), verb.command.getDescription());
  out << "\nOptions of a verb: ravine VERB --help\nVersion: ravine --version\n";
}

int unknownVerb(llvm::StringRef word) {
  std::vector<std::string_view> names;
  for (const Verb &verb : verbs())
    names.push_back(verb.command.getName());
  llvm::errs() << "ravine: unknown verb '" << word << "'";
  if (auto near = suggest(std::string_view(word), names))
    llvm::errs() << "; did you mean '" << *near << "'?";
  llvm::errs() << "\n\n";
  printUsage(llvm::errs());
  return UsageError;
}

/// The widest instruction set that this machine has, for --cpu=native.
std::string nativeTarget() {
  auto features = llvm::sys::getHostCPUFeatures();
  bool hasAvx512 =
      llvm::all_of(std::initializer_list<llvm::StringRef>{"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
                   [&](llvm::StringRef feature) { return features.lookup(feature); });
  return hasAvx512 ? "x86-64-v4" : "x86-64-v3";
}

/// Replaces `native` and refuses what is no instruction set.
bool resolveTargets(std::vector<std::string> &names) {
  for (std::string &name : names) {
    if (name == "native")
      name = nativeTarget();
    if (findCpuTarget(name))
      continue;
    llvm::errs() << "ravine: unknown instruction set '" << name << "' in --cpu; there are";
    for (const CpuTarget &target : cpuTargets())
      llvm::errs() << " " << target.name << ",";
    llvm::errs() << " native\n";
    return false;
  }
  return true;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::StringRef word = argc > 1 ? argv[1] : "";
  if (word == "--version") {
    llvm::outs() << compilerVersion() << "\n";
    return Success;
  }
  if (word.empty() || word == "--help" || word == "-h" || word == "help") {
    printUsage(word.empty() ? llvm::errs() : llvm::outs());
    return word.empty() ? UsageError : Success;
  }
  const Verb *verb = llvm::find_if(verbs(), [&](const Verb &verb) { return verb.command.getName() == word; });
  if (verb == verbs().end())
    return unknownVerb(word);

  std::string problems;
  llvm::raw_string_ostream stream(problems);
  if (!cl::ParseCommandLineOptions(argc, argv, "", &stream)) {
    llvm::errs() << problems;
    return UsageError;
  }
  Options options{inputs, output, stage, targets, json};
  if (!resolveTargets(options.targets))
    return UsageError;
  return verb->run(options);
}
