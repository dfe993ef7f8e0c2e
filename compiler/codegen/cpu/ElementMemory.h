// The memory of one buffer, a vector at a time.
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>

namespace ravine {

/// What is left behind whole vectors: fewer elements than one has lanes.
struct Rest {
  mlir::Value count; // an index
  mlir::Value mask;
};

/// Loads and stores vectors of a buffer as its memory has them, at any position. With a rest, touches no byte behind
/// it.
class ElementMemory {
public:
  /// To be made where the function begins. `memory` is a memref of `number`s, whose vectors have `width` lanes.
  ElementMemory(mlir::OpBuilder &builder, mlir::Location location, mlir::Value memory, mlir::Type number,
                unsigned width);

  /// Lanes behind a rest are 0.
  mlir::Value load(mlir::OpBuilder &builder, mlir::Value position, std::optional<Rest> rest);
  void store(mlir::OpBuilder &builder, mlir::Value vector, mlir::Value position, std::optional<Rest> rest);

private:
  mlir::Value index(mlir::OpBuilder &builder, int64_t value);
  void copyRest(mlir::OpBuilder &builder, mlir::Value from, mlir::Value fromPosition, mlir::Value to,
                mlir::Value toPosition, mlir::Value count);

  mlir::Location location;
  mlir::Value memory;
  mlir::VectorType type;
  /// A vector on the stack, for numbers of 16 bits: AVX2 has no masks for them, so that a rest is copied there and
  /// back.
  mlir::Value aside;
};

} // namespace ravine
