// Which files a program is made of and which names each of them knows.
#include "compiler/diagnostics/Render.h"
#include "compiler/frontend/Program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ravine::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A program whose files are in memory. The first is the one that was asked for.
class Loaded {
public:
  explicit Loaded(std::map<std::string, std::string> files, std::vector<std::string> roots = {"main.rvn"})
      : texts(std::move(files)) {
    std::vector<uint32_t> numbers;
    for (const std::string &root : roots)
      numbers.push_back(sources.add(root, texts.at(root)));
    auto read = [this](std::string_view, std::string_view path) -> std::optional<SourceText> {
      // Two spellings of a path lead to one file.
      std::string name(path.starts_with("./") ? path.substr(2) : path);
      auto place = texts.find(name);
      if (place == texts.end())
        return std::nullopt;
      return SourceText{name, place->second};
    };
    program = load(sources, numbers, read, diagnostics);
  }

  [[nodiscard]] std::string messages() const { return render(sources, diagnostics); }

  [[nodiscard]] std::string codes() const {
    std::string text;
    for (const Diagnostic &diagnostic : diagnostics.all())
      text += (text.empty() ? "" : " ") + std::string(spelling(diagnostic.code));
    return text;
  }

  [[nodiscard]] std::vector<std::string_view> files() const {
    std::vector<std::string_view> names;
    for (const auto &module : program.modules)
      names.push_back(sources.name(module->file));
    return names;
  }

  /// In the scope of the first file.
  [[nodiscard]] const Scope &scope() const { return program.scopes.at(program.modules.front().get()); }
  /// The files that declare what a name may stand for.
  [[nodiscard]] std::vector<std::string_view> homes(const std::string &name) const {
    std::vector<std::string_view> names;
    for (const Scope::Entry &entry : scope().find(name))
      names.push_back(sources.name(entry.home->file));
    return names;
  }

  std::map<std::string, std::string> texts;
  SourceManager sources;
  Diagnostics diagnostics;
  Program program;
};

TEST(Loading, readsWhatIsImportedOnceInTheOrderOfImports) {
  Loaded loaded({{"main.rvn", "import \"b.rvn\"\nimport \"a.rvn\"\nlet x = 1\n"},
                 {"a.rvn", "import \"./b.rvn\"\nlet y = 1\n"},
                 {"b.rvn", "let z = 1\n"}});
  EXPECT_EQ(loaded.codes(), "") << loaded.messages();
  EXPECT_THAT(loaded.files(), ElementsAre("main.rvn", "b.rvn", "a.rvn"));
  EXPECT_EQ(loaded.program.rootCount, 1u);
}

TEST(Loading, oneThatWasAskedForMayBeImported) {
  Loaded loaded({{"main.rvn", "import \"other.rvn\"\nlet x = y\n"}, {"other.rvn", "let y = 1\n"}},
                {"main.rvn", "other.rvn"});
  EXPECT_EQ(loaded.codes(), "") << loaded.messages();
  EXPECT_THAT(loaded.files(), ElementsAre("main.rvn", "other.rvn"));
  EXPECT_EQ(loaded.program.rootCount, 2u);
}

TEST(Loading, readsOfTheStandardLibraryOnlyWhatIsImported) {
  Loaded loaded({{"main.rvn", "import std.optimizers.adamw\nlet x = 1\n"}});
  EXPECT_EQ(loaded.codes(), "") << loaded.messages();
  EXPECT_THAT(loaded.files(), ElementsAre("main.rvn", "std/optimizers/adamw.rvn"));
  EXPECT_THAT(loaded.homes("adamw"), ElementsAre("std/optimizers/adamw.rvn"));
}

TEST(Loading, aFolderIsAllItsModules) {
  Loaded loaded({{"main.rvn", "import std.optimizers\nlet x = 1\n"}});
  EXPECT_EQ(loaded.codes(), "") << loaded.messages();
  EXPECT_THAT(loaded.homes("adamw"), ElementsAre("std/optimizers/adamw.rvn"));
  EXPECT_THAT(loaded.homes("sgd"), ElementsAre("std/optimizers/sgd.rvn"));
}

