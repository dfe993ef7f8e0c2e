// Options are `--name`, `--name=value` or `--name value`, and may stand anywhere behind the verb; `-o` is the only
// short one, and what follows `--` is a file.
#include "compiler/driver/CommandLine.h"

#include "compiler/compilation/NativeTarget.h"
#include "compiler/diagnostics/Suggest.h"
#include "compiler/driver/Verbs.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <array>

using namespace ravine;
using namespace ravine::driver;
using llvm::StringRef;

namespace {

struct StageName {
  StringRef name;
  Stage stage;
  StringRef meaning;
};

constexpr StageName stages[] = {
    {"ast", Stage::Ast, "the checked syntax tree"},
    {"lowered", Stage::Lowered, "what is computed, as written (MLIR)"},
    {"ravine", Stage::Ravine, "the same with its numbers fixed for good (MLIR)"},
    {"sweep", Stage::Sweep, "how memory is walked (MLIR)"},
    {"vector", Stage::Vector, "kernels on vectors (MLIR)"},
    {"llvm", Stage::Llvm, "kernels as LLVM IR, for the widest of --cpu"},
    {"asm", Stage::Assembly, "kernels as assembly, for the widest of --cpu"},
    {"obj", Stage::Object, "kernels as an object file, for the widest of --cpu"},
    {"library", Stage::Library, "the library (the default)"},
};

struct OptionInfo {
  StringRef name;
  StringRef value; // empty: takes none
  StringRef description;
  int (*verb)(const Options &); // null: every verb has it
};

constexpr OptionInfo optionTable[] = {
    {"-o", "PATH", "the library to write, or a directory that ends in /; default lib<FILE>.so here", build},
    {"--emit", "STAGE", "stop early and print that stage:", build},
    {"--cpu", "NAMES", "instruction sets to generate: x86-64-v3, x86-64-v4 or native; default all", build},
    {"--precision", "NAMES", "how parameters and gradients are stored: f32 (the default), f64, bf16, f16, bf16/f32 …",
     build},
    {"--depfile", "PATH", "also write what the library depends on, for make and Ninja", build},
    {"-o", "DIR", "the directory for the pages and their index; default doc", doc},
    {"--format", "FORMAT", "markdown, with formulas in LaTeX (the default), or html, with formulas in MathML", doc},
    {"-o", "FILE", "what to write; default standard output", explain},
    {"--precision", "NAMES", "how parameters and gradients are stored: f32 (the default), f64, bf16, f16, bf16/f32 …",
     explain},
    {"--kind", "KIND", "what the file declares: optimizer (the default), penalty or set", createNew},
    {"--filter", "GLOB", "run only the tests whose names are like this, such as \"adam*\"", test},
    {"--seed", "N", "decides at which inputs the laws of penalties are tried; default 1", test},
    {"--junit", "FILE", "also write the results as JUnit XML, for build servers", test},
    {"--check", "", "write nothing, name the files that are not formatted, and fail if there are any", format},
    {"--html", "", "make one page of source, sweeps and assembly that shows what comes from what", explain},
    {"--json", "", "print JSON on standard output (messages on standard error where --emit uses it)", nullptr},
    {"--help", "", "print this", nullptr},
};

bool hasOption(const Verb &verb, const OptionInfo &option) {
  return !option.verb || option.verb == verb.run;
}

/// `did you mean …?` after a message, if something is near.
template <typename Range> std::string didYouMean(StringRef word, const Range &candidates) {
  std::vector<std::string_view> names(candidates.begin(), candidates.end());
  std::optional<std::string_view> near = suggest(std::string_view(word), names);
  return near ? "; did you mean `" + std::string(*near) + "`?" : "";
}

ExitStatus complain(const llvm::Twine &message) {
  llvm::errs() << "ravine: " << message << "\n";
  return UsageError;
}

class ArgumentReader {
public:
  ArgumentReader(const Verb &verb, llvm::ArrayRef<const char *> arguments) : verb(verb), arguments(arguments) {}

  std::variant<Options, ExitStatus> run() {
    bool areFiles = false;
    for (; at < arguments.size(); ++at) {
      StringRef word = arguments[at];
      if (areFiles || word == "-" || !word.starts_with("-"))
        options.inputs.push_back(word.str());
      else if (word == "--")
        areFiles = true;
      else if (word == "--help" || word == "-h")
        return help();
      else if (!readOption(word))
        return UsageError;
    }
    if (options.inputs.empty())
      return complain(verb.missingOperand + "; try `ravine " + verb.name + " --help`");
    if (options.html && options.json)
      return complain("explain makes either --html or --json");
    return std::move(options);
  }

private:
  ExitStatus help() {
    printHelp(llvm::outs(), verb);
    return Success;
  }

