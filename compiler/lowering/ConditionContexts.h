// Where the expressions of a rule are needed: for tensors of which branches of a selection.
#pragma once

#include "compiler/lowering/CreationConditions.h"

#include "llvm/ADT/StringMap.h"

namespace ravine {

/// Follows a rule from what it defines to all that this needs, through lets and primed names, and notes of every `if`
/// and `case` which conditions hold wherever it is needed.
class ConditionContexts {
public:
  explicit ConditionContexts(const CreationConditions &conditions);

  /// The `case`s that are needed, in order, and what holds there.
  llvm::SmallVector<const ast::Expr *> cases;
  llvm::DenseMap<const ast::Expr *, ConditionSet> ofChoices;
  /// The questions for names that are asked outside of conditions.
  llvm::SmallVector<const ast::Expr *> matches;

private:
  void visit(const ast::Expr &expression, const ConditionSet &context);
  void visitChoice(const ast::Expr &expression, const ast::Expr &condition, const ast::Expr &thenValue,
                   const ast::Expr &elseValue, const ConditionSet &context);
  /// Whether an expression is the condition of an optional state.
  [[nodiscard]] bool isOfState(const ast::Expr &expression) const;
  void visitName(const ast::Name &name, const ConditionSet &context);
  /// Visits what a let or an equation stands for, unless it is known to be needed wherever `context` holds.
  void visitShared(const ast::Expr &value, const ConditionSet &context);

  const CreationConditions &conditions;
  llvm::StringMap<const ast::Equation *> equationOf;
  llvm::DenseMap<const ast::Expr *, ConditionSet> ofShared;
};

} // namespace ravine
