// ravine-fuzz: makes optimizers and inputs at random, compiles them, and compares compiled code with the interpreter
// and with itself (docs/fuzzing.md).
#include "test/fuzz/rules/Check.h"
#include "test/fuzz/rules/Generate.h"
#include "test/fuzz/rules/Shrink.h"

#include "llvm/Support/CommandLine.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace ravine::fuzz;
namespace cl = llvm::cl;

static cl::opt<uint64_t> seed("seed", cl::desc("the first optimizer's; the next one's is one more"), cl::init(1));
static cl::opt<uint64_t> rules("count", cl::desc("optimizers to make (default 100; with --seconds, no limit)"));
static cl::opt<uint64_t> seconds("seconds", cl::desc("when to stop making optimizers"));
static cl::opt<bool> reduceFindings("reduce", cl::desc("cut findings down (default)"), cl::init(true));
static cl::opt<bool> noReduce("no-reduce", cl::desc("leave findings as they were made"));
static cl::opt<uint64_t> tries("tries", cl::desc("cuts to try per finding (default 600)"), cl::init(600));
static cl::opt<std::string> out("out", cl::desc("where findings are written (default: here)"), cl::init("."));
static cl::list<std::string> only("only", cl::CommaSeparated, cl::desc("look only for these kinds of findings"));
static cl::opt<bool> print("print", cl::desc("print the optimizers and their inputs, and run nothing"));
static cl::opt<std::string> fault("plant",
                                  cl::desc("let the interpreter err in one operation, such as tanh: for tests of "
                                           "ravine-fuzz itself"));
static cl::opt<std::string> replay(cl::Positional, cl::desc("[finding.rvn]"));

static constexpr std::string_view inputsLine = "// inputs: ";

static CheckOptions checkOptions() {
  return {{only.begin(), only.end()}, fault, out};
}

static std::string commented(const std::string &text) {
  std::string commented = "// ";
  for (char c : text) {
    commented += c;
    if (c == '\n')
      commented += "// ";
  }
  return commented + "\n";
}

/// What reproduces a finding: the rule as it is, with all the rest in comments.
static std::string asFile(const Subject &subject, const Verdict &verdict) {
  return "// A finding of ravine-fuzz, made by --seed=" + std::to_string(subject.seed) + ": " + verdict.kind + "\n" +
         commented(verdict.detail) + std::string(inputsLine) + subject.inputs.text() + "\n" + subject.optimizer.text();
}

static bool isOfKind(const Verdict &verdict, const std::string &kind) {
  return verdict.kind == kind;
}

static void writeFinding(Subject subject, Verdict verdict) {
  std::cout << "seed " << subject.seed << ": " << verdict.kind << "\n" << verdict.detail << std::endl;
  if (reduceFindings && !noReduce) {
    CheckOptions options = checkOptions();
    for (const std::string &kind : findingKinds()) // the rest need not be tried
      if (verdict.kind == kind)
        options.only = {kind};
    auto stillFails = [&](const Subject &smaller) {
      return isOfKind(checkApart(smaller.optimizer.text(), smaller.inputs, options), verdict.kind);
    };
    subject = shrink(std::move(subject), stillFails, tries);
    Verdict last = checkApart(subject.optimizer.text(), subject.inputs, options);
    if (isOfKind(last, verdict.kind))
      verdict = std::move(last);
  }
  std::string path = std::filesystem::path(out.getValue()) / ("finding-" + std::to_string(subject.seed) + ".rvn");
  std::string text = asFile(subject, verdict);
  std::ofstream(path) << text;
  std::cout << text << "reproduce it with: ravine-fuzz " << path << std::endl;
}

static int replayFile() {
  std::ifstream file(replay);
  std::stringstream text;
  text << file.rdbuf();
  std::string source = text.str();
  size_t begin = source.find(inputsLine);
  auto inputs =
      begin == std::string::npos
          ? std::nullopt
          : parseInputs(source.substr(begin + inputsLine.size(), source.find('\n', begin) - begin - inputsLine.size()));
  if (!inputs) {
    std::cerr << "ravine-fuzz: " << replay << " is not a finding: it has no line of inputs\n";
    return 2;
  }
  Verdict verdict = check(source, *inputs, checkOptions());
  std::cout << (verdict.kind.empty() ? "no finding" : verdict.kind + "\n" + verdict.detail) << std::endl;
  return verdict.kind.empty() ? 0 : 1;
}

static int fuzz() {
  std::cout << "ravine-fuzz --seed=" << seed << std::endl;
  uint64_t limit = rules.getNumOccurrences() > 0 ? rules : seconds > 0 ? UINT64_MAX : 100;
  auto begin = std::chrono::steady_clock::now();
  auto isLate = [&] {
    return seconds > 0 && std::chrono::steady_clock::now() - begin >= std::chrono::seconds(seconds);
  };
  uint64_t made = 0, findings = 0, refused = 0, compared = 0, excluded = 0;
  for (; made < limit && !isLate(); ++made) {
    Subject subject = generate(seed + made);
    if (print) {
      std::cout << asFile(subject, {}) << "\n";
      continue;
    }
    Verdict verdict = checkApart(subject.optimizer.text(), subject.inputs, checkOptions());
    compared += verdict.compared;
    excluded += verdict.excluded;
    refused += verdict.isRefused ? 1 : 0;
    if (!verdict.kind.empty()) {
      ++findings;
      writeFinding(std::move(subject), std::move(verdict));
    }
  }
  std::cout << made << " optimizers, " << refused << " of them not run; " << compared << " numbers compared, "
            << excluded << " of them differ as they may; " << findings << " findings" << std::endl;
  return findings == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "ravine-fuzz: random optimizers, compiled and interpreted\n");
  std::error_code problem;
  std::filesystem::create_directories(out.getValue(), problem);
  if (problem) {
    std::cerr << "ravine-fuzz: cannot make the folder " << out << ": " << problem.message() << "\n";
    return 2;
  }
  return replay.empty() ? fuzz() : replayFile();
}