  bool readOption(StringRef word) {
    auto [name, value] = word.split('=');
    bool hasValue = name.size() < word.size();
    const auto *option = llvm::find_if(
        optionTable, [&, name = name](const OptionInfo &info) { return info.name == name && hasOption(verb, info); });
    if (option == std::end(optionTable)) {
      std::vector<std::string_view> names;
      for (const OptionInfo &info : optionTable)
        if (hasOption(verb, info))
          names.push_back(info.name);
      std::string hint = didYouMean(name, names);
      complain(verb.name + " has no option `" + name + "`" +
               (hint.empty() ? "; try `ravine " + verb.name + " --help`" : hint));
      return false;
    }
    if (option->value.empty() && hasValue) {
      complain("`" + name + "` takes no value");
      return false;
    }
    if (!option->value.empty() && !hasValue && at + 1 < arguments.size())
      value = arguments[++at];
    if (!option->value.empty() && value.empty()) {
      complain("`" + name + "` needs a value: `" + name + (option->name == "-o" ? " " : "=") + option->value + "`");
      return false;
    }
    return apply(name, value);
  }

  bool apply(StringRef name, StringRef value) {
    if (name == "--emit")
      return readStage(value);
    if (name == "--cpu")
      return readTargets(value);
    if (name == "--precision")
      return readPrecisions(value);
    if (name == "--format")
      return readFormat(value);
    if (name == "--kind")
      return readKind(value);
    if (name == "--depfile") {
      options.depfile = value.str();
      return true;
    }
    if (name == "--seed") {
      if (!value.getAsInteger(10, options.seed))
        return true;
      complain("--seed takes a whole number, not `" + value + "`");
      return false;
    }
    if (name == "--filter" || name == "--junit") {
      (name == "--filter" ? options.filter : options.junit) = value.str();
      return true;
    }
    if (name == "-o")
      options.output = value.str();
    else
      (name == "--html" ? options.html : name == "--check" ? options.check : options.json) = true;
    return true;
  }

  bool readFormat(StringRef name) {
    constexpr std::array<StringRef, 2> names = {"markdown", "html"};
    if (!llvm::is_contained(names, name)) {
      complain("unknown format `" + name + "` in --format; there are markdown and html" + didYouMean(name, names));
      return false;
    }
    options.format = name == "html" ? PageFormat::Html : PageFormat::Markdown;
    return true;
  }

  bool readKind(StringRef name) {
    constexpr std::array<StringRef, 3> names = {"optimizer", "penalty", "set"};
    constexpr std::array starters = {Starter::Optimizer, Starter::Penalty, Starter::Set};
    const auto *found = llvm::find(names, name);
    if (found == names.end()) {
      complain("unknown kind `" + name + "` in --kind; there are optimizer, penalty and set" + didYouMean(name, names));
      return false;
    }
    options.starter = starters[static_cast<size_t>(found - names.begin())];
    return true;
  }

  bool readStage(StringRef name) {
    const auto *found = llvm::find_if(stages, [&](const StageName &stage) { return stage.name == name; });
    if (found != std::end(stages)) {
      options.stage = found->stage;
      return true;
    }
    auto names = llvm::map_range(stages, [](const StageName &stage) { return stage.name; });
    complain("unknown stage `" + name + "` in --emit; there are " + llvm::join(names, ", ") + didYouMean(name, names));
    return false;
  }

  bool readTargets(StringRef list) {
    for (StringRef name : llvm::split(list, ',')) {
      options.targets.push_back(name == "native" ? nativeTarget().name.str() : name.str());
      if (findCpuTarget(options.targets.back()))
        continue;
      auto names = llvm::map_range(cpuTargets(), [](const CpuTarget &target) { return target.name; });
      complain("unknown instruction set `" + name + "` in --cpu; there are " + llvm::join(names, ", ") + ", native");
      return false;
    }
    return true;
  }

  bool readPrecisions(StringRef list) {
    for (StringRef name : llvm::split(list, ',')) {
      std::optional<Precision> precision = parsePrecision(name);
      if (!precision) {
        complain("unknown precision `" + name +
                 "` in --precision; there are f32, f64, bf16 and f16, and two of them with" +
                 " a slash between where parameters and gradients differ, such as bf16/f32");
        return false;
      }
      options.precisions.push_back(*precision);
    }
    return true;
  }

