// A view is computed between steps, from what the last step left.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

namespace ravine {

using namespace ast;

namespace {

class ViewChecker {
public:
  explicit ViewChecker(CheckContext &context) : context(context) {}

  void run() {
    for (auto &view : context.optimizer.views) {
      followed.clear();
      check(*view->value, nullptr);
    }
  }

private:
  /// `use`: where the view uses the let in which `expr` stands; null in the view itself.
  void check(const Expr &expr, const Expr *use) {
    const auto *reduction = expr.as<Reduction>();
    if (reduction && reduction->set == IndexSet::Model && !reduction->standsFor.empty())
      return report(expr, use, quote(reduction->standsFor), "it is computed in a step only, for the model as a whole",
                    "keep it in a state, `state s [model] = 0` with `s' = " + reduction->standsFor +
                        "(…)`, or make it a metric");
    if (reduction && reduction->set == IndexSet::Model)
      return report(expr, use, quote(reduction->name + "[model]"), "tensors are folded together in a step only",
                    "keep it in a state, `state s [model] = 0`, or fold each tensor by itself, `" + reduction->name +
                        "[tensor](…)`");
    if (const auto *name = expr.as<Name>())
      return checkName(expr, *name, use);
    forEachChild(expr, [&](const Expr &child) { check(child, use); });
  }

  void checkName(const Expr &expr, const Name &name, const Expr *use) {
    if (name.isPrimed)
      return report(expr, use, quote(name.text + "'"), "there is no next value between steps",
                    "write " + quote(name.text) + ": a view sees what the last step ended with");
    const auto *predefined = std::get_if<Predefined>(&name.symbol);
    if (predefined && *predefined == Predefined::Gradient)
      return report(expr, use, "`g`", "there is no gradient between steps", "keep what you need of it in a state");
    const auto *let = std::get_if<const LetDecl *>(&name.symbol);
    // The values of lets in blocks are parts of the expression and visited as such.
    bool isOfOptimizer = let && context.declarations.contains(name.text);
    if (isOfOptimizer && followed.insert(*let).second)
      check(*(*let)->value, use ? use : &expr);
  }

  void report(const Expr &expr, const Expr *use, const std::string &what, const std::string &reason, std::string hint) {
    if (!use)
      return context.report(Code::E0508, expr.span, "a view cannot use " + what, reason, std::move(hint));
    context.report(Code::E0508, use->span, "a view cannot use " + what + ", of which this `let` is made", reason,
                   std::move(hint), {{expr.span, what + " is used here"}});
  }

  CheckContext &context;
  std::unordered_set<const LetDecl *> followed;
};

} // namespace

void checkViews(CheckContext &context) {
  ViewChecker(context).run();
}

} // namespace ravine
