// No input, however broken, crashes the frontend, hangs it, or makes it say something about its own insides.
#include "test/fuzz/Mutations.h"

#include "compiler/diagnostics/Render.h"
#include "compiler/diagnostics/RenderJson.h"
#include "compiler/formatter/Format.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/PrintAST.h"
#include "compiler/frontend/Program.h"

#include <gtest/gtest.h>

#include "llvm/Support/JSON.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace ravine::test {
namespace {

namespace fs = std::filesystem;

std::string readFile(const fs::path &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Every .rvn file of the project, the input of every test of a message, and the examples of the error index.
std::vector<std::string> corpus() {
  constexpr std::string_view input = "//--- input.rvn\n";
  std::vector<std::string> texts;
  fs::path root = RAVINE_SOURCE_DIR;
  for (const char *folder : {"stdlib", "examples", "test"})
    for (const auto &entry : fs::recursive_directory_iterator(root / folder)) {
      std::string text = entry.is_regular_file() ? readFile(entry.path()) : "";
      size_t begin = text.find(input);
      if (entry.path().extension() == ".rvn")
        texts.push_back(text);
      else if (entry.path().extension() == ".test" && begin != std::string::npos)
        texts.push_back(text.substr(begin + input.size(), text.find("//--- expected") - begin - input.size()));
    }
  for (const auto &entry : fs::directory_iterator(root / "docs/errors")) {
    std::string page = readFile(entry.path());
    if (size_t begin = page.rfind("```ravine\n"); begin != std::string::npos)
      texts.push_back(page.substr(begin + 10, page.rfind("```") - begin - 10));
  }
  return texts;
}

/// What the frontend says about a text, for people and for tools.
struct Said {
  SourceManager sources;
  Diagnostics diagnostics;
  std::string people;
  std::string tools;

  explicit Said(const std::string &text) {
    std::array roots = {sources.add("rule.rvn", text)};
    auto readFile = [](std::string_view, std::string_view) { return std::optional<SourceText>(); };
    Program program = load(sources, roots, readFile, diagnostics);
    for (const auto &module : elaborate(sources, program, diagnostics)) {
      check(sources, *module, diagnostics);
      if (!diagnostics.hasErrors())
        EXPECT_EQ(printAst(*module).empty(), module->optimizers.empty());
    }
    warnAboutUnusedImports(program, diagnostics);
    people = render(sources, diagnostics, Colour::On);
    tools = renderJson(sources, diagnostics);
  }
};

void expectSpanInside(SourceSpan span, const SourceManager &sources) {
  ASSERT_LT(span.file, sources.size());
  EXPECT_LE(span.begin, span.end);
  EXPECT_LE(span.end, sources.text(span.file).size());
}

/// What can be laid out stays as it is the second time.
void expectStableLayout(const std::string &text) {
  auto format = [](const std::string &before) {
    SourceManager sources;
    Diagnostics diagnostics;
    std::optional<std::string> after = formatter::format(sources, sources.add("rule.rvn", before), diagnostics);
    for (const Diagnostic &diagnostic : diagnostics.all())
      EXPECT_NE(diagnostic.code, Code::E0804) << before;
    return after;
  };
  if (std::optional<std::string> once = format(text))
    EXPECT_EQ(format(*once), once);
}

/// Messages speak of the program, never of the compiler. What the program itself contains may be quoted.
void expectNothingInternal(const Diagnostic &diagnostic, const std::string &text) {
  for (std::string_view internal : {"std::", "assert", "mlir", "llvm", "0x", "nullptr", "Expr", "variant"})
    for (const std::string &said : {diagnostic.message, diagnostic.label, diagnostic.hint})
      EXPECT_TRUE(said.find(internal) == std::string::npos || text.find(internal) != std::string::npos) << said;
  EXPECT_FALSE(diagnostic.message.empty());
  EXPECT_FALSE(diagnostic.message.ends_with('.')) << diagnostic.message;
  EXPECT_LT(diagnostic.message.size(), 1000u);
}

void expectGoodManners(const std::string &text) {
  auto begin = std::chrono::steady_clock::now();
  Said said(text);
  auto duration = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(duration, std::chrono::seconds(5));
  for (const Diagnostic &diagnostic : said.diagnostics.all()) {
    expectSpanInside(diagnostic.span, said.sources);
    expectNothingInternal(diagnostic, text);
    for (const Note &note : diagnostic.notes)
      expectSpanInside(note.span, said.sources);
  }
  for (size_t at = 0; at < said.tools.size(); at = said.tools.find('\n', at) + 1) {
    auto parsed =
        llvm::json::parse(llvm::StringRef(said.tools).substr(at).take_until([](char c) { return c == '\n'; }));
    EXPECT_TRUE(!!parsed) << llvm::toString(parsed.takeError());
  }
  expectStableLayout(text);
  Said again(text);
  EXPECT_EQ(said.people, again.people);
  EXPECT_EQ(said.tools, again.tools);
}

uint64_t environment(const char *name, uint64_t otherwise) {
  const char *value = std::getenv(name);
  return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

TEST(FrontendFuzz, brokenPrograms) {
  uint64_t seed = environment("RAVINE_FUZZ_SEED", 20260101);
  std::chrono::seconds limit(environment("RAVINE_FUZZ_SECONDS", 5));
  std::cout << "RAVINE_FUZZ_SEED=" << seed << std::endl;
  Random random(seed);
  std::vector<std::string> texts = corpus();
  ASSERT_GT(texts.size(), 100u);

  size_t programs = 0;
  auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < limit && !HasFailure()) {
    std::string text = mutant(texts, random);
    expectGoodManners(text);
    ++programs;
    if (HasFailure())
      std::cout << "the program was:\n" << text << std::endl;
  }
  std::cout << programs << " programs" << std::endl;
}

TEST(FrontendFuzz, theCorpusItself) {
  for (const std::string &text : corpus())
    expectGoodManners(text);
}

TEST(FrontendFuzz, noiseOfEverySign) {
  constexpr std::string_view signs = "(){}[]'=<>+-*/^@|&!?%.,;:\"\n \\#~$`";
  Random random(environment("RAVINE_FUZZ_SEED", 1));
  for (int round = 0; round < 200; ++round) {
    std::string text = "optimizer a {\n";
    for (int i = 0; i < 300; ++i)
      text += signs[random() % signs.size()];
    expectGoodManners(text);
  }
}

TEST(FrontendFuzz, theLargestFiles) {
  for (std::string_view piece : {"(", "{", "a ", "a' = ", "w' = w + 1\n", "\xff", "'", "let x = x\n", "if ", "\"", "@",
                                 "optimizer a {", "norm[", "/// doc\n", "a = 1\n", "state s = 0\n", "hyper "}) {
    std::string text = "optimizer a {\n";
    while (text.size() + piece.size() <= 1 << 20)
      text += piece;
    expectGoodManners(text);
  }
}

} // namespace
} // namespace ravine::test
