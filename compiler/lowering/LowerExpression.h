// Lowering of one expression tree.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"
#include "compiler/lowering/CreationConditions.h"
#include "dialect/ravine/Ravine.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace ravine {

/// The names of cases, as `under` has them; null where there are none.
[[nodiscard]] mlir::ArrayAttr symbolList(mlir::Builder builder, llvm::ArrayRef<std::string> symbols);

/// Lowers the expressions of one optimizer at the builder's insertion point. Each let and each primed name is lowered
/// at its first use and shared by all of them, so equations may stand in any order.
class ExpressionLowering {
public:
  /// `conditions`: become `ravine.exists`, which formation decides, wherever they stand; null inside the declarations
  /// that define them.
  ExpressionLowering(mlir::OpBuilder &builder, const SourceManager &sources, const ast::OptimizerDecl &optimizer,
                     mlir::FloatType computeType, const CreationConditions *conditions)
      : builder(builder), sources(sources), optimizer(optimizer), computeType(computeType), conditions(conditions) {}

  /// The expression's value, varying over the expression's own index set.
  [[nodiscard]] mlir::Value lower(const ast::Expr &expression);

  /// The same, broadcast to a finer index set.
  [[nodiscard]] mlir::Value lower(const ast::Expr &expression, ast::IndexSet set);

  [[nodiscard]] ir::FieldType fieldType(ast::ValueKind kind, ast::IndexSet set) const;
  [[nodiscard]] mlir::Location location(SourceSpan span) const;

private:
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Number &number);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Boolean &boolean);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Name &name);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Unary &unary);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Binary &binary);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::If &conditional);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Call &call);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Reduction &reduction);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Case &choice);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Block &block);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Match &match);
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Then &then);

  mlir::Value lowerPrimed(const ast::Expr &expression, const ast::Name &name);
  mlir::Value lowerPredefined(const ast::Expr &expression, ast::Predefined predefined);
  mlir::Value lowerDeclared(const ast::Expr &expression, const ast::ConditionDecl &declaration);
  /// What decides an `if` or a `case`.
  mlir::Value lowerCondition(const ast::Expr &choice, const ast::Expr &condition);
  mlir::Value broadcast(mlir::Value value, ast::IndexSet set);
  mlir::Value exists(const ast::Expr &expression, const CreationCondition &condition);
  mlir::Value clock(const ast::Expr &expression, ir::ClockKind kind);

  // Reductions, searches and rearrangements, in LowerReduction.cpp.
  mlir::ArrayAttr casesUnder(const ast::Reduction &reduction) const;
  /// The argument in f64, for each member of the index set that is folded.
  mlir::Value widened(const ast::Expr &value, ast::IndexSet folded);
  mlir::Value widened(const ast::Expr &place, mlir::Value value);
  /// 1 where the condition has the value `truth`, 0 elsewhere, in f64.
  mlir::Value counted(const ast::Expr &condition, bool truth, ast::IndexSet folded);
  mlir::Value fold(const ast::Expr &expression, ir::ReductionKind kind, mlir::Value members);
  mlir::Value sum(const ast::Expr &expression, mlir::Value members);
  /// How many members of `folded` lie in each member of the reduction's index set; known from the shape, or summed.
  mlir::Value memberCount(const ast::Expr &expression, ast::IndexSet folded);
  mlir::Value memberCountOfShape(const ast::Expr &expression, ast::IndexSet folded);
  mlir::Value search(const ast::Expr &expression, ir::SearchKind kind);
  mlir::Value rearrangement(const ast::Expr &expression, ir::RearrangementKind kind);

  mlir::Value constant(const ast::Expr &expression, double value, ast::IndexSet set);

  template <typename Op, typename... Operands> mlir::Value create(const ast::Expr &expression, Operands... operands) {
    return Op::create(builder, location(expression.span), operands...).getResult();
  }

  mlir::OpBuilder &builder;
  const SourceManager &sources;
  const ast::OptimizerDecl &optimizer;
  mlir::FloatType computeType;
  const CreationConditions *conditions;
  llvm::DenseMap<const ast::LetDecl *, mlir::Value> lets;
  /// By target; filled when the first primed name is met.
  llvm::StringMap<const ast::Equation *> equationOf;
  llvm::StringMap<mlir::Value> nextValues;
};

} // namespace ravine
