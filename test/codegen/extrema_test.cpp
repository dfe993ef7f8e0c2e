// The larger and the smaller of two numbers, of which one is the same for all elements: zeros keep their order and NaN
// is kept, whichever of the two is NaN, on each instruction set, whether subnormal numbers count as zero or not.
#include "runtime/core/FloatingPoint.h"
#include "test/codegen/VectorMathKernels.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>
#include <vector>

namespace ravine::test {
namespace {

using Element = VectorMathKernels::Element;
using Subnormals = core::FloatingPointMode::Subnormals;

/// IEEE 754-2019, section 9.6: maximum and minimum.
template <typename Number> Number larger(Number a, Number b) {
  if (std::isnan(a) || std::isnan(b))
    return std::numeric_limits<Number>::quiet_NaN();
  if (a == b)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
template <typename Number> Number smaller(Number a, Number b) {
  return -larger<Number>(-a, -b);
}

template <typename Number> Number flushed(Number number) {
  return std::fpclassify(number) == FP_SUBNORMAL ? std::copysign(Number(0), number) : number;
}

template <typename Number> bool isSame(Number left, Number right) {
  return (std::isnan(left) && std::isnan(right)) || (left == right && std::signbit(left) == std::signbit(right));
}

template <typename Number> std::vector<Number> specialNumbers() {
  using Limits = std::numeric_limits<Number>;
  std::vector<Number> numbers;
  for (Number magnitude : {Number(0), Limits::denorm_min(), Limits::min(), Number(0.5), Number(1), Number(3),
                           Limits::max(), Limits::infinity(), Limits::quiet_NaN()}) {
    numbers.push_back(magnitude);
    numbers.push_back(-magnitude);
  }
  while (numbers.size() % 16 != 0)
    numbers.push_back(numbers[numbers.size() % 7]);
  return numbers;
}

template <typename Number> void compareAllPairs(Element element, const std::string &processor) {
  const VectorMathKernels kernels(element, 16, processor);
  const std::vector<Number> numbers = specialNumbers<Number>();
  auto compare = [&](const std::string &name, Number (*expected)(Number, Number)) {
    for (Number bound : numbers) {
      const std::vector<Number> bounds(numbers.size(), bound);
      auto run = [&](Subnormals subnormals) {
        std::vector<Number> out(numbers.size());
        core::FloatingPointMode mode(subnormals);
        kernels.find(name)(numbers.data(), bounds.data(), out.data(), static_cast<int64_t>(numbers.size()));
        return out;
      };
      const std::vector<Number> kept = run(Subnormals::Keep), counted = run(Subnormals::Flush);
      for (size_t i = 0; i < numbers.size(); ++i) {
        EXPECT_TRUE(isSame(kept[i], expected(numbers[i], bound)))
            << name << " of " << numbers[i] << " and " << bound << " is " << kept[i];
        EXPECT_TRUE(isSame(flushed(counted[i]), expected(flushed(numbers[i]), flushed(bound))))
            << name << " of " << numbers[i] << " and " << bound << " is " << counted[i]
            << " where subnormal numbers count as zero";
      }
    }
  };
  for (const char *form : {"", "_bound", "_bound_first"}) {
    compare(std::string("maximumf") + form, larger<Number>);
    compare(std::string("minimumf") + form, smaller<Number>);
  }
}

class Extrema : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    if (std::string(GetParam()) == "x86-64-v4" && !hostSupports("avx512dq"))
      GTEST_SKIP() << "this processor has no AVX-512";
  }
};

TEST_P(Extrema, OfSingles) {
  compareAllPairs<float>(Element::F32, GetParam());
}

TEST_P(Extrema, OfDoubles) {
  compareAllPairs<double>(Element::F64, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Processors, Extrema, testing::Values("x86-64-v3", "x86-64-v4"), [](const auto &processor) {
  return std::string(processor.param).substr(std::string("x86-64-").size());
});

} // namespace
} // namespace ravine::test
