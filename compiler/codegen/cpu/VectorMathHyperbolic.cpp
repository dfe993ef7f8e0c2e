// sinh, cosh, tanh and erf on lanes of f64.
//
// The hyperbolic functions are rational in q = (e^a - 1)/4, which keeps its relative accuracy down to 0. With a = |x|:
// sinh a = 2 (q + (1/4) q/(q + 1/4)), cosh a = (2q + 1/2) + (1/4)/(2q + 1/2); with a = 2|x|: tanh |x| = q/(q + 1/2).
// No step cancels and, because of the quarter, none overflows before the result does.
#include "compiler/codegen/cpu/VectorMathCoefficients.h"
#include "compiler/codegen/cpu/VectorMathFunctions.h"

namespace ravine::vector_math {

/// q/(q + c) for q >= 0 and a constant c > 0.
static Lanes saturating(Lanes q, double c, Precision precision) {
  auto [divisor, lost] = exactSum(q, q.builder->splat(c));
  Lanes quotient = q / divisor;
  if (precision == Precision::Single)
    return quotient;
  // What the divisor lost counts with -quotient/divisor, and 1/divisor = (1 - quotient)/c.
  return fma((-1.0 / c) * lost * quotient, 1.0 - quotient, quotient);
}

Lanes hyperbolicSine(Lanes x, Precision precision) {
  Lanes q = quarterOfExponentialMinusOne(absolute(x), precision);
  Lanes half = fma(saturating(q, 0.25, precision), 0.25, q);
  return keepTiny(x, copySign(2.0 * half, x));
}

Lanes hyperbolicCosine(Lanes x, Precision precision) {
  Lanes halfPower = fma(quarterOfExponentialMinusOne(absolute(x), precision), 2.0, 0.5);
  return halfPower + 0.25 / halfPower;
}

Lanes hyperbolicTangent(Lanes x, Precision precision) {
  // tanh 20 is 1 in both types.
  Lanes q = quarterOfExponentialMinusOne(atMost(2.0 * absolute(x), 40.0), precision);
  return keepTiny(x, copySign(saturating(q, 0.5, precision), x));
}

Lanes errorFunction(Lanes x, Precision precision) {
  if (precision == Precision::Single) {
    // erf x / x is entire and even: one polynomial in x^2 reaches all the way to where an f32 rounds to 1 (3.92).
    // Centred, so that its terms stay of the size of the sum.
    Lanes clamped = atMost(atLeast(x, -3.9375), 3.9375);
    return clamped * polynomial(fma(clamped, clamped, -7.75), coefficients::errorFunctionSingle);
  }
  // Up to 1 the series in x^2; beyond, 1 - e^(-x^2) G(t), where G is smooth in t = (x - 2.5)/(x + 2.5) and the relative
  // error of the subtracted part counts with erfc(1)/erf(1) = 0.19 or less. erf 6 is 1.
  Lanes z = x * x;
  Lanes near = fma(x, polynomial(z, coefficients::errorFunctionDouble), x);
  Lanes a = atMost(absolute(x), 6.0);
  Lanes t = (a - 2.5) / (a + 2.5);
  Lanes complement = exponential(-(a * a), precision) * polynomial(t, coefficients::complementDouble);
  return select(absolute(x) < 1.0, near, copySign(1.0 - complement, x));
}

} // namespace ravine::vector_math
