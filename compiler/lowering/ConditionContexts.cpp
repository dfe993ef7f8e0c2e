// Following a rule from what it defines to all that this needs.
#include "compiler/lowering/ConditionContexts.h"

#include "compiler/frontend/CaseContexts.h"
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Walk.h"

using namespace ravine;

ConditionContexts::ConditionContexts(const CreationConditions &conditions) : conditions(conditions) {
  const ast::OptimizerDecl &optimizer = conditions.optimizer;
  for (const ast::Equation &equation : optimizer.equations)
    equationOf[equation.target] = &equation;
  ConditionSet everywhere(optimizer.conditions.size());
  for (const auto &state : optimizer.states)
    visit(*state->initial, conditions.closureOf(state->under));
  for (const ast::Skip &skip : optimizer.skips)
    visit(*skip.condition, everywhere);
  for (const ast::Equation &equation : optimizer.equations) {
    const auto *state = std::get_if<const ast::StateDecl *>(&equation.symbol);
    visitShared(*equation.value, state ? conditions.closureOf((*state)->under) : everywhere);
  }
  for (const auto &metric : optimizer.metrics)
    visit(*metric->value, everywhere);
  for (const auto &view : optimizer.views)
    visit(*view->value, everywhere);
}

void ConditionContexts::visit(const ast::Expr &expression, const ConditionSet &given) {
  // What is the same for all tensors is computed where only some take part, too.
  ConditionSet context = given;
  for (unsigned declaration : given.set_bits())
    if (!refines(expression.type.set, conditions.sets[declaration]))
      context.reset(declaration);
  if (isOfState(expression))
    return; // read as a whole

  if (const auto *choice = expression.as<ast::If>())
    return visitChoice(expression, *choice->condition, *choice->thenValue, *choice->elseValue, context);
  if (const auto *choice = expression.as<ast::Case>())
    return visitChoice(expression, *choice->condition, *choice->thenValue, *choice->elseValue, context);
  if (const auto *name = expression.as<ast::Name>())
    return visitName(*name, context);
  if (const auto *block = expression.as<ast::Block>())
    return visit(*block->value, context); // its lets where they are used
  if (expression.as<ast::Match>())
    matches.push_back(&expression);
  if (const auto *reduction = expression.as<ast::Reduction>())
    context |= conditions.closureOf(reduction->under);
  forEachChild(expression, [&](const ast::Expr &child) { visit(child, context); });
}

bool ConditionContexts::isOfState(const ast::Expr &expression) const {
  return expression.type.kind == ast::ValueKind::Bool &&
         llvm::any_of(conditions.optimizer.states, [&](const auto &state) {
           return state->condition && state->under.empty() && isSameExpression(*state->condition, expression);
         });
}

void ConditionContexts::visitChoice(const ast::Expr &expression, const ast::Expr &condition, const ast::Expr &thenValue,
                                    const ast::Expr &elseValue, const ConditionSet &context) {
  auto [known, isNew] = ofChoices.try_emplace(&expression, context);
  known->second &= context;
  if (isNew && expression.as<ast::Case>())
    cases.push_back(&expression);
  if (expression.as<ast::If>()) // that of a `case` is one of those decided at creation
    visit(condition, context);
  ConditionSet chosen = context;
  if (const ast::ConditionDecl *declaration = declaredCondition(condition))
    chosen |= conditions.closureOf(declaration);
  visit(thenValue, chosen);
  visit(elseValue, context);
}

void ConditionContexts::visitName(const ast::Name &name, const ConditionSet &context) {
  if (const auto *let = std::get_if<const ast::LetDecl *>(&name.symbol))
    visitShared(*(*let)->value, context);
  else if (auto equation = equationOf.find(name.text); name.isPrimed && equation != equationOf.end())
    visitShared(*equation->second->value, context);
}

void ConditionContexts::visitShared(const ast::Expr &value, const ConditionSet &context) {
  auto [known, isNew] = ofShared.try_emplace(&value, context);
  if (!isNew) {
    if (!known->second.test(context))
      return;
    known->second &= context;
  }
  visit(value, ConditionSet(known->second));
}
