// The equations of a rule.
#include "compiler/documentation/OptimizerEquations.h"

#include "compiler/documentation/Typeset.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <set>

namespace ravine::documentation {

namespace {

/// Gathers the lets that expressions use, of the rule and of blocks, directly or through others.
class UsedLets {
public:
  void visit(const ast::Expr &expr) {
    if (const auto *name = expr.as<ast::Name>())
      if (const auto *let = std::get_if<const ast::LetDecl *>(&name->symbol); let && found.insert(*let).second)
        visit(*(*let)->value);
    forEachChild(expr, [&](const ast::Expr &child) { visit(child); });
  }

  [[nodiscard]] std::vector<const ast::LetDecl *> inOrder() const {
    std::vector<const ast::LetDecl *> lets(found.begin(), found.end());
    std::ranges::sort(lets, {}, [](const ast::LetDecl *let) { return let->nameSpan.begin; });
    return lets;
  }

private:
  std::set<const ast::LetDecl *> found;
};

} // namespace

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
  for (const ast::LetDecl *let : lets.inOrder())
    result.where.push_back({notation.symbol(let->name), typesetter.typeset(*let->value), {}});
  return result;
}

} // namespace ravine::documentation
