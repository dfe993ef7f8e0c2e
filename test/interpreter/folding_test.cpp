// What numbers fold to.
#include "compiler/interpreter/Folding.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace ravine;
using ir::ReductionKind;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double fold(ReductionKind kind, const std::vector<double> &numbers) {
  Folding folding(kind);
  folding.add(numbers);
  return folding.result();
}

TEST(Folding, NothingIsTheNeutralNumber) {
  EXPECT_EQ(fold(ReductionKind::Sum, {}), 0);
  EXPECT_EQ(fold(ReductionKind::Max, {}), -infinity);
  EXPECT_EQ(fold(ReductionKind::Min, {}), infinity);
}

TEST(Folding, SumsLoseNothingToCancellation) {
  EXPECT_EQ(fold(ReductionKind::Sum, {1, 1e100, 1, -1e100}), 2);
  // A hundred thousand times the f64 next to 0.1, which is 0.1 + 5.55e-18.
  EXPECT_EQ(fold(ReductionKind::Sum, std::vector<double>(100'000, 0.1)), 10'000);
}

TEST(Folding, SumsOfInfinitiesAreInfiniteOrNone) {
  EXPECT_EQ(fold(ReductionKind::Sum, {1, infinity, -2}), infinity);
  EXPECT_EQ(fold(ReductionKind::Sum, {-infinity, 1e300}), -infinity);
  EXPECT_TRUE(std::isnan(fold(ReductionKind::Sum, {infinity, -infinity})));
  EXPECT_TRUE(std::isnan(fold(ReductionKind::Sum, {1, nan, 2})));
}

TEST(Folding, ExtremesAreNaNWhereAnyNumberIs) {
  EXPECT_EQ(fold(ReductionKind::Max, {-3, 2, 1}), 2);
  EXPECT_EQ(fold(ReductionKind::Min, {-3, 2, 1}), -3);
  EXPECT_TRUE(std::isnan(fold(ReductionKind::Max, {nan, infinity})));
  EXPECT_TRUE(std::isnan(fold(ReductionKind::Min, {-infinity, nan})));
}

TEST(Folding, PositiveZeroIsGreaterThanNegativeZero) {
  EXPECT_FALSE(std::signbit(fold(ReductionKind::Max, {-0.0, 0.0, -0.0})));
  EXPECT_TRUE(std::signbit(fold(ReductionKind::Min, {0.0, -0.0, 0.0})));
}

} // namespace
