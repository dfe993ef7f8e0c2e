// The memory that a rule walks: which buffers there are, and how each stores its elements.
#pragma once

#include "compiler/formation/Precisions.h"
#include "dialect/sweep/Sweep.h"

#include "llvm/ADT/StringMap.h"

namespace ravine::formation {

/// A buffer as sweeps name it: w, g, then states as declared.
struct BufferKey {
  sweep::BufferKind kind = sweep::BufferKind::Parameter;
  uint32_t index = 0;
  friend auto operator<=>(const BufferKey &, const BufferKey &) = default;
};

/// The buffers of a rule in one precision. What a rule computes has one type, f32 or f64; memory may store more digits
/// or fewer.
class Memory {
public:
  explicit Memory(const RulePrecision &precision);

  /// The buffer that an operation reads, if it is one that does: w, g, or a state over elements or groups of elements.
  [[nodiscard]] std::optional<BufferKey> readBy(mlir::Operation *op) const;
  [[nodiscard]] BufferKey ofState(llvm::StringRef name) const;
  /// Whether a buffer that is given a value ends as it began. What a master holds is what the parameter stores.
  [[nodiscard]] bool isUnchanged(BufferKey key, mlir::Value value) const;

  /// How a number is stored; one of a group buffer is f64.
  [[nodiscard]] mlir::FloatType typeOf(BufferKey key) const;
  /// The same for a state, by position.
  [[nodiscard]] mlir::FloatType typeOfState(size_t state) const { return stored[state]; }
  [[nodiscard]] unsigned bytesOf(BufferKey key) const { return typeOf(key).getIntOrFloatBitWidth() / 8; }
  /// Whether it stores fewer digits than are computed.
  [[nodiscard]] bool isRounded(BufferKey key) const {
    return typeOf(key).getIntOrFloatBitWidth() < compute.getIntOrFloatBitWidth();
  }
  /// How it is called towards people.
  [[nodiscard]] mlir::StringAttr nameOf(BufferKey key) const;

private:
  mlir::FloatType compute, parameter, gradient;
  llvm::StringMap<uint32_t> stateIndex;
  llvm::SmallVector<mlir::StringAttr> names;
  /// By state; f64 for one over tensors or the model.
  llvm::SmallVector<mlir::FloatType> stored;
  std::optional<uint32_t> master;
};

} // namespace ravine::formation
