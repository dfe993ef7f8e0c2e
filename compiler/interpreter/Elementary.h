// What one elementwise operation computes for one element.
#pragma once

#include "dialect/ravine/Ravine.h"

#include <array>
#include <functional>

namespace ravine {

/// What an operation does to the numbers of one element: up to three operands, of which an operation reads its own.
using ElementFunction = std::function<double(const std::array<double, 3> &operands)>;

/// The element function of an elementwise operation, computed in the precision of T (float or double). Elementary
/// functions of floats are taken in f64 and rounded once.
template <typename T> [[nodiscard]] ElementFunction elementFunction(mlir::Operation &op);

/// The greater of two numbers as IEEE 754-2019 `maximum` has it, NaN if either is, and +0 above −0; the lesser.
template <typename T> [[nodiscard]] T maximum(T x, T y);
template <typename T> [[nodiscard]] T minimum(T x, T y);

/// While it lives, subnormal operands and results of this thread's floating-point operations count as zero, as they do
/// in kernels. Does nothing unless asked to.
class FlushSubnormals {
public:
  explicit FlushSubnormals(bool isWanted);
  ~FlushSubnormals();
  FlushSubnormals(const FlushSubnormals &) = delete;
  FlushSubnormals &operator=(const FlushSubnormals &) = delete;

private:
  unsigned saved;
};

} // namespace ravine
