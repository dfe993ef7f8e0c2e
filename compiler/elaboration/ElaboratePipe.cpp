// Pipes: which stages are transforms, which is the optimizer, and what their names become.
#include "compiler/elaboration/Expander.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/PipeAssembly.h"
#include "compiler/elaboration/Ranges.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

class PipeElaboration {
public:
  PipeElaboration(Elaboration &elaboration, const Component &component, const Pipe &pipe,
                  const Environment &environment)
      : elaboration(elaboration), component(component), pipe(pipe), environment(environment), assembly(elaboration),
        names(elaboration) {}

  Flat run() {
    bool isSound = true;
    for (const Stage &stage : pipe.stages)
      isSound = addStage(stage) && isSound;
    if (!isSound)
      return nullptr;
    if (optimizer)
      return assembly.finish();
    elaboration.report(Code::E0328, component.span, "no stage of this pipe is an optimizer", "",
                       "transforms wrap an optimizer: put one into the pipe, such as `adamw`");
    return nullptr;
  }

private:
  bool addStage(const Stage &stage) {
    if (!stage.label.empty() && !checkLabel(stage))
      return false;
    const Component *base = stage.component.get();
    while (const auto *with = base->as<With>())
      base = with->base.get();
    if (isOfTransforms(*base))
      return addTransforms(stage, *base->as<Pipe>());
    const auto *use = base->as<Use>();
    if (!use || environment.parts.contains(use->name))
      return addOptimizer(stage);
    const Scope::Entry *entry = findComponent(elaboration, *use, environment);
    const auto *transform = entry ? std::get_if<const TransformDecl *>(&entry->definition) : nullptr;
    if (transform)
      return addTransform(stage, *use, **transform, *entry->home);
    if (entry && !std::holds_alternative<const OptimizerDecl *>(entry->definition))
      reportNoOptimizer(elaboration, *entry, *use);
    else if (entry)
      return addOptimizer(stage);
    return false;
  }

  /// Whether it is a pipe in parentheses without an optimizer.
  bool isOfTransforms(const Component &group) const {
    const auto *stages = group.as<Pipe>();
    return stages && std::ranges::all_of(stages->stages, [&](const Stage &stage) {
             const Component *base = stage.component.get();
             while (const auto *with = base->as<With>())
               base = with->base.get();
             return isTransform(base->as<Use>()) || isOfTransforms(*base);
           });
  }

  bool isTransform(const Use *use) const {
    if (!use || environment.parts.contains(use->name))
      return false;
    std::span<const Scope::Entry> entries = elaboration.program.scopes.at(environment.home).find(use->name);
    return !entries.empty() && std::holds_alternative<const TransformDecl *>(entries.front().definition);
  }

  /// The parentheses around transforms mean nothing.
  bool addTransforms(const Stage &stage, const Pipe &group) {
    if (stage.condition || !stage.label.empty() || stage.component->as<With>()) {
      elaboration.report(Code::E0328, stage.component->span, "several transforms in parentheses are no one stage", "",
                         "give each of them its own label, `with` and `where`");
      return false;
    }
    bool isSound = true;
    for (const Stage &inner : group.stages)
      isSound = addStage(inner) && isSound;
    return isSound;
  }

  bool checkLabel(const Stage &stage) {
    auto [earlier, isNew] = labels.try_emplace(stage.label, stage.labelSpan);
    if (!isNew)
      elaboration.report(Code::E0325, stage.labelSpan, "the label " + quote(stage.label) + " is given twice", "",
                         "choose another one", {{earlier->second, "it is given here"}});
    return isNew;
  }

