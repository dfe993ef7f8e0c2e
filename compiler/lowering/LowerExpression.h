// Lowering of one expression tree.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"
#include "dialect/ravine/Ravine.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace ravine {

/// Lowers the expressions of one optimizer at the builder's insertion point. Each let and each primed name is lowered
/// at its first use and shared by all of them, so equations may stand in any order.
class ExpressionLowering {
public:
  /// `recognizesConditions`: turn a condition of an optional state into `ravine.exists`, which formation decides; off
  /// inside the declarations that define those conditions.
  ExpressionLowering(mlir::OpBuilder &builder, const SourceManager &sources, const ast::OptimizerDecl &optimizer,
                     mlir::FloatType computeType, bool recognizesConditions)
      : builder(builder), sources(sources), optimizer(optimizer), computeType(computeType),
        recognizesConditions(recognizesConditions) {}

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
  mlir::Value lowerNode(const ast::Expr &expression, const ast::Block &block);

  mlir::Value lowerPrimed(const ast::Expr &expression, const ast::Name &name);
  mlir::Value broadcast(mlir::Value value, ast::IndexSet set);
  /// The optional state whose condition this expression is, if any.
  const ast::StateDecl *conditionOwner(const ast::Expr &expression) const;

  template <typename Op, typename... Operands> mlir::Value create(const ast::Expr &expression, Operands... operands) {
    return Op::create(builder, location(expression.span), operands...).getResult();
  }

  mlir::OpBuilder &builder;
  const SourceManager &sources;
  const ast::OptimizerDecl &optimizer;
  mlir::FloatType computeType;
  bool recognizesConditions;
  llvm::DenseMap<const ast::LetDecl *, mlir::Value> lets;
  /// By target; filled when the first primed name is met.
  llvm::StringMap<const ast::Equation *> equationOf;
  llvm::StringMap<mlir::Value> nextValues;
};

} // namespace ravine
