// asin, acos and atan on lanes of f64. (Muller, Elementary Functions, section 11.4, for the reductions.)
#include "compiler/codegen/cpu/VectorMathCoefficients.h"
#include "compiler/codegen/cpu/VectorMathFunctions.h"

namespace ravine::vector_math {
namespace {

constexpr double halfPi = coefficients::halfPi[0];
constexpr double halfPiLost = coefficients::halfPi[1];

/// asin of a reduced argument: |x| itself up to 1/2, else sqrt((1-|x|)/2), by asin x = pi/2 - 2 asin sqrt((1-x)/2). 1 -
/// |x| is exact there; beyond 1 the root makes the NaN.
struct ReducedArcSine {
  Mask beyondHalf;
  Lanes argument; ///< in [0, 1/2]
  Lanes tail;     ///< asin(argument) - argument
};

ReducedArcSine reducedArcSine(Lanes x, Precision precision) {
  Lanes magnitude = absolute(x);
  Mask beyondHalf = magnitude > 0.5;
  Lanes z = select(beyondHalf, 0.5 * (1.0 - magnitude), magnitude * magnitude);
  Lanes s = select(beyondHalf, squareRoot(z), magnitude);
  Lanes p = polynomial(z, coefficientsFor(precision, coefficients::arcSineSingle, coefficients::arcSineDouble));
  return {beyondHalf, s, s * z * p};
}

} // namespace

Lanes arcSine(Lanes x, Precision precision) {
  auto [beyondHalf, s, tail] = reducedArcSine(x, precision);
  // pi/2 - 2s without error, so that the small terms alone are rounded before the last sum.
  auto [folded, lost] = exactSumOrdered(x.builder->splat(halfPi), -2.0 * s);
  folded = folded + fma(tail, -2.0, lost + halfPiLost);
  return copySign(select(beyondHalf, folded, s + tail), x);
}

Lanes arcCosine(Lanes x, Precision precision) {
  auto [beyondHalf, s, tail] = reducedArcSine(x, precision);
  Lanes angle = s + tail;
  Lanes nearZero = halfPi - (copySign(angle, x) - halfPiLost);
  Lanes nearMinusOne = 2.0 * (halfPi - (angle - halfPiLost));
  return select(beyondHalf, select(x < 0.0, nearMinusOne, 2.0 * angle), nearZero);
}

Lanes arcTangent(Lanes x, Precision precision) {
  // atan x = base + atan t with |t| <= tan(pi/8): t = x, base 0; t = (x-1)/(x+1), base pi/4; t = -1/x, base pi/2. One
  // division serves the three.
  constexpr double tanEighthPi = 0x1.a827999fcef32p-2, tanThreeEighthsPi = 0x1.3504f333f9de6p1;
  Lanes magnitude = absolute(x);
  Mask beyondMiddle = magnitude > tanEighthPi, beyondFar = magnitude > tanThreeEighthsPi;
  Lanes numerator = select(beyondFar, -1.0, select(beyondMiddle, magnitude - 1.0, magnitude));
  Lanes divisor = select(beyondFar, magnitude, select(beyondMiddle, magnitude + 1.0, 1.0));
  Lanes t = numerator / divisor;
  Lanes z = t * t;
  Lanes p = polynomial(z, coefficientsFor(precision, coefficients::arcTangentSingle, coefficients::arcTangentDouble));

  Lanes base = select(beyondFar, halfPi, select(beyondMiddle, 0.5 * halfPi, x.builder->splat(0.0)));
  if (precision == Precision::Single)
    return copySign(base + fma(t * z, p, t), x);
  Lanes baseLost = select(beyondFar, halfPiLost, select(beyondMiddle, 0.5 * halfPiLost, x.builder->splat(0.0)));
  auto [sum, rounding] = exactSumOrdered(base, t);
  return copySign(sum + fma(t * z, p, rounding + baseLost), x);
}

} // namespace ravine::vector_math
