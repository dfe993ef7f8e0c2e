// Arrays of numbers, and how messages show them.
#include "compiler/testing/Array.h"

#include "compiler/frontend/Quote.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace ravine::testing {

namespace {

/// Nobody reads more in a message.
constexpr size_t mostShown = 16;

std::string shownNumber(double number, bool isTruth, int digits) {
  if (isTruth)
    return number != 0 ? "true" : "false";
  if (std::isnan(number))
    return "nan";
  if (std::isinf(number))
    return number > 0 ? "inf" : "-inf";
  if (digits >= digitsOfF64)
    return shown(number);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*g", digits, number);
  return text.data();
}

class Writer {
public:
  Writer(const Array &array, int digits) : array(array), digits(digits) {}

  std::string run() {
    write(0);
    return std::move(text);
  }

private:
  /// Writes the part of the array that begins at `next` and has the axes from `axis` on.
  void write(size_t axis) {
    if (next >= mostShown) {
      text += "…";
      return;
    }
    if (axis == array.shape.size()) {
      text += shownNumber(array.numbers[next++], array.isTruth, digits);
      return;
    }
    text += "[";
    for (int64_t i = 0; i < array.shape[axis]; ++i) {
      bool isFull = next >= mostShown;
      text += i > 0 ? ", " : "";
      write(axis + 1);
      if (isFull)
        break;
    }
    text += "]";
  }

  const Array &array;
  int digits;
  size_t next = 0;
  std::string text;
};

} // namespace

Array Array::filled(std::vector<int64_t> shape, double number) {
  size_t size = 1;
  for (int64_t extent : shape)
    size *= static_cast<size_t>(extent);
  return {std::move(shape), std::vector<double>(size, number)};
}

std::string shownShape(std::span<const int64_t> shape) {
  if (shape.empty())
    return "one number";
  std::string text = "[";
  for (int64_t extent : shape)
    text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

std::string written(const Array &array, int digits) {
  return Writer(array, digits).run();
}

} // namespace ravine::testing
