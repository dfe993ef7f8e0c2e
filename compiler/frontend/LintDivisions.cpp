// Divisions in which one element that is 0 makes a NaN or an infinity: `m/sqrt(v)` without a stabiliser.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vanishing.h"
#include "compiler/frontend/Walk.h"

namespace ravine {

using namespace ast;

namespace {

class DivisionLint {
public:
  explicit DivisionLint(CheckContext &context) : context(context), vanishing(context.optimizer) {}

  void visit(const Expr &expr) {
    if (const auto *choice = expr.as<If>()) {
      visit(*choice->condition);
      conditions.push_back(choice->condition.get());
      visit(*choice->thenValue);
      visit(*choice->elseValue);
      conditions.pop_back();
      return;
    }
    if (const auto *binary = expr.as<Binary>(); binary && binary->op == BinaryOp::Divide)
      checkDivisor(*binary->right);
    forEachChild(expr, [&](const Expr &child) { visit(child); });
  }

private:
  void checkDivisor(const Expr &divisor) {
    if (!vanishing.isLikely(divisor, conditions))
      return;
    const StateDecl *state = vanishing.missingPrime(divisor);
    context.report(Code::W0105, divisor.span, "this divisor can be 0", "one element that is 0 makes NaN or infinity",
                   state ? "did you mean " + quote(state->name + "'") + "?"
                         : "add something positive, such as a hyper `eps` with the range `(0, inf)`");
  }

  CheckContext &context;
  Vanishing vanishing;
  std::vector<const Expr *> conditions;
};

} // namespace

void lintDivisions(CheckContext &context) {
  DivisionLint lint(context);
  forEachRoot(context.optimizer, [&](Expr &expr) { lint.visit(expr); });
}

} // namespace ravine
