// Arrays of numbers, as tests write them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ravine::testing {

/// Numbers in row-major order, or truth values as 0 and 1.
struct Array {
  /// Extents; empty for a single number.
  std::vector<int64_t> shape = {};
  /// As many as the shape has elements.
  std::vector<double> numbers = {0};
  bool isTruth = false;

  [[nodiscard]] static Array of(double number) { return {{}, {number}}; }
  [[nodiscard]] static Array truth(bool value) { return {{}, {value ? 1.0 : 0.0}, true}; }
  [[nodiscard]] static Array filled(std::vector<int64_t> shape, double number);

  [[nodiscard]] bool isScalar() const { return shape.empty(); }
  /// The element at `index`, or the only one: a single number stands for an array of any shape.
  [[nodiscard]] double at(size_t index) const { return numbers[isScalar() ? 0 : index]; }
};

/// `[2, 3]`; "one number" for an empty shape.
[[nodiscard]] std::string shownShape(std::span<const int64_t> shape);

/// Enough decimal digits to tell all numbers of f32, or of f64, apart.
inline constexpr int digitsOfF32 = 9, digitsOfF64 = 17;

/// As a test would write it, cut after some elements; numbers are rounded to `digits` decimal digits.
[[nodiscard]] std::string written(const Array &array, int digits = digitsOfF64);

} // namespace ravine::testing
