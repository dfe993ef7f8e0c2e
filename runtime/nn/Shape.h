// The extents of a tensor.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>

namespace ravine::nn {

/// The extents of a tensor, outermost axis first. Held in place, so that shapes can be computed inside a training step
/// without allocating. A shape of rank 0 has one element.
class Shape {
public:
  static constexpr size_t maximumRank = 8;

  constexpr Shape() = default;
  constexpr Shape(std::initializer_list<int64_t> extents) : Shape(std::span(extents.begin(), extents.size())) {}

  /// Throws std::invalid_argument for more than `maximumRank` axes, a negative extent, or more elements than 2^48
  /// (which keeps every later product of a count and an element size far from overflow).
  constexpr explicit Shape(std::span<const int64_t> extents) {
    if (extents.size() > maximumRank)
      throw std::invalid_argument("a shape has at most 8 axes");
    for (int64_t extent : extents) {
      if (extent < 0)
        throw std::invalid_argument("an extent is negative");
      if (extent != 0 && elements > (int64_t{1} << 48) / extent)
        throw std::invalid_argument("a shape has more than 2^48 elements");
      extentAt[axes++] = extent;
      elements *= extent;
    }
  }

  [[nodiscard]] constexpr size_t rank() const { return axes; }
  [[nodiscard]] constexpr int64_t operator[](size_t axis) const { return extentAt[axis]; }
  [[nodiscard]] constexpr std::span<const int64_t> extents() const { return {extentAt.data(), axes}; }

  /// The number of elements.
  [[nodiscard]] constexpr int64_t count() const { return elements; }

  /// This shape with an axis of extent `examples` before its first: how a batch of values of this shape is stored.
  [[nodiscard]] constexpr Shape batchOf(int64_t examples) const {
    std::array<int64_t, maximumRank + 1> extended{examples};
    for (size_t axis = 0; axis < axes; ++axis)
      extended[axis + 1] = extentAt[axis];
    return Shape(std::span(extended.data(), axes + 1));
  }

  /// The shape of one value of a batch: all axes but the first, which must exist.
  [[nodiscard]] constexpr Shape example() const { return Shape(extents().subspan(1)); }

  friend constexpr bool operator==(const Shape &, const Shape &) = default;

private:
  std::array<int64_t, maximumRank> extentAt{};
  size_t axes = 0;
  int64_t elements = 1;
};

/// As it is written in messages: [6, 28, 28].
[[nodiscard]] inline std::string toString(const Shape &shape) {
  std::string text = "[";
  for (size_t axis = 0; axis < shape.rank(); ++axis)
    text += (axis ? ", " : "") + std::to_string(shape[axis]);
  return text + "]";
}

} // namespace ravine::nn
