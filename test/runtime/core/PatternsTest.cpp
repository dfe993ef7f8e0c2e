// Names and patterns, and the cases of a rule that ask for them.
#include "runtime/core/Patterns.h"
#include "test/runtime/core/ComposedModel.h"

namespace ravine::test {

namespace {

using core::isLike;

TEST(Patterns, CompareWholeNames) {
  EXPECT_TRUE(isLike("embed", "embed"));
  EXPECT_FALSE(isLike("embedding", "embed"));
  EXPECT_FALSE(isLike("embed", "embedding"));
  EXPECT_FALSE(isLike("Embed", "embed"));
  EXPECT_TRUE(isLike("", ""));
  EXPECT_FALSE(isLike("a", ""));
  EXPECT_FALSE(isLike("", "a"));
}

TEST(Patterns, HaveStarsForAnyCharacters) {
  EXPECT_TRUE(isLike("embedding", "embed*"));
  EXPECT_TRUE(isLike("embed", "embed*"));
  EXPECT_TRUE(isLike("layer.0.bias", "*.bias"));
  EXPECT_FALSE(isLike("layer.0.bias.ema", "*.bias"));
  EXPECT_TRUE(isLike("a.bias.b.bias", "*.bias"));
  EXPECT_TRUE(isLike("layer.0.attention.weight", "layer.*.*.weight"));
  EXPECT_FALSE(isLike("layer.0.weight", "layer.*.*.weight"));
  EXPECT_TRUE(isLike("", "***"));
  EXPECT_TRUE(isLike("aXbXc", "a*b*c"));
  EXPECT_FALSE(isLike("aXbX", "a*b*c"));
}

TEST(Patterns, HaveQuestionMarksForOneCharacter) {
  EXPECT_TRUE(isLike("h.7.w", "h.?.w"));
  EXPECT_FALSE(isLike("h.10.w", "h.?.w"));
  EXPECT_FALSE(isLike("h..w", "h.?.w"));
  EXPECT_TRUE(isLike("abc", "?*?"));
  EXPECT_FALSE(isLike("a", "?*?"));
}

TEST(Patterns, CountCharactersOfUtf8) {
  EXPECT_TRUE(isLike("β", "?"));
  EXPECT_FALSE(isLike("β", "??"));
  EXPECT_FALSE(isLike("β", "*??"));
  EXPECT_TRUE(isLike("gewicht.ß.🜁", "gewicht.?.?"));
  EXPECT_TRUE(isLike("überall", "ü*"));
  EXPECT_FALSE(isLike("überall", "u*"));
  // β is CE B2 and γ is CE B3: not alike because they begin alike.
  EXPECT_FALSE(isLike("γ", "β"));
}

TEST(Patterns, TakeOddBytesAsTheyAre) {
  EXPECT_TRUE(isLike("\xFF", "?"));
  EXPECT_TRUE(isLike("\xFF\xFE", "??"));
  EXPECT_FALSE(isLike("\xFF\xFE", "?"));
  EXPECT_TRUE(isLike("w\xCE", "w\xCE"));
  EXPECT_TRUE(isLike("w\xCE", "w?"));
  // A pattern that ends inside a character is like no whole one.
  EXPECT_FALSE(isLike("w\xCE\xB2", "w\xCE"));
  EXPECT_FALSE(isLike("w\xCE\xB2", "w\xCE*"));
}

TEST(Patterns, TakeNoExponentialTime) {
  std::string name(2000, 'a'), pattern;
  for (int i = 0; i < 200; ++i)
    pattern += "*a";
  EXPECT_TRUE(isLike(name.c_str(), pattern.c_str()));
  EXPECT_FALSE(isLike(name.c_str(), (pattern + "b").c_str()));
}

TEST(Cases, AskForNamesAndShapes) {
  ComposedModel model({{"w", {2, 3}}, {"w.bias", {2, 3}}, {"row", {1, 6}}, {"bias.w", {3, 2}}});
  EXPECT_EQ(model.create("lenient"), ok);
  EXPECT_EQ(model.view(0, "hidden.b").exists, 1);
  EXPECT_EQ(model.view(1, "hidden.b").exists, 0);
  EXPECT_EQ(model.view(2, "hidden.b").exists, 0);
  EXPECT_EQ(model.view(3, "hidden.b").exists, 1);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.number("n", 0), 2 + 300 + 1);
  EXPECT_EQ(model.number("n", 2), 1 + 600 + 1);
}

TEST(Cases, AskForGroups) {
  ComposedModel model(
      {{"a", {2, 2}}, {"b", {2, 2}, RAVINE_F32, RAVINE_F32, 1}, {"c", {2, 2}, RAVINE_F32, RAVINE_F32, 2}});
  auto frozen = [&] {
    std::string found;
    for (size_t tensor : {0u, 1u, 2u})
      found += model.view(tensor, "acc").exists != 0 ? '-' : 'F';
    return found;
  };
  EXPECT_EQ(model.create("lenient"), ok); // no names at all
  EXPECT_EQ(frozen(), "---");
  std::string name = "frozen body";
  const char *names[] = {nullptr, name.c_str(), "not frozen"};
  model.args.group_names = names;
  EXPECT_EQ(model.create("lenient", {setting("every", 1)}), ok);
  name = "thawed"; // the library keeps nothing of the host's
  EXPECT_EQ(frozen(), "-F-");
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.parameter[0].values(), std::vector(4, 1.75));
  EXPECT_EQ(model.parameter[1].values(), std::vector(4, 2.0));
  EXPECT_EQ(model.gradient[1].values(), std::vector(4, 0.0));
  EXPECT_EQ(model.metric("norm"), std::sqrt(8)); // of the two that move
  // What an older host passes ends before the names.
  model.args.struct_size = offsetof(ravine_create_args, group_names);
  EXPECT_EQ(model.create("lenient"), ok);
  EXPECT_EQ(frozen(), "---");
}

TEST(Cases, CostNoScalarsOfTheirOwn) {
  ComposedModel model({{"a", {2, 2}}, {"a.bias", {2, 2}}, {"b", {2, 2}}, {"b.bias", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 1)}), ok);
  (void)sample_composition_slots();
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(sample_composition_slots(), 4u); // two variants, two stages
}

} // namespace

} // namespace ravine::test