  const Verb &verb;
  llvm::ArrayRef<const char *> arguments;
  size_t at = 0;
  Options options;
};

} // namespace

llvm::ArrayRef<Verb> ravine::driver::verbs() {
  static const Verb all[] = {
      {"build",
       "Compile optimizers to a shared library with a C header and a JSON manifest",
       "FILE.rvn ...",
       "build needs a file",
       {"ravine build adamw.rvn -o out/"},
       build,
       "Several files make one library, named after the first unless -o says otherwise."},
      {"check",
       "Report errors and warnings, write nothing",
       "FILE.rvn ...",
       "check needs a file",
       {"ravine check adamw.rvn"},
       check},
      {"doc",
       "Write a page for each optimizer, penalty and set: its equations, hyperparameters, states, laws and cost",
       "FILE.rvn ...",
       "doc needs a file",
       {"ravine doc adamw.rvn -o pages --format=html"},
       doc},
      {"explain",
       "Show what a step costs in memory traffic, or explain a message by its code",
       "FILE.rvn or CODE",
       "explain needs a file or a message's code",
       {"ravine explain adamw.rvn", "ravine explain adamw.rvn --html -o adamw.html", "ravine explain E0301"},
       explain},
      {"test",
       "Run the tests of optimizers, and try to refute the laws of penalties and sets",
       "FILE.rvn ...",
       "test needs a file",
       {"ravine test adamw.rvn", "ravine test *.rvn --filter=\"*quadratic*\" --junit=results.xml"},
       test,
       "The `test` blocks of the files themselves, not of what they import, run in the interpreter and compiled. Each "
       "law "
       "of a penalty or a set is tried on many inputs, which can refute it but not prove it."},
      {"fmt",
       "Lay out source files in the one canonical form, in place",
       "FILE.rvn ...",
       "fmt needs a file",
       {"ravine fmt adamw.rvn", "ravine fmt --check *.rvn"},
       format,
       "`-` reads standard input and writes standard output."},
      {"new",
       "Write a file to start from: an optimizer, a penalty or a set, and its tests",
       "NAME",
       "new needs a name for what the file will declare",
       {"ravine new my_optimizer", "ravine new --kind=penalty my_penalty"},
       createNew},
      {"info",
       "Say what is in a source file or in a library",
       "FILE.rvn or LIBRARY.so",
       "info needs a file or a library",
       {"ravine info adamw.rvn", "ravine info libadamw.so --json"},
       info},
  };
  return all;
}

const Verb *ravine::driver::findVerb(StringRef name) {
  const Verb *found = llvm::find_if(verbs(), [&](const Verb &verb) { return verb.name == name; });
  return found == verbs().end() ? nullptr : found;
}

void ravine::driver::printUsage(llvm::raw_ostream &out) {
  out << "ravine: a compiler for optimizers\n\n  ravine VERB [options] FILE.rvn ...\n\nVerbs:\n";
  for (const Verb &verb : verbs())
    out << llvm::formatv("  {0,-8} {1}\n", verb.name, verb.description);
  out << "\nOptions of a verb: ravine VERB --help\nVersion: ravine --version\n";
}

void ravine::driver::printHelp(llvm::raw_ostream &out, const Verb &verb) {
  out << verb.description << "\n\n  ravine " << verb.name << " [options] " << verb.operands << "\n\n";
  if (!verb.note.empty())
    out << verb.note << "\n\n";
  out << "For example:\n";
  for (StringRef example : verb.examples)
    out << "  " << example << "\n";
  out << "\nOptions:\n";
  for (const OptionInfo &option : optionTable) {
    if (!hasOption(verb, option))
      continue;
    StringRef separator = option.value.empty() ? "" : option.name == "-o" ? " " : "=";
    out << llvm::formatv("  {0,-15} {1}\n", (option.name + separator + option.value).str(), option.description);
    if (option.name == "--emit")
      for (const StageName &stage : stages)
        out << llvm::formatv("                    {0,-8} {1}\n", stage.name, stage.meaning);
  }
}

std::variant<Options, ExitStatus> ravine::driver::parseArguments(const Verb &verb,
                                                                 llvm::ArrayRef<const char *> arguments) {
  return ArgumentReader(verb, arguments).run();
}

ExitStatus ravine::driver::unknownVerb(StringRef word) {
  auto names = llvm::map_range(verbs(), [](const Verb &verb) { return verb.name; });
  complain("unknown verb `" + word + "`" + didYouMean(word, names));
  llvm::errs() << "\n";
  printUsage(llvm::errs());
  return UsageError;
}
