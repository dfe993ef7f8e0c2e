// Each outcome of what is decided at creation has kernels of its own, so that there may not be too many.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <map>

namespace ravine {

using namespace ast;

namespace {

class VariantCounter {
public:
  explicit VariantCounter(CheckContext &context) : context(context) {
    for (auto &state : context.optimizer.states)
      if (state->condition)
        add(*state->condition, state->conditionSpan, innermost(state->under));
    forEachRoot(context.optimizer, [&](const Expr &root) { addCases(root); });
  }

  void run() {
    size_t outcomes = outcomesUnder(nullptr);
    if (outcomes <= maxVariants)
      return;
    SourceSpan span = distinct.empty() ? context.optimizer.conditions.back()->span : distinct.back().span;
    std::string count = outcomes == tooMany ? "far more" : std::to_string(outcomes);
    context.report(Code::E0702, span,
                   "what is decided for a tensor at creation has at most " + std::to_string(maxVariants) +
                       " outcomes; here it has " + count,
                   "each condition doubles them",
                   "give some of the conditions the same form, or make two optimizers: each outcome has its own code");
  }

private:
  static constexpr size_t tooMany = 1'000'000;

  /// A condition of states or cases.
  struct Condition {
    const Expr *expr;
    SourceSpan span;
    const ConditionDecl *under;
  };

  static const ConditionDecl *innermost(const std::vector<const ConditionDecl *> &under) {
    return under.empty() ? nullptr : under.back();
  }

  void addCases(const Expr &expr) {
    // A case of a branch or a stage asks nothing new.
    if (const auto *choice = expr.as<Case>(); choice && !isDeclared(*choice->condition))
      add(*choice->condition, choice->conditionSpan, nullptr);
    forEachChild(expr, [&](const Expr &child) { addCases(child); });
  }

  static bool isDeclared(const Expr &condition) {
    const auto *name = condition.as<Name>();
    return name && std::holds_alternative<const ConditionDecl *>(name->symbol);
  }

  void add(const Expr &condition, SourceSpan span, const ConditionDecl *under) {
    auto isSame = [&](const Condition &other) {
      return (!under || other.under == under) && isSameExpression(*other.expr, condition);
    };
    if (!context.unsoundConditions.contains(&condition) && std::ranges::none_of(distinct, isSame))
      distinct.push_back({&condition, span, under});
  }

  static size_t product(size_t left, size_t right) { return std::min(left * right, tooMany); }

  /// How many outcomes there are for what is asked directly under a condition.
  size_t outcomesUnder(const ConditionDecl *outer) const {
    size_t outcomes = 1;
    for (const Condition &condition : distinct)
      if (condition.under == outer)
        outcomes = product(outcomes, 2);
    std::map<unsigned, size_t> choices;
    for (const auto &condition : context.optimizer.conditions) {
      if (innermost(condition->under) != outer)
        continue;
      size_t inside = outcomesUnder(condition.get());
      if (condition->choice)
        choices[*condition->choice] = std::min(choices[*condition->choice] + inside, tooMany);
      else
        outcomes = product(outcomes, 1 + inside);
    }
    for (const auto &[number, sum] : choices)
      outcomes = product(outcomes, sum);
    return outcomes;
  }

  CheckContext &context;
  std::vector<Condition> distinct;
};

} // namespace

void checkVariants(CheckContext &context) {
  VariantCounter(context).run();
}

} // namespace ravine
