// ravine::compile: text in, a library that steps out, or messages as values.
#include "Rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

using namespace ravine;
using namespace ravine::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

TEST(Compile, TextBecomesALibraryThatSteps) {
  Compiled compiled = compile(momentumRule(0.5), uncached);
  ASSERT_TRUE(compiled) << compiled.text();
  EXPECT_TRUE(compiled.messages.empty());
  EXPECT_EQ(takeThreeSteps(*compiled.library), afterThreeSteps(0.5));
}

TEST(Compile, TheLibraryIsCalledAsAsked) {
  CompileOptions options = uncached;
  options.name = "mine";
  Compiled compiled = compile(momentumRule(0.5), options);
  ASSERT_TRUE(compiled) << compiled.text();
  EXPECT_STREQ((*compiled.library)->name, "mine");
  EXPECT_STREQ(compiled.library->optimizers()[0].name, "momentum");
}

TEST(Compile, NativeIsOneTargetAndAllAreSeveral) {
  CompileOptions options = uncached;
  Compiled native = compile(momentumRule(0.5), options);
  options.targets = Targets::All;
  Compiled all = compile(momentumRule(0.5), options);
  ASSERT_TRUE(native && all);
  EXPECT_EQ((*native.library)->target_count, 1u);
  EXPECT_GT((*all.library)->target_count, 1u);
  EXPECT_EQ(takeThreeSteps(*all.library), afterThreeSteps(0.5));
}

TEST(Compile, SeveralSourcesBecomeOneLibrary) {
  const std::vector<Source> sources = {{"up.rvn", "optimizer up { w' = w + g }"},
                                       {"down.rvn", "optimizer down { w' = w - g }"}};
  Compiled compiled = compile(sources, uncached);
  ASSERT_TRUE(compiled) << compiled.text();
  EXPECT_EQ(compiled.library->optimizers().size(), 2u);
}

TEST(Compile, AnOptimizerKeepsItsLibraryLoaded) {
  std::optional<Optimizer> optimizer;
  {
    Compiled compiled = compile(momentumRule(0.5), uncached);
    ASSERT_TRUE(compiled) << compiled.text();
    const std::array tensors = {Tensor{.name = "w", .shape = {1}}};
    optimizer.emplace(*compiled.library, tensors);
  }
  float weight = 0;
  const float gradient = 1;
  void *const weights[] = {&weight};
  const void *const gradients[] = {&gradient};
  optimizer->step(weights, gradients);
  EXPECT_EQ(weight, -0.25f);
}

TEST(Compile, LibrariesThatComeAndGoAreNotMistakenForEachOther) {
  for (double mu : {0.5, 0.25, 0.125, 0.0, 0.75}) {
    Compiled compiled = compile(momentumRule(mu), uncached);
    ASSERT_TRUE(compiled) << compiled.text();
    EXPECT_EQ(takeThreeSteps(*compiled.library), afterThreeSteps(mu));
  }
}

TEST(Compile, ErrorsAreValuesAndNothingIsPrinted) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const std::vector<Source> sources = {
      {"wrong.rvn", "optimizer wrong {\n  hyper beta2 = 0.5\n  w' = w - beta3*g\n}\n"}};
  Compiled compiled = compile(sources, uncached);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");

  EXPECT_FALSE(compiled);
  ASSERT_FALSE(compiled.messages.empty());
  const Message *error = nullptr;
  for (const Message &message : compiled.messages)
    if (message.isError)
      error = &message;
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->code, "E0301");
  EXPECT_THAT(error->text, HasSubstr("beta3"));
  EXPECT_THAT(error->hint, HasSubstr("beta2"));
  ASSERT_TRUE(error->place.has_value());
  EXPECT_EQ(error->place->source, "wrong.rvn");
  EXPECT_EQ(error->place->line, 3u);
  EXPECT_EQ(error->place->column, 12u);
  EXPECT_EQ(error->place->endColumn, 17u);
  EXPECT_THAT(error->rendered, HasSubstr("error[E0301]"));
  EXPECT_THAT(error->rendered, HasSubstr("--> wrong.rvn:3:12"));
  EXPECT_THAT(compiled.text(), HasSubstr(error->rendered));
}

