// An optional state is used only where its condition is known to hold. What else a state of a part depends on, the
// branch or stage that the part is, holds wherever the part is computed, and needs no check.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

/// A condition whose value is known.
struct Fact {
  const Expr *condition;
  bool truth;
};

/// Collects what is known where `condition` has the value `truth`: of a conjunction that holds and of a disjunction
/// that does not, its parts too.
void collectFacts(const Expr &condition, bool truth, std::vector<Fact> &facts) {
  const auto *unary = condition.as<Unary>();
  const auto *binary = condition.as<Binary>();
  facts.push_back({&condition, truth});
  if (unary && unary->op == UnaryOp::Not)
    return collectFacts(*unary->operand, !truth, facts);
  if (binary && binary->op == (truth ? BinaryOp::And : BinaryOp::Or)) {
    collectFacts(*binary->left, truth, facts);
    collectFacts(*binary->right, truth, facts);
  }
}

class OptionalStateChecker {
public:
  explicit OptionalStateChecker(CheckContext &context) : context(context) {}

  void run() {
    for (auto &state : context.optimizer.states)
      checkWhere(state.get(), *state->initial);
    for (auto &let : context.optimizer.lets)
      check(*let->value);
    for (Equation &equation : context.optimizer.equations) {
      const auto *state = std::get_if<const StateDecl *>(&equation.symbol);
      checkWhere(state ? *state : nullptr, *equation.value);
    }
    for (auto &metric : context.optimizer.metrics)
      checkWhere(nullptr, *metric->value);
    for (auto &view : context.optimizer.views)
      checkWhere(nullptr, *view->value);
  }

private:
  /// Checks what is computed only if `owner` exists.
  void checkWhere(const StateDecl *owner, const Expr &expr) {
    facts.clear();
    if (owner && owner->condition)
      collectFacts(*owner->condition, true, facts);
    check(expr);
    facts.clear();
  }

  void check(const Expr &expr) {
    if (const auto *name = expr.as<Name>()) {
      const auto *state = std::get_if<const StateDecl *>(&name->symbol);
      bool isOptional = state && (*state)->condition && !context.unsoundConditions.contains((*state)->condition.get());
      if (isOptional && !isKnown(*(*state)->condition, true))
        reportUse(expr, *name, **state);
      const auto *let = std::get_if<const LetDecl *>(&name->symbol);
      // A `let` of a block was checked where it stands, under what is known there.
      if (modelReduction && let && letsInReduction.insert(*let).second)
        check(*(*let)->value);
      return;
    }
    if (const auto *reduction = expr.as<Reduction>(); reduction && reduction->set == IndexSet::Model)
      return checkReductionOfModel(*reduction);
    if (const auto *choice = expr.as<If>())
      return checkChoice(*choice);
    if (const auto *choice = expr.as<Case>())
      return checkChoice(*choice);
    forEachChild(expr, [&](const Expr &child) { check(child); });
  }

  /// It folds all tensors, whatever is known of the one that asks for it: only what is the same for all still holds.
  void checkReductionOfModel(const Reduction &reduction) {
    std::vector<Fact> outer = facts;
    std::erase_if(facts, [](const Fact &fact) { return fact.condition->type.set != IndexSet::Model; });
    modelReduction = &reduction;
    letsInReduction.clear();
    for (const ExprPtr &argument : reduction.arguments)
      check(*argument);
    modelReduction = nullptr;
    facts = std::move(outer);
  }

  template <typename Choice> void checkChoice(const Choice &choice) {
    check(*choice.condition);
    checkUnder(*choice.condition, true, *choice.thenValue);
    checkUnder(*choice.condition, false, *choice.elseValue);
  }

  void checkUnder(const Expr &condition, bool truth, const Expr &value) {
    size_t outer = facts.size();
    collectFacts(condition, truth, facts);
    check(value);
    facts.resize(outer);
  }

  /// Whether `condition` is known to have the value `truth`.
  bool isKnown(const Expr &condition, bool truth) const {
    auto saysSo = [&](const Fact &fact) { return fact.truth == truth && isSameExpression(*fact.condition, condition); };
    if (std::ranges::any_of(facts, saysSo))
      return true;
    if (const auto *unary = condition.as<Unary>(); unary && unary->op == UnaryOp::Not)
      return isKnown(*unary->operand, !truth);
    const auto *binary = condition.as<Binary>();
    if (binary && binary->op == (truth ? BinaryOp::And : BinaryOp::Or))
      return isKnown(*binary->left, truth) && isKnown(*binary->right, truth);
    if (binary && binary->op == (truth ? BinaryOp::Or : BinaryOp::And))
      return isKnown(*binary->left, truth) || isKnown(*binary->right, truth);
    return false;
  }

  void reportUse(const Expr &use, const Name &name, const StateDecl &state) {
    std::string text = name.isPrimed ? name.text + "'" : name.text;
    std::string condition(context.sources.text(state.conditionSpan));
    std::string inside = "`if … then …` with the same condition";
    if (modelReduction)
      inside += ", within " + quote(modelReduction->name + "[model](…)");
    context.report(Code::E0701, use.span,
                   quote(text) + " is used where the state " + quote(name.text) + " may not exist",
                   modelReduction ? "all tensors of the model are folded, those without it too" : "",
                   "use it only inside " + inside + ": `if " + condition + " then " + text + " else …`",
                   {{state.conditionSpan, "it exists only under this condition"}});
  }

  CheckContext &context;
  std::vector<Fact> facts;
  /// The reduction over the model whose argument is being checked.
  const Reduction *modelReduction = nullptr;
  /// The lets that its argument uses, as far as they have been checked there.
  std::unordered_set<const LetDecl *> letsInReduction;
};

} // namespace

void checkOptionalStates(CheckContext &context) {
  OptionalStateChecker(context).run();
}

} // namespace ravine
