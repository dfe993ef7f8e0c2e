// What came of the tests of some files: for people, for tools, and as JUnit XML for build servers.
#pragma once

#include "compiler/diagnostics/Render.h"
#include "compiler/testing/Judgement.h"

#include "llvm/Support/JSON.h"

namespace ravine::testing {

struct TestReport {
  /// Of a law: at how many inputs it was tried, and what they were made from.
  struct Trials {
    size_t inputs = 0;
    uint64_t seed = 0;
  };

  std::string name;
  SourceSpan nameSpan;
  /// Empty: it passed.
  std::vector<Failure> failures;
  std::optional<Trials> trials = std::nullopt;
};

/// The tests of one file, in its order, then the laws of its penalties.
struct FileReport {
  std::string file;
  std::vector<TestReport> tests;
  /// Tests that a filter has left out.
  size_t filtered = 0;

  [[nodiscard]] size_t failed() const;
  [[nodiscard]] size_t passed() const { return tests.size() - failed(); }
};

/// A line for each test, and what went wrong with those that failed.
[[nodiscard]] std::string reportText(const SourceManager &sources, const FileReport &report, Colour colour);

/// `3 passed, 1 failed (interpreter and compiled)`, a line; of all files.
[[nodiscard]] std::string summaryText(std::span<const FileReport> reports);

/// `{"file", "tests": [{"name", "line", "passed", "failures": [{"code", "message", …, "details": {…}}]}]}`
[[nodiscard]] llvm::json::Object reportJson(const SourceManager &sources, const FileReport &report);

/// The element `testsuite` of one file.
[[nodiscard]] std::string junitSuite(const SourceManager &sources, const FileReport &report);
/// The whole document around the suites of all files.
[[nodiscard]] std::string junitDocument(std::span<const FileReport> reports, std::span<const std::string> suites);

} // namespace ravine::testing
