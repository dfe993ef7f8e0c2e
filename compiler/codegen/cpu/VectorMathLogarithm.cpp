// log x, log(1+x) and x^y on lanes of f64.
//
// Reduction: x = 2^e (1+f) with sqrt(1/2) <= 1+f < sqrt(2), read off the representation; then log x = e ln 2 +
// log(1+f), two terms that cannot cancel. f is exact. Single takes a polynomial in f, which spares a division; Double
// takes one in s = f/(2+f), log(1+f) = 2 atanh s, whose short series leaves room for the last bits (Tang 1990; Muller,
// Elementary Functions, section 11.2).
#include "compiler/codegen/cpu/VectorMathCoefficients.h"
#include "compiler/codegen/cpu/VectorMathFunctions.h"

#include <limits>

namespace ravine::vector_math {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double ln2 = 0x1.62e42fefa39efp-1;
constexpr double smallestNormal = 0x1p-1022;

/// x = 2^exponent (1 + fraction).
struct Decomposed {
  Lanes exponent;
  Lanes fraction;
};

/// For positive, finite, normal x; anything else gives numbers without meaning and no trap.
Decomposed decompose(Lanes x) {
  constexpr uint64_t rootHalf = 0x3fe6a09e667f3bcd; // the representation of sqrt(1/2)
  constexpr uint64_t one = 0x3ff0000000000000;
  constexpr uint64_t twoTo52 = 0x4330000000000000; // an integer below 2^52 in its lowest bits is added to 2^52
  // Moving sqrt(1/2) onto 1 lets the exponent field change where 1+f must wrap.
  Bits moved = bitsOf(x) + (one - rootHalf);
  Lanes exponent = fromBits((moved >> 52) | twoTo52) - (0x1p52 + 1023);
  Lanes mantissa = fromBits((moved & 0x000fffffffffffff) + rootHalf);
  return {exponent, mantissa - 1.0};
}

/// decompose for positive finite x, the subnormal ones scaled up first.
Decomposed decomposeAny(Lanes x) {
  Mask subnormal = x < smallestNormal;
  Decomposed result = decompose(select(subnormal, x * 0x1p54, x));
  result.exponent = result.exponent - select(subnormal, 54.0, 0.0);
  return result;
}

/// e ln 2 + log(1+f) with the polynomial in f.
Lanes logarithmByPolynomial(const Decomposed &x, llvm::ArrayRef<double> tail) {
  Lanes f = x.fraction;
  return fma(x.exponent, ln2, fma(f * f, polynomial(f, tail), f));
}

/// e ln 2 + log(1+f) + lost to about 0.6 ULP: log(1+f) = f - (f^2/2 - s (f^2/2 + s^2 P(s^2))), the big terms exact, the
/// rest small. `lost` is a correction below an ULP of f.
Lanes logarithmByQuotient(const Decomposed &x, Lanes lost) {
  Lanes f = x.fraction, e = x.exponent;
  Lanes s = f / (2.0 + f);
  Lanes z = s * s;
  Lanes r = z * polynomial(z, coefficients::logarithmDouble);
  Lanes halfSquare = 0.5 * f * f;
  Lanes small = fma(s, halfSquare + r, fma(e, coefficients::ln2[1], lost));
  return fma(e, coefficients::ln2[0], f - (halfSquare - small));
}

/// The values of log outside the positive finite numbers.
Lanes withSpecialValues(Lanes x, Lanes result) {
  Lanes outside = select(x == 0.0, -infinity, nan);
  return select(x == infinity, x, select(x > 0.0, result, outside));
}

/// log x to about 2^-68 relative as an unevaluated sum, for positive finite x. Every step is double-double arithmetic
/// (Dekker 1971) down to the terms of size s^5, which one f64 holds well enough.
std::pair<Lanes, Lanes> logarithmInTwoParts(Lanes x) {
  constexpr double twoThirds[] = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
  auto [e, f] = decomposeAny(x);

  // s = f/(2+f)
  Lanes divisor = 2.0 + f;
  Lanes divisorLost = f - (divisor - 2.0);
  Lanes reciprocal = 1.0 / divisor;
  Lanes s = f * reciprocal;
  Lanes sLost = fma(-s, divisorLost, fma(-s, divisor, f)) * reciprocal;
  // z = s^2, cube = s z
  auto [z, zRounding] = exactProduct(s, s);
  Lanes zLost = fma(2.0 * s, sLost, zRounding);
  auto [cube, cubeRounding] = exactProduct(s, z);
  Lanes cubeLost = fma(s, zLost, fma(sLost, z, cubeRounding));
  // 2s + (2/3) s^3 + s^5 P(z)
  auto [third, thirdRounding] = exactProduct(x.builder->splat(twoThirds[0]), cube);
  Lanes thirdLost = fma(cubeLost, twoThirds[0], fma(cube, twoThirds[1], thirdRounding));
  Lanes fifth = cube * z * polynomial(z, coefficients::logarithmTailOfBase);
  auto [ofMantissa, mantissaRounding] = exactSumOrdered(2.0 * s, third);
  Lanes mantissaLost = mantissaRounding + fma(sLost, 2.0, thirdLost + fifth);
  // + e ln 2, whose first part is exact
  auto [high, rounding] = exactSumOrdered(e * coefficients::ln2[0], ofMantissa);
  return exactSumOrdered(high, rounding + fma(e, coefficients::ln2[1], mantissaLost));
}

/// |base|^exponent but for base = 1 or exponent = 0 against a NaN.
Lanes powerOfMagnitude(Lanes base, Lanes exponent, Precision precision) {
  Mask isZero = base == 0.0;
  Mask isFinite = base < infinity;
  // log|base| of an infinity or NaN is that itself.
  auto atTheEnds = [&](Lanes logarithm) { return select(isZero, -infinity, select(isFinite, logarithm, base)); };
  // An infinite exponent of base 1 must not meet log 1 = 0; 2^64 is infinite enough for any other base.
  Lanes bounded = atMost(atLeast(exponent, -0x1p64), 0x1p64);
  if (precision == Precision::Single) {
    Lanes log = logarithmByPolynomial(decompose(base), coefficients::logarithmOfBase);
    return exponential(bounded * atTheEnds(log), precision);
  }
  auto [log, lost] = logarithmInTwoParts(base);
  Lanes rooted = atTheEnds(log);
  auto [product, rounding] = exactProduct(bounded, rooted);
  return exponentialOfSum(product, fma(bounded, lost, rounding));
}

} // namespace

