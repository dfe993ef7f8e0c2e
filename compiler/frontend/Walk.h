// Visiting the parts of an expression.
#pragma once

#include "compiler/frontend/AST.h"

namespace ravine {

/// Calls `visit` with each direct part of `expr`, in the order of the source. The values of a block's lets are parts of
/// the block. `E` is Expr or const Expr.
template <typename E, typename Visit> void forEachChild(E &expr, Visit visit) {
  if (auto *unary = expr.template as<ast::Unary>()) {
    visit(static_cast<E &>(*unary->operand));
  } else if (auto *binary = expr.template as<ast::Binary>()) {
    visit(static_cast<E &>(*binary->left));
    visit(static_cast<E &>(*binary->right));
  } else if (auto *choice = expr.template as<ast::If>()) {
    visit(static_cast<E &>(*choice->condition));
    visit(static_cast<E &>(*choice->thenValue));
    visit(static_cast<E &>(*choice->elseValue));
  } else if (auto *call = expr.template as<ast::Call>()) {
    for (auto &argument : call->arguments)
      visit(static_cast<E &>(*argument));
  } else if (auto *reduction = expr.template as<ast::Reduction>()) {
    for (auto &argument : reduction->arguments)
      visit(static_cast<E &>(*argument));
  } else if (auto *cases = expr.template as<ast::Case>()) {
    visit(static_cast<E &>(*cases->condition));
    visit(static_cast<E &>(*cases->thenValue));
    visit(static_cast<E &>(*cases->elseValue));
  } else if (auto *block = expr.template as<ast::Block>()) {
    for (auto &let : block->lets)
      visit(static_cast<E &>(*let->value));
    visit(static_cast<E &>(*block->value));
  } else if (auto *then = expr.template as<ast::Then>()) {
    visit(static_cast<E &>(*then->first));
    visit(static_cast<E &>(*then->second));
  }
}

/// Calls `visit` with every use of a name in `expr`, and with the expression that it is.
template <typename E, typename Visit> void forEachName(E &expr, Visit visit) {
  if (auto *name = expr.template as<ast::Name>())
    visit(*name, expr);
  forEachChild(expr, [&](E &child) { forEachName(child, visit); });
}

/// Calls `visit` with every expression that a rule contains: the defaults of scheduled hypers, conditions, skips,
/// initial values of states, requirements, lets, equations, metrics and views, but not the defaults of other hypers,
/// which are constants. `Optimizer` is OptimizerDecl or const OptimizerDecl.
template <typename Optimizer, typename Visit> void forEachRoot(Optimizer &optimizer, Visit visit) {
  for (auto &hyper : optimizer.hypers)
    if (hyper->isScheduled)
      visit(*hyper->defaultExpr);
  for (auto &condition : optimizer.conditions)
    visit(*condition->condition);
  for (auto &state : optimizer.states) {
    if (state->condition)
      visit(*state->condition);
    visit(*state->initial);
  }
  for (auto &requirement : optimizer.requirements)
    visit(*requirement.condition);
  for (auto &skip : optimizer.skips)
    visit(*skip.condition);
  for (auto &let : optimizer.lets)
    visit(*let->value);
  for (auto &equation : optimizer.equations)
    visit(*equation.value);
  for (auto &metric : optimizer.metrics)
    visit(*metric->value);
  for (auto &view : optimizer.views)
    visit(*view->value);
}

} // namespace ravine
