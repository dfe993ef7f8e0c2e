// The vector mathematics against libm of the next wider type: each function in f32 and f64, with FTZ and on each ISA.
//
// RAVINE_EXHAUSTIVE=1 runs the functions of one argument over all 2^32 f32 (minutes for each).
#include "test/codegen/VectorMathKernels.h"
#include "test/codegen/VectorMathReference.h"

#include "gtest/gtest.h"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ravine::test {
namespace {

using Element = VectorMathKernels::Element;
constexpr int64_t width = 16;
template <typename Type> constexpr Element elementOf = sizeof(typename Type::Value) == 4 ? Element::F32 : Element::F64;

TEST(VectorMathUlp, MeasuresDistances) {
  EXPECT_EQ(ulpDistance<F32>(1.0f, 1.0), 0);
  EXPECT_EQ(ulpDistance<F32>(std::nextafterf(1.0f, 2.0f), 1.0), 1);
  EXPECT_EQ(ulpDistance<F32>(0.0f, 0x1p-149), 1);
  EXPECT_TRUE(std::isinf(ulpDistance<F32>(0.0f, -0.0)));
  EXPECT_TRUE(std::isinf(ulpDistance<F32>(1.0f, std::nan(""))));
  EXPECT_TRUE(std::isinf(ulpDistance<F32>(std::numeric_limits<float>::max(), 1e39)));
  EXPECT_EQ(ulpDistance<F32>(INFINITY, 0x1.fffffep127), 1);
}

// ---- running kernels

/// Compiled once for each type and processor.
const VectorMathKernels &kernelsFor(Element element, const std::string &processor = "") {
  static std::map<std::pair<Element, std::string>, std::unique_ptr<VectorMathKernels>> all;
  auto &kernels = all[{element, processor}];
  if (!kernels)
    kernels = std::make_unique<VectorMathKernels>(element, width, processor);
  return *kernels;
}

template <typename Value>
std::vector<Value> run(VectorKernel *kernel, const std::vector<Value> &x, const std::vector<Value> &y) {
  std::vector<Value> out(x.size());
  kernel(x.data(), y.data(), out.data(), int64_t(x.size()));
  return out;
}

#if defined(__x86_64__)
/// Subnormal numbers count as zero while this lives, as in every kernel of an optimizer.
class FlushSubnormals {
public:
  FlushSubnormals() : saved(_mm_getcsr()) { _mm_setcsr(saved | 0x8040); }
  ~FlushSubnormals() { _mm_setcsr(saved); }

private:
  unsigned saved;
};
#endif

/// The largest error over the arguments, and where it is.
template <typename Type> struct Worst {
  double ulp = 0;
  typename Type::Value x = 0, y = 0, actual = 0;
  typename Type::Wide expected = 0;
};

template <typename Type>
std::vector<typename Type::Wide> expectedOf(const Function &function, const std::vector<typename Type::Value> &x,
                                            const std::vector<typename Type::Value> &y) {
  std::vector<typename Type::Wide> expected(x.size());
  for (size_t i = 0; i < x.size(); ++i)
    expected[i] = Type::reference(function, x[i], y[i]);
  return expected;
}

template <typename Type>
Worst<Type> worstOf(const std::vector<typename Type::Value> &x, const std::vector<typename Type::Value> &y,
                    const std::vector<typename Type::Value> &actual, const std::vector<typename Type::Wide> &expected,
                    bool skipSubnormals = false) {
  const auto smallest = std::numeric_limits<typename Type::Value>::min();
  auto isSubnormal = [&](auto v) { return v != 0 && std::fabs(v) <= smallest; };
  Worst<Type> worst;
  for (size_t i = 0; i < x.size(); ++i) {
    if (skipSubnormals && (isSubnormal(x[i]) || isSubnormal(y[i]) || isSubnormal(expected[i])))
      continue;
    double ulp = ulpDistance<Type>(actual[i], expected[i]);
    if (ulp > worst.ulp)
      worst = {ulp, x[i], y[i], actual[i], expected[i]};
  }
  return worst;
}

template <typename Type> std::string describe(const Function &function, const Worst<Type> &worst) {
  char text[200];
  std::snprintf(text, sizeof text, "%s(%a, %a) = %a, expected %La: %.4f ULP", function.name, double(worst.x),
                double(worst.y), double(worst.actual), static_cast<long double>(worst.expected), worst.ulp);
  return text;
}

class VectorMath : public testing::TestWithParam<Function> {
protected:
  void SetUp() override {
#if defined(__x86_64__)
    if (!hostSupports("fma"))
      GTEST_SKIP() << "the vector mathematics needs a fused multiply-add";
#endif
  }

