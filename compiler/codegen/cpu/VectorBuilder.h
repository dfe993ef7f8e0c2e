// Writes vector arithmetic as formulas: lanes of f64, their bits and masks, with the usual operators.
#pragma once

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <utility>

namespace ravine::vector_math {

class VectorBuilder;

/// A vector of f64: what the formulas compute with.
struct Lanes {
  mlir::Value value;
  VectorBuilder *builder;
};

/// A vector of i64: the representation of lanes.
struct Bits {
  mlir::Value value;
  VectorBuilder *builder;
};

/// A vector of i1: the outcome of a comparison.
struct Mask {
  mlir::Value value;
  VectorBuilder *builder;
};

/// Creates the operations on vectors of one length at one place. Lanes, Bits and Masks point to it and must not outlive
/// it.
class VectorBuilder {
public:
  VectorBuilder(mlir::OpBuilder &builder, mlir::Location location, int64_t length);

  Lanes lanes(mlir::Value value) { return {value, this}; }
  Lanes splat(double constant);
  Bits splatBits(uint64_t constant);

  /// The operations underneath, for what the operators below do not say.
  mlir::ImplicitLocOpBuilder &operations() { return builder; }
  mlir::VectorType floatType() const { return vectorOfFloat; }
  mlir::VectorType integerType() const { return vectorOfInteger; }

private:
  mlir::ImplicitLocOpBuilder builder;
  mlir::VectorType vectorOfFloat;
  mlir::VectorType vectorOfInteger;
};

// ---- arithmetic: each operator is one operation, rounded once
Lanes operator+(Lanes a, Lanes b);
Lanes operator-(Lanes a, Lanes b);
Lanes operator*(Lanes a, Lanes b);
Lanes operator/(Lanes a, Lanes b);
Lanes operator-(Lanes a);
inline Lanes operator+(Lanes a, double b) {
  return a + a.builder->splat(b);
}
inline Lanes operator-(Lanes a, double b) {
  return a - a.builder->splat(b);
}
inline Lanes operator*(Lanes a, double b) {
  return a * a.builder->splat(b);
}
inline Lanes operator+(double a, Lanes b) {
  return b.builder->splat(a) + b;
}
inline Lanes operator-(double a, Lanes b) {
  return b.builder->splat(a) - b;
}
inline Lanes operator*(double a, Lanes b) {
  return b.builder->splat(a) * b;
}
inline Lanes operator/(double a, Lanes b) {
  return b.builder->splat(a) / b;
}

/// a*b + c, rounded once.
Lanes fma(Lanes a, Lanes b, Lanes c);
inline Lanes fma(Lanes a, double b, Lanes c) {
  return fma(a, c.builder->splat(b), c);
}
inline Lanes fma(Lanes a, Lanes b, double c) {
  return fma(a, b, a.builder->splat(c));
}
inline Lanes fma(Lanes a, double b, double c) {
  return fma(a, a.builder->splat(b), a.builder->splat(c));
}

Lanes absolute(Lanes a);
Lanes copySign(Lanes magnitude, Lanes sign);
Lanes squareRoot(Lanes a);
Lanes roundToEven(Lanes a);

/// The smaller and the larger of the two; a NaN in `a` stays.
Lanes atMost(Lanes a, double bound);
Lanes atLeast(Lanes a, double bound);

/// coefficients[0] + coefficients[1]*x + …, by Horner's rule.
Lanes polynomial(Lanes x, llvm::ArrayRef<double> coefficients);

// ---- comparisons: false where an operand is NaN
Mask operator<(Lanes a, Lanes b);
Mask operator==(Lanes a, Lanes b);
inline Mask operator<(Lanes a, double b) {
  return a < a.builder->splat(b);
}
inline Mask operator>(Lanes a, double b) {
  return a.builder->splat(b) < a;
}
inline Mask operator==(Lanes a, double b) {
  return a == a.builder->splat(b);
}
Mask operator&(Mask a, Mask b);
Mask operator|(Mask a, Mask b);
Mask operator!(Mask a);

Lanes select(Mask mask, Lanes chosen, Lanes otherwise);
Bits select(Mask mask, Bits chosen, Bits otherwise);
inline Lanes select(Mask mask, double chosen, Lanes otherwise) {
  return select(mask, otherwise.builder->splat(chosen), otherwise);
}
inline Lanes select(Mask mask, Lanes chosen, double otherwise) {
  return select(mask, chosen, chosen.builder->splat(otherwise));
}
inline Lanes select(Mask mask, double chosen, double otherwise) {
  return select(mask, mask.builder->splat(chosen), otherwise);
}

// ---- representation
Bits bitsOf(Lanes a);
Lanes fromBits(Bits a);
Bits operator+(Bits a, Bits b);
Bits operator^(Bits a, Bits b);
Bits operator|(Bits a, Bits b);
Bits operator&(Bits a, Bits b);
Bits operator<<(Bits a, unsigned distance);
/// Logical: zeros come in.
Bits operator>>(Bits a, unsigned distance);
inline Bits operator+(Bits a, uint64_t b) {
  return a + a.builder->splatBits(b);
}
inline Bits operator^(Bits a, uint64_t b) {
  return a ^ a.builder->splatBits(b);
}
inline Bits operator|(Bits a, uint64_t b) {
  return a | a.builder->splatBits(b);
}
inline Bits operator&(Bits a, uint64_t b) {
  return a & a.builder->splatBits(b);
}
Mask isNegative(Bits a);

/// a with its sign changed where the lowest bit of `parity` is set.
Lanes negateIfOdd(Lanes a, Bits parity);

// ---- integers held in lanes
/// 1.5 * 2^52. Added to a number below 2^51 it rounds that number to an integer, whose two's complement then stands in
/// the lowest bits of the sum; subtracted again it leaves the integer as f64. (Muller, Elementary Functions,
/// section 11.1.)
inline constexpr double roundingShift = 0x1.8p52;

/// 2^n for lanes that hold an integer n with -1022 <= n <= 1023.
Lanes powerOfTwo(Lanes n);

// ---- sums without error
/// a + b as the rounded sum and what the rounding lost (Knuth's two-sum).
std::pair<Lanes, Lanes> exactSum(Lanes a, Lanes b);
/// The same where |a| >= |b| or a = 0 (Dekker's fast two-sum).
std::pair<Lanes, Lanes> exactSumOrdered(Lanes a, Lanes b);
/// a * b as the rounded product and what the rounding lost.
std::pair<Lanes, Lanes> exactProduct(Lanes a, Lanes b);

} // namespace ravine::vector_math
