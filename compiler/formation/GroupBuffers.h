// The memory that numbers of groups of elements stand in while a step runs, and the fields of operations.
#pragma once

#include "compiler/formation/Memory.h"

#include "llvm/ADT/DenseMap.h"

namespace ravine::formation {

/// How a reduction or an operation is called towards people: "sum[model] at line 12"; "sum[model] at
/// std/transforms/unscale.rvn:13" where it stands in another file than the rule.
[[nodiscard]] std::string describe(mlir::Operation *folding);

/// The group buffers and fields of a program. What the rule folds or searches into groups has buffers of its own, by
/// number (Reductions.h), so that all variants share them; behind these stand buffers for other numbers of groups,
/// which each variant uses as it likes. Every operation has a field of its own.
class GroupBuffers {
public:
  /// The rule's reductions have their numbers.
  explicit GroupBuffers(ir::OptimizerOp rule);

  /// The buffer of what a reduction or a search gives for each group.
  [[nodiscard]] uint32_t ofReduction(unsigned number) const { return buffers.lookup(number); }
  /// The field of an operation.
  [[nodiscard]] uint32_t ofOperation(unsigned number) const { return fields.lookup(number); }
  /// The number of the reduction that a group buffer belongs to, or of the operation of the step that a field does;
  /// nothing for other group buffers.
  [[nodiscard]] std::optional<unsigned> reductionOf(BufferKey buffer) const;
  /// The `count`th buffer over a set, from 0, that belongs to no reduction.
  [[nodiscard]] uint32_t spare(IndexSet set, unsigned count);

  [[nodiscard]] mlir::StringAttr nameOf(uint32_t buffer) const { return names[buffer]; }
  /// What each buffer has a number for.
  [[nodiscard]] mlir::ArrayAttr sets() const;
  [[nodiscard]] uint32_t fieldCount() const { return allFields; }

private:
  uint32_t add(IndexSet set, const llvm::Twine &name);

  mlir::MLIRContext *context;
  llvm::SmallVector<IndexSet> setOf;
  llvm::SmallVector<mlir::StringAttr> names;
  llvm::DenseMap<unsigned, uint32_t> buffers, fields;
  llvm::SmallVector<uint32_t> spares;
  uint32_t allFields = 0;
  /// The operations of the step, by field.
  llvm::SmallVector<unsigned> ofStep;
};

/// The buffers in which one variant keeps the numbers of groups that its sweeps over elements read. Each number has its
/// own from the first use to the end of the step.
class GroupNumbers {
public:
  /// `buffers` has to outlive this.
  explicit GroupNumbers(GroupBuffers &buffers) : buffers(buffers) {}

  /// Where a number of groups stands, or is to be put.
  [[nodiscard]] BufferKey bufferOf(mlir::Value number);
  /// Whether it stands there as soon as it is folded or found.
  [[nodiscard]] static bool isFolded(mlir::Value number);
  [[nodiscard]] const GroupBuffers &all() const { return buffers; }

private:
  GroupBuffers &buffers;
  llvm::DenseMap<mlir::Value, uint32_t> known;
};

} // namespace ravine::formation
