// Speed of the vector mathematics on arrays in cache: G elements/s on one core, for this processor and for AVX2.
#include "test/codegen/VectorMathKernels.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

using namespace ravine::test;
using Element = VectorMathKernels::Element;

namespace {

struct Case {
  const char *operation;
  double low, high; ///< arguments are uniform between
};

constexpr Case cases[] = {{"exp", -80, 80},  {"expm1", -2, 2},   {"log", 0, 100},    {"log1p", -0.9, 10},
                          {"powf", 0, 10},   {"sin", -100, 100}, {"cos", -100, 100}, {"tan", -100, 100},
                          {"asin", -1, 1},   {"acos", -1, 1},    {"atan", -10, 10},  {"sinh", -20, 20},
                          {"cosh", -20, 20}, {"tanh", -5, 5},    {"erf", -4, 4}};
constexpr int64_t count = 4096; // 32 KiB of arguments and results in f32: the second cache at most

/// The best of several rounds, so that another process on the machine does not count.
template <typename T> double gigaElementsPerSecond(VectorKernel *kernel, const Case &c) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<T> arguments(c.low, c.high), exponents(-3, 3);
  std::vector<T> x(count), y(count), out(count);
  std::generate(x.begin(), x.end(), [&] { return arguments(random); });
  std::generate(y.begin(), y.end(), [&] { return exponents(random); });
  constexpr int repetitions = 200;
  double best = 0;
  for (int round = 0; round < 20; ++round) {
    auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < repetitions; ++i)
      kernel(x.data(), y.data(), out.data(), count);
    std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - start;
    best = std::max(best, repetitions * count / elapsed.count());
  }
  return best;
}

} // namespace

int main() {
  const VectorMathKernels native(Element::F32, 16), nativeWide(Element::F64, 16);
  const VectorMathKernels avx2(Element::F32, 16, "haswell"), avx2Wide(Element::F64, 16, "haswell");
  std::printf("G elements/s on one core\n%-8s %12s %12s %12s %12s\n", "", "f32 native", "f32 AVX2", "f64 native",
              "f64 AVX2");
  for (const Case &c : cases)
    std::printf("%-8s %12.2f %12.2f %12.2f %12.2f\n", c.operation,
                gigaElementsPerSecond<float>(native.find(c.operation), c),
                gigaElementsPerSecond<float>(avx2.find(c.operation), c),
                gigaElementsPerSecond<double>(nativeWide.find(c.operation), c),
                gigaElementsPerSecond<double>(avx2Wide.find(c.operation), c));
}
