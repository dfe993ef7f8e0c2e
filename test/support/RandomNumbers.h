// Numbers of every kind that a parameter or a gradient can hold.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace ravine::test {

/// Draws ordinary numbers of many magnitudes, zeros of both signs, subnormals and, where asked for, infinities and NaN.
class RandomNumbers {
public:
  RandomNumbers(uint32_t seed, bool withSpecials) : engine(seed), withSpecials(withSpecials) {}

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

} // namespace ravine::test
