// A model whose optimizer comes from the sample plan of a composed rule, with tensors of any dtype.
#pragma once

#include "test/runtime/core/Model.h"
#include "test/runtime/core/SampleComposition.h"

#include <cmath>
#include <cstddef>

namespace ravine::test {

/// Numbers in the memory of a host.
class Numbers {
public:
  Numbers(ravine_dtype dtype, size_t count, double value) : dtype_(dtype), bytes_(count * core::dtypeSize(dtype)) {
    fill(value);
  }

  [[nodiscard]] void *data() { return bytes_.data(); }
  [[nodiscard]] size_t size() const { return bytes_.size() / core::dtypeSize(dtype_); }
  [[nodiscard]] const std::vector<std::byte> &bytes() const { return bytes_; }
  [[nodiscard]] std::vector<double> values() const { return decode(dtype_, bytes_.data(), size()); }

  /// `value` has to be a number of the dtype.
  void set(size_t index, double value) {
    std::byte *to = bytes_.data() + index * core::dtypeSize(dtype_);
    auto put = [&](auto number) { std::memcpy(to, &number, sizeof number); };
    if (dtype_ == RAVINE_F64) {
      put(value);
    } else if (dtype_ == RAVINE_F32) {
      put(static_cast<float>(value));
    } else {
      uint32_t bits = 0;
      auto isIt = [&](double number) { return number == value || (std::isnan(number) && std::isnan(value)); };
      while (bits < 0x10000 && !isIt(decodeHalf(dtype_, static_cast<uint16_t>(bits))))
        ++bits;
      ASSERT_LT(bits, 0x10000u) << value << " is no number of the dtype";
      put(static_cast<uint16_t>(bits));
    }
  }
  void fill(double value) {
    if (bytes_.empty())
      return;
    set(0, value);
    const size_t width = core::dtypeSize(dtype_);
    for (size_t i = width; i < bytes_.size(); ++i)
      bytes_[i] = bytes_[i - width];
  }

  [[nodiscard]] static std::vector<double> decode(ravine_dtype dtype, const void *data, size_t count) {
    std::vector<double> values;
    auto get = [&](size_t i, auto number) {
      std::memcpy(&number, static_cast<const char *>(data) + i * sizeof number, sizeof number);
      return number;
    };
    for (size_t i = 0; i < count; ++i)
      values.push_back(dtype == RAVINE_F64   ? get(i, double{})
                       : dtype == RAVINE_F32 ? double{get(i, float{})}
                                             : decodeHalf(dtype, get(i, uint16_t{})));
    return values;
  }

private:
  /// IEEE 754 binary16, or bfloat16: sign, exponent, and `fraction` bits.
  static double decodeHalf(ravine_dtype dtype, uint16_t bits) {
    const int fraction = dtype == RAVINE_F16 ? 10 : 7, exponents = dtype == RAVINE_F16 ? 31 : 255;
    const int exponent = bits >> fraction & exponents, below = bits & ((1 << fraction) - 1);
    double size = exponent == exponents ? (below != 0 ? NAN : INFINITY)
                  : exponent == 0       ? std::ldexp(below, 1 - exponents / 2 - fraction)
                                        : std::ldexp(below + (1 << fraction), exponent - exponents / 2 - fraction);
    return (bits & 0x8000) != 0 ? -size : size;
  }

  ravine_dtype dtype_;
  std::vector<std::byte> bytes_;
};

struct ComposedModel : Model {
  struct Described {
    std::string name;
    std::array<int64_t, 2> shape;
    ravine_dtype parameter = RAVINE_F32, gradient = RAVINE_F32;
    uint32_t group = 0;
  };

  /// All parameters are 2 and all gradients 1.
  explicit ComposedModel(std::vector<Described> described) : Model({}), described_(std::move(described)) {
    plan = &sample_composition;
    for (const Described &one : described_) {
      auto count = static_cast<size_t>(one.shape[0] * one.shape[1]);
      parameter.emplace_back(one.parameter, count, 2);
      gradient.emplace_back(one.gradient, count, 1);
      args.group_count = std::max(args.group_count, one.group + 1);
      tensors.push_back({.struct_size = sizeof(ravine_tensor),
                         .name = one.name.c_str(),
                         .shape = one.shape.data(),
                         .strides = nullptr,
                         .rank = 2,
                         .group = one.group,
                         .parameter_dtype = one.parameter,
                         .gradient_dtype = one.gradient});
    }
    args.tensors = tensors.data();
    args.tensor_count = tensors.size();
  }

  std::vector<void *> parameters() { return pointersOf<void *>(parameter, {}); }
  std::vector<const void *> gradients(const std::vector<size_t> &absent = {}) {
    return pointersOf<const void *>(gradient, absent);
  }
  Outcome step() { return Model::step(parameters(), gradients()); }
  Outcome stepWithout(const std::vector<size_t> &absent) { return Model::step(parameters(), gradients(absent)); }
  /// A step with all gradients equal.
  Outcome stepWith(double value, const std::vector<size_t> &absent = {}) {
    for (Numbers &one : gradient)
      one.fill(value);
    return stepWithout(absent);
  }

  [[nodiscard]] std::vector<double> state(size_t tensor, const char *name) {
    ravine_state_view found = view(tensor, name);
    return Numbers::decode(found.dtype, found.data, found.count);
  }

  std::vector<Numbers> parameter, gradient;

private:
  template <typename Pointer>
  std::vector<Pointer> pointersOf(std::vector<Numbers> &all, const std::vector<size_t> &absent) {
    std::vector<Pointer> pointers;
    for (Numbers &one : all)
      pointers.push_back(one.data());
    for (size_t i : absent)
      pointers[i] = nullptr;
    return pointers;
  }

  std::vector<Described> described_;
};

} // namespace ravine::test
