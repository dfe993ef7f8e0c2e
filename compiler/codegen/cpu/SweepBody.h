// The body of a sweep on vectors: what is computed for one vector of elements, wherever it stands.
#pragma once

#include "compiler/codegen/cpu/ElementMemory.h"
#include "compiler/codegen/cpu/Fold.h"
#include "dialect/sweep/Sweep.h"

#include "mlir/IR/IRMapping.h"

namespace ravine {

/// Where the numbers of an index set stand in a matrix: one for each row (blocks are rows), or one for each column
/// (channels are spread to columns).
[[nodiscard]] inline bool isAlongRows(IndexSet set) {
  return set == IndexSet::Row || set.kind == IndexSet::Block;
}
[[nodiscard]] inline bool isAlongColumns(IndexSet set) {
  return set == IndexSet::Col || set == IndexSet::Channel;
}

/// One number that a sweep folds, as it is folded here.
struct FoldedValue {
  IndexSet set;
  /// Its place among the sweep's reductions over groups, or among the others.
  unsigned place;
  /// In the sweep. Narrower than what is yielded where that makes no difference: the largest f32 is the same in f64.
  mlir::Value value;
  Fold fold;
  /// Set where `value` is summed and is the product of two f32 in f64. That product is exact, so that a fused
  /// multiply-add gives the same bits as a product and a sum.
  mlir::arith::MulFOp exactProduct;
};

/// Writes the body of one sweep. Accumulators are vectors, one for each reduction that loops carry, in order: those
/// that are not over columns, whose numbers stay in memory.
class SweepBody {
public:
  SweepBody(mlir::OpBuilder &builder, sweep::SweepOp sweep, unsigned width);

  /// What does not change from element to element, computed once. Comes first. `buffers` are the first numbers,
  /// `folded` where those of the reductions over groups go.
  void writeUniform(mlir::ValueRange buffers, mlir::ValueRange folded, mlir::Value slots);

  /// What does not change within a row, computed once. Comes before what is in the row, whose first element is number
  /// `start`. A sweep without numbers of groups has no rows.
  void writeRow(mlir::Value row, mlir::Value start);

  /// Instead, for a walk that does not stop at the ends of rows, of which row `first` begins at element `start`:
  /// numbers of rows are gathered for each vector. Only without columns and without numbers that are folded along rows.
  void writeManyRows(mlir::Value first, mlir::Value start, mlir::Value rowLength);

  /// One vector of elements at `position` of each buffer: loads, arithmetic, stores. With a rest, those lanes only.
  /// Returns the accumulators with the vector taken in.
  mlir::SmallVector<mlir::Value> write(mlir::Value position, std::optional<Rest> rest, mlir::ValueRange accumulators);

  /// Those that loops carry.
  mlir::MutableArrayRef<FoldedValue> reductions() { return carried; }

private:
  /// How often a value changes: from call to call, from row to row or from element to element.
  enum class Level { Call, Row, Element };
  [[nodiscard]] Level levelOf(mlir::Value value) const;
  [[nodiscard]] Level levelOf(mlir::Operation &op) const;
  [[nodiscard]] unsigned slotArgument(unsigned slot) const;
  [[nodiscard]] mlir::VectorType vectorType(mlir::Type number) const { return mlir::VectorType::get(width, number); }
  FoldedValue foldOf(sweep::ReductionAttr reduction, mlir::Value yielded, unsigned place);
  /// Vectors of those scalars that operations on elements use.
  using Spread = mlir::SmallVector<std::pair<mlir::Value, mlir::Value>>;
  Spread spread(const mlir::IRMapping &scalars, Level level);
  void vectorize(mlir::Operation &op, mlir::IRMapping &mapping);
  /// Of those rows that the elements of a vector are in, the numbers that stand behind a buffer.
  mlir::Value gather(mlir::Value memory, mlir::Value position, std::optional<Rest> rest);
  /// The accumulator with a vector of what is folded taken in.
  mlir::Value take(FoldedValue &folded, mlir::Value accumulator, mlir::IRMapping &mapping, std::optional<Rest> rest);

  mlir::OpBuilder &builder;
  sweep::SweepOp sweep;
  mlir::Location location;
  unsigned width;
  bool hasRows; // whether numbers of rows or columns occur
  mlir::SmallVector<sweep::BufferAttr> buffers;
  /// What stands behind each buffer, and the same a vector at a time, but for those along rows.
  mlir::SmallVector<mlir::Value> firstNumbers;
  mlir::SmallVector<std::optional<ElementMemory>> memories;
  mlir::SmallVector<FoldedValue> carried, alongColumns;
  mlir::SmallVector<ElementMemory> columnMemories; // of alongColumns
  /// Values of the sweep that are the same for every element: as numbers, and as vectors.
  mlir::IRMapping scalars;
  Spread ofCall, ofRow;
  /// Of the row at hand.
  mlir::Value rowStart;
  /// Where a walk does not stop at the ends of rows.
  struct ManyRows {
    mlir::Value first, start;
    mlir::Value perElement; // 1/length, a vector
  };
  std::optional<ManyRows> manyRows;
};

} // namespace ravine
