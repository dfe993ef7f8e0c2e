// Declared optimizers, and uses of them.
#include "compiler/diagnostics/Suggest.h"
#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/Expander.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Parts.h"
#include "compiler/frontend/NameHints.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>

namespace ravine {

using namespace ast;

namespace {

Flat copyRule(Elaboration &elaboration, const OptimizerDecl &declared, const Environment &environment) {
  // The parts of a composition are those of what it is made of.
  UsedPenalties used = penaltiesIn(declared);
  Ingredients ingredients =
      gather(elaboration, declared.name, declared.generics, declared.composition ? nullptr : &used, environment);
  if (!ingredients.isSound)
    return nullptr;
  Locals locals = Locals::of(declared);
  forEachVisible(declared, [&](const auto &declaration) { locals.names.insert(declaration.name); });
  for (const GenericParameter &parameter : declared.generics) {
    locals.names.insert(parameter.name);
    if (parameter.kind == ParameterKind::Optimizer)
      locals.parts.insert(parameter.name);
  }
  Expander expander(elaboration, *environment.home, locals, environment.isPart);
  expander.know(ingredients.penalties, std::move(ingredients.functions));
  ExprMap map = expander.map();
  auto rule = std::make_unique<OptimizerDecl>();
  rule->hypers = copyAll(declared.hypers, map);
  rule->states = copyAll(declared.states, map);
  rule->requirements = copyAll(declared.requirements, map);
  rule->skips = copyAll(declared.skips, map);
  rule->lets = copyAll(declared.lets, map);
  rule->equations = copyAll(declared.equations, map);
  rule->metrics = copyAll(declared.metrics, map);
  rule->views = copyAll(declared.views, map);
  rule->zeroesGradient = declared.zeroesGradient;
  rule->hasMaster = declared.hasMaster;
  rule->masterSpan = declared.masterSpan;
  rule->isOnMatrices = declared.isOnMatrices;
  rule->onSpan = declared.onSpan;
  rule->expansions = std::move(expander.expansions);
  std::ranges::move(expander.requirements, std::back_inserter(rule->requirements));
  if (declared.composition)
    return rule;
  for (auto &[name, penalty] : ingredients.penalties)
    takeDeclarations(*rule, *penalty);
  rule->isComposed = !ingredients.penalties.empty();
  return rule;
}

/// From now on the hypers of the declaration are among the names of the result.
void settleNames(OptimizerDecl &flat, const OptimizerDecl &declared) {
  auto settle = [&](Expr &expr) {
    forEachName(expr, [&](Name &name, const Expr &) {
      const auto *hyper = std::get_if<const HyperDecl *>(&name.symbol);
      if (hyper && std::ranges::any_of(declared.hypers, [&](const auto &own) { return own.get() == *hyper; }))
        name.symbol = std::monostate();
    });
  };
  for (auto &hyper : flat.hypers)
    settle(*hyper->defaultExpr);
  for (Requirement &requirement : flat.requirements)
    settle(*requirement.condition);
  for (auto &condition : flat.conditions)
    settle(*condition->condition);
}

/// The own hypers of `= { hyper peak = 1e-3; … }` come before those of what it is made of.
Flat elaborateComposition(Elaboration &elaboration, const OptimizerDecl &declared, const Environment &environment) {
  Flat made = elaborateComponent(elaboration, *declared.composition, environment);
  Flat own = copyRule(elaboration, declared, environment);
  if (!made || !own)
    return nullptr;
  VisibleNames names(elaboration);
  if (!names.add(*own, "", declared.nameSpan) || !names.add(*made, "", declared.composition->span))
    return nullptr;
  own->lets.clear();
  appendDeclarations(*own, *made);
  appendStep(*own, *made);
  settleNames(*own, declared);
  own->isComposed = true;
  return own;
}

Flat elaboratePart(Elaboration &elaboration, const Component &component, const Use &use, const Part &part) {
  if (!use.parts.empty()) {
    elaboration.report(Code::E0326, use.nameSpan, quote(use.name) + " is given, and takes no parts");
    return nullptr;
  }
  if (part.parameter->kind != ParameterKind::Optimizer) {
    bool isFunction = part.parameter->kind == ParameterKind::Function;
    elaboration.report(Code::E0321, use.nameSpan,
                       quote(use.name) + (isFunction ? " is a function" : " is a penalty") + ", not an optimizer", "",
                       "", {{part.parameter->nameSpan, quote(use.name) + " is declared here"}});
    return nullptr;
  }
  if (!part.component)
    return simplestRule(component.span);
  return whereGiven(elaboration, part, [&](const Component &given, const Environment &environment) {
    return elaborateComponent(elaboration, given, environment);
  });
}

} // namespace

bool takesNoSet(Elaboration &elaboration, const Use &use) {
  if (use.set)
    elaboration.report(Code::E0353, use.setSpan, quote(use.name) + " takes no index set", "",
                       "only penalties and sets do: they are told over what they take their argument");
  return !use.set;
}

Flat simplestRule(SourceSpan span) {
  auto rule = std::make_unique<OptimizerDecl>();
  ExprPtr value = makeBinary(BinaryOp::Subtract, makeName(span, "w"), makeName(span, "g"));
  rule->equations.push_back({span, "w", {}, std::move(value), onlyInFullSteps});
  return rule;
}

Flat elaborateOptimizer(Elaboration &elaboration, const OptimizerDecl &declared, const Environment &environment) {
  elaboration.active.push_back({&declared, declared.name, declared.nameSpan});
  Flat flat = declared.composition ? elaborateComposition(elaboration, declared, environment)
                                   : copyRule(elaboration, declared, environment);
  if (flat && !declared.composition) {
    flat->isComposed |= !declared.generics.empty();
    for (Equation &equation : flat->equations)
      equation.skipsBefore = onlyInFullSteps;
    if (!declared.generics.empty() && !insertParts(elaboration, *flat, declared, environment))
      flat = nullptr;
  }
  elaboration.active.pop_back();
  if (!flat)
    return nullptr;
  flat->name = declared.name;
  flat->nameSpan = declared.nameSpan;
  flat->doc = declared.doc;
  flat->citation = declared.citation;
  flat->isExported = declared.isExported;
  flat->keepsSubnormals |= declared.keepsSubnormals;
  if (declared.nonFinite != NonFinite::Propagate)
    flat->nonFinite = declared.nonFinite;
  return flat;
}

Flat elaborateUse(Elaboration &elaboration, const Component &component, const Use &use,
                  const Environment &environment) {
  if (!takesNoSet(elaboration, use))
    return nullptr;
  Flat flat;
  std::string what = quote(use.name);
  if (auto part = environment.parts.find(use.name); part != environment.parts.end()) {
    flat = elaboratePart(elaboration, component, use, part->second);
  } else {
    const Scope::Entry *entry = findComponent(elaboration, use, environment);
    if (!entry)
      return nullptr;
    const auto *found = std::get_if<const OptimizerDecl *>(&entry->definition);
    if (!found) {
      reportNoOptimizer(elaboration, *entry, use);
      return nullptr;
    }
    const OptimizerDecl &declared = **found;
    Environment inner{entry->home, &declared, {}, nullptr, /*isPart=*/true};
    if (!giveParts(elaboration, use, declared.nameSpan, declared.generics, environment, inner) ||
        elaboration.isRecursive(&declared, declared.name, use.nameSpan, "optimizer") ||
        !elaboration.isSound(declared, *entry->home))
      return nullptr;
    flat = elaborateOptimizer(elaboration, declared, inner);
    if (flat)
      addExpansion(flat->expansions, extentOf(declared), use.nameSpan, "the optimizer " + what);
  }
  if (!flat || !applyArguments(elaboration, use, what, flat->hypers, environment, flat->requirements, flat->expansions))
    return nullptr;
  return flat;
}

Flat elaborateComponent(Elaboration &elaboration, const Component &component, const Environment &environment) {
  if (!elaboration.spend(component.span))
    return nullptr;
  if (const auto *use = component.as<Use>())
    return elaborateUse(elaboration, component, *use, environment);
  if (const auto *pipe = component.as<Pipe>())
    return elaboratePipe(elaboration, component, *pipe, environment);
  if (const auto *selection = component.as<Select>())
    return elaborateSelect(elaboration, component, *selection, environment);
  if (const auto *with = component.as<With>()) {
    Flat flat = elaborateComponent(elaboration, *with->base, environment);
    return flat && applyStorage(elaboration, *with, flat->states, flat.get()) ? std::move(flat) : nullptr;
  }
  if (!component.as<Frozen>()) {
    elaboration.report(Code::E0321, component.span,
                       component.as<Sum>() ? "a sum of penalties is not an optimizer"
                                           : "a multiple of a penalty is not an optimizer");
    return nullptr;
  }
  auto frozen = std::make_unique<OptimizerDecl>();
  frozen->equations.push_back({component.span, "w", {}, makeName(component.span, "w"), onlyInFullSteps});
  return frozen;
}

std::optional<std::string> nameOf(const Component &component) {
  if (const auto *with = component.as<With>())
    return nameOf(*with->base);
  if (const auto *scaled = component.as<Scaled>())
    return nameOf(*scaled->penalty);
  if (component.as<Frozen>())
    return "frozen";
  const auto *use = component.as<Use>();
  return use ? std::optional(use->name) : std::nullopt;
}

const Scope::Entry *findComponent(Elaboration &elaboration, const Use &use, const Environment &environment) {
  bool isAmbiguous = false;
  const Scope::Entry *entry = elaboration.find(*environment.home, use.name, use.nameSpan, &isAmbiguous);
  if (entry || isAmbiguous || use.name.empty() || elaboration.mayBeMissing(*environment.home, use.name))
    return entry;
  std::vector<std::string_view> candidates = elaboration.program.scopes.at(environment.home).names();
  for (const auto &[name, part] : environment.parts)
    candidates.push_back(name);
  std::string import = importOf(use.name);
  std::optional<std::string_view> meant = suggest(use.name, candidates);
  elaboration.report(Code::E0320, use.nameSpan, "unknown optimizer or transform " + quote(use.name), "",
                     !import.empty() ? import
                     : meant
                         ? "did you mean " + quote(*meant) + "?"
                         : "declare it in this file, or import it: `import std.optimizers`, `import std.transforms`");
  return nullptr;
}

void reportNoOptimizer(Elaboration &elaboration, const Scope::Entry &entry, const Use &use) {
  bool isTransform = std::holds_alternative<const TransformDecl *>(entry.definition);
  bool isPenalty = std::holds_alternative<const PenaltyDecl *>(entry.definition);
  elaboration.report(Code::E0321, use.nameSpan,
                     quote(use.name) + " is " + kindOf(entry.definition) + ", not an optimizer", "",
                     isTransform ? "a transform wraps an optimizer: " + quote(use.name + " |> adamw")
                     : isPenalty ? "an optimizer is built from it: " + quote("proximal_gd<" + use.name + ">")
                                 : "",
                     {{placeOf(entry.definition), quote(use.name) + " is declared here"}});
}

} // namespace ravine