  bool addOptimizer(const Stage &stage) {
    if (optimizer) {
      elaboration.report(Code::E0329, stage.component->span, "a pipe has one optimizer, and this is the second", "",
                         "optimizers for different tensors stand in a `select`",
                         {{optimizer->component->span, "the first is here"}});
      return false;
    }
    optimizer = &stage;
    if (stage.condition) {
      elaboration.report(Code::E0345, stage.conditionSpan, "the optimizer of a pipe applies to every tensor", "",
                         "`where` is for transforms: for an optimizer write `select { " +
                             std::string(elaboration.sources.text(stage.conditionSpan)) + " -> …; _ -> frozen }`");
      return false;
    }
    Flat flat = elaborateComponent(elaboration, *stage.component, environment);
    if (!flat)
      return false;
    std::string name = nameOf(*stage.component).value_or("rule");
    std::string inside = assembly.claim(stage.label.empty() ? name : stage.label);
    qualify(*flat, stage.label, inside);
    if (!names.add(*flat, name, stage.component->span))
      return false;
    assembly.add(std::move(flat), std::move(inside));
    return true;
  }

  bool addTransform(const Stage &stage, const Use &use, const TransformDecl &declared, const Module &home) {
    std::string what = quote(use.name);
    if (!use.parts.empty()) {
      elaboration.report(Code::E0326, use.nameSpan, what + " is a transform, and is built from no parts", "",
                         "write `" + use.name + "`", {{declared.nameSpan, what + " is declared here"}});
      return false;
    }
    if (!takesNoSet(elaboration, use) || !elaboration.isSound(declared, home))
      return false;
    std::vector<Expansion> expansions;
    Wrapper wrapper;
    wrapper.use = use.nameSpan;
    wrapper.transform = copyTransform(elaboration, declared, home, expansions, wrapper.choices, /*isPart=*/true);
    if (!wrapper.transform)
      return false;
    addExpansion(expansions, extentOf(declared), use.nameSpan, "the transform " + what);
    TransformDecl &transform = *wrapper.transform;
    if (stage.condition && !checkWholeStep(stage, transform, what))
      return false;
    for (const Component *base = stage.component.get(); base->as<With>(); base = base->as<With>()->base.get())
      if (!applyStorage(elaboration, *base->as<With>(), transform.states, nullptr))
        return false;
    std::string inside = assembly.claim(stage.label.empty() ? use.name : stage.label);
    if (!applyArguments(elaboration, use, what, transform.hypers, environment, transform.requirements, expansions))
      return false;
    qualify(transform, stage.label, inside);
    if (!names.add(transform, use.name, stage.component->span))
      return false;
    if (stage.condition)
      wrapper.condition = makeCondition(stage, inside, expansions);
    wrapper.inside = std::move(inside);
    assembly.add(std::move(wrapper));
    assembly.add(expansions);
    return true;
  }

  /// What concerns the whole step is not for some tensors to say.
  bool checkWholeStep(const Stage &stage, const TransformDecl &transform, const std::string &what) {
    const std::vector<Skip> &skips = transform.before.skips;
    if (!skips.empty())
      elaboration.report(Code::E0527, stage.conditionSpan, what + " skips steps, here for some tensors", "",
                         "`skip when` ends the step for all tensors: delete the `where`",
                         {{skips.front().span, "the step is skipped here"}});
    else if (transform.zeroesGradient)
      elaboration.report(Code::E0527, stage.conditionSpan, what + " sets the gradient to zero for some tensors", "",
                         "`zero g` is about the gradients of all tensors: delete the `where`",
                         {{transform.nameSpan, what + " is declared here"}});
    return skips.empty() && !transform.zeroesGradient;
  }

  std::unique_ptr<ConditionDecl> makeCondition(const Stage &stage, const std::string &name,
                                               std::vector<Expansion> &expansions) {
    Locals locals = localsOf(environment);
    Expander expander(elaboration, *environment.home, locals);
    auto condition = std::make_unique<ConditionDecl>();
    condition->name = name;
    condition->span = stage.conditionSpan;
    condition->condition = expander.expand(*stage.condition);
    append(expansions, expander.expansions);
    return condition;
  }

  Elaboration &elaboration;
  const Component &component;
  const Pipe &pipe;
  const Environment &environment;
  PipeAssembly assembly;
  VisibleNames names;
  std::unordered_map<std::string, SourceSpan> labels;
  const Stage *optimizer = nullptr;
};

} // namespace

Flat elaboratePipe(Elaboration &elaboration, const Component &component, const Pipe &pipe,
                   const Environment &environment) {
  return PipeElaboration(elaboration, component, pipe, environment).run();
}

} // namespace ravine
