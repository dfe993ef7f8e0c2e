// The elementary functions on lanes of f64, by family. Internal to the pass that expands them.
#pragma once

#include "compiler/codegen/cpu/VectorBuilder.h"

#include "llvm/ADT/ArrayRef.h"

namespace ravine::vector_math {

/// How far the result is to be trusted. Both compute in f64. Single is good to about 2^-35 relative and rounded once to
/// f32 by the caller, so its f32 is off by at most half an ULP and a few thousandths; its arguments are f32 numbers
/// held in f64, which the range reductions rely on. Double is good to one or two ULP of f64.
enum class Precision { Single, Double };

inline llvm::ArrayRef<double> coefficientsFor(Precision precision, llvm::ArrayRef<double> single,
                                              llvm::ArrayRef<double> full) {
  return precision == Precision::Single ? single : full;
}

/// For a function with f(x) = x + o(x) at 0: its value where that is not lost, x itself below 2^-54. Keeps the sign of
/// zero and, in f64, the numbers too small for the intermediate steps.
Lanes keepTiny(Lanes x, Lanes result);

// ---- VectorMathExponential.cpp
Lanes exponential(Lanes x, Precision precision);
Lanes exponentialMinusOne(Lanes x, Precision precision);
/// e^(high + low), where |low| is below an ULP of high.
Lanes exponentialOfSum(Lanes high, Lanes low);
/// (e^x - 1)/4 for x >= -40, finite wherever sinh x is: the root of the hyperbolic functions. Larger x count as 710.5.
Lanes quarterOfExponentialMinusOne(Lanes x, Precision precision);

// ---- VectorMathLogarithm.cpp
Lanes logarithm(Lanes x, Precision precision);
Lanes logarithmOfOnePlus(Lanes x, Precision precision);
Lanes power(Lanes base, Lanes exponent, Precision precision);

// ---- VectorMathTrigonometric.cpp
Lanes sine(Lanes x, Precision precision);
Lanes cosine(Lanes x, Precision precision);
Lanes tangent(Lanes x, Precision precision);

// ---- VectorMathInverseTrigonometric.cpp
Lanes arcSine(Lanes x, Precision precision);
Lanes arcCosine(Lanes x, Precision precision);
Lanes arcTangent(Lanes x, Precision precision);

// ---- VectorMathHyperbolic.cpp
Lanes hyperbolicSine(Lanes x, Precision precision);
Lanes hyperbolicCosine(Lanes x, Precision precision);
Lanes hyperbolicTangent(Lanes x, Precision precision);
Lanes errorFunction(Lanes x, Precision precision);

} // namespace ravine::vector_math
