// Folding: the order of a sum, and what maxima and minima make of nothing and of NaN.
#include "runtime/core/Reductions.h"

#include <gtest/gtest.h>

#include <vector>

namespace ravine::core {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double folded(uint32_t kind, std::vector<double> values) {
  return foldPairwise(kind, values.data(), values.size(), 1);
}

TEST(Reductions, OrderZerosBySign) {
  for (auto [a, b] : {std::pair(0.0, -0.0), std::pair(-0.0, 0.0)}) {
    EXPECT_FALSE(std::signbit(fold(RAVINE_REDUCE_MAX, a, b)));
    EXPECT_TRUE(std::signbit(fold(RAVINE_REDUCE_MIN, a, b)));
  }
}

TEST(Reductions, OfNothing) {
  EXPECT_EQ(folded(RAVINE_REDUCE_SUM, {}), 0);
  EXPECT_EQ(folded(RAVINE_REDUCE_MAX, {}), -infinity);
  EXPECT_EQ(folded(RAVINE_REDUCE_MIN, {}), infinity);
}

TEST(Reductions, SumPairwise) {
  // 2^53 swallows a lone 1 but not a 2, so that the result shows which were added first.
  const double big = 9007199254740992.0;
  EXPECT_EQ(folded(RAVINE_REDUCE_SUM, {3}), 3);
  EXPECT_EQ(folded(RAVINE_REDUCE_SUM, {big, 0, 1, 1}), big + 2);             // (big + 0) + (1 + 1)
  EXPECT_EQ(folded(RAVINE_REDUCE_SUM, {big, 1, 1, 0}), big);                 // (big + 1) + (1 + 0)
  EXPECT_EQ(folded(RAVINE_REDUCE_SUM, {1, 1, big}), big + 2);                // (1 + 1) + big
  EXPECT_EQ(folded(RAVINE_REDUCE_SUM, {1, 1, 0, 0, big}), big + 2);          // ((1 + 1) + (0 + 0)) + big
  EXPECT_EQ(folded(RAVINE_REDUCE_SUM, {0, 0, 0, 0, 1, 1, big}), big + 2);    // (…) + ((1 + 1) + big)
  EXPECT_EQ(folded(RAVINE_REDUCE_SUM, {big, 0, 0, 0, 0, 1, 1, 0}), big + 2); // (…) + ((0 + 1) + (1 + 0))
}

TEST(Reductions, TakeEveryStride) {
  std::vector<double> values = {1, 100, 2, 200, 3, 300};
  EXPECT_EQ(foldPairwise(RAVINE_REDUCE_SUM, values.data(), 3, 2), 6);
  EXPECT_EQ(foldPairwise(RAVINE_REDUCE_SUM, values.data() + 1, 3, 2), 600);
}

TEST(Reductions, FindExtremes) {
  EXPECT_EQ(folded(RAVINE_REDUCE_MAX, {-5, -2, -7}), -2);
  EXPECT_EQ(folded(RAVINE_REDUCE_MIN, {5, 2, 7}), 2);
  EXPECT_EQ(folded(RAVINE_REDUCE_MAX, {-infinity, infinity, 0}), infinity);
}

TEST(Reductions, KeepNaNWhereverItStands) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (uint32_t kind : {RAVINE_REDUCE_SUM, RAVINE_REDUCE_MAX, RAVINE_REDUCE_MIN})
    for (size_t place = 0; place < 5; ++place) {
      std::vector<double> values = {1, infinity, -3, 4, 5};
      values[place] = nan;
      EXPECT_TRUE(std::isnan(folded(kind, values))) << kind << " " << place;
    }
}

} // namespace

} // namespace ravine::core
