// Vector mathematics of the CPU code generator: elementary functions as straight vector arithmetic, never a library
// call.
#pragma once

#include <memory>

namespace mlir {
class Pass;
}

namespace ravine {

/// The pass `ravine-expand-vector-math` on `func.func`. It rewrites exp, expm1, log, log1p, sin, cos, tan, asin, acos,
/// atan, sinh, cosh, tanh, erf and powf of the `math` dialect on one-dimensional vectors of f32 and f64, of any fixed
/// width, into `arith`, `vector` and `math.fma` operations (and one rarely taken `scf.if` in sin, cos and tan: run it
/// before `convert-scf-to-cf`). Results differ from the true value by at most the ULPs of docs/vector-math.md, for
/// every input, and are the same bits on every target that has a fused multiply-add: nothing is left to contraction.
///
/// Scalars stay as they are. A vector of another shape or element type is an error: it would become scalar library
/// calls.
std::unique_ptr<mlir::Pass> createExpandVectorMathPass();

/// Makes `ravine-expand-vector-math` known to the pass registry (ravine-opt, textual pipelines).
void registerVectorMathPasses();

} // namespace ravine
