// Compiled code against the interpreter: bit for bit in rounded arithmetic where operations are exactly defined, for
// every instruction set, thread count and tensor size.
#include "test/support/CompiledOptimizer.h"
#include "test/support/Rule.h"

#include "llvm/ADT/StringExtras.h"

#include <bit>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <random>

using namespace ravine;
using namespace ravine::test;

namespace {

using Hypers = std::map<std::string, double>;

struct Case {
  std::string file; // without .rvn
  std::string optimizer;
  Hypers hypers;
  /// Largest distance between compiled and interpreted results, in units in the last place.
  int64_t ulps = 0;
};

std::ostream &operator<<(std::ostream &out, const Case &test) {
  out << test.optimizer;
  for (const auto &[name, value] : test.hypers)
    out << " " << name << "=" << value;
  return out;
}

/// Numbers of every kind a gradient can hold: ordinary ones of many magnitudes, zeros of both signs, subnormals, and,
/// where asked for, infinities and NaN.
class Numbers {
public:
  Numbers(uint32_t seed, bool withSpecials) : engine(seed), withSpecials(withSpecials) {}

  std::vector<float> draw(size_t count) {
    std::vector<float> values(count);
    for (float &value : values)
      value = next();
    return values;
  }

private:
  float next() {
    switch (engine() % (withSpecials ? 64 : 60)) {
    case 0:
      return 0.0f;
    case 1:
      return -0.0f;
    case 2:
      return std::bit_cast<float>(static_cast<uint32_t>(engine() % 0x800000u)); // subnormal
    case 3:
      return -1.0f;
    case 60:
      return INFINITY;
    case 61:
      return -INFINITY;
    case 62:
      return NAN;
    default: {
      double unit = static_cast<double>(engine()) / 4294967296.0 * 2 - 1;
      int exponent = static_cast<int>(engine() % 24) - 16;
      return static_cast<float>(std::ldexp(unit, exponent));
    }
    }
  }

  std::mt19937 engine;
  bool withSpecials;
};

/// The distance of two floats in the order of all floats; 0 for two NaNs.
int64_t distance(float left, float right) {
  if (std::isnan(left) || std::isnan(right))
    return std::isnan(left) && std::isnan(right) ? 0 : INT64_MAX;
  auto order = [](float value) {
    auto bits = std::bit_cast<int32_t>(value);
    return bits < 0 ? static_cast<int64_t>(INT32_MIN) - bits : static_cast<int64_t>(bits);
  };
  if (std::signbit(left) != std::signbit(right) && left == right)
    return 1; // +0 and −0 are different bits
  return std::abs(order(left) - order(right));
}

class Agreement : public testing::TestWithParam<Case> {
protected:
  static std::string library(const Case &test) {
    std::string own = std::string(RAVINE_RULE_LIBRARIES "/lib") + test.file + ".so";
    return isOwnRule(test) ? own : std::string(RAVINE_STDLIB_LIBRARIES "/lib") + test.file + ".so";
  }
  static std::string source(const Case &test) {
    return (isOwnRule(test) ? std::string(RAVINE_SOURCE "/test/e2e/rules/") : RAVINE_SOURCE "/stdlib/optimizers/") +
           test.file + ".rvn";
  }
  static bool isOwnRule(const Case &test) {
    return std::ifstream(RAVINE_SOURCE "/test/e2e/rules/" + test.file + ".rvn").good();
  }