Lanes logarithm(Lanes x, Precision precision) {
  if (precision == Precision::Single)
    return withSpecialValues(x, logarithmByPolynomial(decompose(x), coefficients::logarithmSingle));
  return withSpecialValues(x, logarithmByQuotient(decomposeAny(x), x.builder->splat(0.0)));
}

Lanes logarithmOfOnePlus(Lanes x, Precision precision) {
  // u = 1 + x loses low bits of x. Where u needs no exponent, f = x has them all. Elsewhere Single does without, as
  // |log u| > 0.34; Double adds what was lost, c, as c/u = c 2^-e/(1+f), with 1/(1+f) = 1 - f well enough.
  auto [u, c] = exactSum(x.builder->splat(1.0), x);
  Decomposed reduced = decompose(u);
  Mask direct = reduced.exponent == 0.0;
  reduced.fraction = select(direct, x, reduced.fraction);
  Lanes result = x;
  if (precision == Precision::Single) {
    result = logarithmByPolynomial(reduced, coefficients::logarithmSingle);
  } else {
    Lanes scaled = c * powerOfTwo(-reduced.exponent) * (1.0 - reduced.fraction);
    // Beyond 2^60 the lost 1 does not count (and 2^-e could be out of range).
    Lanes lost = select(direct | (u > 0x1p60), 0.0, scaled);
    result = logarithmByQuotient(reduced, lost);
  }
  return keepTiny(x, withSpecialValues(u, result));
}

Lanes power(Lanes base, Lanes exponent, Precision precision) {
  // C99 Annex F.9.4.4. x^y = e^(y log|x|); what remains is the sign, and the cases that ignore a NaN.
  Lanes magnitude = powerOfMagnitude(absolute(base), exponent, precision);
  // An odd y gives the sign of x. Infinities and everything from 2^53 on are even integers.
  Lanes half = 0.5 * exponent;
  Mask isInteger = roundToEven(exponent) == exponent;
  Mask isOdd = isInteger & !(roundToEven(half) == half);
  Lanes result = select(isOdd, copySign(magnitude, base), magnitude);
  Mask isNegativeFinite = (base < 0.0) & (base > -infinity);
  result = select(isNegativeFinite & !isInteger, nan, result);
  return select((base == 1.0) | (exponent == 0.0), 1.0, result);
}

} // namespace ravine::vector_math
