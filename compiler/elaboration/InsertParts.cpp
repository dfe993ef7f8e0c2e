// Generic optimizers: `inner(p, d)` is where the part would take `p` with the gradient `d`.
#include "compiler/elaboration/Clone.h"
#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/Make.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <algorithm>
#include <unordered_set>

namespace ravine {

using namespace ast;

namespace {

class PartInsertion {
public:
  PartInsertion(Elaboration &elaboration, OptimizerDecl &rule, const GenericParameter &parameter,
                const Environment &environment)
      : elaboration(elaboration), rule(rule), parameter(parameter), environment(environment) {}

  bool run() {
    findInStep();
    refuseElsewhere();
    if (!isSound)
      return false;
    // What is not available yet has swallowed the call, or the name of a reduction was refused.
    if (!call && (hasPlaceholder() || findReduction(parameter.name)))
      return false;
    if (!call) {
      elaboration.report(Code::E0335, parameter.nameSpan, "the part " + quote(parameter.name) + " is never called", "",
                         "say where it takes the parameter: `w' = " + parameter.name + "(w, g)`");
      return false;
    }
    return insert();
  }

private:
  void findInStep() {
    for (auto &let : rule.lets)
      find(*let->value, false);
    for (Equation &equation : rule.equations)
      find(*equation.value, false);
  }

  bool hasPlaceholder() const {
    bool has = false;
    auto look = [&](const Name &name, const Expr &) { has |= name.text.empty(); };
    for (const auto &let : rule.lets)
      forEachName(*let->value, look);
    for (const Equation &equation : rule.equations)
      forEachName(*equation.value, look);
    return has;
  }

  /// Outside of what a step defines there is nothing to take.
  void refuseElsewhere() {
    auto refuse = [&](Expr &expr, const std::string &place) {
      visitUses(expr, [&](const Expr &use) {
        report(Code::E0337, use.span, "the part " + quote(parameter.name) + " is used in " + place, "",
               "name its result with `let` in the rule, and use that");
      });
    };
    for (auto &state : rule.states) {
      refuse(*state->initial, "an initial value");
      if (state->condition)
        refuse(*state->condition, "a condition");
    }
    for (Requirement &requirement : rule.requirements)
      refuse(*requirement.condition, "a requirement");
    for (auto &metric : rule.metrics)
      refuse(*metric->value, "a metric");
    for (auto &view : rule.views)
      refuse(*view->value, "a view");
  }

  /// The choice of an enum may be called like the part.
  bool isItsName(const Expr &expr) const {
    const auto *name = expr.as<Name>();
    return name && name->text == parameter.name && !std::holds_alternative<EnumChoice>(name->symbol);
  }

  template <typename Visit> void visitUses(Expr &expr, Visit visit) {
    const auto *used = expr.as<Call>();
    if (isItsName(expr) || (used && used->callee == parameter.name))
      visit(expr);
    forEachChild(expr, [&](Expr &child) { visitUses(child, visit); });
  }

  void find(Expr &expr, bool isInBlock) {
    if (isItsName(expr))
      report(Code::E0337, expr.span, "the part " + quote(parameter.name) + " is not a value",
             expr.as<Name>()->isPrimed ? "it has no next value of its own" : "",
             "call it: `" + parameter.name + "(w, g)`");
    forEachChild(expr, [&](Expr &child) { find(child, isInBlock || expr.as<Block>()); });
    const auto *used = expr.as<Call>();
    if (!used || used->callee != parameter.name)
      return;
    if (used->arguments.size() != 2 || !used->argumentNames.empty())
      report(Code::E0336, expr.span,
             "the part " + quote(parameter.name) + " takes a parameter and a gradient, found " +
                 std::to_string(used->arguments.size()) + (used->arguments.size() == 1 ? " argument" : " arguments"),
             "", "write `" + parameter.name + "(w, g)`");
    else if (call)
      report(Code::E0338, expr.span, "the part " + quote(parameter.name) + " is called twice",
             "it takes one step in each step", "name its result with `let`, and use that",
             {{call->span, "it is called here"}});
    else if (isInBlock && usesLetsOfBlocks(expr))
      report(Code::E0337, expr.span, "the part " + quote(parameter.name) + " is called with a `let` of a block", "",
             "put the `let` and the call outside of the block");
    else
      call = &expr;
  }

  bool usesLetsOfBlocks(const Expr &expr) const {
    std::unordered_set<std::string> known = {"w",      "g",    "t",    "step",     "size", "rank",
                                             "matrix", "rows", "cols", "channels", "pi"};
    forEachVisible(rule, [&](const auto &declaration) { known.insert(declaration.name); });
    for (const auto &let : rule.lets)
      known.insert(let->name);
    bool uses = false;
    forEachName(expr, [&](const Name &name, const Expr &) { uses |= !known.contains(name.text); });
    return uses;
  }

  void report(Code code, SourceSpan span, std::string message, std::string label, std::string hint,
              std::vector<Note> notes = {}) {
    isSound = false;
    elaboration.report(code, span, std::move(message), std::move(label), std::move(hint), std::move(notes));
  }

  bool insert() {
    const std::string &name = parameter.name;
    auto found = environment.parts.find(name);
    Use use{name, call->span, {}, std::nullopt, {}, {}};
    Component component{call->span, std::move(use)};
    Flat part = found == environment.parts.end()
                    ? simplestRule(call->span)
                    : elaborateUse(elaboration, component, *component.as<Use>(), environment);
    if (!part)
      return false;
    qualify(*part, name, name);
    Call &used = *call->as<Call>();
    Names meanings;
    meanings.emplace("w", meaning(std::move(used.arguments[0]), name + ":at"));
    meanings.emplace("g", meaning(std::move(used.arguments[1]), name + ":gradient"));
    std::string result = name + ":w";
    meanings.emplace("w'", result);
    std::optional<Equation> update = takeUpdate(*part);
    if (update)
      part->lets.push_back(makeLet(result, update->targetSpan, std::move(update->value)));
    // Only names that change their meaning.
    std::erase_if(meanings, [](const auto &entry) { return entry.first == entry.second; });
    renameInStep(*part, meanings);
    call->node = Name{update ? result : "", false, {}};
    appendDeclarations(rule, *part);
    appendStep(rule, *part);
    rule.isComposed = true;
    return true;
  }

  /// A name for the value: its own, if it is one, else that of a new `let`.
  std::string meaning(ExprPtr value, const std::string &let) {
    const auto *name = value->as<Name>();
    if (name && !name->isPrimed && std::holds_alternative<std::monostate>(name->symbol))
      return name->text;
    SourceSpan span = value->span;
    rule.lets.push_back(makeLet(let, span, std::move(value)));
    return let;
  }

  Elaboration &elaboration;
  OptimizerDecl &rule;
  const GenericParameter &parameter;
  const Environment &environment;
  Expr *call = nullptr;
  bool isSound = true;
};

} // namespace

bool insertParts(Elaboration &elaboration, OptimizerDecl &rule, const OptimizerDecl &declared,
                 const Environment &environment) {
  bool isSound = true;
  for (const GenericParameter &parameter : declared.generics)
    if (parameter.kind == ParameterKind::Optimizer)
      isSound = PartInsertion(elaboration, rule, parameter, environment).run() && isSound;
  return isSound;
}

} // namespace ravine
