// Selections: each tensor takes the first branch whose predicate holds for it.
#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/Expander.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Ranges.h"
#include "compiler/elaboration/Under.h"
#include "compiler/frontend/Quote.h"

#include <unordered_set>

namespace ravine {

using namespace ast;

namespace {

class SelectElaboration {
public:
  SelectElaboration(Elaboration &elaboration, const Component &component, const Select &selection,
                    const Environment &environment)
      : elaboration(elaboration), component(component), selection(selection), environment(environment),
        locals(localsOf(environment)), expander(elaboration, *environment.home, locals) {}

  Flat run() {
    if (!checkShape())
      return nullptr;
    std::vector<std::string> names = labels();
    if (names.empty())
      return nullptr;
    unsigned choice = elaboration.freshChoice();
    bool isSound = true;
    for (size_t index = 0; index < selection.branches.size(); ++index)
      isSound = addBranch(selection.branches[index], names[index], choice) && isSound;
    if (!isSound)
      return nullptr;
    append(result->expansions, expander.expansions);
    result->equations.push_back({component.span, "w", {}, update(), onlyInFullSteps});
    result->isComposed = true;
    return std::move(result);
  }

private:
  struct Outcome {
    const ConditionDecl *condition;
    ExprPtr value;
  };

  bool checkShape() {
    bool isSound = true;
    for (size_t index = 0; index < selection.branches.size(); ++index) {
      const Branch &branch = selection.branches[index];
      bool isLast = index + 1 == selection.branches.size();
      if (isLast && branch.condition) {
        elaboration.report(Code::E0720, branch.conditionSpan,
                           "no branch takes the tensors for which this does not hold",
                           "the last branch has a condition",
                           "end with a branch for all others: `_ -> adamw`, or `_ -> frozen` to leave them alone");
        isSound = false;
      }
      if (!isLast && !branch.condition) {
        elaboration.report(Code::E0721, selection.branches[index + 1].component->span, "no tensor reaches this branch",
                           "", "`_` stands last", {{branch.conditionSpan, "this branch takes all that are left"}});
        return false;
      }
    }
    return isSound && !selection.branches.empty();
  }

  /// What the branches are called; empty after a message.
  std::vector<std::string> labels() {
    std::vector<std::string> names;
    std::unordered_map<std::string, SourceSpan> seen;
    bool isSound = true;
    unsigned frozen = 0;
    for (const Branch &branch : selection.branches) {
      bool isLabelled = !branch.label.empty();
      std::optional<std::string> name = isLabelled ? branch.label : nameOf(*branch.component);
      SourceSpan span = isLabelled ? branch.labelSpan : branch.component->span;
      if (!name) {
        elaboration.report(Code::E0324, span, "this branch needs a label", "its hypers and states are named after it",
                           "write one before the predicate, such as `hidden: matrix -> …`");
        isSound = false;
        continue;
      }
      // Nothing in it has a name that the host sees.
      if (!isLabelled && branch.component->as<Frozen>() && frozen++ > 0)
        name = "frozen." + std::to_string(frozen);
      auto [earlier, isNew] = seen.try_emplace(*name, span);
      if (!isNew && isLabelled) {
        elaboration.report(Code::E0325, span, "the label " + quote(*name) + " is given twice", "", "choose another one",
                           {{earlier->second, "it is given here"}});
        isSound = false;
      } else if (!isNew) {
        elaboration.report(Code::E0324, span, "this branch needs a label", "another branch is called " + quote(*name),
                           "write one before its predicate", {{earlier->second, "the other one is here"}});
        isSound = false;
      }
      names.push_back(*name);
    }
    return isSound ? names : std::vector<std::string>();
  }

  bool addBranch(const Branch &branch, const std::string &name, unsigned choice) {
    auto condition = std::make_unique<ConditionDecl>();
    condition->name = name;
    condition->span = branch.conditionSpan;
    condition->condition = predicate(branch);
    condition->choice = choice;
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

  /// That the branch is the first whose own predicate holds.
  ExprPtr predicate(const Branch &branch) {
    ExprPtr whole;
    auto conjoin = [&](ExprPtr part) {
      whole = whole ? makeBinary(BinaryOp::And, std::move(whole), std::move(part)) : std::move(part);
    };
    for (const ExprPtr &other : earlier)
      conjoin(make(other->span, Unary{UnaryOp::Not, clone(*other)}));
    if (branch.condition) {
      earlier.push_back(expander.expand(*branch.condition));
      conjoin(clone(*earlier.back()));
    }
    return whole ? std::move(whole) : make(branch.conditionSpan, Boolean{true});
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
  Locals locals;
  Expander expander;
  Flat result = std::make_unique<OptimizerDecl>();
  std::vector<ExprPtr> earlier;
  std::vector<Outcome> outcomes;
};

} // namespace

Flat elaborateSelect(Elaboration &elaboration, const Component &component, const Select &selection,
                     const Environment &environment) {
  return SelectElaboration(elaboration, component, selection, environment).run();
}

} // namespace ravine
