// The numbers of a rule that outlive a sweep and are coarser than elements, and where each stands.
#pragma once

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

namespace ravine::formation {

/// A column of the table of tensors or of the table of the model.
struct Column {
  bool isOfModel = false;
  int32_t index = 0;
};

/// The columns of both tables: hypers per tensor, states, reductions, in this order and as declared. They are numbered
/// on the rule, so that all its variants share them. Beside them the patterns that conditions compare names with.
class ValueTables {
public:
  /// The rule's reductions have their numbers (Reductions.h).
  explicit ValueTables(ir::OptimizerOp rule);

  [[nodiscard]] mlir::ArrayAttr ofTensors() const;
  [[nodiscard]] mlir::ArrayAttr ofModel() const;
  [[nodiscard]] mlir::ArrayAttr patterns() const;

  /// Where a hyper per tensor stands; nothing for the others, which a program finds among its hypers.
  [[nodiscard]] std::optional<Column> ofHyper(llvm::StringRef name) const {
    auto known = hypers.find(name);
    return known == hypers.end() ? std::nullopt : std::optional(known->second);
  }
  /// Where a state stands, which has to be one number per tensor or for the model.
  [[nodiscard]] Column ofState(llvm::StringRef name) const { return states.lookup(name); }
  [[nodiscard]] Column ofReduction(unsigned number) const { return reductions.lookup(number); }
  [[nodiscard]] int32_t ofPattern(ir::MatchesOp matches) const;

private:
  static sweep::PatternAttr patternOf(ir::MatchesOp matches);
  Column add(bool isOfModel, sweep::ValueKind kind, mlir::StringAttr name, uint32_t index);

  mlir::MLIRContext *context;
  llvm::SmallVector<mlir::Attribute> tensorValues, modelValues;
  llvm::StringMap<Column> hypers, states;
  llvm::DenseMap<unsigned, Column> reductions;
  llvm::SetVector<mlir::Attribute> patternSet;
};

} // namespace ravine::formation
