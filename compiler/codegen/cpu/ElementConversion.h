// Vectors of numbers as memory stores them and as a sweep computes them.
#pragma once

#include "mlir/IR/Builders.h"

namespace ravine {

/// `stored`, a vector of f32, f64, bf16 or f16, as a vector of `computed`, which is f32 or f64. Exact, but for f64 that
/// is computed in f32. NaN stays NaN.
///
/// Numbers that are subnormal in bf16 are subnormal in f32 too, so arithmetic that flushes subnormals takes them for 0,
/// as it does those of f32. The subnormal numbers of f16 are normal in f32: the hardware widens them whatever the mode.
[[nodiscard]] mlir::Value widened(mlir::OpBuilder &builder, mlir::Location location, mlir::Value stored,
                                  mlir::Type computed);

/// `computed`, a vector of f32 or f64, rounded once to `stored`: to nearest, ties to even; too large is infinite; NaN
/// becomes a quiet NaN. Rounding to bf16 and f16 flushes nothing that was not subnormal in f32.
[[nodiscard]] mlir::Value narrowed(mlir::OpBuilder &builder, mlir::Location location, mlir::Value computed,
                                   mlir::Type stored);

} // namespace ravine
