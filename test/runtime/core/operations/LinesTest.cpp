// Operations that depend on the order of elements: differences, and total variation denoising against another
// algorithm.
#include "test/runtime/core/operations/Samples.h"

#include <deque>
#include <random>

namespace ravine::core::operations {

namespace {

TEST(Difference, IsTheNextLessThisAndZeroAtTheEnd) {
  for (const Sample<float> &sample : samples<float>()) {
    std::vector<float> expected(sample.numbers.size());
    for (size_t i = 0; i + 1 < expected.size(); ++i)
      expected[i] = sample.numbers[i + 1] - sample.numbers[i];
    std::vector<float> alone = sample.numbers;
    operateAlone(RAVINE_OPERATION_DIFFERENCE, alone, 0);
    EXPECT_EQ(alone, expected) << sample.name;
    for (uint32_t threads : {1u, 2u, 7u}) {
      std::vector<float> together = sample.numbers;
      operateInPieces(RAVINE_OPERATION_DIFFERENCE, together, 0, threads);
      EXPECT_EQ(together, expected) << sample.name << ", " << threads << " threads";
    }
  }
}

/// Dynamic programming over the last value (Johnson 2013): the derivative of what the elements so far cost, as a
/// function of the last one's value, is piecewise linear and rising; a message passes it on clipped to [−λ, λ]. All
/// slopes and offsets are kept for each piece, so that it takes time n² at most, and in long double.
std::vector<double> denoised(const std::vector<double> &x, double lambda) {
  using Real = long double;
  struct Knot {
    Real at, slope, offset; // what is added to the derivative from there on
  };
  const size_t n = x.size();
  std::vector<Real> lower(n), upper(n), u(n);
  std::deque<Knot> knots;
  Real firstSlope = 0, firstOffset = 0, lastSlope = 0, lastOffset = 0;
  for (size_t i = 0; i < n; ++i) {
    firstSlope += 1, firstOffset -= static_cast<Real>(x[i]);
    lastSlope += 1, lastOffset -= static_cast<Real>(x[i]);
    if (i + 1 == n)
      break;
    // Where the derivative reaches −λ, from the left, and λ, from the right.
    Real slope = firstSlope, offset = firstOffset;
    while (!knots.empty() && slope * knots.front().at + offset < -lambda) {
      slope += knots.front().slope, offset += knots.front().offset;
      knots.pop_front();
    }
    lower[i] = (-lambda - offset) / slope;
    knots.push_front({lower[i], slope, offset + lambda});
    slope = lastSlope, offset = lastOffset;
    while (knots.size() > 1 && slope * knots.back().at + offset > lambda) {
      slope -= knots.back().slope, offset -= knots.back().offset;
      knots.pop_back();
    }
    upper[i] = (lambda - offset) / slope;
    knots.push_back({upper[i], -slope, lambda - offset});
    firstSlope = lastSlope = 0;
    firstOffset = -lambda, lastOffset = lambda;
  }
  Real slope = firstSlope, offset = firstOffset;
  for (; !knots.empty() && slope * knots.front().at + offset < 0; knots.pop_front())
    slope += knots.front().slope, offset += knots.front().offset;
  u[n - 1] = -offset / slope;
  for (size_t i = n - 1; i-- > 0;)
    u[i] = std::clamp(u[i + 1], lower[i], upper[i]);
  return {u.begin(), u.end()};
}

TEST(TautString, IsTheMinimum) {
  for (const Sample<double> &sample : samples<double>()) {
    if (sample.numbers.empty())
      continue;
    double largest = 0;
    for (double x : sample.numbers)
      largest = std::max(largest, std::abs(x));
    if (largest > 0 && largest < std::numeric_limits<double>::min())
      continue; // means of subnormal numbers have no digits to spare
    for (double factor : {0.0, 1e-3, 0.3, 1.0, 25.0, 1e5}) {
      const double lambda = factor * largest;
      const std::vector<double> expected = denoised(sample.numbers, lambda);
      std::vector<double> found = sample.numbers;
      operateAlone(RAVINE_OPERATION_TAUT_STRING, found, lambda);
      for (size_t i = 0; i < found.size(); ++i)
        ASSERT_NEAR(found[i], expected[i], 1e-11 * largest) << sample.name << ", " << lambda << ", element " << i;
    }
  }
}

TEST(TautString, IsRoundedOnceInFloats) {
  for (const Sample<float> &sample : samples<float>()) {
    std::vector<float> found = sample.numbers;
    std::vector<double> exact(found.begin(), found.end());
    operateAlone(RAVINE_OPERATION_TAUT_STRING, found, 0.3);
    operateAlone(RAVINE_OPERATION_TAUT_STRING, exact, 0.3);
    for (size_t i = 0; i < found.size(); ++i)
      ASSERT_EQ(found[i], static_cast<float>(exact[i])) << sample.name << ", element " << i;
  }
}

/// Means of a few floats lie halfway between two others again and again.
TEST(TautString, HalfwayValuesAreRoundedToEven) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    std::vector<float> found(50);
    for (float &x : found)
      x = 1 + static_cast<float>(random() % 1024) * 0x1p-23f;
    const double lambda = 1000 * 0x1p-23;
    const std::vector<double> expected = denoised({found.begin(), found.end()}, lambda);
    operateAlone(RAVINE_OPERATION_TAUT_STRING, found, lambda);
    for (size_t i = 0; i < found.size(); ++i)
      ASSERT_EQ(found[i], static_cast<float>(expected[i])) << "round " << round << ", element " << i;
  }
}

TEST(TautString, StepsStay) {
  std::vector<double> step = {0, 0, 0, 0, 10, 10, 10, 10};
  operateAlone(RAVINE_OPERATION_TAUT_STRING, step, 2);
  EXPECT_EQ(step, (std::vector<double>{0.5, 0.5, 0.5, 0.5, 9.5, 9.5, 9.5, 9.5}));
  operateAlone(RAVINE_OPERATION_TAUT_STRING, step, 0);
  EXPECT_EQ(step, (std::vector<double>{0.5, 0.5, 0.5, 0.5, 9.5, 9.5, 9.5, 9.5}));
  for (double lambda : {1e30, infinity}) {
    std::vector<double> flat = step;
    operateAlone(RAVINE_OPERATION_TAUT_STRING, flat, lambda);
    EXPECT_EQ(flat, std::vector<double>(8, 5));
  }
}

TEST(TautString, WhatIsNoNumberSpreads) {
  for (auto [x, lambda] :
       {std::pair{notANumber, 1.0}, {infinity, 1.0}, {-infinity, 0.0}, {1.0, notANumber}, {1.0, -1e-9}}) {
    std::vector<double> numbers = {1, 2, x, 4};
    operateAlone(RAVINE_OPERATION_TAUT_STRING, numbers, lambda);
    for (double number : numbers)
      EXPECT_TRUE(std::isnan(number)) << x << ", " << lambda;
  }
}

} // namespace

} // namespace ravine::core::operations
