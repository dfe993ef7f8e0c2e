// What is computed as sweep formation sees it: the combinatorial problem, and what its numbers stand for.
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

using FoldingOf = llvm::function_ref<Folding(mlir::Operation *reduction)>;

struct StepGraph {
  /// The step of a rule. `stageOfReduction` gives the stage of each reduction over the model that is not known, by its
  /// number in the rule (Reductions.h). A step that ends with gradients that are 0 receives an operation that makes
  /// the 0.
  StepGraph(ir::OptimizerOp rule, const Memory &memory, llvm::ArrayRef<unsigned> stageOfReduction, FoldingOf foldingOf);

  /// Something to leave in memory: elements in a buffer, or, where `buffer` is absent, a number of groups, tensors or
  /// the model, which somebody else stores when the reductions behind it are made.
  struct Store {
    std::optional<BufferKey> buffer;
    mlir::Value value;
  };
  /// What is not a step and folds nothing over the model: initial values, a view.
  StepGraph(llvm::ArrayRef<Store> stores, const Memory &memory);

  Problem problem;
  /// By node. Where several operations read the same buffer, the first stands for all of them.
  std::vector<mlir::Value> values;
  /// By buffer of the problem.
  std::vector<BufferKey> buffers;
  /// By reduction of the problem: `reduce`, `search` or `rearrange`. The node that a `rearrange` makes stands for its
  /// result.
  std::vector<mlir::Operation *> reductions;
};

} // namespace ravine::formation
