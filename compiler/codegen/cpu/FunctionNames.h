// Which function computes a sweep or a scalar program: those that compute the same share one.
#pragma once

#include "compiler/codegen/cpu/TilePasses.h"
#include "dialect/sweep/Sweep.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/Hashing.h"

namespace ravine {

/// The name of the function that a sweep or scalar program of an optimizer becomes where it has one of its own.
[[nodiscard]] std::string functionName(llvm::StringRef optimizer, llvm::StringRef part);

/// Finds out which of a program's sweeps and scalar programs are alike. Variants, exits and branches of a selection
/// often differ in which memory they walk and which numbers they are given, not in what they compute; the plan says the
/// former for each, so that one function serves them all. It is the same for copies of a program.
class FunctionNames {
public:
  explicit FunctionNames(sweep::ProgramOp program);

  /// The name of the function, which is that of the first like it.
  [[nodiscard]] std::string of(mlir::Operation *part) const;
  /// Whether the function is to be written when this one is come upon.
  [[nodiscard]] bool isFirst(mlir::Operation *part) const { return firsts.lookup(part) == part; }

private:
  using Bucket = llvm::SmallVector<mlir::Operation *, 2>;
  void add(mlir::Operation *part, llvm::hash_code hash, llvm::DenseMap<size_t, Bucket> &buckets);

  sweep::ProgramOp program;
  TilePasses passes;
  /// For each sweep and scalar program the first that is like it.
  llvm::DenseMap<mlir::Operation *, mlir::Operation *> firsts;
};

} // namespace ravine
