// Writes vector arithmetic as formulas: the operations behind the operators.
#include "compiler/codegen/cpu/VectorBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace ravine::vector_math {

VectorBuilder::VectorBuilder(OpBuilder &builder, Location location, int64_t length)
    : builder(location, builder), vectorOfFloat(VectorType::get({length}, builder.getF64Type())),
      vectorOfInteger(VectorType::get({length}, builder.getI64Type())) {}

Lanes VectorBuilder::splat(double constant) {
  return {arith::ConstantOp::create(builder, DenseElementsAttr::get(vectorOfFloat, constant)), this};
}

Bits VectorBuilder::splatBits(uint64_t constant) {
  return {arith::ConstantOp::create(builder, DenseElementsAttr::get(vectorOfInteger, APInt(64, constant))), this};
}

template <typename Operation, typename Result, typename First, typename... Rest>
static Result apply(First first, Rest... rest) {
  return {Operation::create(first.builder->operations(), first.value, rest.value...), first.builder};
}

Lanes operator+(Lanes a, Lanes b) {
  return apply<arith::AddFOp, Lanes>(a, b);
}
Lanes operator-(Lanes a, Lanes b) {
  return apply<arith::SubFOp, Lanes>(a, b);
}
Lanes operator*(Lanes a, Lanes b) {
  return apply<arith::MulFOp, Lanes>(a, b);
}
Lanes operator/(Lanes a, Lanes b) {
  return apply<arith::DivFOp, Lanes>(a, b);
}
Lanes operator-(Lanes a) {
  return apply<arith::NegFOp, Lanes>(a);
}
Lanes fma(Lanes a, Lanes b, Lanes c) {
  return apply<math::FmaOp, Lanes>(a, b, c);
}
Lanes absolute(Lanes a) {
  return apply<math::AbsFOp, Lanes>(a);
}
Lanes copySign(Lanes magnitude, Lanes sign) {
  return apply<math::CopySignOp, Lanes>(magnitude, sign);
}
Lanes squareRoot(Lanes a) {
  return apply<math::SqrtOp, Lanes>(a);
}
Lanes roundToEven(Lanes a) {
  return apply<math::RoundEvenOp, Lanes>(a);
}

// Written with a comparison, not with arith.minimumf: this is exactly what minpd and maxpd do.
Lanes atMost(Lanes a, double bound) {
  Lanes limit = a.builder->splat(bound);
  return select(limit < a, limit, a);
}

Lanes atLeast(Lanes a, double bound) {
  Lanes limit = a.builder->splat(bound);
  return select(a < limit, limit, a);
}

Lanes polynomial(Lanes x, ArrayRef<double> coefficients) {
  Lanes sum = x.builder->splat(coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    sum = fma(sum, x, coefficient);
  return sum;
}

static Mask compare(arith::CmpFPredicate predicate, Lanes a, Lanes b) {
  return {arith::CmpFOp::create(a.builder->operations(), predicate, a.value, b.value), a.builder};
}

Mask operator<(Lanes a, Lanes b) {
  return compare(arith::CmpFPredicate::OLT, a, b);
}
Mask operator==(Lanes a, Lanes b) {
  return compare(arith::CmpFPredicate::OEQ, a, b);
}
Mask operator&(Mask a, Mask b) {
  return apply<arith::AndIOp, Mask>(a, b);
}
Mask operator|(Mask a, Mask b) {
  return apply<arith::OrIOp, Mask>(a, b);
}

Mask operator!(Mask a) {
  auto type = cast<VectorType>(a.value.getType());
  Value all = arith::ConstantOp::create(a.builder->operations(), DenseElementsAttr::get(type, true));
  return apply<arith::XOrIOp, Mask>(a, Mask{all, a.builder});
}

Lanes select(Mask mask, Lanes chosen, Lanes otherwise) {
  return apply<arith::SelectOp, Lanes>(mask, chosen, otherwise);
}
Bits select(Mask mask, Bits chosen, Bits otherwise) {
  return apply<arith::SelectOp, Bits>(mask, chosen, otherwise);
}

Bits bitsOf(Lanes a) {
  return {arith::BitcastOp::create(a.builder->operations(), a.builder->integerType(), a.value), a.builder};
}

Lanes fromBits(Bits a) {
  return {arith::BitcastOp::create(a.builder->operations(), a.builder->floatType(), a.value), a.builder};
}

Bits operator+(Bits a, Bits b) {
  return apply<arith::AddIOp, Bits>(a, b);
}
Bits operator^(Bits a, Bits b) {
  return apply<arith::XOrIOp, Bits>(a, b);
}
Bits operator|(Bits a, Bits b) {
  return apply<arith::OrIOp, Bits>(a, b);
}
Bits operator&(Bits a, Bits b) {
  return apply<arith::AndIOp, Bits>(a, b);
}
Bits operator<<(Bits a, unsigned distance) {
  return apply<arith::ShLIOp, Bits>(a, a.builder->splatBits(distance));
}
Bits operator>>(Bits a, unsigned distance) {
  return apply<arith::ShRUIOp, Bits>(a, a.builder->splatBits(distance));
}

Mask isNegative(Bits a) {
  Value zero = a.builder->splatBits(0).value;
  return {arith::CmpIOp::create(a.builder->operations(), arith::CmpIPredicate::slt, a.value, zero), a.builder};
}

Lanes negateIfOdd(Lanes a, Bits parity) {
  return fromBits(bitsOf(a) ^ (parity << 63));
}

Lanes powerOfTwo(Lanes n) {
  constexpr int exponentBias = 1023;
  return fromBits(bitsOf(n + (roundingShift + exponentBias)) << 52);
}

std::pair<Lanes, Lanes> exactSum(Lanes a, Lanes b) {
  Lanes sum = a + b;
  Lanes partOfB = sum - a;
  return {sum, (a - (sum - partOfB)) + (b - partOfB)};
}

std::pair<Lanes, Lanes> exactSumOrdered(Lanes a, Lanes b) {
  Lanes sum = a + b;
  return {sum, b - (sum - a)};
}

std::pair<Lanes, Lanes> exactProduct(Lanes a, Lanes b) {
  Lanes product = a * b;
  return {product, fma(a, b, -product)};
}

} // namespace ravine::vector_math
