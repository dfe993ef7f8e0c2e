// sin, cos and tan on lanes of f64.
//
// Reduction: x = N pi/2 + r. Sine takes N even and cosine N odd, so that both are +-sin r with |r| <= pi/2 and one
// polynomial does; tangent takes every N and |r| <= pi/4.
//
// Up to |x| = 2^40, Cody and Waite's method with fused multiply-adds. pi/2 = c1 + c2 + c3, each of 53 bits. x - N c1 is
// exact: it is below 2 and a multiple of 2^-52. No f32 comes closer to a multiple of pi/2 than about 2^-30, no f64
// closer than 2^-62 (Muller, Elementary Functions, section 11.3); after c2 the error is N 2^-108, after c3 N 2^-161.
//
// Beyond, Payne and Hanek's: x 2/pi modulo 4 from the exact products of x with pieces of 2/pi that together have 1170
// bits. It is a loop of 22 turns that a step of an optimizer never enters; it costs the others one test of the whole
// vector.
#include "compiler/codegen/cpu/VectorMathCoefficients.h"
#include "compiler/codegen/cpu/VectorMathFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <cmath>
#include <iterator>
#include <tuple>

using namespace mlir;

namespace ravine::vector_math {
namespace {

constexpr double twoOverPi = 0x1.45f306dc9c883p-1;
constexpr double largestForCodyWaite = 0x1p40;

/// Which multiples of pi/2 the argument is reduced by.
enum class Multiples { Even, Odd, Every };

double stepOf(Multiples multiples) {
  return multiples == Multiples::Every ? 1.0 : 2.0;
}

/// x = N pi/2 + high + low. The lowest bit of `parity` is that of (N - offset)/step, where offset is 1 for Odd and else
/// 0.
struct ReducedAngle {
  Lanes high;
  Lanes low;
  Bits parity;
};

ReducedAngle reduceByCodyWaite(Lanes x, Multiples multiples, Precision precision) {
  // The unit in the last place of the shift is the step, so the addition rounds to multiples of it.
  const double shift = roundingShift * stepOf(multiples);
  bool odd = multiples == Multiples::Odd;
  Lanes shifted = odd ? fma(x, twoOverPi, -1.0) + shift : fma(x, twoOverPi, shift);
  Lanes n = shifted - shift;
  if (odd)
    n = n + 1.0;

  const auto &c = coefficients::halfPi;
  Lanes rough = fma(n, -c[0], x);
  if (precision == Precision::Single)
    return {fma(n, -c[1], rough), x.builder->splat(0.0), bitsOf(shifted)};
  auto [product, rounding] = exactProduct(n, x.builder->splat(c[1]));
  auto [high, lost] = exactSum(rough, -product);
  return {high, fma(n, -c[2], lost - rounding), bitsOf(shifted)};
}

/// A running sum high + low that is kept within half a step of 0; what was taken out stands in `removed`, modulo 4.
struct TurnSum {
  Lanes high;
  Lanes low;
  Lanes removed;

  void add(Lanes term, double step) {
    term = fma(roundToEven(0.25 * term), -4.0, term);
    auto [sum, rounding] = exactSum(high, term);
    Lanes excess = step * roundToEven((1.0 / step) * sum);
    removed = removed + excess;
    std::tie(high, low) = exactSum(sum - excess, low + rounding);
  }
};

ReducedAngle reduceByPayneHanek(Lanes x, Multiples multiples) {
  VectorBuilder &lanes = *x.builder;
  ImplicitLocOpBuilder &b = lanes.operations();
  const double step = stepOf(multiples);
  constexpr size_t pieces = std::size(coefficients::twoOverPiPieces);

  Lanes scaled = x * std::ldexp(1.0, -coefficients::twoOverPiScale);
  Value table = arith::ConstantOp::create(b, DenseElementsAttr::get(VectorType::get({int64_t(pieces)}, b.getF64Type()),
                                                                    ArrayRef(coefficients::twoOverPiPieces)));
  Value first = arith::ConstantIndexOp::create(b, 0), last = arith::ConstantIndexOp::create(b, pieces);
  Value one = arith::ConstantIndexOp::create(b, 1);
  Lanes start = lanes.splat(multiples == Multiples::Odd ? -1.0 : 0.0), zero = lanes.splat(0.0);

  auto loop = scf::ForOp::create(b, first, last, one, ValueRange{start.value, zero.value, zero.value});
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value entry = vector::ExtractOp::create(b, table, OpFoldResult(loop.getInductionVar()));
    Lanes piece = lanes.lanes(vector::BroadcastOp::create(b, lanes.floatType(), entry));
    auto carried = loop.getRegionIterArgs();
    TurnSum sum{lanes.lanes(carried[0]), lanes.lanes(carried[1]), lanes.lanes(carried[2])};
    auto [product, rounding] = exactProduct(scaled, piece);
    sum.add(product, step);
    sum.add(rounding, step);
    scf::YieldOp::create(b, ValueRange{sum.high.value, sum.low.value, sum.removed.value});
  }
  Lanes high = lanes.lanes(loop.getResult(0)), low = lanes.lanes(loop.getResult(1)), n = lanes.lanes(loop.getResult(2));

