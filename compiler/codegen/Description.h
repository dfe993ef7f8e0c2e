// What a library says of itself, gathered once and written three times: as data for the runtime core, as the JSON
// manifest and as the C header.
#pragma once

#include "compiler/lowering/Precision.h"
#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"
#include "runtime/abi/plan.h"

#include "mlir/IR/BuiltinOps.h"

namespace ravine {

/// One optimizer of the library: the rule and how it is walked. Both operations belong to the module described.
struct OptimizerDescription {
  ir::OptimizerOp rule;
  sweep::ProgramOp program;
};

struct LibraryDescription {
  std::string name;
  std::string sourceHash;
  /// RAVINE_TARGET_x and the names, from plain to wide.
  llvm::SmallVector<uint32_t> targets;
  llvm::SmallVector<std::string> targetNames;
  /// In the order of precisionsInOrder, which is that of the variants of every program.
  std::vector<Precision> precisions;
  std::vector<OptimizerDescription> optimizers;
};

/// The optimizers of a module after sweep formation.
[[nodiscard]] std::vector<OptimizerDescription> describeOptimizers(mlir::ModuleOp module);

/// The compiler's own version, such as "ravine 0.1.0".
[[nodiscard]] std::string compilerVersion();

/// RAVINE_PER_x for an index set.
[[nodiscard]] ravine_index_set indexSet(IndexSet set);

/// RAVINE_F32 for f32 and so on.
[[nodiscard]] ravine_dtype storedAs(mlir::Type number);

/// How a state is stored in every precision: single numbers in f64, elements and groups of them as the program says or,
/// where it says nothing, as the precision computes.
[[nodiscard]] ravine_dtype storage(ir::StateOp state);

/// What has to hold for a tensor that has the state, as the program writes it; "" where all have it.
[[nodiscard]] std::string conditionText(ir::StateOp state);

/// Whether a step writes zeros to gradients.
[[nodiscard]] bool writesGradient(ir::OptimizerOp rule);

/// The schedule that a hyper follows, as the program writes it; "" where it follows none.
[[nodiscard]] llvm::StringRef scheduleText(ir::HyperOp hyper);

} // namespace ravine
