// The step of a rule as sweep formation sees it: the combinatorial problem, and what its numbers stand for.
#pragma once

#include "compiler/formation/Problem.h"
#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

#include "llvm/ADT/DenseMap.h"

namespace ravine::formation {

/// A buffer as sweeps name it: w, g, then states as declared.
struct BufferKey {
  sweep::BufferKind kind = sweep::BufferKind::Parameter;
  uint32_t index = 0;
  friend auto operator<=>(const BufferKey &, const BufferKey &) = default;
};

/// The number of every reduction of a rule, which its specialisations keep. Numbers are dense and in program order.
void numberReductions(ir::OptimizerOp rule);
[[nodiscard]] unsigned numberOf(ir::ReduceOp reduce);

/// The reductions that a scalar is computed from, by number, in order.
[[nodiscard]] llvm::SmallVector<unsigned, 2> reductionsBehind(mlir::Value scalar);

struct StepGraph {
  /// `stageOfReduction` gives the stage of each reduction over the model, by its number in the rule.
  StepGraph(ir::OptimizerOp rule, llvm::ArrayRef<unsigned> stageOfReduction);

  Problem problem;
  /// By node.
  std::vector<mlir::Value> values;
  /// By buffer of the problem.
  std::vector<BufferKey> buffers;
  /// By reduction of the problem.
  std::vector<ir::ReduceOp> reductions;
};

/// The buffer that an operation reads, if it is one that does.
[[nodiscard]] std::optional<BufferKey> bufferRead(mlir::Operation *op, const llvm::StringMap<uint32_t> &stateIndex);

/// The number of each state, as declared.
[[nodiscard]] llvm::StringMap<uint32_t> numberStates(ir::OptimizerOp rule);

} // namespace ravine::formation
