// The floating-point mode that generated code runs in, whatever the host's is.
#pragma once

#include <xmmintrin.h>

namespace ravine::core {

/// While it lives the thread rounds to nearest, does not trap, and, if asked, takes subnormal numbers for zero (FTZ and
/// DAZ): states that decay to subnormals otherwise cost tens of times the time. The host's mode and its exception flags
/// come back afterwards. A mode that is set as a whole also makes results independent of the thread they are computed
/// on.
class FloatingPointMode {
public:
  enum class Subnormals { Keep, Flush };

  explicit FloatingPointMode(Subnormals subnormals) : saved_(_mm_getcsr()) {
    _mm_setcsr(subnormals == Subnormals::Flush ? allMasked | flushToZero | denormalsAreZero : allMasked);
  }
  FloatingPointMode(const FloatingPointMode &) = delete;
  FloatingPointMode &operator=(const FloatingPointMode &) = delete;
  ~FloatingPointMode() { _mm_setcsr(saved_); }

private:
  // Bits of MXCSR: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, section 10.2.3.
  static constexpr unsigned allMasked = 0x1F80;
  static constexpr unsigned flushToZero = 0x8000;
  static constexpr unsigned denormalsAreZero = 0x0040;

  unsigned saved_;
};

} // namespace ravine::core
