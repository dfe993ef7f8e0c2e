// What a library says of itself, gathered once and written three times: as data for the runtime core, as the JSON
// manifest and as the C header.
#pragma once

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"
#include "runtime/abi/plan.h"

#include "mlir/IR/BuiltinOps.h"

namespace ravine {

struct Precision {
  std::string name;
  ravine_dtype parameter;
  ravine_dtype gradient;
  ravine_dtype compute;
};

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
  std::vector<Precision> precisions;
  std::vector<OptimizerDescription> optimizers;
};

/// The optimizers of a module after sweep formation.
[[nodiscard]] std::vector<OptimizerDescription> describeOptimizers(mlir::ModuleOp module);

/// The compiler's own version, such as "ravine 0.1.0".
[[nodiscard]] std::string compilerVersion();

/// How a state of that type is stored: single numbers in f64, elements as the precision combination computes.
[[nodiscard]] ravine_dtype storage(ir::FieldType type);

/// "f32" for RAVINE_F32 and so on.
[[nodiscard]] llvm::StringRef dtypeName(ravine_dtype dtype);

} // namespace ravine
