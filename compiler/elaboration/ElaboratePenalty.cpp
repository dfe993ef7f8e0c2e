// Penalties and sets: which one a component means, and what it is made of.
#include "compiler/diagnostics/Suggest.h"
#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Parts.h"
#include "compiler/elaboration/Selection.h"
#include "compiler/frontend/NameHints.h"
#include "compiler/frontend/Quote.h"

namespace ravine {

using namespace ast;

namespace {

/// The index set that all parts agree on: the finest that each of theirs refines.
std::optional<IndexSet> setOfParts(const Penalties &parts) {
  std::optional<IndexSet> common;
  for (const auto &[name, part] : parts) {
    std::optional<IndexSet> set = part->set;
    for (const Penalty::Branch &branch : part->branches)
      set = branch.penalty->set ? std::optional<IndexSet>(IndexSet::Tensor) : set;
    if (!set)
      continue;
    if (!common || refines(*common, *set))
      common = set;
    else if (!refines(*set, *common))
      common = IndexSet::Tensor;
  }
  return common;
}

bool checkSet(Elaboration &elaboration, const Use &use, const Penalty &penalty) {
  if (penalty.set)
    elaboration.report(Code::E0353, use.setSpan,
                       quote(penalty.name) + " is over `[" + ravine::spelling(*penalty.set) + "]` already", "",
                       "delete the index set");
  return !penalty.set;
}

std::string partsOf(const Use &use) {
  std::string listed;
  for (const ComponentPtr &part : use.parts)
    listed += (listed.empty() ? "<" : ", ") + nameOf(*part).value_or("…");
  return listed.empty() ? "" : listed + ">";
}

/// Whether a default asks for a parameter that stands beside it; a message then.
bool isBeside(Elaboration &elaboration, const Use &use, const Environment &environment) {
  if (!environment.beside || !elaboration.program.scopes.at(environment.home).find(use.name).empty())
    return false;
  auto parameter = std::ranges::find(*environment.beside, use.name, &GenericParameter::name);
  if (parameter == environment.beside->end())
    return false;
  elaboration.report(Code::E0320, use.nameSpan, "a default cannot use the parameter " + quote(use.name), "",
                     "it knows what the file declares and imports: give the part where the whole is used",
                     {{parameter->nameSpan, quote(use.name) + " is declared here"}});
  return true;
}

PenaltyPtr penaltyOfUse(Elaboration &elaboration, const Component &component, const Use &use,
                        const Environment &environment) {
  PenaltyPtr penalty;
  if (auto part = environment.parts.find(use.name); part != environment.parts.end()) {
    if (!use.parts.empty()) {
      elaboration.report(Code::E0326, use.nameSpan, quote(use.name) + " is given, and takes no parts");
      return nullptr;
    }
    penalty = penaltyOf(elaboration, part->second, use.nameSpan);
  } else if (isBeside(elaboration, use, environment)) {
    return nullptr;
  } else if (const Scope::Entry *entry = findPenalty(elaboration, *environment.home, use.name, use.nameSpan)) {
    const PenaltyDecl &declared = *std::get<const PenaltyDecl *>(entry->definition);
    Environment inner{entry->home, nullptr, {}, nullptr, /*isPart=*/true};
    if (!giveParts(elaboration, use, declared.nameSpan, declared.generics, environment, inner) ||
        elaboration.isRecursive(&declared, declared.name, use.nameSpan, declared.isSet ? "set" : "penalty") ||
        !elaboration.isSound(declared, *entry->home))
      return nullptr;
    penalty = elaborateDeclared(elaboration, declared, inner, component.span);
    if (penalty)
      penalty->name = use.name + partsOf(use);
  }
  if (!penalty || (use.set && !checkSet(elaboration, use, *penalty)))
    return nullptr;
  if (use.set)
    giveSet(*penalty, *use.set);
  return applyArguments(elaboration, use, quote(penalty->name), penalty->hypers, environment, penalty->requirements,
                        penalty->expansions)
             ? std::move(penalty)
             : nullptr;
}

/// Each tensor has the penalty of the first branch whose predicate holds for it.
PenaltyPtr penaltyOfSelection(Elaboration &elaboration, const Component &component, const Select &selection,
                              const Environment &environment) {
  Selection shape(elaboration, selection, environment, "`_ -> l1`");
  if (!shape.isSound())
    return nullptr;
  auto penalty = std::make_unique<Penalty>();
  penalty->name = "select";
  penalty->use = component.span;
  bool isSound = true;
  for (size_t index = 0; index < selection.branches.size(); ++index) {
    const Branch &branch = selection.branches[index];
    std::unique_ptr<ConditionDecl> condition = shape.condition(index);
    PenaltyPtr chosen = elaboratePenalty(elaboration, *branch.component, environment);
    isSound = isSound && chosen;
    if (!chosen)
      continue;
    const std::string &label = shape.label(index);
    for (auto &inner : chosen->conditions)
      inner->under.insert(inner->under.begin(), condition.get());
    qualify(*chosen, label);
    const ConditionDecl *taken = condition.get();
    penalty->conditions.push_back(std::move(condition));
    takeDeclarations(*penalty, *chosen);
    penalty->branches.push_back({taken, std::move(chosen)});
  }
  std::ranges::move(shape.expansions(), std::back_inserter(penalty->expansions));
  return isSound ? std::move(penalty) : nullptr;
}

} // namespace

const Scope::Entry *findPenalty(Elaboration &elaboration, const Module &home, const std::string &name,
                                SourceSpan span) {
  bool isAmbiguous = false;
  const Scope::Entry *entry = elaboration.find(home, name, span, &isAmbiguous);
  if (isAmbiguous || name.empty() || (!entry && elaboration.mayBeMissing(home, name)))
    return nullptr;
  if (entry && std::holds_alternative<const PenaltyDecl *>(entry->definition))
    return entry;
  if (entry) {
    elaboration.report(Code::E0350, span, quote(name) + " is " + kindOf(entry->definition) + ", not a penalty", "", "",
                       {{placeOf(entry->definition), quote(name) + " is declared here"}});
    return nullptr;
  }
  std::vector<std::string_view> candidates;
  const Scope &scope = elaboration.program.scopes.at(&home);
  for (std::string_view candidate : scope.names())
    if (std::holds_alternative<const PenaltyDecl *>(scope.find(std::string(candidate)).front().definition))
      candidates.push_back(candidate);
  // Of what else the library has by that name, there is no use here.
  std::string import = importOf(name);
  bool isPenalty = import.find("std.prox") != std::string::npos;
  std::optional<std::string_view> meant = suggest(name, candidates);
  elaboration.report(Code::E0320, span, "unknown penalty or set " + quote(name), "",
                     isPenalty ? import
                     : meant   ? "did you mean " + quote(*meant) + "?"
                               : "declare it in this file, or import it: `import std.prox`");
  return nullptr;
}

PenaltyPtr penaltyOf(Elaboration &elaboration, const Part &part, SourceSpan use) {
  if (part.component)
    return whereGiven(elaboration, part, [&](const Component &component, const Environment &environment) {
      return elaboratePenalty(elaboration, component, environment);
    });
  const GenericParameter &parameter = *part.parameter;
  if (parameter.kind != ParameterKind::Penalty && parameter.kind != ParameterKind::Set) {
    elaboration.report(Code::E0350, use,
                       quote(parameter.name) +
                           (parameter.kind == ParameterKind::Optimizer ? " is an optimizer" : " is a function") +
                           ", not a penalty",
                       "", "", {{parameter.nameSpan, quote(parameter.name) + " is declared here"}});
    return nullptr;
  }
  auto penalty = std::make_unique<Penalty>();
  penalty->name = parameter.name;
  penalty->use = use;
  penalty->standsFor = &parameter;
  return penalty;
}

PenaltyPtr makePenalty(Elaboration &elaboration, const PenaltyDecl &declared, const Module &home,
                       Ingredients ingredients, SourceSpan use, Bindings values) {
  auto penalty = std::make_unique<Penalty>();
  penalty->name = declared.name;
  penalty->use = use;
  penalty->declared = &declared;
  penalty->home = &home;
  penalty->parts = std::move(ingredients.penalties);
  penalty->set = setOfParts(penalty->parts);
  penalty->values = std::move(values);
  for (auto &[name, function] : ingredients.functions)
    penalty->values.emplace(name, std::move(function));
  Locals locals = Locals::of(declared);
  Expander expander(elaboration, home, locals);
  for (const auto &hyper : declared.hypers) {
    auto copied = copy(*hyper, expander.map());
    if (penalty->values.emplace(hyper->name, makeName(hyper->nameSpan, hyper->name)).second)
      penalty->hypers.push_back(std::move(copied));
  }
  for (const Requirement &requirement : declared.requirements)
    penalty->requirements.push_back(
        {requirement.span, expander.expandOfHypers(*penalty, *requirement.condition), requirement.text});
  append(penalty->requirements, expander.requirements);
  append(penalty->expansions, expander.expansions);
  for (auto &[name, part] : penalty->parts)
    takeDeclarations(*penalty, *part);
  shareHypers(*penalty);
  return penalty;
}

PenaltyPtr elaborateDeclared(Elaboration &elaboration, const PenaltyDecl &declared, const Environment &environment,
                             SourceSpan use) {
  elaboration.active.push_back({&declared, declared.name, declared.nameSpan});
  PenaltyPtr penalty;
  if (declared.composition) {
    // Its parts are only looked at: they become parts of what it is made of.
    if (gather(elaboration, declared.name, declared.generics, nullptr, environment).isSound)
      penalty = elaboratePenalty(elaboration, *declared.composition, environment);
  } else {
    UsedPenalties used = penaltiesIn(declared);
    Ingredients ingredients = gather(elaboration, declared.name, declared.generics, &used, environment);
    if (ingredients.isSound)
      penalty = makePenalty(elaboration, declared, *environment.home, std::move(ingredients), use);
  }
  elaboration.active.pop_back();
  if (penalty)
    penalty->name = declared.name;
  return penalty;
}

PenaltyPtr elaboratePenalty(Elaboration &elaboration, const Component &component, const Environment &environment) {
  if (!elaboration.spend(component.span))
    return nullptr;
  if (const auto *use = component.as<Use>())
    return penaltyOfUse(elaboration, component, *use, environment);
  if (const auto *selection = component.as<Select>())
    return penaltyOfSelection(elaboration, component, *selection, environment);
  if (const auto *scaled = component.as<Scaled>())
    return elaborateScaled(elaboration, component, *scaled, environment);
  if (const auto *sum = component.as<Sum>())
    return elaborateSum(elaboration, component, *sum, environment);
  std::string_view what = component.as<Pipe>() ? "a pipe" : component.as<Frozen>() ? "`frozen`" : "what has a `with`";
  elaboration.report(Code::E0350, component.span, std::string(what) + " is not a penalty", "",
                     "a penalty is used by its name, as in `l1(lambda = 0.1)`, scaled, `2*l1`, or chosen by `select`");
  return nullptr;
}

} // namespace ravine
