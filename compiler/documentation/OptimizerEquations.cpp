// The equations of a rule.
#include "compiler/documentation/OptimizerEquations.h"

#include "compiler/documentation/Typeset.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <map>
#include <set>

namespace ravine::documentation {

namespace {

/// Gathers the lets that expressions use, of the rule and of blocks, directly or through others.
class UsedLets {
public:
  void visit(const ast::Expr &expr) {
    if (const auto *block = expr.as<ast::Block>())
      return visit(*block->value);
    if (const auto *name = expr.as<ast::Name>())
      if (const auto *let = std::get_if<const ast::LetDecl *>(&name->symbol); let && found.insert(*let).second)
        visit(*(*let)->value);
    forEachChild(expr, [&](const ast::Expr &child) { visit(child); });
  }

  [[nodiscard]] std::vector<const ast::LetDecl *> inOrder(const ast::OptimizerDecl &optimizer) const {
    std::vector<const ast::LetDecl *> declared;
    for (const auto &hyper : optimizer.hypers)
      addLetsOfBlocks(*hyper->defaultExpr, declared);
    for (const ast::Skip &skip : optimizer.skips)
      addLetsOfBlocks(*skip.condition, declared);
    for (const auto &state : optimizer.states)
      addLetsOfBlocks(*state->initial, declared);
    for (const auto &let : optimizer.lets) {
      addLetsOfBlocks(*let->value, declared);
      declared.push_back(let.get());
    }
    for (const ast::Equation &equation : optimizer.equations)
      addLetsOfBlocks(*equation.value, declared);
    for (const auto &metric : optimizer.metrics)
      addLetsOfBlocks(*metric->value, declared);
    for (const auto &view : optimizer.views)
      addLetsOfBlocks(*view->value, declared);
    std::erase_if(declared, [&](const ast::LetDecl *let) { return !found.contains(let); });
    return declared;
  }

private:
  static void addLetsOfBlocks(const ast::Expr &expr, std::vector<const ast::LetDecl *> &lets) {
    forEachChild(expr, [&](const ast::Expr &child) { addLetsOfBlocks(child, lets); });
    if (const auto *block = expr.as<ast::Block>())
      for (const auto &let : block->lets)
        lets.push_back(let.get());
  }

  std::set<const ast::LetDecl *> found;
};

/// How many operations and names an expression has with its lets written out, or more than `most`.
class InlinedSize {
public:
  static constexpr size_t most = 200;

  size_t of(const ast::Expr &expr) {
    if (const auto *name = expr.as<ast::Name>())
      if (const auto *let = std::get_if<const ast::LetDecl *>(&name->symbol))
        return of(**let);
    size_t size = 1;
    forEachChild(expr, [&](const ast::Expr &child) { size += of(child); });
    return std::min(size, most + 1);
  }

private:
  size_t of(const ast::LetDecl &let) {
    auto [known, isNew] = sizes.try_emplace(&let, 0);
    if (isNew) {
      size_t size = of(*let.value);
      sizes[&let] = size;
      return size;
    }
    return known->second;
  }

  std::map<const ast::LetDecl *, size_t> sizes;
};

} // namespace

bool canBeInlined(const ast::ViewDecl &view) {
  return InlinedSize().of(*view.value) <= InlinedSize::most;
}

RuleEquations equationsOf(const ast::OptimizerDecl &optimizer, const Notation &notation) {
  Typesetter typesetter(notation, Moment::Step);
  RuleEquations result;
  UsedLets lets;
  for (const ast::Equation &equation : optimizer.equations) {
    const auto *state = std::get_if<const ast::StateDecl *>(&equation.symbol);
    bool isOptional = state && (*state)->condition;
    result.step.push_back({notation.defined(equation.target, Moment::Step), typesetter.typeset(*equation.value),
                           isOptional ? typesetter.typeset(*(*state)->condition) : Formula()});
    lets.visit(*equation.value);
  }
  for (const auto &metric : optimizer.metrics)
    lets.visit(*metric->value);
  for (const ast::Skip &skip : optimizer.skips)
    lets.visit(*skip.condition);
  for (const auto &hyper : optimizer.hypers)
    if (hyper->isScheduled) {
      result.schedules.push_back({notation.symbol(hyper->name), typesetter.typeset(*hyper->defaultExpr), {}});
      lets.visit(*hyper->defaultExpr);
    }
  for (const auto &view : optimizer.views)
    if (!canBeInlined(*view))
      lets.visit(*view->value);
  for (const ast::LetDecl *let : lets.inOrder(optimizer))
    result.where.push_back({notation.symbol(let->name), typesetter.typeset(*let->value), {}});
  UsedLets ofInitialValues;
  for (const auto &state : optimizer.states)
    ofInitialValues.visit(*state->initial);
  Typesetter atCreation(notation, Moment::Creation);
  for (const ast::LetDecl *let : ofInitialValues.inOrder(optimizer))
    result.initial.push_back({notation.symbol(let->name), atCreation.typeset(*let->value), {}});
  return result;
}

} // namespace ravine::documentation
