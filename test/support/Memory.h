// Numbers as a host's memory holds them, in any of the formats of the contract.
#pragma once

#include "runtime/abi/ravine.h"

#include <bit>
#include <cstring>
#include <vector>

namespace ravine::test {

class Memory {
public:
  Memory(ravine_dtype dtype, size_t count) : dtype(dtype), bytes(count * width(dtype)) {}

  [[nodiscard]] void *data() { return bytes.data(); }
  [[nodiscard]] const void *data() const { return bytes.data(); }
  [[nodiscard]] size_t count() const { return bytes.size() / width(dtype); }

  /// A number that the format holds exactly, or a NaN.
  void write(size_t index, double number) {
    switch (dtype) {
    case RAVINE_F64:
      return put(index, number);
    case RAVINE_F16:
      return put(index, static_cast<_Float16>(number));
    case RAVINE_BF16:
      return put(index, static_cast<uint16_t>(std::bit_cast<uint32_t>(static_cast<float>(number)) >> 16));
    default:
      return put(index, static_cast<float>(number));
    }
  }

  [[nodiscard]] std::vector<double> read() const { return read(dtype, bytes.data(), count()); }

  [[nodiscard]] static std::vector<double> read(ravine_dtype dtype, const void *memory, size_t count) {
    std::vector<double> numbers(count);
    for (size_t i = 0; i < count; ++i)
      numbers[i] = number(dtype, static_cast<const char *>(memory) + i * width(dtype));
    return numbers;
  }

private:
  static size_t width(ravine_dtype dtype) { return dtype == RAVINE_F64 ? 8 : dtype == RAVINE_F32 ? 4 : 2; }

  template <typename T> void put(size_t index, T value) { std::memcpy(&bytes[index * sizeof(T)], &value, sizeof(T)); }
  template <typename T> static T get(const void *memory) {
    T value;
    std::memcpy(&value, memory, sizeof(T));
    return value;
  }

  static double number(ravine_dtype dtype, const void *memory) {
    switch (dtype) {
    case RAVINE_F64:
      return get<double>(memory);
    case RAVINE_F16:
      return static_cast<double>(get<_Float16>(memory));
    case RAVINE_BF16:
      return std::bit_cast<float>(uint32_t{get<uint16_t>(memory)} << 16);
    default:
      return get<float>(memory);
    }
  }

  ravine_dtype dtype;
  std::vector<char> bytes;
};

} // namespace ravine::test
