// What one elementwise operation computes for one element.
#pragma once

#include "dialect/ravine/Ravine.h"

namespace ravine {

/// The result of an elementwise operation on the given operands, computed in the precision of T (float or double).
/// Elementary functions of floats are taken in f64 and rounded once.
template <typename T> [[nodiscard]] double evaluateElementary(mlir::Operation &op, llvm::ArrayRef<double> operands);

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
