// Renaming in place.
#include "compiler/elaboration/Rename.h"

namespace ravine {

using namespace ast;

namespace {

void renameAll(std::vector<Equation> &equations, const Names &names) {
  for (Equation &equation : equations) {
    if (auto found = names.find(equation.target); found != names.end())
      equation.target = found->second;
    rename(*equation.value, names);
  }
}

void renameAll(std::vector<std::unique_ptr<LetDecl>> &lets, const Names &names) {
  for (auto &let : lets) {
    if (auto found = names.find(let->name); found != names.end())
      let->name = found->second;
    rename(*let->value, names);
  }
}

void renameAll(std::vector<Skip> &skips, const Names &names) {
  for (Skip &skip : skips)
    rename(*skip.condition, names);
}

/// What optimizers and transforms have in common.
template <typename Part> void renameDeclarations(Part &part, const Names &names) {
  forEachVisible(part, [&](auto &declaration) {
    if (auto found = names.find(declaration.name); found != names.end())
      declaration.name = found->second;
  });
  for (auto &hyper : part.hypers)
    rename(*hyper->defaultExpr, names);
  for (auto &state : part.states) {
    if (state->condition)
      rename(*state->condition, names);
    rename(*state->initial, names);
  }
  for (Requirement &requirement : part.requirements)
    rename(*requirement.condition, names);
  renameAll(part.lets, names);
  for (auto &metric : part.metrics)
    rename(*metric->value, names);
  for (auto &view : part.views)
    rename(*view->value, names);
}

} // namespace

void rename(Expr &expr, const Names &names) {
  forEachName(expr, [&](Name &name, const Expr &) {
    // The choice of an enum and a condition are no names of the part.
    if (!std::holds_alternative<std::monostate>(name.symbol))
      return;
    if (auto found = name.isPrimed ? names.find(name.text + "'") : names.end(); found != names.end())
      name = {found->second, false, {}};
    else if (found = names.find(name.text); found != names.end())
      name.text = found->second;
  });
}

void rename(OptimizerDecl &optimizer, const Names &names) {
  if (names.empty())
    return;
  renameDeclarations(optimizer, names);
  for (auto &condition : optimizer.conditions)
    rename(*condition->condition, names);
  renameAll(optimizer.skips, names);
  renameAll(optimizer.equations, names);
}

void rename(TransformDecl &transform, const Names &names) {
  if (names.empty())
    return;
  renameDeclarations(transform, names);
  for (TransformBlock *block : {&transform.before, &transform.after}) {
    renameAll(block->lets, names);
    renameAll(block->equations, names);
    renameAll(block->skips, names);
  }
}

void renameInStep(OptimizerDecl &optimizer, const Names &names) {
  renameAll(optimizer.lets, names);
  renameAll(optimizer.skips, names);
  for (Equation &equation : optimizer.equations)
    rename(*equation.value, names);
  for (auto &metric : optimizer.metrics)
    rename(*metric->value, names);
}

} // namespace ravine
