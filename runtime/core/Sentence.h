// A sentence for the host: built piece by piece in a buffer of fixed size, so that saying what went wrong needs no
// memory.
#pragma once

#include "runtime/abi/ravine.h"

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace ravine::core {

/// Text between quotation marks: a name that a person chose.
struct Quoted {
  const char *text;
};

/// One line of UTF-8. What does not fit is cut between two characters; control characters become spaces.
class Sentence {
public:
  static constexpr size_t capacity = sizeof(ravine_error::message);

  Sentence &operator<<(const char *text);
  Sentence &operator<<(Quoted name);
  /// As a person writes it: 0.1, 1e-8, -3, inf; the shortest form that reads back as the same number.
  Sentence &operator<<(double value);
  template <std::integral Integer> Sentence &operator<<(Integer value) {
    if constexpr (std::signed_integral<Integer>)
      return appendSigned(value);
    else
      return appendUnsigned(value);
  }

  [[nodiscard]] const char *text() const { return text_; }

private:
  Sentence &appendSigned(int64_t value);
  Sentence &appendUnsigned(uint64_t value);

  char text_[capacity] = {};
  size_t length_ = 0;
  bool isCut_ = false;
};

/// Copies `text` to a buffer of `size` > 0 bytes, NUL included, and cuts it between two characters of UTF-8 where it is
/// too long.
void copyText(char *buffer, size_t size, const char *text);

} // namespace ravine::core
