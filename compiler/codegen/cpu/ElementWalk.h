// Walking consecutive elements of a sweep, a vector at a time: what kernels of all kinds are made of.
#pragma once

#include "compiler/codegen/cpu/SweepBody.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace ravine {

/// How memory is walked: the options of the pass, for f32.
struct Walk {
  unsigned width;
  unsigned prefetchDistance;
  unsigned lonePrefetchDistance;
  unsigned nearPrefetchDistance;
  unsigned parts;
  unsigned partPrefetchDistance;
  unsigned largestPacedTile;

  /// The same number of bytes in registers.
  [[nodiscard]] Walk computingIn(mlir::Type number) const {
    Walk walk = *this;
    walk.width = number.isF64() ? width / 2 : width;
    return walk;
  }
};

/// Writes loops over elements and the arithmetic around them.
class ElementWalk {
public:
  ElementWalk(mlir::OpBuilder &builder, sweep::SweepOp sweep, const Walk &walk)
      : builder(builder), location(sweep.getLoc()), body(builder, sweep, walk.width), width(walk.width) {}

  /// Writes what is fetched ahead of a vector of elements.
  using Fetch = llvm::function_ref<void(mlir::Value position)>;

  /// Walks [begin, end), which is whole vectors.
  mlir::SmallVector<mlir::Value> writeVectors(mlir::Value begin, mlir::Value end, mlir::ValueRange accumulators,
                                              Fetch fetch);
  /// Walks [begin, end): whole vectors, then what is left under a mask, of which `fetchRest` is written.
  mlir::SmallVector<mlir::Value> writeAll(mlir::Value begin, mlir::Value end, mlir::ValueRange accumulators,
                                          Fetch fetch, Fetch fetchRest = {});

  /// What the accumulators begin with.
  mlir::SmallVector<mlir::Value> identities();
  mlir::SmallVector<mlir::Value> combine(mlir::ValueRange left, mlir::ValueRange right);
  /// The lanes of one accumulator, folded and stored to memory[place].
  void writeResult(FoldedValue &reduction, mlir::Value accumulator, mlir::Value memory, mlir::Value place);

  mlir::Value index(int64_t value) { return mlir::arith::ConstantIndexOp::create(builder, location, value); }
  mlir::Value add(mlir::Value left, mlir::Value right) {
    return mlir::arith::AddIOp::create(builder, location, left, right);
  }
  mlir::Value subtract(mlir::Value left, mlir::Value right) {
    return mlir::arith::SubIOp::create(builder, location, left, right);
  }
  mlir::Value multiply(mlir::Value left, mlir::Value right) {
    return mlir::arith::MulIOp::create(builder, location, left, right);
  }
  /// Into the cache next to the core, or only into the larger one behind it.
  void prefetch(mlir::Value memory, mlir::Value position, bool isNear = true);

  mlir::OpBuilder &builder;
  mlir::Location location;
  SweepBody body;
  unsigned width;
};

} // namespace ravine