  void compare(const std::vector<size_t> &sizes, uint32_t threads, const std::string &isa, bool withSpecials) {
    const Case &test = GetParam();
    Rule rule(source(test));
    ir::OptimizerOp optimizer = rule.optimizer(test.optimizer);
    Interpreter interpreter(optimizer, Arithmetic::Rounded, test.hypers);
    Numbers numbers(static_cast<uint32_t>(sizes.size()), withSpecials);

    std::vector<CompiledOptimizer::Tensor> tensors;
    std::vector<InterpretedTensor> expected;
    for (size_t size : sizes) {
      std::vector<float> w = numbers.draw(size);
      expected.push_back({std::vector<double>(w.begin(), w.end()), {}, 0});
      tensors.push_back({std::move(w), 0});
    }
    CompiledOptimizer compiled(library(test), test.optimizer, std::move(tensors), test.hypers, threads, isa);
    for (int64_t step = 1; step <= 3; ++step) {
      std::vector<std::vector<float>> gradients;
      for (size_t tensor = 0; tensor < sizes.size(); ++tensor) {
        // The last tensor misses the second step, so that its t falls behind.
        bool isAbsent = step == 2 && tensor + 1 == sizes.size();
        gradients.push_back(isAbsent ? std::vector<float>() : numbers.draw(sizes[tensor]));
        if (isAbsent)
          continue;
        std::vector<double> g(gradients.back().begin(), gradients.back().end());
        interpreter.step(expected[tensor], g, step);
      }
      compiled.step(gradients);
    }
    for (size_t tensor = 0; tensor < sizes.size(); ++tensor) {
      expectSame(compiled.parameter(tensor), expected[tensor].parameter, "w", sizes[tensor]);
      for (ir::StateOp state : optimizer.declared<ir::StateOp>()) {
        std::string name = state.getSymName().str();
        auto interpreted = expected[tensor].states.find(name);
        std::span<const float> actual = compiled.state(tensor, name);
        if (interpreted == expected[tensor].states.end())
          EXPECT_TRUE(actual.empty()) << name;
        else
          expectSame(actual, interpreted->second, name, sizes[tensor]);
      }
    }
  }

private:
  static void expectSame(std::span<const float> actual, const std::vector<double> &expected, const std::string &what,
                         size_t size) {
    ASSERT_EQ(actual.size(), expected.size()) << what;
    for (size_t i = 0; i < actual.size(); ++i)
      ASSERT_LE(distance(actual[i], static_cast<float>(expected[i])), GetParam().ulps)
          << what << "[" << i << "] of " << size << ": compiled " << actual[i] << ", interpreted " << expected[i];
  }
};

TEST_P(Agreement, EverySizeAtOnce) {
  compare({0, 1, 15, 16, 17, 4095, 100003}, 2, "", true);
}

TEST_P(Agreement, EveryInstructionSet) {
  for (const char *isa : {"x86-64-v3", "x86-64-v4"}) {
    SCOPED_TRACE(isa);
    if (std::string(isa) == "x86-64-v4" && !__builtin_cpu_supports("avx512dq")) {
      std::cout << "SKIP x86-64-v4: not on this processor\n";
      continue;
    }
    compare({17, 4095, 5}, 1, isa, true);
  }
}

TEST_P(Agreement, EveryThreadCount) {
  for (uint32_t threads : {1u, 2u, 7u}) {
    SCOPED_TRACE(threads);
    compare({70001, 3, 140000}, threads, "", false);
  }
}

std::vector<Case> allCases() {
  return {
      {"adam", "adam", {}},
      {"adam", "adam", {{"weight_decay", 0.1}}},
      {"adamw", "adamw", {{"lr", 0.01}}},
      {"amsgrad", "amsgrad", {}},
      {"heavy_ball", "heavy_ball", {}},
      {"lion", "lion", {{"weight_decay", 0.1}}},
      {"rmsprop", "rmsprop", {}},
      {"rmsprop", "rmsprop", {{"centered", 1}}},
      {"rmsprop", "rmsprop", {{"momentum", 0.9}}},
      {"rmsprop", "rmsprop", {{"centered", 1}, {"momentum", 0.9}, {"weight_decay", 0.01}}},
      {"sgd", "sgd", {}},
      {"sgd", "sgd", {{"momentum", 0.9}, {"nesterov", 1}, {"weight_decay", 0.01}}},
      {"sgd", "sgd", {{"momentum", 0.9}, {"dampening", 0.3}, {"maximize", 1}}},
      {"sgdm", "sgdm", {}},
      {"sgdm", "sgdm", {{"debias", 1}}},
      {"arithmetic", "arithmetic", {}},
      {"arithmetic", "arithmetic", {{"mode", 1}, {"k", 7}}},
      {"arithmetic", "arithmetic", {{"mode", 2}, {"flip", 1}, {"a", -3}}},
      {"functions", "functions", {}, 1},
      {"functions", "scalar_functions", {}},
      {"subnormals", "subnormals", {}},
      {"subnormals", "subnormals", {{"half", 1}, {"factor", 3}}},
      {"kept_subnormals", "kept_subnormals", {}},
  };
}

INSTANTIATE_TEST_SUITE_P(Rules, Agreement, testing::ValuesIn(allCases()));

} // namespace
