// How diagnostics look, for people and for tools.
#include "compiler/diagnostics/Render.h"
#include "compiler/diagnostics/RenderJson.h"
#include "compiler/diagnostics/Utf8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "llvm/Support/JSON.h"

namespace ravine {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// One diagnostic about the first place of `marked` in `text`.
class Rendered {
public:
  Rendered(std::string text, std::string_view marked) {
    auto begin = static_cast<uint32_t>(text.find(marked));
    file = sources.add("rule.rvn", std::move(text));
    diagnostics.add({Code::E0301, {file, begin, begin + static_cast<uint32_t>(marked.size())}, "message", "", "", {}});
  }

  [[nodiscard]] std::string text() const { return render(sources, diagnostics.all().front()); }

  SourceManager sources;
  Diagnostics diagnostics;
  uint32_t file;
};

TEST(Render, caretsStandUnderTheSpan) {
  EXPECT_EQ(Rendered("let a = beta*g\n", "beta").text(), "error[E0301]: message\n"
                                                         " --> rule.rvn:1:9\n"
                                                         "  |\n"
                                                         "1 | let a = beta*g\n"
                                                         "  |         ^^^^\n");
}

TEST(Render, columnsCountCharactersNotBytes) {
  EXPECT_EQ(Rendered("let δ = β₁*γ\n", "γ").text(), "error[E0301]: message\n"
                                                    " --> rule.rvn:1:12\n"
                                                    "  |\n"
                                                    "1 | let δ = β₁*γ\n"
                                                    "  |            ^\n");
}

TEST(Render, aTabIsOneColumnAndFourCells) {
  EXPECT_EQ(Rendered("\tlet\ta = beta\n", "beta").text(), "error[E0301]: message\n"
                                                          " --> rule.rvn:1:10\n"
                                                          "  |\n"
                                                          "1 |     let    a = beta\n"
                                                          "  |                ^^^^\n");
}

TEST(Render, whatATerminalCannotShowIsReplaced) {
  std::string text = Rendered("a\x1b[31m \xff beta\r\n", "beta").text();
  EXPECT_THAT(text, HasSubstr("1 | a\uFFFD[31m \uFFFD beta\n  |          ^^^^\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Render, longLinesAreCutAroundTheCaret) {
  std::string text = Rendered(std::string(5000, 'a') + " beta " + std::string(5000, 'b') + "\n", "beta").text();
  EXPECT_LT(text.size(), 700u);
  EXPECT_THAT(text, HasSubstr("aaa beta bbb"));
  size_t line = text.find("1 | ");
  size_t carets = text.find("  | ", line);
  std::string_view shown = std::string_view(text).substr(line, text.find('\n', line) - line);
  size_t column = shown.find("beta") - std::string_view("…").size() + 1;
  EXPECT_EQ(text.substr(carets + column, 4), "^^^^");
  EXPECT_EQ(text[carets + column - 1], ' ');
}

TEST(Render, theEndOfTheFileHasACaret) {
  Rendered rendered("let a = 1\n", "let");
  rendered.diagnostics.add({Code::E0204, {rendered.file, 9, 9}, "open", "expected `}` here", "", {}});
  rendered.diagnostics.add({Code::E0204, {rendered.file, 10, 10}, "end", "", "", {}});
  EXPECT_THAT(render(rendered.sources, rendered.diagnostics.all()[1]),
              HasSubstr("1 | let a = 1\n  |          ^ expected `}` here\n"));
  EXPECT_THAT(render(rendered.sources, rendered.diagnostics.all()[2]),
              HasSubstr(" --> rule.rvn:2:1\n  |\n2 |\n  | ^\n"));
}

TEST(Render, aSpanOfSeveralLinesIsMarkedInItsFirst) {
  EXPECT_THAT(Rendered("let a = {\n  1\n}\n", "{\n  1\n}").text(), HasSubstr("1 | let a = {\n  |         ^\n"));
}

TEST(Render, notesAndHintFollowWithOneGutter) {
  std::string text = "first\n" + std::string(10, '\n') + "twelfth\n";
  Rendered rendered(text, "twelfth");
  rendered.diagnostics.add(
      {Code::W0101, {rendered.file, 16, 23}, "unused", "here", "delete it", {{{rendered.file, 0, 5}, "see this"}}});
  EXPECT_EQ(render(rendered.sources, rendered.diagnostics.all()[1]), "warning[W0101]: unused\n"
                                                                     "  --> rule.rvn:12:1\n"
                                                                     "   |\n"
                                                                     "12 | twelfth\n"
                                                                     "   | ^^^^^^^ here\n"
                                                                     "note: see this\n"
                                                                     "  --> rule.rvn:1:1\n"
                                                                     "   |\n"
                                                                     " 1 | first\n"
                                                                     "   | ^^^^^\n"
                                                                     "hint: delete it\n");
}

TEST(Render, allAreOrderedByPlaceAndCounted) {
  Rendered rendered("one two\n", "two");
  rendered.diagnostics.add({Code::W0101, {rendered.file, 0, 3}, "unused", "", "", {}});
  std::string text = render(rendered.sources, rendered.diagnostics);
  EXPECT_LT(text.find("warning[W0101]"), text.find("error[E0301]"));
  EXPECT_THAT(text, EndsWith("\n\n1 error, 1 warning\n"));
  EXPECT_EQ(render(rendered.sources, Diagnostics()), "");
}

TEST(Render, aFloodIsCutOffAndCounted) {
  Rendered rendered("one two\n", "two");
  for (int i = 0; i < 500; ++i)
    rendered.diagnostics.add(rendered.diagnostics.all().front());
  for (int i = 0; i < 500; ++i)
    rendered.diagnostics.add({Code::W0101, {rendered.file, 0, 3}, "unused", "", "", {}});
  EXPECT_EQ(rendered.diagnostics.errors(), 501u);
  EXPECT_EQ(rendered.diagnostics.all().size(), 200u);
  EXPECT_THAT(render(rendered.sources, rendered.diagnostics),
              EndsWith("501 errors (the first 100 are shown), 100 warnings\n"));
}

TEST(Render, colourOnlyWhereAsked) {
  Rendered rendered("beta\n", "beta");
  EXPECT_THAT(render(rendered.sources, rendered.diagnostics, Colour::On), HasSubstr("\x1b[1;31merror[E0301]\x1b[0m"));
  EXPECT_THAT(render(rendered.sources, rendered.diagnostics, Colour::Off), Not(HasSubstr("\x1b")));
}

TEST(RenderJson, oneObjectPerLineWithAllFields) {
  Rendered rendered("let δ = beta\n\"quoted\"\n", "beta");
  rendered.diagnostics.add({Code::W0101,
                            {rendered.file, 14, 22},
                            "a \"quoted\" message",
                            "label",
                            "hint",
                            {{{rendered.file, 0, 3}, "note"}}});
  std::string text = renderJson(rendered.sources, rendered.diagnostics);
  size_t end = text.find('\n');
  auto first = llvm::json::parse(llvm::StringRef(text).substr(0, end));
  auto second = llvm::json::parse(llvm::StringRef(text).substr(end + 1).trim());
  ASSERT_TRUE(!!first);
  ASSERT_TRUE(!!second);
  llvm::json::Object expectedFirst{{"code", "E0301"},
                                   {"severity", "error"},
                                   {"message", "message"},
                                   {"label", ""},
                                   {"hint", ""},
                                   {"file", "rule.rvn"},
                                   {"line", 1},
                                   {"column", 9},
                                   {"endLine", 1},
                                   {"endColumn", 13},
                                   {"notes", llvm::json::Array{}}};
  EXPECT_EQ(*first, llvm::json::Value(std::move(expectedFirst)));
  llvm::json::Object note{{"message", "note"}, {"file", "rule.rvn"}, {"line", 1},
                          {"column", 1},       {"endLine", 1},       {"endColumn", 4}};
  llvm::json::Object expectedSecond{{"code", "W0101"},
                                    {"severity", "warning"},
                                    {"message", "a \"quoted\" message"},
                                    {"label", "label"},
                                    {"hint", "hint"},
                                    {"file", "rule.rvn"},
                                    {"line", 2},
                                    {"column", 1},
                                    {"endLine", 2},
                                    {"endColumn", 9},
                                    {"notes", llvm::json::Array{std::move(note)}}};
  EXPECT_EQ(*second, llvm::json::Value(std::move(expectedSecond)));
}

TEST(Utf8, validAndInvalidForms) {
  auto decoded = [](std::string_view text) { return decodeUtf8(text); };
  EXPECT_EQ(decoded("a").value, U'a');
  EXPECT_EQ(decoded("β").value, U'β');
  EXPECT_EQ(decoded("β").length, 2u);
  EXPECT_EQ(decoded("−").length, 3u);
  EXPECT_EQ(decoded("𝛽").length, 4u);
  for (std::string_view invalid :
       {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
    EXPECT_FALSE(decoded(invalid).isValid);
    EXPECT_EQ(decoded(invalid).length, 1u);
  }
}

} // namespace
} // namespace ravine
