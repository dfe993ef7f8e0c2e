// Vectors of numbers as memory stores them and as a sweep computes them.
#include "compiler/codegen/cpu/ElementConversion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace {

/// Writes the operations for vectors of one length.
class Conversion {
public:
  Conversion(OpBuilder &builder, Location location, Value vector)
      : builder(location, builder), shape(cast<VectorType>(vector.getType()).getShape()) {}

  Value extend(Value vector, Type number) { return arith::ExtFOp::create(builder, of(number), vector); }
  Value truncate(Value vector, Type number) { return arith::TruncFOp::create(builder, of(number), vector); }

  /// A bf16 is the upper half of an f32.
  Value singleFromBrain(Value vector) {
    Value bits = arith::ExtUIOp::create(builder, of(i32()), bitcast(vector, builder.getI16Type()));
    return bitcast(arith::ShLIOp::create(builder, bits, splat(brainShift)), builder.getF32Type());
  }

  /// Adds just less than half of the last place kept, or exactly half where the number kept is odd: a carry then rounds
  /// up, over the exponent if need be, into infinity at last. A NaN keeps its upper bits and is made quiet, for all the
  /// ones in its fraction may be among those that are dropped.
  Value brainFromSingle(Value vector) {
    constexpr uint32_t lessThanHalf = 0x7FFF, quiet = 0x0040;
    Value bits = bitcast(vector, i32());
    Value kept = shiftRight(bits);
    Value isOdd = arith::AndIOp::create(builder, kept, splat(1));
    Value up = arith::AddIOp::create(builder, isOdd, splat(lessThanHalf));
    Value rounded = shiftRight(arith::AddIOp::create(builder, bits, up));
    Value isNaN = arith::CmpFOp::create(builder, arith::CmpFPredicate::UNO, vector, vector);
    Value asQuiet = arith::OrIOp::create(builder, kept, splat(quiet));
    Value half = arith::SelectOp::create(builder, isNaN, asQuiet, rounded);
    return bitcast(arith::TruncIOp::create(builder, of(builder.getI16Type()), half), builder.getBF16Type());
  }

  /// An f64 as an f32, rounded to odd: where it is not exact, to that of the two neighbours whose last bit is 1.
  /// Rounded once more, to nearest and to a format with at least two bits less, it gives what the f64 would give,
  /// because it lies on the same side of every tie. (Boldo and Melquiond, Emulation of FMA and correctly rounded sums:
  /// proved algorithms using rounding to odd, IEEE Transactions on Computers 57, 2008.)
  Value singleRoundedToOdd(Value vector) {
    Value nearest = truncate(vector, builder.getF32Type());
    Value back = extend(nearest, builder.getF64Type());
    Value bits = bitcast(nearest, i32());
    auto compare = [&](arith::CmpFPredicate predicate, Value left, Value right) {
      return arith::CmpFOp::create(builder, predicate, left, right).getResult();
    };
    Value isInexact = compare(arith::CmpFPredicate::ONE, back, vector);
    Value isEven = arith::CmpIOp::create(builder, arith::CmpIPredicate::eq,
                                         arith::AndIOp::create(builder, bits, splat(1)), splat(0));
    // The bits of an f32 count its magnitude: one less or one more is the neighbour on the other side of the f64.
    Value isLarger = compare(arith::CmpFPredicate::OGT, magnitude(back), magnitude(vector));
    Value neighbour =
        arith::AddIOp::create(builder, bits, arith::SelectOp::create(builder, isLarger, splat(~0U), splat(1)));
    Value isMoved = arith::AndIOp::create(builder, isInexact, isEven);
    return bitcast(arith::SelectOp::create(builder, isMoved, neighbour, bits), builder.getF32Type());
  }

private:
  static constexpr uint32_t brainShift = 16;

  [[nodiscard]] VectorType of(Type number) const { return VectorType::get(shape, number); }
  Type i32() { return builder.getI32Type(); }
  Value bitcast(Value vector, Type number) { return arith::BitcastOp::create(builder, of(number), vector); }
  Value shiftRight(Value bits) { return arith::ShRUIOp::create(builder, bits, splat(brainShift)); }
  Value splat(uint32_t bits) {
    return arith::ConstantOp::create(builder, DenseElementsAttr::get(of(i32()), APInt(32, bits)));
  }
  Value magnitude(Value vector) {
    constexpr uint64_t allButTheSign = ~(uint64_t{1} << 63);
    VectorType bits = of(builder.getI64Type());
    Value mask = arith::ConstantOp::create(builder, DenseElementsAttr::get(bits, APInt(64, allButTheSign)));
    Value masked = arith::AndIOp::create(builder, bitcast(vector, builder.getI64Type()), mask);
    return bitcast(masked, builder.getF64Type());
  }

  ImplicitLocOpBuilder builder;
  ArrayRef<int64_t> shape;
};

} // namespace

Value ravine::widened(OpBuilder &builder, Location location, Value stored, Type computed) {
  Type number = getElementTypeOrSelf(stored);
  if (number == computed)
    return stored;
  Conversion conversion(builder, location, stored);
  if (number.isF64())
    return conversion.truncate(stored, computed);
  if (!number.isBF16())
    return conversion.extend(stored, computed);
  Value single = conversion.singleFromBrain(stored);
  return computed.isF64() ? conversion.extend(single, computed) : single;
}

Value ravine::narrowed(OpBuilder &builder, Location location, Value computed, Type stored) {
  Type number = getElementTypeOrSelf(computed);
  if (number == stored)
    return computed;
  Conversion conversion(builder, location, computed);
  if (stored.isF64())
    return conversion.extend(computed, stored);
  if (stored.isF32())
    return conversion.truncate(computed, stored);
  Value single = number.isF64() ? conversion.singleRoundedToOdd(computed) : computed;
  return stored.isBF16() ? conversion.brainFromSingle(single) : conversion.truncate(single, stored);
}
