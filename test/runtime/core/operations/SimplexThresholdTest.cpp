// The threshold of the projection onto a simplex, against the definition and against sorting.
#include "test/runtime/core/operations/Samples.h"

#include <algorithm>

namespace ravine::core::operations {

namespace {

template <typename Number> class Simplex : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(Simplex, Numbers);

/// By sorting, as Held, Wolfe & Crowder (1974): the greatest numbers are active, as long as each lies above the
/// threshold that they and those before it have.
template <typename Number> long double thresholdBySorting(std::vector<Number> numbers, long double s) {
  std::sort(numbers.begin(), numbers.end(), std::greater<>());
  long double sum = 0, threshold = 0;
  for (size_t i = 0; i < numbers.size(); ++i) {
    sum += static_cast<long double>(numbers[i]);
    long double with = (sum - s) / static_cast<long double>(i + 1);
    if (i > 0 && static_cast<long double>(numbers[i]) <= with)
      break;
    threshold = with;
  }
  return threshold;
}

TYPED_TEST(Simplex, ThresholdIsThatOfTheSorted) {
  for (Sample<TypeParam> &sample : samples<TypeParam>()) {
    if (sample.numbers.empty())
      continue;
    const double largest = static_cast<double>(*std::max_element(sample.numbers.begin(), sample.numbers.end()));
    for (double s : {1e-9, 0.5, 1.0, 40.0, 1e7}) {
      const double found = operateAlone(RAVINE_OPERATION_SIMPLEX_THRESHOLD, sample.numbers, s);
      const auto expected = static_cast<double>(thresholdBySorting(sample.numbers, s));
      // Distances from the greatest number are rounded, n of them summed pairwise.
      const double scale =
          std::max({std::abs(largest), std::abs(expected), s / static_cast<double>(sample.numbers.size())});
      EXPECT_NEAR(found, expected, 1e-14 * scale) << sample.name << ", " << s;
    }
  }
}

TYPED_TEST(Simplex, ThreadsDoNotMatter) {
  for (Sample<TypeParam> &sample : samples<TypeParam>())
    for (double s : {0.0, 0.5, 40.0, 1e7}) {
      double found = operateInPieces(RAVINE_OPERATION_SIMPLEX_THRESHOLD, sample.numbers, s, 1);
      for (uint32_t threads : {2u, 7u})
        EXPECT_TRUE(areSame(operateInPieces(RAVINE_OPERATION_SIMPLEX_THRESHOLD, sample.numbers, s, threads), found))
            << sample.name << ", " << s;
    }
}

TYPED_TEST(Simplex, EdgesAreAsDefined) {
  auto threshold = [](std::vector<double> given, double s) {
    std::vector<TypeParam> numbers(given.begin(), given.end());
    return operateAlone(RAVINE_OPERATION_SIMPLEX_THRESHOLD, numbers, s);
  };
  EXPECT_TRUE(std::isnan(threshold({}, 1)));
  EXPECT_TRUE(std::isnan(threshold({1, 2}, -1e-300)));
  EXPECT_TRUE(std::isnan(threshold({1, 2}, notANumber)));
  EXPECT_TRUE(std::isnan(threshold({1, notANumber, 2}, 1)));
  EXPECT_TRUE(std::isnan(threshold({1, notANumber, 2}, 0)));
  EXPECT_EQ(threshold({3, 5, 4}, 0), 5);
  EXPECT_TRUE(areSame(threshold({-0.0}, 0), 0.0));
  EXPECT_EQ(threshold({3}, 1), 2);
  EXPECT_EQ(threshold({-infinity, 3, 1}, 1), 2);
  EXPECT_EQ(threshold({infinity, 3}, 1), infinity);
  EXPECT_EQ(threshold({3, 5, 4}, infinity), -infinity);
}

/// Each of these makes the next one matter only when it has left, so that Newton's method has to go step by step.
TEST(SimplexSteps, AreFewForNumbersThatLeaveOneByOne) {
  std::vector<double> numbers;
  for (double x = 1; numbers.size() < 300; x *= 1.9)
    numbers.push_back(-x);
  const double s = 1e-3;
  const auto expected = static_cast<double>(thresholdBySorting(numbers, s));
  EXPECT_NEAR(operateAlone(RAVINE_OPERATION_SIMPLEX_THRESHOLD, numbers, s), expected, 1e-14);
  const double most = 1e80; // so that nearly all are active at first
  EXPECT_NEAR(operateAlone(RAVINE_OPERATION_SIMPLEX_THRESHOLD, numbers, most) /
                  static_cast<double>(thresholdBySorting(numbers, most)),
              1, 1e-13);
}

} // namespace

} // namespace ravine::core::operations
