// The table, and what a library exports and needs.
#include "test/runtime/core/Model.h"
#include "test/runtime/core/SamplePlan.h"

#include <cstdio>
#include <dlfcn.h>
#include <set>
#include <sstream>

namespace ravine::test {

namespace {

TEST(Library, ShowsThePlan) {
  const ravine_library *library = ravine_library_v1();
  EXPECT_EQ(library, ravine_library_v1());
  EXPECT_EQ(library->struct_size, sizeof(ravine_library));
  EXPECT_EQ(library->abi_version, RAVINE_ABI_VERSION);
  EXPECT_STREQ(library->name, "sample");
  EXPECT_STREQ(library->compiler, "written by hand");
  EXPECT_EQ(std::strlen(library->source_hash), 64u);
  EXPECT_STREQ(library->manifest, "{}");
  ASSERT_EQ(library->target_count, 2u);
  EXPECT_STREQ(library->targets[0], "x86-64-v3");
  EXPECT_STREQ(library->targets[1], "x86-64-v4");
  ASSERT_EQ(library->optimizer_count, 3u);
  EXPECT_STREQ(library->optimizers[0].name, "momentum");
  EXPECT_STREQ(library->optimizers[0].hypers[4].name, "period");
}

TEST(Library, NamesEveryStatus) {
  auto name = ravine_library_v1()->status_name;
  EXPECT_STREQ(name(RAVINE_OK), "RAVINE_OK");
  EXPECT_STREQ(name(RAVINE_ERROR_VERSION), "RAVINE_ERROR_VERSION");
  EXPECT_STREQ(name(RAVINE_ERROR_ARGUMENT), "RAVINE_ERROR_ARGUMENT");
  EXPECT_STREQ(name(RAVINE_ERROR_TENSOR), "RAVINE_ERROR_TENSOR");
  EXPECT_STREQ(name(RAVINE_ERROR_OVERLAP), "RAVINE_ERROR_OVERLAP");
  EXPECT_STREQ(name(RAVINE_ERROR_NAME), "RAVINE_ERROR_NAME");
  EXPECT_STREQ(name(RAVINE_ERROR_RANGE), "RAVINE_ERROR_RANGE");
  EXPECT_STREQ(name(RAVINE_ERROR_REQUIREMENT), "RAVINE_ERROR_REQUIREMENT");
  EXPECT_STREQ(name(RAVINE_ERROR_FIXED), "RAVINE_ERROR_FIXED");
  EXPECT_STREQ(name(RAVINE_ERROR_PRECISION), "RAVINE_ERROR_PRECISION");
  EXPECT_STREQ(name(RAVINE_ERROR_MEMORY), "RAVINE_ERROR_MEMORY");
  EXPECT_STREQ(name(RAVINE_ERROR_TARGET), "RAVINE_ERROR_TARGET");
  EXPECT_STREQ(name(RAVINE_ERROR_BUSY), "RAVINE_ERROR_BUSY");
  EXPECT_STREQ(name(RAVINE_ERROR_NONFINITE), "RAVINE_ERROR_NONFINITE");
  EXPECT_STREQ(name(RAVINE_ERROR_FILE), "RAVINE_ERROR_FILE");
  EXPECT_STREQ(name(1), "unknown status");
  EXPECT_STREQ(name(-15), "unknown status");
}

std::string outputOf(const std::string &command) {
  std::string output;
  FILE *pipe = popen(command.c_str(), "r");
  if (pipe == nullptr)
    return output;
  for (int c; (c = std::fgetc(pipe)) != EOF;)
    output += static_cast<char>(c);
  pclose(pipe);
  return output;
}

// The link of the sample module, which is C with "-z defs", is the main proof; this one names the culprit.
TEST(Library, NeedsNothingOfTheCxxRuntime) {
  std::istringstream symbols(outputOf("nm --undefined-only --format=just-symbols " RAVINE_CORE_ARCHIVE));
  std::set<std::string> undefined;
  for (std::string symbol; std::getline(symbols, symbol);)
    undefined.insert(symbol);
  EXPECT_TRUE(undefined.count("pthread_create")) << "nm did not list the archive";
  for (const std::string &symbol : undefined) {
    bool isOurs = symbol.find("6ravine4core") != std::string::npos;
    EXPECT_TRUE(isOurs ||
                (symbol.rfind("_Z", 0) != 0 && symbol.rfind("__cxa", 0) != 0 && symbol.rfind("__gxx", 0) != 0))
        << symbol;
  }
}

TEST(Library, ExportsItsEntryPointAlone) {
  void *module = dlopen(RAVINE_SAMPLE_MODULE, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(module, nullptr) << dlerror();
  auto entryPoint = reinterpret_cast<ravine_entry_point>(dlsym(module, RAVINE_ENTRY_POINT));
  ASSERT_NE(entryPoint, nullptr);
  EXPECT_STREQ(entryPoint()->name, "sample");
  // Another copy of the core, with its own table.
  EXPECT_NE(entryPoint(), ravine_library_v1());
  dlclose(module);

  std::istringstream exported(outputOf("nm -D --defined-only --format=just-symbols " RAVINE_SAMPLE_MODULE));
  std::vector<std::string> ours;
  for (std::string symbol; std::getline(exported, symbol);)
    if (symbol.find("ravine") != std::string::npos)
      ours.push_back(symbol);
  EXPECT_EQ(ours, std::vector<std::string>{RAVINE_ENTRY_POINT});
}

} // namespace

} // namespace ravine::test
