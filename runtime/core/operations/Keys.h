// Integers in the order of the floating-point numbers that they stand for.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace ravine::core::operations {

template <typename Number> using KeyOf = std::conditional_t<sizeof(Number) == 4, uint32_t, uint64_t>;

/// NaN has the key 0, which is less than that of −∞; −0 has the key of 0. Of the other numbers the bits of those with a
/// sign are inverted, and the others get a sign.
template <typename Number> [[nodiscard]] KeyOf<Number> keyOf(Number number) {
  using Key = KeyOf<Number>;
  constexpr Key sign = Key{1} << (sizeof(Key) * 8 - 1);
  Key bits = std::bit_cast<Key>(number + Number{0}); // −0 + 0 is 0
  Key key = (bits & sign) != 0 ? ~bits : bits | sign;
  return std::isnan(number) ? Key{0} : key;
}

/// The number that a key stands for.
template <typename Number> [[nodiscard]] Number numberOf(KeyOf<Number> key) {
  using Key = KeyOf<Number>;
  constexpr Key sign = Key{1} << (sizeof(Key) * 8 - 1);
  if (key == 0)
    return std::bit_cast<Number>(static_cast<Key>(sizeof(Key) == 4 ? 0x7FC00000u : 0x7FF8000000000000u));
  return std::bit_cast<Number>((key & sign) != 0 ? static_cast<Key>(key & ~sign) : static_cast<Key>(~key));
}

} // namespace ravine::core::operations
