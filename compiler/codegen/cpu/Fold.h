// Folding vectors of numbers into one number, in an order that is fixed here and nowhere left to LLVM.
#pragma once

#include "dialect/ravine/Ravine.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

namespace ravine {

/// Takes numbers of one type, f32 or f64, together as a reduction of the language does. A maximum or minimum is NaN
/// where any number is.
class Fold {
public:
  Fold(mlir::OpBuilder &builder, mlir::Location location, ir::ReductionKind kind, mlir::Type number, unsigned width)
      : builder(builder), location(location), kind(kind), number(number), width(width) {}

  /// What folds with anything to that thing, in every lane: 0, −inf or +inf.
  mlir::Value identity();
  /// Lane by lane.
  mlir::Value combine(mlir::Value left, mlir::Value right);
  /// The lanes of a vector, to one f64: the upper half with the lower half, again and again.
  mlir::Value lanes(mlir::Value vector);

private:
  mlir::OpBuilder &builder;
  mlir::Location location;
  ir::ReductionKind kind;
  mlir::Type number;
  unsigned width;
};

} // namespace ravine
