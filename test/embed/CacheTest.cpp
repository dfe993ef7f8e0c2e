// The cache of compiled libraries: what is found again, what is noticed, and what happens where there can be none.
#include "Rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

using namespace ravine;
using namespace ravine::test;
using testing::HasSubstr;
namespace files = std::filesystem;

/// Compiles with `options` and says what the cache did; the library has to be right.
static CacheUse compileWith(const CompileOptions &options, double mu = 0.5) {
  Compiled compiled = compile(momentumRule(mu), options);
  EXPECT_TRUE(compiled) << compiled.text();
  if (compiled) {
    EXPECT_EQ(takeThreeSteps(*compiled.library), afterThreeSteps(mu));
  }
  EXPECT_EQ(compiled.cacheNote, "");
  return compiled.cacheUse;
}

/// Makes a file look as if it had been used that long ago.
static void age(const files::path &path, std::chrono::minutes minutes) {
  files::last_write_time(path, files::file_time_type::clock::now() - minutes);
}

TEST(Cache, TheSecondTimeIsAHit) {
  ScratchFolder folder;
  EXPECT_EQ(compileWith(folder.cached()), CacheUse::Stored);
  EXPECT_EQ(compileWith(folder.cached()), CacheUse::Hit);
}

TEST(Cache, WhateverTheLibraryDependsOnIsPartOfTheKey) {
  ScratchFolder folder;
  CompileOptions options = folder.cached();
  EXPECT_EQ(compileWith(options, 0.5), CacheUse::Stored);
  EXPECT_EQ(compileWith(options, 0.25), CacheUse::Stored);
  options.name = "other";
  EXPECT_EQ(compileWith(options, 0.5), CacheUse::Stored);
  options.targets = Targets::All;
  EXPECT_EQ(compileWith(options, 0.5), CacheUse::Stored);
  options.precisions = {"f32", "bf16"};
  EXPECT_EQ(compileWith(options, 0.5), CacheUse::Stored);
  EXPECT_EQ(folder.files(".so").size(), 5u);
  options = folder.cached();
  options.cache.limit /= 2;
  EXPECT_EQ(compileWith(options, 0.5), CacheUse::Hit);
}

TEST(Cache, WhatIsImportedIsPartOfTheKey) {
  ScratchFolder folder;
  const std::vector<std::string> paths = {folder.path("main.rvn")};
  std::ofstream(paths[0]) << "import \"part.rvn\"\noptimizer all = part |> rule\noptimizer rule { w' = w - g }";
  auto compileWithPart = [&](const std::string &factor) {
    std::ofstream(folder.path("part.rvn")) << "transform part { before { g' = " + factor + "*g } }";
    return compileFiles(paths, folder.cached()).cacheUse;
  };
  EXPECT_EQ(compileWithPart("2"), CacheUse::Stored);
  EXPECT_EQ(compileWithPart("3"), CacheUse::Stored);
  EXPECT_EQ(compileWithPart("2"), CacheUse::Hit);
}

TEST(Cache, TwoTextsAreNotTheirConcatenation) {
  ScratchFolder folder;
  const std::string up = "optimizer up { w' = w + g }\n", down = "optimizer down { w' = w - g }\n";
  const std::vector<Source> two = {{"up", up}, {"down", down}};
  EXPECT_EQ(compile(two, folder.cached()).cacheUse, CacheUse::Stored);
  EXPECT_EQ(compile(up + down, folder.cached()).cacheUse, CacheUse::Stored);
}

TEST(Cache, WarningsAreTheSameFreshAndCached) {
  ScratchFolder folder;
  const std::string rule = "optimizer rule {\n  hyper unused = 1\n  w' = w - g\n}\n";
  Compiled fresh = compile(rule, folder.cached());
  Compiled cached = compile(rule, folder.cached());
  EXPECT_EQ(cached.cacheUse, CacheUse::Hit);
  ASSERT_EQ(fresh.messages.size(), 1u);
  EXPECT_EQ(fresh.messages[0].code, "W0101");
  EXPECT_FALSE(fresh.messages[0].isError);
  EXPECT_EQ(cached.text(), fresh.text());
}

