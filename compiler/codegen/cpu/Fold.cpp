// Folding vectors of numbers into one number, in an order that is fixed here and nowhere left to LLVM.
#include "compiler/codegen/cpu/Fold.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <limits>

using namespace mlir;
using namespace ravine;

Value Fold::identity() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double value = kind == ir::ReductionKind::Sum ? 0.0 : kind == ir::ReductionKind::Max ? -infinity : infinity;
  auto lanes = DenseElementsAttr::get(VectorType::get(width, number), builder.getFloatAttr(number, value));
  return arith::ConstantOp::create(builder, location, lanes);
}

Value Fold::combine(Value left, Value right) {
  switch (kind) {
  case ir::ReductionKind::Sum:
    return arith::AddFOp::create(builder, location, left, right);
  case ir::ReductionKind::Max:
    return arith::MaximumFOp::create(builder, location, left, right);
  case ir::ReductionKind::Min:
    return arith::MinimumFOp::create(builder, location, left, right);
  }
  llvm_unreachable("every kind is listed");
}

Value Fold::lanes(Value vector) {
  auto part = [&](Value whole, int64_t offset, int64_t count) {
    return vector::ExtractStridedSliceOp::create(builder, location, whole, offset, count, /*strides=*/1).getResult();
  };
  for (int64_t half = width / 2; half > 0; half /= 2)
    vector = combine(part(vector, 0, half), part(vector, half, half));
  Value result = vector::ExtractOp::create(builder, location, vector, /*position=*/0);
  if (!number.isF64())
    result = arith::ExtFOp::create(builder, location, builder.getF64Type(), result);
  return result;
}
