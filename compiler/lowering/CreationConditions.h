// What a rule asks of each tensor when the optimizer is created: the conditions of optional states and of `case`, the
// branches of a selection and where the stages of a pipe apply. Each becomes one `ravine.case`.
#pragma once

#include "compiler/frontend/AST.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/SmallVector.h"

#include <string>

namespace ravine {

/// A set of the optimizer's ConditionDecls, with all that those are under.
using ConditionSet = llvm::SmallBitVector;

/// One condition, asked only where those that it is under hold.
struct CreationCondition {
  std::string symbol;
  const ast::Expr *expression;
  /// As the author wrote it.
  SourceSpan span;
  ConditionSet under;
  /// Over what it varies, together with what it is under.
  ast::IndexSet set;
  std::optional<unsigned> choice;
  /// What the branch of a selection is called that it decides for; empty where it is none.
  std::string branch;
};

class CreationConditions {
public:
  explicit CreationConditions(const ast::OptimizerDecl &optimizer);

  /// Each after those that it is under.
  [[nodiscard]] llvm::ArrayRef<CreationCondition> all() const { return conditions; }

  /// The symbols of the conditions that one is under, leaving out what the others are under anyway.
  [[nodiscard]] llvm::SmallVector<std::string> symbolsUnder(const CreationCondition &condition) const;
  /// The same for what a state or a reduction is under.
  [[nodiscard]] llvm::SmallVector<std::string> symbolsUnder(const ast::StateDecl &state) const;
  [[nodiscard]] llvm::SmallVector<std::string> symbolsUnder(const ast::Reduction &reduction) const;

  [[nodiscard]] const CreationCondition &of(const ast::ConditionDecl &declaration) const;
  /// The condition that decides an `if` or a `case`; null where it is decided at every step.
  [[nodiscard]] const CreationCondition *deciding(const ast::Expr &choice, const ast::Expr &condition) const;
  /// The condition that an expression is, wherever it stands; null if it is none or depends on where.
  [[nodiscard]] const CreationCondition *equalTo(const ast::Expr &expression) const;

private:
  friend class ConditionContexts;

  /// Finds the condition with this expression that is known wherever those in `context` hold.
  [[nodiscard]] const CreationCondition *find(const ast::Expr &expression, const ConditionSet &context) const;
  void add(const ast::Expr &expression, SourceSpan span, ConditionSet under, const ast::ConditionDecl *declaration);
  [[nodiscard]] ConditionSet closureOf(llvm::ArrayRef<const ast::ConditionDecl *> declarations) const;
  [[nodiscard]] ast::IndexSet setOf(const ast::Expr &expression, const ConditionSet &under) const;
  [[nodiscard]] llvm::SmallVector<std::string> symbolsOf(const ConditionSet &set) const;
  [[nodiscard]] std::string freeSymbol();

  const ast::OptimizerDecl &optimizer;
  size_t symbolCount = 0;
  llvm::DenseMap<const ast::ConditionDecl *, unsigned> numbers;
  /// For each ConditionDecl: itself and all that it is under, over what it varies, and its condition.
  llvm::SmallVector<ConditionSet> closures;
  llvm::SmallVector<ast::IndexSet> sets;
  llvm::SmallVector<unsigned> ofDeclaration;
  std::vector<CreationCondition> conditions;
  /// What is known to hold where an `if` or a `case` stands.
  llvm::DenseMap<const ast::Expr *, ConditionSet> contexts;
};

} // namespace ravine
