// Divisions in which one element that is 0 makes a NaN or an infinity: `m/sqrt(v)` without a stabiliser.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/IndexSetWords.h"
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
    if (const auto *choice = expr.as<If>())
      return visitChoice(*choice);
    if (const auto *binary = expr.as<Binary>(); binary && binary->op == BinaryOp::Divide)
      checkDivisor(*binary->right);
    if (const auto *byShape = expr.as<Case>())
      return visitChoice(*byShape);
    forEachChild(expr, [&](const Expr &child) { visit(child); });
  }

private:
  template <typename Choice> void visitChoice(const Choice &choice) {
    visit(*choice.condition);
    conditions.push_back(choice.condition.get());
    visit(*choice.thenValue);
    visit(*choice.elseValue);
    conditions.pop_back();
  }

  void checkDivisor(const Expr &divisor) {
    if (!vanishing.isLikely(divisor, conditions))
      return;
    const StateDecl *state = vanishing.missingPrime(divisor);
    IndexSet set = divisor.type.set;
    std::string member(nameOfMembers(set, Plural::No));
    std::string consequence = set == IndexSet::Element ? "one element that is 0 makes NaN or infinity"
                              : set.isOfGroups()       ? "one " + member + " for which it is 0 makes NaN or infinity"
                                                       : "where it is 0, the quotient is NaN or infinity";
    context.report(Code::W0105, divisor.span, "this divisor can be 0", std::move(consequence),
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
