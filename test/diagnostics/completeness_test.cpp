// Every code has a page and a test of its message, and there is no page or test without a code.
#include "test/diagnostics/AllCodes.h"

#include "compiler/diagnostics/ErrorIndex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace ravine::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::set<std::string> spellings() {
  std::set<std::string> result;
  for (Code code : allCodes)
    result.emplace(spelling(code));
  return result;
}

/// The names without extension of the files of a folder that have the extension.
std::set<std::string> stems(std::string_view folder, std::string_view extension) {
  std::set<std::string> result;
  for (const auto &entry : std::filesystem::directory_iterator(sourceFile(folder)))
    if (entry.path().extension() == extension)
      result.insert(entry.path().stem().string());
  return result;
}

TEST(Completeness, everyCodeHasAPageAndEveryPageACode) {
  EXPECT_EQ(stems("docs/errors", ".md"), spellings());
}

TEST(Completeness, everyCodeHasATestAndEveryTestACode) {
  std::set<std::string> tested = stems("test/diagnostics", ".test");
  // A fault of the compiler is what no input is known to cause.
  tested.insert("E0804");
  // The command line refuses it before there is a compilation; test/embed has it.
  tested.insert("E0806");
  EXPECT_EQ(tested, spellings());
}

TEST(Completeness, everyTestExpectsItsCode) {
  for (const std::string &code : stems("test/diagnostics", ".test")) {
    std::string text = readFile(sourceFile("test/diagnostics/" + code + ".test"));
    size_t expected = text.find("//--- expected.txt\n");
    ASSERT_NE(expected, std::string::npos) << code;
    std::string severity = code.starts_with('E') ? "error" : "warning";
    EXPECT_THAT(text.substr(expected), HasSubstr(severity + "[" + code + "]: ")) << code;
    EXPECT_THAT(text, HasSubstr("diff -u expected.txt actual.txt")) << code;
  }
}

TEST(Completeness, everyPageBeginsWithItsTitleAndIsBuiltIn) {
  for (size_t i = 0; i < allCodes.size(); ++i) {
    std::string code(spelling(allCodes[i]));
    std::string page = readFile(sourceFile("docs/errors/" + code + ".md"));
    EXPECT_THAT(page, StartsWith("# " + code + ": " + std::string(allTitles[i]) + "\n"));
    EXPECT_EQ(explanation(code), page);
  }
}

TEST(ErrorIndex, acceptsLowerCaseAndKnowsNoOtherCodes) {
  EXPECT_EQ(explanation("e0301"), explanation("E0301"));
  EXPECT_FALSE(explanation("E9999"));
  EXPECT_FALSE(explanation(""));
}

TEST(ErrorIndex, nearestCodesHaveTheSameLetter) {
  using testing::ElementsAre;
  EXPECT_THAT(nearestCodes("E0100", 2), ElementsAre("E0101", "E0102"));
  EXPECT_THAT(nearestCodes("w0100", 1), ElementsAre("W0101"));
  EXPECT_THAT(nearestCodes("E0499", 2), ElementsAre("E0501", "E0502"));
  EXPECT_THAT(nearestCodes("P0100", 2), ElementsAre("P0101"));
}

TEST(ErrorIndex, whatLooksLikeACode) {
  for (const char *word : {"E9999", "e1", "W0001", "P0101"})
    EXPECT_TRUE(looksLikeCode(word)) << word;
  for (const char *word : {"", "E", "E12x", "sgd.rvn", "./E9999", "X0101", "0101", "E12345678901234567890"})
    EXPECT_FALSE(looksLikeCode(word)) << word;
}

} // namespace
} // namespace ravine::test
