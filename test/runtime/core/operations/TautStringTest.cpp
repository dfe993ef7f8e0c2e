// Total variation denoising: against exact solutions, another algorithm and the conditions of optimality, and how much
// work it takes.
#include "runtime/core/operations/TautString.h"
#include "test/runtime/core/operations/Samples.h"
#include "test/runtime/core/operations/TautStrings.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <random>

namespace ravine::core::operations {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double greatest = std::numeric_limits<double>::max();

template <typename Number> std::vector<Number> denoise(std::vector<Number> x, double lambda) {
  operateAlone(RAVINE_OPERATION_TAUT_STRING, x, lambda);
  return x;
}

size_t workFor(std::vector<double> x, double lambda) {
  return tautString({x.data(), static_cast<int64_t>(x.size()), sizeof(double)}, lambda);
}

std::vector<double> curve(size_t count, const std::function<double(size_t)> &at) {
  std::vector<double> x(count);
  for (size_t i = 0; i < count; ++i)
    x[i] = at(i);
  return x;
}

/// Falls by 1 in all.
std::vector<double> ramp(size_t count) {
  return curve(count, [&](size_t i) { return -static_cast<double>(i) / static_cast<double>(count); });
}
std::vector<double> noise(size_t count) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  return curve(count, [&](size_t) { return normal(random); });
}

/// Inputs on which the segments and the ways to find them differ, all of the size of 1.
std::vector<Sample<double>> lines(size_t count) {
  const auto n = static_cast<double>(count);
  const std::vector<double> random = noise(count);
  double walk = 0;
  return {{"noise", random},
          {"walk", curve(count, [&](size_t i) { return walk += random[i] / std::sqrt(n); })},
          {"ramp", ramp(count)},
          {"parabola", curve(count, [&](size_t i) { return std::pow(static_cast<double>(i) / n - 0.4, 2); })},
          {"powers", curve(count, [&](size_t i) { return std::exp(-300 * static_cast<double>(i) / n); })},
          {"steps", curve(count, [&](size_t i) { return static_cast<double>(i / 100 % 7) / 7; })},
          {"noisy steps", curve(count, [&](size_t i) { return static_cast<double>(i / 999 % 3) + random[i] / 8; })},
          {"ramp, then noise",
           curve(count, [&](size_t i) { return i < count / 4 ? static_cast<double>(i) / n : random[i]; })},
          {"constant", curve(count, [](size_t) { return 0.7; })},
          {"alternating", curve(count, [](size_t i) { return i % 2 == 0 ? 1 : -1; })},
          {"thirds", curve(count, [](size_t i) { return static_cast<double>(i * i % 7) / 3; })}};
}

/// The conditions of optimality, which only the solution meets: the dual variable, the running sum of x − u, stays in
/// [−λ, λ], is λ where u falls and −λ where it rises, and 0 at the end. Each segment is looked at by itself, from the
/// exact value of the dual variable before it on; what is allowed for are the rounding of u to a double, and an error
/// of one rounding of the dual variable for each element.
void expectOptimal(const std::vector<double> &x, double lambda, const std::string &name) {
  const std::vector<double> u = denoise(x, lambda);
  long double before = 0;
  for (size_t first = 0, end; first < x.size(); first = end) {
    for (end = first; end < x.size() && u[end] == u[first];)
      ++end;
    const double behind = end == x.size() ? 0 : u[end] < u[first] ? lambda : -lambda;
    double farthest = 0;
    for (size_t i = first; i < end; ++i)
      farthest = std::max(farthest, std::abs(x[i] - u[i]));
    const double length = static_cast<double>(end - first);
    const double tolerance = length * epsilon * (std::abs(u[first]) + lambda + farthest);
    long double dual = before;
    for (size_t i = first; i < end; ++i) {
      dual += static_cast<long double>(x[i]) - static_cast<long double>(u[i]);
      ASSERT_LE(std::abs(dual), lambda + tolerance) << name << ", " << lambda << ", element " << i;
    }
    ASSERT_LE(std::abs(dual - behind), tolerance) << name << ", " << lambda << ", up to element " << end;
    before = behind;
  }
}

TEST(TautString, IsTheExactSolution) {
  for (const TautStringVector &vector : tautStringVectors) {
    double largest = 0;
    for (double x : vector.x)
      largest = std::max(largest, std::abs(x));
    const double tolerance = std::max(2 * epsilon * largest, std::numeric_limits<double>::denorm_min());
    const std::vector<double> found = denoise(vector.x, vector.lambda);
    for (size_t i = 0; i < found.size(); ++i)
      EXPECT_LE(std::abs(found[i] - vector.u[i]), tolerance) << vector.name << ", element " << i;
  }
}

TEST(TautString, MeetsTheConditionsOfOptimality) {
  for (size_t count : {2u, 3u, 50u, 3000u})
    for (const Sample<double> &sample : lines(count))
      for (double lambda : {1e-4, 0.01, 0.3, 1.0, 5.0, 60.0})
        expectOptimal(sample.numbers, lambda, sample.name + " of " + std::to_string(count));
}

