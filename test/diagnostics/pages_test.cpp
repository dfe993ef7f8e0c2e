// The examples in the documentation are programs. Of those on a page of the error index, the first has the mistake and
// the others are without it.
#include "test/diagnostics/AllCodes.h"

#include "compiler/compilation/LibraryCompilation.h"
#include "compiler/diagnostics/Render.h"
#include "compiler/testing/TestedFile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <unistd.h>

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

/// A program taken through the compiler up to the sweeps, which is where the last messages come from.
struct Checked {
  LibraryCompilation compilation;

  explicit Checked(const std::string &program) {
    compilation.add("example.rvn", program);
    if (!compilation.check())
      return;
    compilation.lower();
    (void)(compilation.simplify() && compilation.form());
  }

  [[nodiscard]] const std::vector<Diagnostic> &all() const { return compilation.diagnostics().all(); }
  [[nodiscard]] std::string text() const { return render(compilation.sources(), compilation.diagnostics()); }
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

/// What is said of a program whose tests are run.
struct Tested {
  std::vector<Code> codes;
  std::string text;

  explicit Tested(const std::string &program) {
    const std::string path = ::testing::TempDir() + "example-" + std::to_string(getpid()) + ".rvn";
    std::ofstream(path) << program;
    ravine::testing::TestedFile file(path);
    (void)file.run([](std::string_view) { return true; }, /*seed=*/1);
    std::remove(path.c_str());
    for (const Diagnostic &message : file.messages().all())
      codes.push_back(message.code);
    for (const ravine::testing::TestReport &test : file.report().tests)
      for (const ravine::testing::Failure &failure : test.failures)
        codes.push_back(failure.diagnostic.code);
    text = render(file.sources(), file.messages()) +
           ravine::testing::reportText(file.sources(), file.report(), Colour::Off);
  }
};

/// What is found only when tests are run.
bool concernsTests(Code code) {
  return (spelling(code) >= "E0640" && spelling(code) <= "E0649") || code == Code::E0670;
}

class Page : public ::testing::TestWithParam<Code> {};

TEST_P(Page, examplesDoWhatThePageSays) {
  std::vector<std::string> programs = examplesOf(GetParam());
  if (concernsTests(GetParam())) {
    Tested wrong(programs.front());
    EXPECT_TRUE(std::ranges::count(wrong.codes, GetParam())) << wrong.text;
    for (size_t i = 1; i < programs.size(); ++i) {
      Tested right(programs[i]);
      EXPECT_TRUE(right.codes.empty()) << right.text;
    }
    return;
  }
  Checked wrong(programs.front());
  auto hasCode = [](const Diagnostic &diagnostic) { return diagnostic.code == GetParam(); };
  EXPECT_TRUE(std::ranges::any_of(wrong.all(), hasCode)) << wrong.text();

  for (size_t i = 1; i < programs.size(); ++i) {
    Checked right(programs[i]);
    EXPECT_TRUE(right.all().empty()) << right.text();
  }
}

TEST(LanguageReference, everyProgramIsRight) {
  std::vector<std::string> programs = examples(readFile(sourceFile("docs/language.md")));
  EXPECT_GE(programs.size(), 4u);
  for (const std::string &program : programs) {
    Checked checked(program);
    EXPECT_TRUE(checked.all().empty()) << checked.text();
  }
}

INSTANTIATE_TEST_SUITE_P(ErrorIndex, Page, ::testing::ValuesIn(codesWithExamples()),
                         [](const auto &info) { return std::string(spelling(info.param)); });

} // namespace
} // namespace ravine::test