  template <typename Type> void expectAccurate() {
    const Function &function = GetParam();
    Arguments<Type> arguments(function);
    VectorKernel *kernel = kernelsFor(elementOf<Type>).find(function.name);
    auto expected = expectedOf<Type>(function, arguments.x, arguments.y);
    auto worst = worstOf<Type>(arguments.x, arguments.y, run(kernel, arguments.x, arguments.y), expected);
    RecordProperty("max_ulp", std::to_string(worst.ulp));
    EXPECT_LE(worst.ulp, Type::maximumUlp(function)) << describe(function, worst);

#if defined(__x86_64__)
    std::vector<typename Type::Value> flushed;
    {
      FlushSubnormals scope;
      flushed = run(kernel, arguments.x, arguments.y);
    }
    worst = worstOf<Type>(arguments.x, arguments.y, flushed, expected, /*skipSubnormals=*/true);
    EXPECT_LE(worst.ulp, Type::maximumUlp(function)) << "subnormals flushed: " << describe(function, worst);
#endif
  }

#if defined(__x86_64__)
  /// Not only near 0: -0 and log 0 tell zero from small.
  template <typename Type> void expectSubnormalsCountAsZero() {
    using Value = typename Type::Value;
    using Limits = std::numeric_limits<Value>;
    VectorKernel *kernel = kernelsFor(elementOf<Type>).find(GetParam().name);
    std::vector<Value> subnormals, zeros;
    for (Value v :
         {Limits::denorm_min(), Limits::min() / 3, Limits::min() / 2, std::nextafter(Limits::min(), Value(0))})
      for (Value signedValue : {v, -v})
        for (int repeat = 0; repeat < 2; ++repeat) {
          subnormals.push_back(signedValue);
          zeros.push_back(std::copysign(Value(0), signedValue));
        }
    std::vector<Value> exponents(width, Value(3)), ofSubnormals, ofZeros;
    {
      FlushSubnormals scope;
      ofSubnormals = run(kernel, subnormals, exponents);
      ofZeros = run(kernel, zeros, exponents);
    }
    for (size_t i = 0; i < width; ++i)
      EXPECT_EQ(std::bit_cast<typename Type::Word>(ofSubnormals[i]), std::bit_cast<typename Type::Word>(ofZeros[i]))
          << GetParam().name << " of " << subnormals[i];
  }
#endif

