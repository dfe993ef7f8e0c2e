// Array kernels of the vector mathematics, compiled in process: what the test and the benchmark call.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace llvm::orc {
class LLJIT;
}

namespace ravine::test {

/// out[i] = f(x[i]) or f(x[i], y[i]) for i < count, a multiple of the width. f32 or f64 by the type the kernels were
/// built for.
using VectorKernel = void(const void *x, const void *y, void *out, int64_t count);

/// One kernel for each operation of the math dialect that CPU kernels may contain, through ravine-expand-vector-math.
/// The code sees no library: an operation that were to become a call fails to link, and the constructor ends the
/// program.
class VectorMathKernels {
public:
  enum class Element { F32, F64 };

  /// `processor` is an LLVM name; empty for the one that runs this.
  VectorMathKernels(Element element, int64_t width, const std::string &processor = "");
  ~VectorMathKernels();

  /// The kernel of an operation, such as "exp" or "powf"; "maximumf_bound" and "minimumf_bound" take the second operand
  /// from y[0] for all elements, and those named "…_bound_first" take it first.
  VectorKernel *find(const std::string &operation) const;

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

/// Whether this machine has the feature, by its LLVM name, such as "fma".
bool hostSupports(const std::string &feature);

} // namespace ravine::test
