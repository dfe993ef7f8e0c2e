// Where the cases of a rule are needed.
#include "compiler/frontend/CaseContexts.h"

#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace ravine {

using namespace ast;

namespace {

const LetDecl *letOf(const Expr &expr) {
  const auto *name = expr.as<Name>();
  const auto *let = name ? std::get_if<const LetDecl *>(&name->symbol) : nullptr;
  return let ? *let : nullptr;
}

void add(KnownConditions &to, const KnownConditions &from) {
  for (size_t index = 0; index < to.size(); ++index)
    to[index] = to[index] || from[index];
}

/// Leaves what holds in both. Whether anything was dropped.
bool keepCommon(KnownConditions &known, const KnownConditions &other) {
  bool isChanged = false;
  for (size_t index = 0; index < known.size(); ++index)
    if (known[index] && !other[index]) {
      known[index] = false;
      isChanged = true;
    }
  return isChanged;
}

/// Follows a rule from what it defines to all that this needs. What is shared, a let or an equation, is visited again
/// when less is known of where it is needed.
class Search {
public:
  explicit Search(const OptimizerDecl &optimizer) : optimizer(optimizer) {
    for (const auto &condition : optimizer.conditions) {
      IndexSet set = condition->condition->type.set;
      KnownConditions under = knownConditions(optimizer, condition->under);
      for (size_t outer = 0; outer < sets.size(); ++outer)
        if (under[outer])
          set = join(set, sets[outer]);
      sets.push_back(set);
    }
    for (const Equation &equation : optimizer.equations)
      equations.emplace(equation.target, &equation);
  }

  std::map<const Expr *, KnownConditions> run() {
    KnownConditions nothing = knownConditions(optimizer, {});
    for (const auto &state : optimizer.states)
      visit(*state->initial, knownConditions(optimizer, state->under));
    for (const Skip &skip : optimizer.skips)
      visit(*skip.condition, nothing);
    for (const Equation &equation : optimizer.equations) {
      const auto *state = std::get_if<const StateDecl *>(&equation.symbol);
      need(*equation.value, state ? knownConditions(optimizer, (*state)->under) : nothing);
    }
    for (const auto &metric : optimizer.metrics)
      visit(*metric->value, nothing);
    for (const auto &view : optimizer.views)
      visit(*view->value, nothing);
    while (!waiting.empty()) {
      const Expr *shared = waiting.front();
      waiting.pop_front();
      visit(*shared, KnownConditions(ofShared.at(shared)));
    }
    return std::move(ofCases);
  }

private:
  void visit(const Expr &expr, KnownConditions known) {
    // What is the same for all tensors is computed where only some take part, too.
    for (size_t index = 0; index < known.size(); ++index)
      known[index] = known[index] && refines(expr.type.set, sets[index]);
    if (const auto *choice = expr.as<Case>()) {
      auto [context, isNew] = ofCases.try_emplace(&expr, known);
      if (!isNew)
        keepCommon(context->second, known);
      return visitChoice(*choice->condition, *choice->thenValue, *choice->elseValue, known);
    }
    if (const auto *choice = expr.as<If>())
      return visitChoice(*choice->condition, *choice->thenValue, *choice->elseValue, known);
    if (const auto *name = expr.as<Name>())
      return visitName(expr, *name, known);
    if (const auto *block = expr.as<Block>())
      return visit(*block->value, std::move(known)); // its lets where they are used
    if (const auto *reduction = expr.as<Reduction>())
      add(known, knownConditions(optimizer, reduction->under));
    forEachChild(expr, [&](const Expr &child) { visit(child, known); });
  }

  void visitChoice(const Expr &condition, const Expr &thenValue, const Expr &elseValue, const KnownConditions &known) {
    visit(condition, known);
    KnownConditions chosen = known;
    if (const ConditionDecl *declared = declaredCondition(condition))
      add(chosen, knownConditions(optimizer, {declared}));
    visit(thenValue, std::move(chosen));
    visit(elseValue, known);
  }

  void visitName(const Expr &expr, const Name &name, const KnownConditions &known) {
    if (const LetDecl *let = letOf(expr))
      need(*let->value, known);
    else if (auto equation = equations.find(name.text); name.isPrimed && equation != equations.end())
      need(*equation->second->value, known);
  }

  void need(const Expr &shared, const KnownConditions &known) {
    auto [context, isNew] = ofShared.try_emplace(&shared, known);
    if (isNew || keepCommon(context->second, known))
      waiting.push_back(&shared);
  }

  const OptimizerDecl &optimizer;
  /// Over what each condition varies, together with what it is under.
  std::vector<IndexSet> sets;
  std::unordered_map<std::string_view, const Equation *> equations;
  std::map<const Expr *, KnownConditions> ofCases;
  std::unordered_map<const Expr *, KnownConditions> ofShared;
  std::deque<const Expr *> waiting;
};

} // namespace

KnownConditions knownConditions(const OptimizerDecl &optimizer, const std::vector<const ConditionDecl *> &conditions) {
  KnownConditions known(optimizer.conditions.size());
  // Each condition stands behind those that it is under.
  std::vector<const ConditionDecl *> outer = conditions;
  for (size_t index = known.size(); index-- > 0 && !outer.empty();) {
    const ConditionDecl *condition = optimizer.conditions[index].get();
    if (std::ranges::find(outer, condition) == outer.end())
      continue;
    known[index] = true;
    outer.insert(outer.end(), condition->under.begin(), condition->under.end());
  }
  return known;
}

const Expr &withoutLets(const Expr &expr) {
  const Expr *inner = &expr;
  while (const LetDecl *let = letOf(*inner))
    inner = let->value.get();
  return *inner;
}

const ConditionDecl *declaredCondition(const Expr &expr) {
  const auto *name = withoutLets(expr).as<Name>();
  const auto *condition = name ? std::get_if<const ConditionDecl *>(&name->symbol) : nullptr;
  return condition ? *condition : nullptr;
}

std::map<const Expr *, KnownConditions> contextsOfCases(const OptimizerDecl &optimizer) {
  return Search(optimizer).run();
}

} // namespace ravine
