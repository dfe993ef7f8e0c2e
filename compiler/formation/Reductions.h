// The reductions of a rule, and the numbers that they go by.
#pragma once

#include "dialect/ravine/Ravine.h"

namespace ravine::formation {

// Formation calls *reduction* whatever needs all that lies in a member of an index set: `reduce`, `search` and
// `rearrange` of the ravine dialect. The latter two are *operations*: the runtime does them, on a field. All three
// share one numbering.

[[nodiscard]] bool isReduction(mlir::Operation *op);
[[nodiscard]] bool isOperation(mlir::Operation *op);

/// In what a reduction folds, searches or rearranges everything: the index set of the number that it gives, `set` of
/// `rearrange`.
[[nodiscard]] IndexSet memberSetOf(mlir::Operation *reduction);
[[nodiscard]] bool isOverModel(mlir::Operation *reduction);
/// Whether a tile has whole members of an index set, so that the numbers of these are known to the next pass over the
/// tile: rows and blocks.
[[nodiscard]] bool isOfTiles(IndexSet set);
/// What is done, in the words of the language: `sum`, `kth_largest`, `taut_string`. A norm is a sum here.
[[nodiscard]] llvm::StringRef wordOf(mlir::Operation *reduction);
/// What is folded, searched or rearranged.
[[nodiscard]] mlir::Value operandOf(mlir::Operation *reduction);
/// The argument of an operation; null for `reduce`.
[[nodiscard]] mlir::Value argumentOf(mlir::Operation *reduction);
/// The cases that it is `under`.
[[nodiscard]] std::optional<mlir::ArrayAttr> casesOf(mlir::Operation *reduction);

/// Numbers every reduction of a rule, densely: those of the step in program order, then those of initial values and of
/// views in the order of declaration. Copies of the rule keep the numbers.
void numberReductions(ir::OptimizerOp rule);

/// Gives the reductions of `wide`, which is `rule` computing in f64, the numbers that they have in `rule`. What f32
/// keeps apart may be one number in f64, where widening is nothing: then a copy of it takes the second place. Fails,
/// with a message, where a reduction has no counterpart.
[[nodiscard]] mlir::LogicalResult numberReductionsAlike(ir::OptimizerOp wide, ir::OptimizerOp rule);

[[nodiscard]] unsigned numberOf(mlir::Operation *reduction);
/// One more than the greatest number in the step.
[[nodiscard]] unsigned countReductionsOfStep(ir::OptimizerOp rule);

/// The reductions that a number coarser than elements is computed from, each once, by number: the nearest ones, not
/// those behind them.
[[nodiscard]] llvm::SmallVector<mlir::Operation *, 2> reductionsBehind(mlir::Value number);

} // namespace ravine::formation
