// Reports as JUnit XML, in the form that build servers read: testsuites, testsuite, testcase, failure.
#include "compiler/testing/Report.h"

#include "compiler/diagnostics/Utf8.h"

namespace ravine::testing {

namespace {

/// As text or as the value of an attribute in double quotes. What XML 1.0 cannot hold, such as most control characters,
/// becomes U+FFFD.
std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    Utf8Character character = decodeUtf8(text);
    char32_t value = character.value;
    bool isControl = value < 0x20 && value != '\t' && value != '\n' && value != '\r';
    if (!character.isValid || isControl || value == 0xFFFE || value == 0xFFFF)
      result += "\uFFFD";
    else if (value == '&')
      result += "&amp;";
    else if (value == '<')
      result += "&lt;";
    else if (value == '>')
      result += "&gt;";
    else if (value == '"')
      result += "&quot;";
    else if (value == '\n' || value == '\t' || value == '\r')
      result += "&#" + std::to_string(value) + ";"; // an attribute would have a blank instead
    else
      result += text.substr(0, character.length);
    text.remove_prefix(character.length);
  }
  return result;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string counts(size_t tests, size_t failed) {
  return attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failed)) +
         attribute("errors", "0");
}

std::string testcase(const SourceManager &sources, const FileReport &report, const TestReport &test) {
  std::string text = "    <testcase" + attribute("classname", report.file) + attribute("name", test.name) +
                     attribute("file", report.file) +
                     attribute("line", std::to_string(sources.position(test.nameSpan.file, test.nameSpan.begin).line));
  if (test.failures.empty())
    return text + "/>\n";
  text += ">\n";
  for (const Failure &failure : test.failures) {
    std::string body = render(sources, failure.diagnostic);
    for (const auto &[name, value] : failure.details)
      body += name + ": " + value + "\n";
    text += "      <failure" + attribute("type", spelling(failure.diagnostic.code)) +
            attribute("message", failure.diagnostic.message) + ">" + escaped(body) + "</failure>\n";
  }
  return text + "    </testcase>\n";
}

} // namespace

std::string junitSuite(const SourceManager &sources, const FileReport &report) {
  std::string text =
      "  <testsuite" + attribute("name", report.file) + counts(report.tests.size(), report.failed()) + ">\n";
  for (const TestReport &test : report.tests)
    text += testcase(sources, report, test);
  return text + "  </testsuite>\n";
}

std::string junitDocument(std::span<const FileReport> reports, std::span<const std::string> suites) {
  size_t tests = 0, failed = 0;
  for (const FileReport &report : reports) {
    tests += report.tests.size();
    failed += report.failed();
  }
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", "ravine") +
                     counts(tests, failed) + ">\n";
  for (const std::string &suite : suites)
    text += suite;
  return text + "</testsuites>\n";
}

} // namespace ravine::testing