TEST(Cache, WhatHasErrorsIsNotKept) {
  ScratchFolder folder;
  Compiled compiled = compile("optimizer rule { w' = unknown }", folder.cached());
  EXPECT_FALSE(compiled);
  EXPECT_EQ(compiled.cacheUse, CacheUse::None);
  EXPECT_TRUE(folder.files(".so").empty());
}

TEST(Cache, AnAlteredFileIsRebuilt) {
  ScratchFolder folder;
  compileWith(folder.cached());
  files::path entry = folder.files(".so").at(0);
  auto size = files::file_size(entry);
  for (auto position : {uintmax_t(0), size / 2, size - 1}) {
    {
      std::fstream file(entry, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(static_cast<std::streamoff>(position));
      char byte = static_cast<char>(file.get());
      file.seekp(static_cast<std::streamoff>(position));
      file.put(static_cast<char>(byte ^ 1));
    }
    EXPECT_EQ(compileWith(folder.cached()), CacheUse::Stored) << position;
    EXPECT_EQ(compileWith(folder.cached()), CacheUse::Hit) << position;
  }
}

TEST(Cache, ATruncatedFileIsRebuilt) {
  ScratchFolder folder;
  compileWith(folder.cached());
  files::path entry = folder.files(".so").at(0);
  auto size = files::file_size(entry);
  for (auto left : {uintmax_t(0), uintmax_t(31), uintmax_t(32), size / 2, size - 1}) {
    files::resize_file(entry, left);
    EXPECT_EQ(compileWith(folder.cached()), CacheUse::Stored) << left;
    EXPECT_EQ(compileWith(folder.cached()), CacheUse::Hit) << left;
  }
}

TEST(Cache, ALibraryUnderAnotherKeyIsNotTaken) {
  ScratchFolder folder;
  compileWith(folder.cached(), 0.5);
  files::path half = folder.files(".so").at(0);
  files::rename(half, folder.path("half"));
  compileWith(folder.cached(), 0.25);
  files::path quarter = folder.files(".so").at(0);
  files::copy_file(folder.path("half"), quarter, files::copy_options::overwrite_existing);
  EXPECT_EQ(compileWith(folder.cached(), 0.25), CacheUse::Stored);
}

TEST(Cache, AFileThatOthersMayWriteIsNotRun) {
  ScratchFolder folder;
  compileWith(folder.cached());
  files::path entry = folder.files(".so").at(0);
  files::permissions(entry, files::perms::others_write, files::perm_options::add);
  EXPECT_EQ(compileWith(folder.cached()), CacheUse::Stored);
  EXPECT_EQ(compileWith(folder.cached()), CacheUse::Hit);
  EXPECT_EQ(files::status(entry).permissions(), files::perms::owner_read | files::perms::owner_write);
}

TEST(Cache, TheLeastRecentlyUsedGoesFirst) {
  ScratchFolder folder;
  CompileOptions options = folder.cached();
  compileWith(options, 0.5);
  files::path half = folder.files(".so").at(0);
  options.cache.limit = files::file_size(half) * 5 / 2; // two, but not three
  compileWith(options, 0.25);
  files::path quarter = folder.files(".so").at(0) == half ? folder.files(".so").at(1) : folder.files(".so").at(0);
  age(half, std::chrono::minutes(20));
  age(quarter, std::chrono::minutes(10));
  EXPECT_EQ(compileWith(options, 0.5), CacheUse::Hit); // now the older one is `quarter`
  EXPECT_EQ(compileWith(options, 0.125), CacheUse::Stored);
  EXPECT_TRUE(files::exists(half));
  EXPECT_FALSE(files::exists(quarter));
  EXPECT_EQ(folder.files(".so").size(), 2u);
}

TEST(Cache, WhatAKilledProcessLeftGoesAfterAnHour) {
  ScratchFolder folder;
  for (const char *name : {"old.part", "new.part"})
    std::ofstream(folder.path(name)) << "half a library";
  age(folder.path("old.part"), std::chrono::minutes(61));
  compileWith(folder.cached());
  EXPECT_FALSE(files::exists(folder.path("old.part")));
  EXPECT_TRUE(files::exists(folder.path("new.part")));
}

TEST(Cache, WhereItCannotBeWrittenThereIsNone) {
  ScratchFolder folder;
  std::ofstream(folder.path("file")) << "no folder";
  Compiled compiled = compile(momentumRule(0.5), {.cache = {.directory = folder.path("file/cache")}});
  ASSERT_TRUE(compiled) << compiled.text();
  EXPECT_TRUE(compiled.messages.empty());
  EXPECT_EQ(compiled.cacheUse, CacheUse::None);
  EXPECT_THAT(compiled.cacheNote, HasSubstr("file/cache"));
  EXPECT_EQ(takeThreeSteps(*compiled.library), afterThreeSteps(0.5));
}

TEST(Cache, OffMeansOff) {
  ScratchFolder folder;
  CompileOptions options = folder.cached();
  options.cache.isOn = false;
  EXPECT_EQ(compileWith(options), CacheUse::None);
  EXPECT_TRUE(files::is_empty(folder.path()));
}

/// Sets environment variables and puts them back as they were.
class Environment {
public:
  explicit Environment(std::vector<std::pair<std::string, const char *>> changed) {
    for (auto &[name, value] : changed) {
      const char *before = getenv(name.c_str());
      saved.emplace_back(name, before ? std::optional<std::string>(before) : std::nullopt);
      set(name, value);
    }
  }
  Environment(const Environment &) = delete;
  Environment &operator=(const Environment &) = delete;
  ~Environment() {
    for (auto &[name, value] : saved)
      set(name, value ? value->c_str() : nullptr);
  }

private:
  static void set(const std::string &name, const char *value) {
    if (value)
      setenv(name.c_str(), value, 1);
    else
      unsetenv(name.c_str());
  }
  std::vector<std::pair<std::string, std::optional<std::string>>> saved;
};

TEST(Cache, TheEnvironmentSaysWhere) {
  ScratchFolder folder;
  std::string own = folder.path("own"), xdg = folder.path("xdg"), home = folder.path("home");
  auto useDefault = [] { return compileWith({}); };
  {
    Environment set({{"RAVINE_CACHE_DIR", own.c_str()}, {"XDG_CACHE_HOME", xdg.c_str()}, {"HOME", home.c_str()}});
    EXPECT_EQ(useDefault(), CacheUse::Stored);
    EXPECT_FALSE(files::is_empty(own));
    EXPECT_FALSE(files::exists(xdg));
    EXPECT_EQ(files::status(own).permissions(), files::perms::owner_all);
  }
  {
    Environment set({{"RAVINE_CACHE_DIR", nullptr}, {"XDG_CACHE_HOME", xdg.c_str()}, {"HOME", home.c_str()}});
    EXPECT_EQ(useDefault(), CacheUse::Stored);
    EXPECT_FALSE(files::is_empty(xdg + "/ravine"));
    EXPECT_FALSE(files::exists(home));
  }
  {
    Environment set({{"RAVINE_CACHE_DIR", nullptr}, {"XDG_CACHE_HOME", "relative"}, {"HOME", home.c_str()}});
    EXPECT_EQ(useDefault(), CacheUse::Stored);
    EXPECT_FALSE(files::is_empty(home + "/.cache/ravine"));
  }
  Environment set({{"RAVINE_CACHE_DIR", nullptr}, {"XDG_CACHE_HOME", nullptr}, {"HOME", nullptr}});
  Compiled compiled = compile(momentumRule(0.5));
  EXPECT_TRUE(compiled);
  EXPECT_NE(compiled.cacheNote, "");
}
