// The body of a sweep on vectors: what is computed for one vector of elements, wherever it stands.
#pragma once

#include "compiler/codegen/cpu/ElementMemory.h"
#include "compiler/codegen/cpu/Fold.h"
#include "dialect/sweep/Sweep.h"

#include "mlir/IR/IRMapping.h"

namespace ravine {

/// One number that a sweep folds, as it is folded here.
struct FoldedValue {
  /// In the sweep. Narrower than what is yielded where that makes no difference: the largest f32 is the same in f64.
  mlir::Value value;
  Fold fold;
  /// Set where `value` is summed and is the product of two f32 in f64. That product is exact, so that a fused
  /// multiply-add gives the same bits as a product and a sum.
  mlir::arith::MulFOp exactProduct;
};

/// Writes the body of one sweep. Accumulators are vectors, one for each reduction of the sweep, in order.
class SweepBody {
public:
  SweepBody(mlir::OpBuilder &builder, sweep::SweepOp sweep, unsigned width);

  /// What does not change from element to element, computed once. Comes first. `buffers` are the first elements.
  void writeUniform(mlir::ValueRange buffers, mlir::Value slots);

  /// One vector of elements at `position` of each buffer: loads, arithmetic, stores. With a rest, those lanes only.
  /// Returns the accumulators with the vector taken in.
  mlir::SmallVector<mlir::Value> write(mlir::Value position, std::optional<Rest> rest, mlir::ValueRange accumulators);

  mlir::MutableArrayRef<FoldedValue> reductions() { return folded; }

private:
  [[nodiscard]] unsigned slotArgument(unsigned slot) const;
  [[nodiscard]] bool isUniform(mlir::Value value) const;
  [[nodiscard]] bool isUniform(mlir::Operation &op) const;
  [[nodiscard]] mlir::VectorType vectorType(mlir::Type number) const { return mlir::VectorType::get(width, number); }
  void vectorize(mlir::Operation &op, mlir::IRMapping &mapping);
  mlir::Value take(FoldedValue &folded, mlir::Value accumulator, mlir::IRMapping &mapping, std::optional<Rest> rest);

  mlir::OpBuilder &builder;
  sweep::SweepOp sweep;
  mlir::Location location;
  unsigned width;
  mlir::SmallVector<sweep::BufferAttr> buffers;
  /// Of each buffer.
  mlir::SmallVector<ElementMemory> memories;
  mlir::SmallVector<FoldedValue> folded;
  /// Values of the sweep that are the same for every element, as vectors.
  mlir::SmallVector<std::pair<mlir::Value, mlir::Value>> spread;
};

} // namespace ravine