TEST(Compile, AMessageMayConcernTwoPlaces) {
  const std::vector<Source> sources = {{"one.rvn", "optimizer same { w' = w - g }"},
                                       {"two.rvn", "optimizer same { w' = w + g }"}};
  Compiled compiled = compile(sources, uncached);
  EXPECT_FALSE(compiled);
  ASSERT_EQ(compiled.messages.size(), 1u);
  EXPECT_EQ(compiled.messages[0].code, "E0802");
  EXPECT_EQ(compiled.messages[0].place->source, "two.rvn");
  ASSERT_EQ(compiled.messages[0].remarks.size(), 1u);
  EXPECT_EQ(compiled.messages[0].remarks[0].place->source, "one.rvn");
}

TEST(Compile, NoSourceIsAnError) {
  EXPECT_FALSE(compile(std::span<const Source>(), uncached));
  EXPECT_FALSE(compile("", uncached));
  EXPECT_FALSE(compileFiles({}, uncached));
}

TEST(Compile, PrecisionsAreThoseAskedFor) {
  CompileOptions options = uncached;
  options.precisions = {"bf16/f32", "f64", "f32"};
  Compiled compiled = compile(momentumRule(0.5), options);
  ASSERT_TRUE(compiled) << compiled.text();
  const ravine_optimizer_info &info = (*compiled.library)->optimizers[0];
  std::set<std::string> names;
  for (size_t i = 0; i < info.precision_count; ++i)
    names.insert(info.precisions[i].name);
  EXPECT_THAT(names, UnorderedElementsAre("bf16/f32", "f64", "f32"));

  for (const std::vector<std::string> &wrong : {std::vector<std::string>{"f8"}, {"f32", "bf16/"}, {}}) {
    options.precisions = wrong;
    Compiled refused = compile(momentumRule(0.5), options);
    EXPECT_FALSE(refused);
    ASSERT_EQ(refused.messages.size(), 1u);
    EXPECT_EQ(refused.messages[0].code, "E0806");
  }
}

TEST(Compile, SourcesImportEachOtherByName) {
  const std::vector<Source> sources = {
      {"main.rvn",
       "import \"parts/halve.rvn\"\nexport optimizer descent = halve |> plain\noptimizer plain { w' = w - g }"},
      {"parts/halve.rvn", "transform halve { before { g' = g/2 } }"}};
  Compiled compiled = compile(sources, uncached);
  ASSERT_TRUE(compiled) << compiled.text();
  EXPECT_EQ((*compiled.library)->optimizer_count, 1u);

  // A text reads no file, not even one that is there.
  ScratchFolder folder;
  std::ofstream(folder.path("halve.rvn")) << sources[1].text;
  const Source alone = {folder.path("main.rvn"),
                        "import \"halve.rvn\"\noptimizer a = halve |> b\noptimizer b { w' = w - g }"};
  Compiled refused = compile(std::span(&alone, 1), uncached);
  EXPECT_FALSE(refused);
  ASSERT_FALSE(refused.messages.empty());
  EXPECT_EQ(refused.messages[0].code, "E0130");

  // The same as files is found.
  std::ofstream(folder.path("main.rvn")) << alone.text;
  const std::vector<std::string> paths = {folder.path("main.rvn")};
  EXPECT_TRUE(compileFiles(paths, uncached)) << compileFiles(paths, uncached).text();
}

TEST(Compile, FilesAreReadAndThoseThatCannotBeAreNamed) {
  ScratchFolder folder;
  std::ofstream(folder.path("rule.rvn")) << momentumRule(0.5);
  const std::vector<std::string> there = {folder.path("rule.rvn")};
  Compiled compiled = compileFiles(there, uncached);
  ASSERT_TRUE(compiled) << compiled.text();
  EXPECT_EQ(takeThreeSteps(*compiled.library), afterThreeSteps(0.5));

  const std::vector<std::string> missing = {folder.path("rule.rvn"), folder.path("missing.rvn")};
  Compiled refused = compileFiles(missing, uncached);
  EXPECT_FALSE(refused);
  ASSERT_EQ(refused.messages.size(), 1u);
  EXPECT_EQ(refused.messages[0].code, "E0801");
  EXPECT_FALSE(refused.messages[0].place.has_value());
  EXPECT_THAT(refused.messages[0].text, HasSubstr("missing.rvn"));
}
