// The numbers of the formats that memory stores, by their definition: sign, exponent, fraction (IEEE 754, section 3.4).
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace ravine::test {

/// A binary format of 16 bits.
struct Format {
  std::string name;
  int exponentBits;
  int fractionBits;

  [[nodiscard]] int bias() const { return (1 << (exponentBits - 1)) - 1; }
  /// The representation of +inf; the numbers below it are finite, in order.
  [[nodiscard]] uint16_t infinity() const { return static_cast<uint16_t>(((1 << exponentBits) - 1) << fractionBits); }
  [[nodiscard]] uint16_t quietBit() const { return static_cast<uint16_t>(1 << (fractionBits - 1)); }
  [[nodiscard]] bool isNaN(uint16_t bits) const { return (bits & 0x7FFF) > infinity(); }
  [[nodiscard]] bool isSubnormal(uint16_t bits) const {
    return (bits & 0x7FFF) != 0 && (bits & 0x7FFF) < 1 << fractionBits;
  }

  /// What a representation that is not negative stands for. Infinity counts as the power of two that would come next:
  /// what is rounded to it lies at least half way there.
  [[nodiscard]] double magnitude(uint16_t bits) const {
    int exponent = bits >> fractionBits, fraction = bits & ((1 << fractionBits) - 1);
    bool isNormal = exponent != 0;
    return std::ldexp(fraction + (isNormal ? 1 << fractionBits : 0), (isNormal ? exponent : 1) - bias() - fractionBits);
  }

  /// What a representation stands for; a NaN for each NaN.
  [[nodiscard]] double value(uint16_t bits) const {
    if (isNaN(bits))
      return std::numeric_limits<double>::quiet_NaN();
    uint16_t positive = bits & 0x7FFF;
    double size = positive == infinity() ? std::numeric_limits<double>::infinity() : magnitude(positive);
    return (bits & 0x8000) != 0 ? -size : size;
  }
};

inline const Format bf16{"bf16", 8, 7};
inline const Format f16{"f16", 5, 10};

} // namespace ravine::test
