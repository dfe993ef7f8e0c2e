// Numbers as memory holds them between steps.
#pragma once

#include "mlir/IR/BuiltinTypes.h"

namespace ravine {

/// Between f32, f64, bf16 and f16. To nearest, ties to even; too large is infinite. With `flushes`, what a processor
/// that counts subnormal numbers as zero makes of it: between f64 and any other type, numbers that are subnormal in f32
/// become zero.
[[nodiscard]] double convert(double number, mlir::Type from, mlir::Type to, bool flushes);

} // namespace ravine
