// `ravine test`: runs the tests of source files.
#include "compiler/diagnostics/RenderJson.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/Verbs.h"
#include "compiler/testing/TestedFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/GlobPattern.h"

using namespace ravine;
using namespace ravine::driver;
using ravine::testing::FileReport;
using ravine::testing::TestedFile;

namespace {

class TestRunner {
public:
  TestRunner(const driver::Options &options, const llvm::GlobPattern &filter) : options(options), filter(filter) {}

  int run() {
    for (const std::string &path : options.inputs)
      runFile(path);
    if (options.json)
      llvm::outs() << llvm::json::Value(llvm::json::Object{{"passed", total(&FileReport::passed)},
                                                           {"failed", total(&FileReport::failed)},
                                                           {"files", std::move(files)}})
                   << "\n";
    else if (!reports.empty())
      llvm::outs() << testing::summaryText(reports);
    bool isWritten = options.junit.empty() || writeJUnit();
    return isSound && isWritten && total(&FileReport::failed) == 0 ? Success : Failure;
  }

private:
  void runFile(const std::string &path) {
    TestedFile file(path);
    if (!file.run([&](std::string_view name) { return filter.match(name); }, options.seed)) {
      isSound = false;
      if (options.json)
        files.push_back(llvm::json::Object{{"file", llvm::json::fixUTF8(path)},
                                           {"messages", jsonOf(file.sources(), file.messages())}});
      else
        llvm::errs() << render(file.sources(), file.messages(), colourOf(llvm::errs()));
      return;
    }
    const FileReport &report = file.report();
    if (!options.json) {
      if (options.inputs.size() > 1 && !report.tests.empty())
        llvm::outs() << report.file << "\n";
      llvm::outs() << testing::reportText(file.sources(), report, colourOf(llvm::outs()));
      if (report.tests.empty() && report.filtered == 0)
        llvm::outs() << "there are no tests and no laws in " << report.file << "\n";
      else if (report.tests.empty())
        llvm::outs() << "no test and no law of " << report.file << " is like the filter\n";
    }
    files.push_back(testing::reportJson(file.sources(), report));
    suites.push_back(testing::junitSuite(file.sources(), report));
    reports.push_back(report);
  }

  [[nodiscard]] size_t total(size_t (FileReport::*count)() const) const {
    size_t sum = 0;
    for (const FileReport &report : reports)
      sum += (report.*count)();
    return sum;
  }

  static Colour colourOf(llvm::raw_fd_ostream &out) { return out.has_colors() ? Colour::On : Colour::Off; }

  bool writeJUnit() {
    for (const std::string &input : options.inputs)
      if (llvm::sys::fs::equivalent(input, options.junit)) {
        llvm::errs() << "ravine: cannot write `" << options.junit << "`: it is a source file\n";
        return false;
      }
    OutputFiles output;
    output.add(options.junit, testing::junitDocument(reports, suites));
    if (llvm::Error problem = output.commit()) {
      llvm::errs() << "ravine: " << llvm::toString(std::move(problem)) << "\n";
      return false;
    }
    return true;
  }

  const driver::Options &options;
  const llvm::GlobPattern &filter;
  bool isSound = true;
  std::vector<FileReport> reports;
  std::vector<std::string> suites;
  llvm::json::Array files;
};

} // namespace

int ravine::driver::test(const driver::Options &options) {
  std::string pattern = options.filter.empty() ? "*" : options.filter; // which the filter refers to
  llvm::Expected<llvm::GlobPattern> filter = llvm::GlobPattern::create(pattern);
  if (!filter) {
    llvm::errs() << "ravine: `" << options.filter << "` is no pattern: " << llvm::toString(filter.takeError()) << "\n";
    return UsageError;
  }
  return TestRunner(options, *filter).run();
}
