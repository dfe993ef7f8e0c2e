// The `ravine` command: finds the verb, reads its options, runs it.
#include "compiler/codegen/Description.h"
#include "compiler/driver/CommandLine.h"

#include "llvm/Support/InitLLVM.h"

using namespace ravine;
using namespace ravine::driver;

/// Runs the verb that the command line asks for.
static int run(int argc, char **argv) {
  llvm::StringRef word = argc > 1 ? argv[1] : "";
  if (word == "--version") {
    llvm::outs() << compilerVersion() << "\n";
    return Success;
  }
  if (word.empty() || word == "--help" || word == "-h" || word == "help") {
    printUsage(word.empty() ? llvm::errs() : llvm::outs());
    return word.empty() ? UsageError : Success;
  }
  const Verb *verb = findVerb(word);
  if (!verb)
    return unknownVerb(word);
  llvm::ArrayRef<const char *> arguments(argv + 2, static_cast<size_t>(argc) - 2);
  auto parsed = parseArguments(*verb, arguments);
  if (const auto *status = std::get_if<ExitStatus>(&parsed))
    return *status;
  return verb->run(std::get<Options>(parsed));
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  int status = run(argc, argv);
  // Output that did not arrive, on a full disk for instance, is a failure like any other.
  llvm::outs().flush();
  if (std::error_code problem = llvm::outs().error()) {
    llvm::outs().clear_error();
    llvm::errs() << "ravine: cannot write to standard output: " << problem.message() << "\n";
    return Failure;
  }
  return status;
}