TEST(TautString, MeetsTheConditionsOfOptimalityOnLongLines) {
  for (const Sample<double> &sample : lines(1000000))
    for (double lambda : {0.1, 100.0})
      expectOptimal(sample.numbers, lambda, sample.name);
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
  auto expectRoundedOnce = [](const std::vector<float> &x, double lambda, const std::string &name) {
    const std::vector<float> found = denoise(x, lambda);
    const std::vector<double> exact = denoise<double>({x.begin(), x.end()}, lambda);
    for (size_t i = 0; i < found.size(); ++i)
      ASSERT_EQ(found[i], static_cast<float>(exact[i])) << name << ", " << lambda << ", element " << i;
  };
  for (const Sample<float> &sample : samples<float>())
    expectRoundedOnce(sample.numbers, 0.3, sample.name);
  for (const Sample<double> &line : lines(3000))
    for (double lambda : {0.01, 1.0, 20.0})
      expectRoundedOnce({line.numbers.begin(), line.numbers.end()}, lambda, line.name);
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

/// Sums of distances are exact here, those of the elements themselves would not be.
TEST(TautString, ALargeMeanTakesNoDigits) {
  constexpr double mean = 0x1p40, unit = 0x1p-12; // the distance between doubles of this size
  for (const Sample<double> &sample : lines(200000)) {
    std::vector<double> x = sample.numbers, raised = x;
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] = std::round(x[i] / unit) * unit;
      raised[i] = x[i] + mean;
    }
    for (double lambda : {0.3, 30.0, 1000.0}) {
      const std::vector<double> expected = denoise(x, lambda), found = denoise(raised, lambda);
      for (size_t i = 0; i < x.size(); ++i)
        ASSERT_EQ(found[i], expected[i] + mean) << sample.name << ", " << lambda << ", element " << i;
    }
  }
}

TEST(TautString, SumsDoNotOverflow) {
  for (const Sample<double> &sample : lines(3000))
    for (double lambda : {0.01, 0.1, 0.5}) {
      std::vector<double> huge = sample.numbers;
      double largest = 0;
      for (double x : huge)
        largest = std::max(largest, std::abs(x));
      const double factor = std::exp2(std::min(1023 - std::ceil(std::log2(largest)), 1023.0));
      for (double &x : huge)
        x *= factor;
      const std::vector<double> expected = denoise(sample.numbers, lambda), found = denoise(huge, lambda * factor);
      for (size_t i = 0; i < huge.size(); ++i)
        ASSERT_EQ(found[i], expected[i] * factor) << sample.name << ", " << lambda << ", element " << i;
    }
  EXPECT_EQ(denoise<double>({greatest, greatest, greatest}, greatest), std::vector<double>(3, greatest));
  EXPECT_EQ(denoise<double>({greatest, -greatest}, infinity), std::vector<double>(2, 0));
  EXPECT_EQ(denoise<double>({-greatest, greatest}, greatest / 4),
            (std::vector<double>{-greatest * 0.75, greatest * 0.75}));
  constexpr float largest = std::numeric_limits<float>::max();
  EXPECT_EQ(denoise(std::vector<float>(5, largest), 1), std::vector<float>(5, largest));
}

TEST(TautString, WithoutLambdaNothingChanges) {
  const std::vector<double> x = {greatest, 5e-324, -0.0, 0.1, -greatest, 0.0};
  const std::vector<double> found = denoise(x, 0);
  for (size_t i = 0; i < x.size(); ++i)
    EXPECT_TRUE(areSame(found[i], x[i])) << i;
  EXPECT_TRUE(areSame(denoise<double>({-0.0}, 3)[0], -0.0)); // nor does a single element
  EXPECT_TRUE(denoise<double>({}, 1).empty());
}

/// On each of them the direct algorithm alone would read some hundred thousands of elements for each.
TEST(TautString, LongCurvesTakeWorkInProportion) {
  constexpr size_t count = 1 << 20;
  const double n = count;
  const std::vector<double> random = noise(count);
  const std::vector<Sample<double>> curves = {
      {"ramp", ramp(count)},
      {"rising", curve(count, [&](size_t i) { return static_cast<double>(i) / n; })},
      {"parabola", curve(count, [&](size_t i) { return std::pow(static_cast<double>(i) / n, 2); })},
      {"wave", curve(count, [&](size_t i) { return std::sin(6.28 * static_cast<double>(i) / n); })},
      {"ramp, then noise",
       curve(count, [&](size_t i) { return i < count / 4 ? static_cast<double>(i) / n : random[i]; })}};
  for (const Sample<double> &sample : curves)
    for (double lambda : {10.0, 10000.0}) {
      // Parts are read twice, and have about a half, a quarter … of all elements, down to one: 22 passes; 3 are the
      // direct algorithm's.
      EXPECT_LE(workFor(sample.numbers, lambda), count * (2 * 22 + 3)) << sample.name << ", " << lambda;
    }
  const double ratio =
      static_cast<double>(workFor(ramp(count), 1e4)) / static_cast<double>(workFor(ramp(count / 4), 2500));
  EXPECT_LE(ratio, 4.5);
}

/// Steps of all magnitudes that a double has, of which each mean cuts off few, behind a ramp that makes the direct
/// algorithm give up.
TEST(TautString, MagnitudesTakeSomeHundredPassesAtMost) {
  constexpr double unit = 0x1p-950;
  for (double base : {1.5, 30.0})
    for (bool isAlternating : {false, true}) {
      const auto steps = static_cast<size_t>(1900 / std::log2(base));
      const size_t length = 30000 / steps, rampCount = 20000;
      const std::vector<double> x = curve(rampCount + steps * length, [&](size_t i) {
        if (i < rampCount)
          return unit * static_cast<double>(i);
        const size_t step = (i - rampCount) / length;
        const double root = std::pow(base, static_cast<double>(step + 1) / 2); // its square may overflow
        return unit * rampCount * root * root * (isAlternating && step % 2 == 0 ? -1 : 1);
      });
      const size_t work = workFor(x, 1000 * unit);
      EXPECT_LE(work, 1000 * x.size()) << base << ", " << isAlternating;
      EXPECT_GE(work, 100 * x.size()) << base << ", " << isAlternating << ": no hard input any more";
    }
}

} // namespace

} // namespace ravine::core::operations
