// Lowering of one expression tree.
#pragma once

#include "compiler/diagnostics/SourceManager.h"
#include "compiler/frontend/AST.h"
#include "dialect/ravine/Ravine.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace ravine {

[[nodiscard]] ir::IndexSet convert(ast::IndexSet set);

/// A condition that is decided for each tensor at creation, and the state or case that stands for it.
struct NamedCondition {
  const ast::Expr *condition;
  std::string symbol;
};

/// Lowers the expressions of one optimizer at the builder's insertion point. Each let and each primed name is lowered
/// at its first use and shared by all of them, so equations may stand in any order.
class ExpressionLowering {
public:
  /// `conditions`: become `ravine.exists`, which formation decides, wherever they stand; none inside the declarations
  /// that define them.
  ExpressionLowering(mlir::OpBuilder &builder, const SourceManager &sources, const ast::OptimizerDecl &optimizer,
                     mlir::FloatType computeType, llvm::ArrayRef<NamedCondition> conditions)
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

  mlir::Value lowerPrimed(const ast::Expr &expression, const ast::Name &name);
  mlir::Value broadcast(mlir::Value value, ast::IndexSet set);
  /// The one that this expression is, if any.
  const NamedCondition *namedCondition(const ast::Expr &expression) const;
  /// The elements in f64.
  mlir::Value widened(const ast::Expr &value);
  mlir::Value widened(const ast::Expr &place, mlir::Value elements);
  /// 1 where the condition has the value `truth`, 0 elsewhere, in f64.
  mlir::Value counted(const ast::Expr &condition, bool truth);
  mlir::Value constant(const ast::Expr &expression, double value, ast::IndexSet set);

  template <typename Op, typename... Operands> mlir::Value create(const ast::Expr &expression, Operands... operands) {
    return Op::create(builder, location(expression.span), operands...).getResult();
  }

  mlir::OpBuilder &builder;
  const SourceManager &sources;
  const ast::OptimizerDecl &optimizer;
  mlir::FloatType computeType;
  llvm::ArrayRef<NamedCondition> conditions;
  llvm::DenseMap<const ast::LetDecl *, mlir::Value> lets;
  /// By target; filled when the first primed name is met.
  llvm::StringMap<const ast::Equation *> equationOf;
  llvm::StringMap<mlir::Value> nextValues;
};

} // namespace ravine
