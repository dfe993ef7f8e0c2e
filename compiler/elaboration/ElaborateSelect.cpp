// Selections: each tensor takes the first branch whose predicate holds for it.
#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Selection.h"
#include "compiler/elaboration/Under.h"

namespace ravine {

using namespace ast;

namespace {

class SelectElaboration {
public:
  SelectElaboration(Elaboration &elaboration, const Component &component, const Select &selection,
                    const Environment &environment)
      : elaboration(elaboration), component(component), selection(selection), environment(environment),
        shape(elaboration, selection, environment, "`_ -> adamw`, or `_ -> frozen` to leave them alone") {}

  Flat run() {
    if (!shape.isSound())
      return nullptr;
    bool isSound = true;
    for (size_t index = 0; index < selection.branches.size(); ++index)
      isSound = addBranch(index) && isSound;
    if (!isSound)
      return nullptr;
    append(result->expansions, shape.expansions());
    result->equations.push_back({component.span, "w", {}, update(), onlyInFullSteps});
    result->isComposed = true;
    return std::move(result);
  }

private:
  struct Outcome {
    const ConditionDecl *condition;
    ExprPtr value;
  };

  bool addBranch(size_t index) {
    const Branch &branch = selection.branches[index];
    const std::string &name = shape.label(index);
    std::unique_ptr<ConditionDecl> condition = shape.condition(index);
    Flat flat = elaborateComponent(elaboration, *branch.component, environment);
    if (!flat)
      return false;
    if (flat->hasMaster) {
      elaboration.report(Code::E0343, flat->masterSpan, "the master copy is of the whole optimizer", "",
                         "put `with { master f32 }` behind the `select`");
      return false;
    }
    if (!checkWholeStep(branch, *flat))
      return false;
    qualify(*flat, name, name);
    putUnder(*flat, *condition);
    Equation taken = takeUpdate(*flat).value_or(Equation{branch.component->span, "w", {}, nullptr, 0});
    ExprPtr value = taken.value ? std::move(taken.value) : makePlaceholder(branch.component->span);
    // A value of its own, so that `w'` in the branch means it. A prime would be lost: `z'` is no other name of `z`.
    if (const auto *known = value->as<Name>(); known && !known->isPrimed) {
      renameInStep(*flat, {{"w'", known->text}});
    } else {
      std::string proposed = name + ":w";
      renameInStep(*flat, {{"w'", proposed}});
      flat->lets.push_back(makeLet(proposed, taken.targetSpan, std::move(value)));
      value = makeName(taken.targetSpan, proposed);
    }
    outcomes.push_back({condition.get(), std::move(value)});
    result->conditions.push_back(std::move(condition));
    appendDeclarations(*result, *flat);
    appendStep(*result, *flat);
    return true;
  }

  /// What concerns the whole step is not for some tensors to say.
  bool checkWholeStep(const Branch &branch, const OptimizerDecl &flat) {
    if (!flat.skips.empty())
      elaboration.report(Code::E0527, branch.component->span, "one branch skips steps", "",
                         "`skip when` ends the step for the tensors of all branches: put the transform that says it "
                         "in front of the `select`, `accumulate |> select { … }`",
                         {{flat.skips.front().span, "the step is skipped here"}});
    else if (flat.zeroesGradient)
      elaboration.report(Code::E0527, branch.component->span, "the gradient is set to zero in one branch", "",
                         "`zero g` is about the gradients of all tensors: put what says it behind the `select`, "
                         "`select { … } |> zero_grad`");
    return flat.skips.empty() && !flat.zeroesGradient;
  }

  ExprPtr update() {
    ExprPtr value = std::move(outcomes.back().value);
    outcomes.pop_back();
    for (; !outcomes.empty(); outcomes.pop_back())
      value = makeCase(*outcomes.back().condition, std::move(outcomes.back().value), std::move(value));
    return value;
  }

  Elaboration &elaboration;
  const Component &component;
  const Select &selection;
  const Environment &environment;
  Selection shape;
  Flat result = std::make_unique<OptimizerDecl>();
  std::vector<Outcome> outcomes;
};

} // namespace

Flat elaborateSelect(Elaboration &elaboration, const Component &component, const Select &selection,
                     const Environment &environment) {
  return SelectElaboration(elaboration, component, selection, environment).run();
}

} // namespace ravine
