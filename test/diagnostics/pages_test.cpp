// The examples in the documentation are programs. Of those on a page of the error index, the first has the mistake and
// the others are without it.
#include "test/diagnostics/AllCodes.h"

#include "compiler/diagnostics/Render.h"
#include "compiler/frontend/Frontend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ravine::test {
namespace {

/// The texts between ```ravine and ```.
std::vector<std::string> examples(const std::string &page) {
  constexpr std::string_view open = "```ravine\n";
  std::vector<std::string> result;
  for (size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
    at += open.size();
    result.push_back(page.substr(at, page.find("```", at) - at));
  }
  return result;
}

struct Checked {
  SourceManager sources;
  Diagnostics diagnostics;

  explicit Checked(const std::string &program) {
    uint32_t file = sources.add("example.rvn", program);
    ast::Module module = parse(sources, file, diagnostics);
    check(sources, module, diagnostics);
  }
};

std::vector<std::string> examplesOf(Code code) {
  return examples(readFile(sourceFile("docs/errors/" + std::string(spelling(code)) + ".md")));
}

/// The codes whose page shows a program: what is wrong with bytes, sizes and files cannot be shown in one.
std::vector<Code> codesWithExamples() {
  std::vector<Code> codes;
  std::ranges::copy_if(allCodes, std::back_inserter(codes), [](Code code) { return !examplesOf(code).empty(); });
  return codes;
}

class Page : public testing::TestWithParam<Code> {};

TEST_P(Page, examplesDoWhatThePageSays) {
  std::vector<std::string> programs = examplesOf(GetParam());
  Checked wrong(programs.front());
  auto hasCode = [](const Diagnostic &diagnostic) { return diagnostic.code == GetParam(); };
  EXPECT_TRUE(std::ranges::any_of(wrong.diagnostics.all(), hasCode)) << render(wrong.sources, wrong.diagnostics);

  for (size_t i = 1; i < programs.size(); ++i) {
    Checked right(programs[i]);
    EXPECT_TRUE(right.diagnostics.all().empty()) << render(right.sources, right.diagnostics);
  }
}

TEST(LanguageReference, everyProgramIsRight) {
  std::vector<std::string> programs = examples(readFile(sourceFile("docs/language.md")));
  EXPECT_GE(programs.size(), 4u);
  for (const std::string &program : programs) {
    Checked checked(program);
    EXPECT_TRUE(checked.diagnostics.all().empty()) << render(checked.sources, checked.diagnostics);
  }
}

INSTANTIATE_TEST_SUITE_P(ErrorIndex, Page, testing::ValuesIn(codesWithExamples()),
                         [](const auto &info) { return std::string(spelling(info.param)); });

} // namespace
} // namespace ravine::test
