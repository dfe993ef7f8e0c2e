// Reading off a finished program what its sweeps move, fold and wait for.
#pragma once

#include "compiler/formation/GroupBuffers.h"
#include "compiler/formation/Report.h"

#include "llvm/ADT/DenseMap.h"

namespace ravine::formation {

/// The number of stages after which the last of a program's exits is asked; 0 where there is none.
[[nodiscard]] unsigned lastQuestion(sweep::ProgramOp program);

/// Bytes for each group that several sweeps move, by set.
[[nodiscard]] std::vector<GroupTraffic> groupTraffic(llvm::ArrayRef<SweepTraffic> sweeps);

/// Reads the sweeps of one program, which is that of the rule.
class SweepReader {
public:
  SweepReader(ir::OptimizerOp rule, sweep::ProgramOp program);

  /// The traversals in one of the lists of a stage. Runs that touch no elements belong to the traversal behind them, or
  /// where there is none to the one before.
  std::vector<SweepTraffic> read(sweep::StageOp stage, mlir::ArrayAttr names, llvm::ArrayRef<int32_t> tiles,
                                 unsigned number);

private:
  friend class TraversalReader;

  FoldedNumber folded(IndexSet set, uint32_t value) const;
  FoldedNumber folded(unsigned number, std::string name, IndexSet set) const;

  sweep::ProgramOp program;
  GroupBuffers groups;
  llvm::DenseMap<unsigned, mlir::Operation *> reductions;
  /// The columns of the model's table that exits ask for, and whether it is to know that gradients are finite.
  llvm::DenseMap<unsigned, bool> asked;
};

} // namespace ravine::formation