  template <typename Type> void expectSameBits(const std::string &processor) {
    const Function &function = GetParam();
    Arguments<Type> arguments(function);
    auto native = run(kernelsFor(elementOf<Type>).find(function.name), arguments.x, arguments.y);
    auto other = run(kernelsFor(elementOf<Type>, processor).find(function.name), arguments.x, arguments.y);
    for (size_t i = 0; i < native.size(); ++i) {
      if (std::isnan(native[i]) && std::isnan(other[i]))
        continue;
      ASSERT_EQ(std::bit_cast<typename Type::Word>(native[i]), std::bit_cast<typename Type::Word>(other[i]))
          << function.name << " of " << arguments.x[i] << ", " << arguments.y[i];
    }
  }
};

TEST_P(VectorMath, IsAccurateInF32) {
  expectAccurate<F32>();
}
TEST_P(VectorMath, IsAccurateInF64) {
  expectAccurate<F64>();
}

#if defined(__x86_64__)
TEST_P(VectorMath, CountsFlushedSubnormalsAsZero) {
  expectSubnormalsCountAsZero<F32>();
  expectSubnormalsCountAsZero<F64>();
}

TEST_P(VectorMath, GivesTheSameBitsOnAVX2) {
  expectSameBits<F32>("haswell");
  expectSameBits<F64>("haswell");
}
#endif

/// All 2^32 arguments, block by block.
TEST_P(VectorMath, IsAccurateForEveryF32) {
  const Function &function = GetParam();
  if (!std::getenv("RAVINE_EXHAUSTIVE"))
    GTEST_SKIP() << "set RAVINE_EXHAUSTIVE=1";
  if (isBinary(function))
    GTEST_SKIP() << "two arguments";
  VectorKernel *kernel = kernelsFor(Element::F32).find(function.name);
  constexpr uint32_t block = 1 << 16;
  std::vector<float> x(block);
  Worst<F32> worst;
  for (uint64_t first = 0; first < (uint64_t(1) << 32); first += block) {
    for (uint32_t i = 0; i < block; ++i)
      x[i] = std::bit_cast<float>(uint32_t(first + i));
    Worst<F32> ofBlock = worstOf<F32>(x, x, run(kernel, x, x), expectedOf<F32>(function, x, x));
    if (ofBlock.ulp > worst.ulp)
      worst = ofBlock;
  }
  std::printf("%s\n", describe(function, worst).c_str());
  EXPECT_LE(worst.ulp, function.maximumUlp) << describe(function, worst);
}

INSTANTIATE_TEST_SUITE_P(, VectorMath, testing::ValuesIn(functions),
                         [](const auto &info) { return std::string(info.param.name); });

// ---- special values of powf, C99 Annex F.9.4.4, written out

TEST(VectorMathPower, FollowsAnnexF) {
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  struct Row {
    double x, y, expected;
  };
  std::vector<Row> rows = {
      {0, -3, inf},     {-0.0, -3, -inf}, {-0.0, -2, inf},    {0, -0.5, inf},   {-0.0, -0.5, inf}, {0, -inf, inf},
      {-0.0, 3, -0.0},  {0, 3, 0},        {-0.0, 2, 0},       {-0.0, 0.5, 0},   {-1, inf, 1},      {-1, -inf, 1},
      {1, nan, 1},      {1, inf, 1},      {nan, 0, 1},        {inf, -0.0, 1},   {0, 0, 1},         {-2, 0.5, nan},
      {0.5, -inf, inf}, {2, -inf, 0},     {0.5, inf, 0},      {-2, inf, inf},   {-inf, -3, -0.0},  {-inf, -2, 0},
      {-inf, -0.5, 0},  {-inf, 3, -inf},  {-inf, 2, inf},     {-inf, 0.5, inf}, {inf, -1, 0},      {inf, 1, inf},
      {-2, 3, -8},      {-2, -2, 0.25},   {-8, 1.0 / 3, nan}, {nan, 1, nan},    {2, nan, nan},     {-1, nan, nan}};
  for (Element element : {Element::F32, Element::F64}) {
    VectorKernel *kernel = kernelsFor(element).find("powf");
    for (const Row &row : rows) {
      double actual;
      if (element == Element::F32)
        actual = run(kernel, std::vector<float>(width, float(row.x)), std::vector<float>(width, float(row.y)))[0];
      else
        actual = run(kernel, std::vector<double>(width, row.x), std::vector<double>(width, row.y))[0];
      EXPECT_TRUE(std::isnan(row.expected)
                      ? std::isnan(actual)
                      : actual == row.expected && std::signbit(actual) == std::signbit(row.expected))
          << "pow(" << row.x << ", " << row.y << ") = " << actual << ", expected " << row.expected;
    }
  }
}

// ---- other widths, and what the pass leaves to hardware

TEST(VectorMathWidths, AreAllTheSameFunction) {
  const Function &exponential = functions[0], &sine = functions[5];
  std::vector<float> x(240), y(240);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = float(i) * 1e12f - 80;
  for (int64_t lanes : {1, 3, 8}) {
    VectorMathKernels kernels(Element::F32, lanes);
    for (const Function &function : {exponential, sine}) {
      auto expected = run(kernelsFor(Element::F32).find(function.name), x, y);
      EXPECT_EQ(run(kernels.find(function.name), x, y), expected) << function.name << " of " << lanes << " lanes";
    }
  }
}

/// These link without any library, so they are instructions; and they are right.
TEST(VectorMathLeft, IsDoneByHardware) {
  struct Left {
    const char *name;
    float (*reference)(float);
  };
  Arguments<F32> arguments(functions[0]);
  for (Left left : {Left{"sqrt", std::sqrt},
                    {"absf", std::fabs},
                    {"ceil", std::ceil},
                    {"floor", std::floor},
                    {"trunc", std::trunc},
                    {"round", std::round},
                    {"roundeven", [](float x) { return std::nearbyint(x); }}}) {
    auto actual = run(kernelsFor(Element::F32).find(left.name), arguments.x, arguments.y);
    for (size_t i = 0; i < actual.size(); ++i) {
      float expected = left.reference(arguments.x[i]);
      ASSERT_TRUE(std::isnan(expected) ? std::isnan(actual[i])
                                       : std::bit_cast<uint32_t>(actual[i]) == std::bit_cast<uint32_t>(expected))
          << left.name << " of " << arguments.x[i] << " gives " << actual[i];
    }
  }
}

} // namespace
} // namespace ravine::test
