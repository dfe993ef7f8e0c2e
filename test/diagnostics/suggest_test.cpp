// Which name is suggested for a misspelt one.
#include "compiler/diagnostics/Suggest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ravine {
namespace {

constexpr std::array<std::string_view, 6> names = {"beta1", "beta2", "momentum", "lr", "weight_decay", "eps"};

TEST(Suggest, oneSlipOfEachKind) {
  EXPECT_EQ(suggest("bta1", names), "beta1");                // a letter too few
  EXPECT_EQ(suggest("epss", names), "eps");                  // a letter too many
  EXPECT_EQ(suggest("momemtum", names), "momentum");         // a wrong letter
  EXPECT_EQ(suggest("weight_deacy", names), "weight_decay"); // two letters swapped
}

TEST(Suggest, theNearestAndOfSeveralTheFirst) {
  EXPECT_EQ(suggest("beta3", names), "beta1");
  EXPECT_EQ(suggest("betta2", names), "beta2");
}

TEST(Suggest, nothingFarOff) {
  EXPECT_FALSE(suggest("gamma", names));
  EXPECT_FALSE(suggest("m", names));
  EXPECT_FALSE(suggest("xy", names));
}

TEST(Suggest, oneLetterIsLikeEveryOther) {
  constexpr std::array<std::string_view, 2> letters = {"m", "v"};
  EXPECT_FALSE(suggest("u", letters));
}

TEST(Suggest, caseAlone) {
  constexpr std::array<std::string_view, 3> letters = {"n", "m", "Beta1"};
  EXPECT_EQ(suggest("M", letters), "m");
  EXPECT_EQ(suggest("BETA1", letters), "Beta1");
  constexpr std::array<std::string_view, 2> both = {"lrs", "LR"};
  EXPECT_EQ(suggest("lr", both), "LR");
}

TEST(Suggest, neverTheWordItself) {
  constexpr std::array<std::string_view, 1> same = {"beta"};
  EXPECT_FALSE(suggest("beta", same));
}

TEST(Suggest, longWordsCostNothing) {
  EXPECT_FALSE(suggest(std::string(100000, 'a'), names));
}

} // namespace
} // namespace ravine
