// Expressions that elaboration writes itself. Each has the place of the source that asked for it.
#pragma once

#include "compiler/frontend/AST.h"

namespace ravine {

template <typename Node> [[nodiscard]] ast::ExprPtr make(SourceSpan span, Node node) {
  auto expr = std::make_unique<ast::Expr>();
  expr->span = span;
  expr->node = std::move(node);
  return expr;
}

[[nodiscard]] inline ast::ExprPtr makeName(SourceSpan span, std::string text, bool isPrimed = false) {
  return make(span, ast::Name{std::move(text), isPrimed, {}});
}

/// Whether the condition holds for the tensor.
[[nodiscard]] inline ast::ExprPtr makeName(SourceSpan span, const ast::ConditionDecl &condition) {
  return make(span, ast::Name{condition.name, false, &condition});
}

[[nodiscard]] inline ast::ExprPtr makeNumber(SourceSpan span, double value, bool isInteger) {
  return make(span, ast::Number{value, isInteger});
}

/// Whether it may stand in the place of a name without being computed more than once.
[[nodiscard]] inline bool isSimple(const ast::Expr &expr) {
  return expr.as<ast::Name>() || expr.as<ast::Number>() || expr.as<ast::Boolean>();
}

/// What stands where something has been reported.
[[nodiscard]] inline ast::ExprPtr makePlaceholder(SourceSpan span) {
  return make(span, ast::Name{});
}

[[nodiscard]] inline ast::ExprPtr makeBinary(ast::BinaryOp op, ast::ExprPtr left, ast::ExprPtr right) {
  SourceSpan span = left->span;
  return make(span, ast::Binary{op, span, std::move(left), std::move(right)});
}

/// Of an elementary function.
[[nodiscard]] inline ast::ExprPtr makeCall(std::string function, ast::ExprPtr first, ast::ExprPtr second) {
  SourceSpan span = first->span;
  std::vector<ast::ExprPtr> arguments;
  arguments.push_back(std::move(first));
  arguments.push_back(std::move(second));
  return make(span, ast::Call{std::move(function), span, std::move(arguments), {}, {}});
}

[[nodiscard]] inline ast::ExprPtr makeIf(ast::ExprPtr condition, ast::ExprPtr thenValue, ast::ExprPtr elseValue) {
  SourceSpan span = thenValue->span;
  return make(span, ast::If{std::move(condition), std::move(thenValue), std::move(elseValue)});
}

/// `fold[set](value)`
[[nodiscard]] inline ast::ExprPtr makeReduction(ast::ReductionKind kind, std::string name, SourceSpan span,
                                                ast::IndexSet set, ast::ExprPtr value) {
  ast::Reduction reduction{kind, std::move(name), span, set, span, {}, {}};
  reduction.arguments.push_back(std::move(value));
  return make(span, std::move(reduction));
}

/// `value` where the condition holds, `otherwise` elsewhere.
[[nodiscard]] inline ast::ExprPtr makeCase(const ast::ConditionDecl &condition, ast::ExprPtr value,
                                           ast::ExprPtr otherwise) {
  SourceSpan span = value->span;
  return make(span,
              ast::Case{makeName(condition.span, condition), condition.span, std::move(value), std::move(otherwise)});
}

[[nodiscard]] inline std::unique_ptr<ast::LetDecl> makeLet(std::string name, SourceSpan span, ast::ExprPtr value) {
  return std::make_unique<ast::LetDecl>(
      ast::LetDecl{.name = std::move(name), .nameSpan = span, .value = std::move(value)});
}

} // namespace ravine
