// Searches by rank, and the marking of the largest, against sorting.
#include "test/runtime/core/operations/Samples.h"

#include <algorithm>

namespace ravine::core::operations {

namespace {

template <typename Number> class RanksOf : public testing::Test {};
using Numbers = testing::Types<float, double>;
TYPED_TEST_SUITE(RanksOf, Numbers);

template <typename Number> std::vector<Number> sorted(std::vector<Number> numbers) {
  std::sort(numbers.begin(), numbers.end());
  for (Number &number : numbers)
    number += 0; // −0 counts as 0
  return numbers;
}

template <typename Number>
void expectFound(uint32_t operation, const Sample<Number> &sample, double argument, double expected) {
  std::vector<Number> numbers = sample.numbers;
  EXPECT_TRUE(areSame(operateAlone(operation, numbers, argument), expected)) << sample.name << ", " << argument;
  for (uint32_t threads : {1u, 2u, 7u})
    EXPECT_TRUE(areSame(operateInPieces(operation, numbers, argument, threads), expected))
        << sample.name << ", " << argument << ", " << threads << " threads";
  EXPECT_TRUE(std::equal(numbers.begin(), numbers.end(), sample.numbers.begin(), [](Number a, Number b) {
    return areSame(static_cast<double>(a), static_cast<double>(b));
  })) << sample.name;
}

TYPED_TEST(RanksOf, KthLargestIsThatOfTheSorted) {
  for (const Sample<TypeParam> &sample : samples<TypeParam>()) {
    const std::vector<TypeParam> order = sorted(sample.numbers);
    const double n = static_cast<double>(order.size());
    for (double k : {-infinity, 0.5, 1.0, 2.5, n / 3, n, n + 1, infinity}) {
      double rounded = std::nearbyint(k);
      double expected = rounded < 1   ? infinity
                        : rounded > n ? -infinity
                                      : static_cast<double>(order[order.size() - static_cast<size_t>(rounded)]);
      expectFound(RAVINE_OPERATION_KTH_LARGEST, sample, k, expected);
    }
    expectFound(RAVINE_OPERATION_KTH_LARGEST, sample, notANumber, notANumber);
  }
}

TYPED_TEST(RanksOf, QuantileLiesBetweenNeighbours) {
  for (const Sample<TypeParam> &sample : samples<TypeParam>()) {
    const std::vector<TypeParam> order = sorted(sample.numbers);
    for (double q : {-1.0, 0.1, 1.0 / 3, 0.5, 0.999, 2.0}) {
      double place = (static_cast<double>(order.size()) - 1) * std::clamp(q, 0.0, 1.0);
      auto below = static_cast<size_t>(std::max(0.0, std::floor(place)));
      double expected = notANumber;
      if (!order.empty()) {
        const auto low = static_cast<double>(order[below]);
        const auto high = static_cast<double>(order[std::min(below + 1, order.size() - 1)]);
        expected = low == high ? low : std::lerp(low, high, place - std::floor(place));
      }
      expectFound(RAVINE_OPERATION_QUANTILE, sample, q, expected);
    }
    expectFound(RAVINE_OPERATION_QUANTILE, sample, notANumber, notANumber);
  }
}

TYPED_TEST(RanksOf, InfinitiesAreNumbersAndNaNIsNone) {
  const auto large = static_cast<TypeParam>(infinity), nan = static_cast<TypeParam>(notANumber);
  Sample<TypeParam> infinite{"infinite", {-large, 1, large, -large}};
  expectFound(RAVINE_OPERATION_KTH_LARGEST, infinite, 1, infinity);
  expectFound(RAVINE_OPERATION_KTH_LARGEST, infinite, 2, 1);
  expectFound(RAVINE_OPERATION_KTH_LARGEST, infinite, 4, -infinity);
  expectFound(RAVINE_OPERATION_QUANTILE, infinite, 0.5, -infinity); // halfway between -inf and 1
  expectFound(RAVINE_OPERATION_QUANTILE, infinite, 0.25, -infinity);
  for (size_t count : {3, 5000})
    for (TypeParam its : {nan, -nan}) {
      Sample<TypeParam> broken{"with NaN", std::vector<TypeParam>(count, 2)};
      broken.numbers[count - 2] = its;
      for (double k : {0.0, 1.0, 1e9})
        expectFound(RAVINE_OPERATION_KTH_LARGEST, broken, k, notANumber);
      expectFound(RAVINE_OPERATION_QUANTILE, broken, 1, notANumber);
    }
  for (size_t count : {3, 5000})
    for (TypeParam its : {-large, std::numeric_limits<TypeParam>::lowest()}) {
      Sample<TypeParam> low{"without NaN", std::vector<TypeParam>(count, 2)};
      low.numbers[count - 2] = its;
      expectFound(RAVINE_OPERATION_KTH_LARGEST, low, 1, 2);
      expectFound(RAVINE_OPERATION_KTH_LARGEST, low, static_cast<double>(count), static_cast<double>(its));
      expectFound(RAVINE_OPERATION_QUANTILE, low, 1, 2);
    }
}

// ---- largest

/// Marks by sorting, ties to the first.
template <typename Number> std::vector<Number> marked(const std::vector<Number> &numbers, double argument) {
  std::vector<size_t> order(numbers.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (std::isnan(numbers[a]) || std::isnan(numbers[b]))
      return std::isnan(numbers[a]) == std::isnan(numbers[b]) ? a < b : std::isnan(numbers[b]);
    return numbers[a] == numbers[b] ? a < b : numbers[a] > numbers[b];
  });
  double k = std::isnan(argument) ? 0 : std::clamp(std::nearbyint(argument), 0.0, static_cast<double>(numbers.size()));
  std::vector<Number> marks(numbers.size());
  for (size_t i = 0; i < static_cast<size_t>(k); ++i)
    marks[order[i]] = 1;
  return marks;
}

TYPED_TEST(RanksOf, ExactlyKAreMarkedAndTiesFromTheFront) {
  std::vector<Sample<TypeParam>> all = samples<TypeParam>();
  Sample<TypeParam> broken{"with NaN and infinities", std::vector<TypeParam>(9001)};
  for (size_t i = 0; i < broken.numbers.size(); ++i)
    broken.numbers[i] = static_cast<TypeParam>(i % 5 == 0   ? notANumber
                                               : i % 7 == 0 ? infinity
                                               : i % 3 == 0 ? -infinity
                                                            : static_cast<double>(i % 11));
  all.push_back(broken);
  for (const Sample<TypeParam> &sample : all) {
    const double n = static_cast<double>(sample.numbers.size());
    for (double k : {-3.0, 0.0, 1.0, 2.5, n / 2, n - 1, infinity, notANumber}) {
      const std::vector<TypeParam> expected = marked(sample.numbers, k);
      std::vector<TypeParam> alone = sample.numbers;
      operateAlone(RAVINE_OPERATION_LARGEST, alone, k);
      EXPECT_EQ(alone, expected) << sample.name << ", " << k;
      for (uint32_t threads : {1u, 2u, 7u}) {
        std::vector<TypeParam> together = sample.numbers;
        operateInPieces(RAVINE_OPERATION_LARGEST, together, k, threads);
        EXPECT_EQ(together, expected) << sample.name << ", " << k << ", " << threads << " threads";
      }
    }
  }
}

// ---- the model

TEST(RanksOfModel, StretchesAreOneSequence) {
  for (Sample<float> &sample : samples<float>()) {
    const size_t n = sample.numbers.size();
    std::vector<float> whole = sample.numbers, parts = sample.numbers;
    const double k = static_cast<double>(n) / 3;
    std::vector<size_t> lengths = {n / 7, 0, n / 2, n - n / 2 - n / 7};
    EXPECT_TRUE(areSame(operateInPieces(RAVINE_OPERATION_KTH_LARGEST, parts, k, 2, lengths),
                        operateAlone(RAVINE_OPERATION_KTH_LARGEST, whole, k)))
        << sample.name;
    operateInPieces(RAVINE_OPERATION_LARGEST, parts, k, 2, lengths);
    operateAlone(RAVINE_OPERATION_LARGEST, whole, k);
    EXPECT_EQ(parts, whole) << sample.name;
  }
}

TEST(RanksOfModel, FloatsAndDoublesAreComparedAsTheyAre) {
  std::vector<float> floats = {1, 3, 0.1f};
  std::vector<double> doubles = {0.1, 3, 2};
  Stretch stretches[] = {{floats.data(), 3, 4}, {doubles.data(), 3, 8}};
  Elements elements(stretches, 2);
  std::vector<PieceRecord> records(elements.pieceCount());
  Crew crew(records);
  EXPECT_EQ(operate(RAVINE_OPERATION_KTH_LARGEST, elements, 5, crew), static_cast<double>(0.1f)); // more than 0.1
  EXPECT_EQ(operate(RAVINE_OPERATION_KTH_LARGEST, elements, 6, crew), 0.1);
  operate(RAVINE_OPERATION_LARGEST, elements, 1, crew);
  EXPECT_EQ(floats, (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(doubles, (std::vector<double>{0, 0, 0}));
}

} // namespace

} // namespace ravine::core::operations
