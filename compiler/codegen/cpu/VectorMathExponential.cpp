// e^x and e^x - 1 on lanes of f64.
//
// Reduction (Muller, Elementary Functions, section 11.1): x = n ln 2 + r with n the nearest integer, |r| <= ln(2)/2, so
// e^x = 2^n e^r and e^r = 1 + r + r^2 P(r). ln 2 is held in two pieces; the first has 40 bits, so n times it is exact
// and the subtraction too. Single needs one piece: with a fused multiply-add the error of r is below |n| 2^-54.
#include "compiler/codegen/cpu/VectorMathCoefficients.h"
#include "compiler/codegen/cpu/VectorMathFunctions.h"

namespace ravine::vector_math {
namespace {

constexpr double log2E = 0x1.71547652b82fep0;
constexpr double ln2 = 0x1.62e42fefa39efp-1;

/// x = n ln 2 + remainder + lost, where `lost` is below an ULP of the remainder (and zero lanes for Single).
struct ReducedExponent {
  Lanes shifted; ///< n + roundingShift: n stands in the lowest bits
  Lanes n;
  Lanes remainder;
  Lanes lost;
};

ReducedExponent reduce(Lanes x, Precision precision) {
  Lanes shifted = fma(x, log2E, roundingShift);
  Lanes n = shifted - roundingShift;
  if (precision == Precision::Single)
    return {shifted, n, fma(n, -ln2, x), x.builder->splat(0.0)};
  Lanes rough = fma(n, -coefficients::ln2[0], x);
  Lanes remainder = fma(n, -coefficients::ln2[1], rough);
  return {shifted, n, remainder, fma(n, -coefficients::ln2[1], rough - remainder)};
}

/// e^(r + lost) - 1 - r for the reduced argument.
Lanes reducedTail(const ReducedExponent &reduced, Precision precision) {
  Lanes r = reduced.remainder;
  Lanes p = polynomial(r, coefficientsFor(precision, coefficients::exponentialSingle, coefficients::exponentialDouble));
  return fma(r * r, p, reduced.lost);
}

/// e^(n ln 2 + r + lost) for -1076 <= n <= 1025. 2^n is multiplied in two steps, so that overflow and gradual underflow
/// happen, rounded once, in the last.
Lanes exponentialOfReduced(const ReducedExponent &reduced) {
  Lanes half = roundToEven(0.5 * reduced.n);
  Lanes p = 1.0 + (reduced.remainder + reducedTail(reduced, Precision::Double));
  return p * powerOfTwo(half) * powerOfTwo(reduced.n - half);
}

} // namespace

Lanes keepTiny(Lanes x, Lanes result) {
  // x(1 + 2^-60) is x, but to LLVM it is arithmetic. A plain x would be taken, in f32, from before the conversion to
  // f64, and with it a subnormal that the conversion reads as zero.
  return select(absolute(x) < 0x1p-54, fma(x, 0x1p-60, x), result);
}

Lanes exponential(Lanes x, Precision precision) {
  if (precision == Precision::Single) {
    // Beyond the clamps an f32 has long become 0 or infinity; inside, 2^n is added to the exponent field.
    ReducedExponent reduced = reduce(atMost(atLeast(x, -150.0), 130.0), precision);
    Lanes p = 1.0 + (reduced.remainder + reducedTail(reduced, precision));
    return fromBits(bitsOf(p) + (bitsOf(reduced.shifted) << 52));
  }
  return exponentialOfReduced(reduce(atMost(atLeast(x, -746.0), 710.0), precision));
}

Lanes exponentialOfSum(Lanes high, Lanes low) {
  // Where the clamps act, `low` means nothing and could be large.
  low = select(absolute(high) < 745.5, low, 0.0);
  ReducedExponent reduced = reduce(atMost(atLeast(high, -746.0), 710.0), Precision::Double);
  // e^low is 1 + low only for what is left below an ULP of the remainder.
  auto [remainder, rest] = exactSum(reduced.remainder, low);
  reduced.remainder = remainder;
  reduced.lost = reduced.lost + rest;
  return exponentialOfReduced(reduced);
}

Lanes quarterOfExponentialMinusOne(Lanes x, Precision precision) {
  // 2^n (e^r - 1) + (2^n - 1), each times 1/4: the sum does not cancel, because |e^r - 1| < 0.42 and n is not 0 beyond
  // |x| = ln(2)/2. The quarter keeps 2^n finite up to n = 1025, where sinh and cosh still are.
  ReducedExponent reduced = reduce(atMost(x, 710.5), precision);
  Lanes quarterPower = powerOfTwo(reduced.n - 2.0);
  Lanes offset = quarterPower - 0.25;
  Lanes tail = reducedTail(reduced, precision);
  if (precision == Precision::Single)
    return fma(quarterPower, reduced.remainder + tail, offset);
  // The big terms first and what their sum lost with the small one: |offset| >= |2^n r/4|, or it is 0 and nothing is
  // lost.
  Lanes head = fma(quarterPower, reduced.remainder, offset);
  Lanes headLost = fma(quarterPower, reduced.remainder, offset - head);
  return head + fma(quarterPower, tail, headLost);
}

Lanes exponentialMinusOne(Lanes x, Precision precision) {
  // Below -40 the result is -1 in both types.
  return keepTiny(x, 4.0 * quarterOfExponentialMinusOne(atLeast(x, -40.0), precision));
}

} // namespace ravine::vector_math