  // From quarter turns to radians.
  auto [angle, rounding] = exactProduct(high, lanes.splat(coefficients::halfPi[0]));
  Lanes lost = fma(low, coefficients::halfPi[0], fma(high, coefficients::halfPi[1], rounding));
  return {angle, lost, bitsOf(n + roundingShift * step)};
}

ReducedAngle reduce(Lanes x, Multiples multiples, Precision precision) {
  VectorBuilder &lanes = *x.builder;
  ImplicitLocOpBuilder &b = lanes.operations();
  ReducedAngle near = reduceByCodyWaite(x, multiples, precision);
  Mask far = absolute(x) > largestForCodyWaite;
  Value any = vector::ReductionOp::create(b, vector::CombiningKind::OR, far.value);

  const Type types[] = {lanes.floatType(), lanes.floatType(), lanes.integerType()};
  auto branch = scf::IfOp::create(b, TypeRange(types), any, /*addThenBlock=*/true, /*addElseBlock=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  ReducedAngle exact = reduceByPayneHanek(x, multiples);
  scf::YieldOp::create(b, ValueRange{select(far, exact.high, near.high).value, select(far, exact.low, near.low).value,
                                     select(far, exact.parity, near.parity).value});
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, ValueRange{near.high.value, near.low.value, near.parity.value});
  return {lanes.lanes(branch.getResult(0)), lanes.lanes(branch.getResult(1)), Bits{branch.getResult(2), &lanes}};
}

/// sin(high + low) for |high| <= pi/2.
Lanes sineOfReduced(const ReducedAngle &angle, Precision precision) {
  Lanes r = angle.high;
  Lanes z = r * r;
  Lanes p = polynomial(z, coefficientsFor(precision, coefficients::sineSingle, coefficients::sineDouble));
  if (precision == Precision::Single)
    return r * fma(z, p, 1.0); // a product, so that -0 stays -0
  // low counts with the derivative cos r, 1 - z/2 + z^2/24 well enough.
  Lanes derivative = fma(z, fma(z, 1.0 / 24, -0.5), 1.0);
  return r + fma(r * z, p, angle.low * derivative);
}

/// cos(high + low) for |high| <= pi/4.
Lanes cosineOfReduced(const ReducedAngle &angle, Precision precision) {
  Lanes r = angle.high;
  Lanes z = r * r;
  Lanes p = polynomial(z, coefficientsFor(precision, coefficients::cosineSingle, coefficients::cosineDouble));
  if (precision == Precision::Single)
    return fma(z, fma(z, p, -0.5), 1.0);
  // 1 - z/2 is off by what its rounding lost, which goes into the tail.
  Lanes head = fma(z, -0.5, 1.0);
  Lanes headLost = fma(z, -0.5, 1.0 - head);
  return head + (headLost + fma(z * z, p, -(r * angle.low)));
}

} // namespace

Lanes sine(Lanes x, Precision precision) {
  ReducedAngle angle = reduce(x, Multiples::Even, precision);
  Lanes result = negateIfOdd(sineOfReduced(angle, precision), angle.parity);
  return precision == Precision::Single ? result : keepTiny(x, result);
}

Lanes cosine(Lanes x, Precision precision) {
  // cos(r + (2k+1) pi/2) = (-1)^(k+1) sin r.
  ReducedAngle angle = reduce(x, Multiples::Odd, precision);
  return negateIfOdd(sineOfReduced(angle, precision), angle.parity ^ 1);
}

Lanes tangent(Lanes x, Precision precision) {
  // tan(r + pi/2) = -cos r / sin r.
  ReducedAngle angle = reduce(x, Multiples::Every, precision);
  Lanes s = sineOfReduced(angle, precision), c = cosineOfReduced(angle, precision);
  Mask odd = isNegative(angle.parity << 63);
  Lanes result = negateIfOdd(select(odd, c, s) / select(odd, s, c), angle.parity);
  return precision == Precision::Single ? result : keepTiny(x, result);
}

} // namespace ravine::vector_math
