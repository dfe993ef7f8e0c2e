// Writing the sweeps of one stage: passes over elements as they were planned, and around them the sweeps over groups of
// elements and the operations that they need.
#pragma once

#include "compiler/formation/SweepEmitter.h"

#include "llvm/ADT/DenseSet.h"

namespace ravine::formation {

/// A pass over elements as it was planned. Passes with the same `sweep` are passes of one traversal.
struct ElementPass {
  unsigned sweep = 0;
  llvm::SmallVector<Place> loads;
  llvm::SmallVector<Place> stores;
  /// The reductions and operations that are made here, by number: those of its elements, those of numbers of groups and
  /// tensors that are known then.
  llvm::SmallVector<mlir::Operation *> made;
};

/// Where a list of sweeps stands, and whose values it is about.
struct StageFrame {
  /// What the names of its sweeps have before and behind their number.
  std::string prefix, suffix;
  sweep::SweepRole role = sweep::SweepRole::Step;
  uint32_t variant = 0;
  /// For the role `view`.
  uint32_t view = 0;
  ir::OptimizerOp rule;
  const Memory &memory;
  const ValueTables &tables;
  GroupNumbers &numbers;
};

/// What a stage lists.
struct SweepList {
  /// Names of sweeps and operations.
  llvm::SmallVector<mlir::Attribute> names;
  /// How many of them belong to each traversal.
  llvm::SmallVector<int32_t> tiles;
  /// Numbers of tensors that are folded over the model when the stage ends.
  llvm::SmallVector<ir::ReduceOp> folds;
};

/// Writes one list of sweeps, at the builder's insertion point.
class StageWriter {
public:
  /// All have to outlive this.
  StageWriter(mlir::OpBuilder &builder, const StageFrame &frame) : builder(builder), frame(frame) {}

  /// `commits` are values over groups that go to states when everything else of the stage is done.
  SweepList write(llvm::ArrayRef<ElementPass> passes, llvm::ArrayRef<Place> commits);

private:
  void writeRun(llvm::ArrayRef<ElementPass> passes);
  [[nodiscard]] SweepContents contentsOf(const ElementPass &pass) const;
  void writeElements(SweepContents contents, llvm::ArrayRef<mlir::Value> groupNumbers);
  /// What is made of the numbers that a pass has folded, and of the fields that it has filled: in the same run if it
  /// can be.
  void followUp(llvm::ArrayRef<mlir::Operation *> made);
  /// Each a run of its own, but that folds of numbers over the same set are one sweep unless one needs the other.
  void writeDeferred();
  /// States of groups. What is computed here sees what they held when the step began, because nothing comes after it.
  void writeCommits(llvm::ArrayRef<Place> commits);

  /// Puts numbers of groups over some of the sets where sweeps over elements find them.
  void provide(llvm::ArrayRef<mlir::Value> numbers, bool isWanted(IndexSet));
  void fold(llvm::ArrayRef<ir::ReduceOp> reductions);
  void writeOperation(mlir::Operation *operation);
  void writeGroups(IndexSet set, llvm::ArrayRef<Place> stores, llvm::ArrayRef<ir::ReduceOp> reductions);

  /// Whether everything that a number is computed from is known before the run is done.
  [[nodiscard]] bool isComplete(mlir::Value number) const;
  [[nodiscard]] bool isReady(mlir::Value number) const {
    return GroupNumbers::isFolded(number) || provided.contains(number);
  }

  /// A run without sweeps leaves no trace.
  void beginRun();
  std::string nextName();
  void list(llvm::StringRef name);

  mlir::OpBuilder &builder;
  const StageFrame &frame;
  SweepList written;
  /// Numbers of groups that stand in their buffers.
  llvm::DenseSet<mlir::Value> provided;
  /// By number: what is complete only when the run is.
  llvm::DenseSet<unsigned> completeAfterRun;
  llvm::SmallVector<mlir::Operation *> deferred, overModel;
  /// The rows or blocks that the run goes by, if it does.
  std::optional<IndexSet> tile;
};

} // namespace ravine::formation