TEST(Loading, unknownModulesAreReportedWithWhatThereIs) {
  Loaded misspelt({{"main.rvn", "import std.optimizers.lionn\nlet x = 1\n"}});
  EXPECT_EQ(misspelt.codes(), "E0130");
  EXPECT_THAT(misspelt.messages(), HasSubstr("did you mean `std.optimizers.lion`?"));
  Loaded short_({{"main.rvn", "import optimizers.adamw\nlet x = 1\n"}});
  EXPECT_THAT(short_.messages(), HasSubstr("did you mean `std.optimizers.adamw`?"));
  Loaded nothing({{"main.rvn", "import std.zzzzzz\nlet x = 1\n"}});
  EXPECT_THAT(nothing.messages(), HasSubstr("`std` has "));
  EXPECT_THAT(nothing.messages(), HasSubstr("`optimizers`"));
  Loaded file({{"main.rvn", "import \"mine\"\nlet x = 1\n"}, {"mine.rvn", "let y = 1\n"}});
  EXPECT_EQ(file.codes(), "E0130");
  EXPECT_THAT(file.messages(), HasSubstr("did you mean `\"mine.rvn\"`?"));
}

TEST(Loading, mistakesOfImportedFilesAreReportedThere) {
  Loaded loaded({{"main.rvn", "import \"a.rvn\": y, z\nlet x = 1\n"}, {"a.rvn", "let y = )\n"}});
  EXPECT_EQ(loaded.codes(), "E0202") << loaded.messages();
  EXPECT_THAT(loaded.messages(), HasSubstr("a.rvn:1:9"));
}

TEST(Cycles, areReportedOnceWithTheirWay) {
  Loaded loaded({{"main.rvn", "import \"a.rvn\"\nlet x = 1\n"},
                 {"a.rvn", "import \"b.rvn\"\nlet y = 1\n"},
                 {"b.rvn", "import \"c.rvn\"\nlet z = 1\n"},
                 {"c.rvn", "import \"a.rvn\"\nlet u = 1\n"}});
  EXPECT_EQ(loaded.codes(), "E0133") << loaded.messages();
  EXPECT_THAT(loaded.messages(), HasSubstr("`c.rvn` imports `a.rvn`, which leads back to it"));
  EXPECT_THAT(loaded.messages(), HasSubstr("`a.rvn` imports `b.rvn` here"));
  EXPECT_THAT(loaded.messages(), HasSubstr("`b.rvn` imports `c.rvn` here"));
  Loaded itself({{"main.rvn", "import \"./main.rvn\"\nlet x = 1\n"}});
  EXPECT_EQ(itself.codes(), "E0133");
  EXPECT_THAT(itself.messages(), HasSubstr("`main.rvn` imports itself"));
}

TEST(Cycles, longChainsAreNone) {
  std::map<std::string, std::string> files;
  constexpr int many = 3000;
  for (int i = 0; i < many; ++i)
    files["f" + std::to_string(i) + ".rvn"] =
        (i + 1 < many ? "import \"f" + std::to_string(i + 1) + ".rvn\"\n" : "") + "let x = 1\n";
  Loaded loaded(std::move(files), {"f0.rvn"});
  EXPECT_EQ(loaded.codes(), "");
  EXPECT_EQ(loaded.program.modules.size(), size_t{many});
}

TEST(Items, areTheOnlyNamesThatAreBrought) {
  Loaded loaded({{"main.rvn", "import \"a.rvn\": y as q\nlet x = 1\n"}, {"a.rvn", "let y = 1\nlet z = 1\n"}});
  EXPECT_EQ(loaded.codes(), "") << loaded.messages();
  EXPECT_THAT(loaded.homes("q"), ElementsAre("a.rvn"));
  EXPECT_TRUE(loaded.homes("y").empty());
  EXPECT_TRUE(loaded.homes("z").empty());
}

TEST(Items, thatAreNotThereOrNotExported) {
  Loaded missing({{"main.rvn", "import \"a.rvn\": learning\nlet x = 1\n"}, {"a.rvn", "let learnin = 1\n"}});
  EXPECT_EQ(missing.codes(), "E0131");
  EXPECT_THAT(missing.messages(), HasSubstr("did you mean `learnin`?"));
  Loaded hidden({{"main.rvn", "import \"a.rvn\": y\nlet x = 1\n"}, {"a.rvn", "let y = 1\nexport let z = 1\n"}});
  EXPECT_EQ(hidden.codes(), "E0132");
  EXPECT_THAT(hidden.messages(), HasSubstr("a.rvn:1:5"));
}

