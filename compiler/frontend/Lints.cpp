// Warnings about what is allowed and hardly meant.
#include "compiler/frontend/Checker.h"

#include "compiler/frontend/Constants.h"
#include "compiler/frontend/ForeignNames.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace ravine {

using namespace ast;

namespace {

/// Which declarations are read, and which states by anything but their own equation.
class Uses {
public:
  explicit Uses(OptimizerDecl &optimizer) {
    for (const auto &hyper : optimizer.hypers)
      if (hyper->isScheduled)
        addAll(*hyper->defaultExpr, nullptr);
    for (const auto &condition : optimizer.conditions)
      addAll(*condition->condition, nullptr);
    for (const Skip &skip : optimizer.skips)
      addAll(*skip.condition, nullptr);
    for (const auto &state : optimizer.states) {
      if (state->condition)
        addAll(*state->condition, nullptr);
      addAll(*state->initial, nullptr);
    }
    for (const Requirement &requirement : optimizer.requirements)
      addAll(*requirement.condition, nullptr);
    for (const auto &let : optimizer.lets)
      addAll(*let->value, nullptr);
    for (Equation &equation : optimizer.equations) {
      const auto *owner = std::get_if<const StateDecl *>(&equation.symbol);
      addAll(*equation.value, owner ? *owner : nullptr);
    }
    for (const auto &metric : optimizer.metrics)
      addAll(*metric->value, nullptr);
    for (const auto &view : optimizer.views)
      addAll(*view->value, nullptr);
  }

  [[nodiscard]] bool contains(const void *declaration) const { return used.contains(declaration); }

private:
  void addAll(const Expr &expr, const StateDecl *owner) {
    forEachName(expr, [&](const Name &name, const Expr &) {
      if (const auto *hyper = std::get_if<const HyperDecl *>(&name.symbol))
        used.insert(*hyper);
      else if (const auto *let = std::get_if<const LetDecl *>(&name.symbol))
        used.insert(*let);
      else if (const auto *state = std::get_if<const StateDecl *>(&name.symbol); state && *state != owner)
        used.insert(*state);
    });
  }

  std::set<const void *> used;
};

void lintUnused(CheckContext &context, const Uses &uses) {
  OptimizerDecl &optimizer = context.optimizer;
  for (const auto &hyper : optimizer.hypers)
    if (!uses.contains(hyper.get()))
      context.report(Code::W0101, hyper->nameSpan, "the hyper " + quote(hyper->name) + " is never used", "",
                     "use it or delete it");
  for (const auto &state : optimizer.states)
    if (!uses.contains(state.get()))
      context.report(Code::W0102, state->nameSpan,
                     "the state " + quote(state->name) + " is never used outside its own equation", "",
                     "use it or delete it: it costs memory and time");
}

void lintUnusedLets(CheckContext &context, const Uses &uses) {
  auto report = [&](const LetDecl &let) {
    // What elaboration has named is not for people to use.
    bool isWritten = let.name.find_first_of(".:") == std::string::npos;
    if (isWritten && !uses.contains(&let))
      context.report(Code::W0103, let.nameSpan, "the name " + quote(let.name) + " is never used", "",
                     "use it or delete it");
  };
  auto reportInside = [&](auto &self, const Expr &expr) -> void {
    if (const auto *block = expr.as<Block>())
      for (const auto &let : block->lets)
        report(*let);
    forEachChild(expr, [&](const Expr &child) { self(self, child); });
  };
  for (const auto &let : context.optimizer.lets)
    report(*let);
  forEachRoot(context.optimizer, [&](Expr &expr) { reportInside(reportInside, expr); });
}

void lintConstantStates(CheckContext &context, const Uses &uses) {
  for (const auto &state : context.optimizer.states) {
    auto defines = [&](const Equation &equation) { return equation.target == state->name; };
    if (uses.contains(state.get()) && std::ranges::none_of(context.optimizer.equations, defines))
      context.report(Code::W0104, state->nameSpan, "the state " + quote(state->name) + " never changes", "",
                     "add an equation `" + state->name + "' = …`");
  }
}

/// A number that is finite in f64 and infinite where it meets elements, which are f32.
class LargeNumberLint {
public:
  explicit LargeNumberLint(CheckContext &context) : context(context) {}

  void run() {
    for (const auto &state : context.optimizer.states)
      if (state->set == IndexSet::Element)
        meetElements(*state->initial);
    for (const Equation &equation : context.optimizer.equations) {
      const auto *state = std::get_if<const StateDecl *>(&equation.symbol);
      if (!state || (*state)->set == IndexSet::Element)
        meetElements(*equation.value);
    }
    forEachRoot(context.optimizer, [&](const Expr &root) { visit(root); });
  }

private:
  void visit(const Expr &expr) {
    bool isOfElements = expr.type.set == IndexSet::Element;
    if (const auto *binary = expr.as<Binary>(); binary && isOfElements && binary->op <= BinaryOp::Power) {
      meetElements(*binary->left);
      // A divisor becomes its reciprocal in f64, an exponent makes no element infinite by itself.
      if (binary->op < BinaryOp::Divide)
        meetElements(*binary->right);
    }
    if (const auto *choice = expr.as<If>(); choice && isOfElements) {
      meetElements(*choice->thenValue);
      meetElements(*choice->elseValue);
    }
    forEachChild(expr, [&](const Expr &child) { visit(child); });
  }

  void meetElements(const Expr &expr) {
    std::optional<double> value = constantValue(expr);
    if (value && std::isfinite(*value) && std::isinf(static_cast<float>(*value)))
      context.report(Code::W0108, expr.span, "this number is infinity where it meets elements",
                     shown(*value) + " is beyond f32", "f32 ends at about 3.4e38");
  }

  CheckContext &context;
};

/// Hosts in Python give hypers as keyword arguments and ask for states by their names.
void lintPythonKeywords(CheckContext &context) {
  auto visit = [&](std::string_view kind, const std::string &name, SourceSpan span) {
    if (!isPythonKeyword(name))
      return;
    std::string_view written = context.sources.text(span);
    std::string spelled = written == name ? "" : ", which " + quote(written) + " spells,";
    context.report(Code::W0107, span,
                   "the " + std::string(kind) + " " + quote(name) + spelled +
                       " cannot be given as a keyword argument in Python",
                   "a keyword of Python", "choose another name, such as `" + name + "_`");
  };
  for (const auto &hyper : context.optimizer.hypers)
    visit("hyper", hyper->name, hyper->nameSpan);
  for (const auto &state : context.optimizer.states)
    visit("state", state->name, state->nameSpan);
  for (const auto &metric : context.optimizer.metrics)
    visit("metric", metric->name, metric->nameSpan);
  for (const auto &view : context.optimizer.views)
    visit("view", view->name, view->nameSpan);
}

} // namespace

void lint(CheckContext &context) {
  Uses uses(context.optimizer);
  lintUnused(context, uses);
  lintUnusedLets(context, uses);
  lintConstantStates(context, uses);
  lintDivisions(context);
  LargeNumberLint(context).run();
  lintPythonKeywords(context);
}

} // namespace ravine
