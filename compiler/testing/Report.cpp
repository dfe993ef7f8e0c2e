// Reports for people, and as JSON.
#include "compiler/testing/Report.h"

#include <algorithm>

namespace ravine::testing {

namespace {

std::string paint(std::string_view colourCode, std::string_view text, Colour colour) {
  if (colour == Colour::Off)
    return std::string(text);
  return "\x1b[" + std::string(colourCode) + "m" + std::string(text) + "\x1b[0m";
}

/// The values under a message, one below the other.
std::string detailsText(const Failure &failure) {
  size_t width = 0;
  for (const auto &[name, value] : failure.details)
    width = std::max(width, name.size());
  std::string text;
  for (const auto &[name, value] : failure.details)
    text += "  " + name + std::string(width - name.size(), ' ') + "  " + value + "\n";
  return text;
}

std::string valid(std::string_view text) {
  return llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size()));
}

} // namespace

size_t FileReport::failed() const {
  return static_cast<size_t>(
      std::ranges::count_if(tests, [](const TestReport &test) { return !test.failures.empty(); }));
}

std::string reportText(const SourceManager &sources, const FileReport &report, Colour colour) {
  std::string text;
  for (const TestReport &test : report.tests) {
    bool isPassed = test.failures.empty();
    text += isPassed ? paint("1;32", "ok", colour) + "      " : paint("1;31", "FAILED", colour) + "  ";
    text += test.name;
    if (test.trials)
      text += isPassed ? " (tested on " + std::to_string(test.trials->inputs) + " inputs, seed " +
                             std::to_string(test.trials->seed) + ")"
                       : " (refuted by input " + std::to_string(test.trials->inputs) + ", seed " +
                             std::to_string(test.trials->seed) + ")";
    text += "\n";
    for (const Failure &failure : test.failures) {
      text += "\n" + render(sources, failure.diagnostic, colour) + detailsText(failure);
      if (!failure.test.empty())
        text += "\nThe same as a test:\n\n" + failure.test;
    }
    if (!isPassed)
      text += "\n";
  }
  return text;
}

std::string summaryText(std::span<const FileReport> reports) {
  size_t tests = 0, failed = 0, filtered = 0;
  for (const FileReport &report : reports) {
    tests += report.tests.size();
    failed += report.failed();
    filtered += report.filtered;
  }
  std::string text = std::to_string(tests - failed) + " passed, " + std::to_string(failed) + " failed";
  if (filtered > 0)
    text += ", " + std::to_string(filtered) + " left out by the filter";
  return text + " (interpreter and compiled)\n";
}

llvm::json::Object reportJson(const SourceManager &sources, const FileReport &report) {
  auto placed = [&](SourceSpan span) {
    LineColumn place = sources.position(span.file, span.begin);
    return llvm::json::Object{{"line", place.line}, {"column", place.column}};
  };
  llvm::json::Array tests;
  for (const TestReport &test : report.tests) {
    llvm::json::Array failures;
    for (const Failure &failure : test.failures) {
      const Diagnostic &diagnostic = failure.diagnostic;
      llvm::json::Object details;
      for (const auto &[name, value] : failure.details)
        details[name] = valid(value);
      llvm::json::Object object = placed(diagnostic.span);
      object["code"] = valid(spelling(diagnostic.code));
      object["message"] = valid(diagnostic.message);
      object["label"] = valid(diagnostic.label);
      object["details"] = std::move(details);
      if (!failure.test.empty())
        object["test"] = valid(failure.test);
      failures.push_back(std::move(object));
    }
    llvm::json::Object object = placed(test.nameSpan);
    object["name"] = valid(test.name);
    object["passed"] = test.failures.empty();
    object["failures"] = std::move(failures);
    if (test.trials) {
      object["inputs"] = static_cast<int64_t>(test.trials->inputs);
      object["seed"] = test.trials->seed;
    }
    tests.push_back(std::move(object));
  }
  return llvm::json::Object{{"file", valid(report.file)},
                            {"passed", report.passed()},
                            {"failed", report.failed()},
                            {"filtered", report.filtered},
                            {"tests", std::move(tests)}};
}

} // namespace ravine::testing
