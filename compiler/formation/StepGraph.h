// The step of a rule as sweep formation sees it: the combinatorial problem, and what its numbers stand for.
#pragma once

#include "compiler/formation/Memory.h"
#include "compiler/formation/Problem.h"

namespace ravine::formation {

/// What is to be done about a reduction.
enum class Folding {
  /// Tensors of this variant are folded.
  Here,
  /// Tensors of other variants alone are folded; the number is known when they are through.
  Elsewhere,
  /// It is known before the first stage.
  Known
};

struct StepGraph {
  /// `stageOfReduction` gives the stage of each reduction over the model that is not known, by its number in the rule
  /// (Reductions.h). A step that ends with gradients that are 0 receives an operation that makes the 0.
  StepGraph(ir::OptimizerOp rule, const Memory &memory, llvm::ArrayRef<unsigned> stageOfReduction,
            llvm::function_ref<Folding(ir::ReduceOp)> foldingOf);

  Problem problem;
  /// By node.
  std::vector<mlir::Value> values;
  /// By buffer of the problem.
  std::vector<BufferKey> buffers;
  /// By reduction of the problem.
  std::vector<ir::ReduceOp> reductions;
};

} // namespace ravine::formation