TEST(Items, aModuleExportsWhatItMarksAndEverythingIfItMarksNothing) {
  Loaded loaded({{"main.rvn", "import \"a.rvn\"\nimport \"b.rvn\"\nlet x = 1\n"},
                 {"a.rvn", "let y = 1\nexport let z = 1\n"},
                 {"b.rvn", "let u = 1\n"}});
  EXPECT_TRUE(loaded.homes("y").empty());
  EXPECT_THAT(loaded.homes("z"), ElementsAre("a.rvn"));
  EXPECT_THAT(loaded.homes("u"), ElementsAre("b.rvn"));
}

TEST(Scopes, ownNamesHideImportedOnes) {
  Loaded loaded({{"main.rvn", "import \"a.rvn\"\nlet y = 2\n"}, {"a.rvn", "let y = 1\n"}});
  EXPECT_EQ(loaded.codes(), "");
  EXPECT_THAT(loaded.homes("y"), ElementsAre("main.rvn"));
}

TEST(Scopes, importsMayDisagree) {
  Loaded loaded({{"main.rvn", "import \"a.rvn\"\nimport \"b.rvn\"\nlet x = 1\n"},
                 {"a.rvn", "let y = 1\n"},
                 {"b.rvn", "let y = 1\n"}});
  EXPECT_EQ(loaded.codes(), "");
  EXPECT_THAT(loaded.homes("y"), ElementsAre("a.rvn", "b.rvn"));
}

TEST(Scopes, importsOfTheSameAgree) {
  Loaded loaded({{"main.rvn", "import std.optimizers\nimport std.optimizers.adamw\nlet x = 1\n"}});
  EXPECT_EQ(loaded.codes(), "");
  EXPECT_THAT(loaded.homes("adamw"), ElementsAre("std/optimizers/adamw.rvn"));
}

TEST(Scopes, namesAreDeclaredOnce) {
  EXPECT_EQ(Loaded({{"main.rvn", "let x = 1\nfn x(a) = a\n"}}).codes(), "E0303");
}

TEST(Twice, nothingIsImported) {
  EXPECT_EQ(Loaded({{"main.rvn", "import std.optimizers\nimport std.optimizers\nlet x = 1\n"}}).codes(), "E0134");
  EXPECT_EQ(
      Loaded({{"main.rvn", "import \"a.rvn\"\nimport \"./a.rvn\"\nlet x = 1\n"}, {"a.rvn", "let y = 1\n"}}).codes(),
      "E0134");
  EXPECT_EQ(Loaded({{"main.rvn", "import \"a.rvn\": y, y\nlet x = 1\n"}, {"a.rvn", "let y = 1\n"}}).codes(), "E0134");
  EXPECT_EQ(Loaded({{"main.rvn", "import \"a.rvn\": y, y as z\nlet x = 1\n"}, {"a.rvn", "let y = 1\n"}}).codes(), "");
}

TEST(UnusedImports, areWarnedAboutOnceNamesHaveBeenUsed) {
  Loaded loaded({{"main.rvn", "import \"a.rvn\": y, z\nimport \"b.rvn\"\nimport \"c.rvn\"\nlet x = 1\n"},
                 {"a.rvn", "let y = 1\nlet z = 1\n"},
                 {"b.rvn", "import \"c.rvn\"\nlet u = 1\n"},
                 {"c.rvn", "let v = 1\n"}});
  (void)loaded.scope().find("y");
  (void)loaded.scope().find("v");
  warnAboutUnusedImports(loaded.program, loaded.diagnostics);
  EXPECT_EQ(loaded.codes(), "W0110 W0110") << loaded.messages();
  EXPECT_THAT(loaded.messages(), HasSubstr("`z` is imported and not used"));
  EXPECT_THAT(loaded.messages(), HasSubstr("the import `b.rvn` is not used"));
}

} // namespace
} // namespace ravine::test
