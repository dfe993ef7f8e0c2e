// `2*l1`, `l1 + ridge`: operators on penalties, by the rules that the standard library has.
#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/Laws.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Parts.h"
#include "compiler/frontend/Quote.h"

namespace ravine {

using namespace ast;

namespace {

/// A rule of std.prox.calculus; null where there is none, which cannot be where the library is complete.
const PenaltyDecl *findRule(const Elaboration &elaboration, std::string_view name) {
  if (!elaboration.program.calculus)
    return nullptr;
  const auto &rules = elaboration.program.calculus->penalties;
  auto rule = std::ranges::find(rules, name, [](const auto &penalty) { return std::string_view(penalty->name); });
  return rule == rules.end() ? nullptr : rule->get();
}

PenaltyPtr makeByRule(Elaboration &elaboration, std::string_view name, PenaltyPtr part, SourceSpan use,
                      Bindings values) {
  const PenaltyDecl *rule = findRule(elaboration, name);
  const Module *home = elaboration.program.calculus;
  if (!rule || rule->generics.size() != 1 || !elaboration.isSound(*rule, *home)) {
    elaboration.report(Code::E0355, use, "there is no rule for this operation", "the standard library lacks it");
    return nullptr;
  }
  if (!fits(elaboration, *part, rule->generics.front(), rule->name, *home))
    return nullptr;
  Ingredients ingredients;
  ingredients.penalties.emplace(rule->generics.front().name, std::move(part));
  return makePenalty(elaboration, *rule, *home, std::move(ingredients), use, std::move(values));
}

/// The terms of a sum, from left to right.
void collect(const Component &component, std::vector<const Component *> &terms) {
  const auto *sum = component.as<Sum>();
  if (!sum) {
    terms.push_back(&component);
    return;
  }
  collect(*sum->left, terms);
  collect(*sum->right, terms);
}

struct Term {
  const Component *component;
  PenaltyPtr penalty;
};

/// The terms with their names, which are those of their declarations; empty after a message.
std::vector<Term> elaborateTerms(Elaboration &elaboration, const Component &component, const Environment &environment) {
  std::vector<const Component *> components;
  collect(component, components);
  std::map<std::string, SourceSpan> names;
  std::vector<Term> terms;
  bool isSound = true;
  for (const Component *term : components) {
    PenaltyPtr penalty = elaboratePenalty(elaboration, *term, environment);
    std::optional<std::string> name = nameOf(*term);
    auto [earlier, isNew] = names.try_emplace(name.value_or(""), term->span);
    if (penalty && (!name || !isNew)) {
      elaboration.report(Code::E0322, term->span,
                         name ? "two terms are called " + quote(*name) : "this term of a sum has no name", "",
                         "give it a name: `penalty other = …`, and write that here",
                         isNew ? std::vector<Note>() : std::vector<Note>{{earlier->second, "the other one is here"}});
      penalty = nullptr;
    }
    isSound = isSound && penalty;
    if (penalty)
      qualify(*penalty, *name);
    terms.push_back({term, std::move(penalty)});
  }
  return isSound ? std::move(terms) : std::vector<Term>();
}

} // namespace

PenaltyPtr elaborateScaled(Elaboration &elaboration, const Component &component, const Scaled &scaled,
                           const Environment &environment) {
  PenaltyPtr part = elaboratePenalty(elaboration, *scaled.penalty, environment);
  if (!part)
    return nullptr;
  const PenaltyDecl *rule = findRule(elaboration, "scaled");
  if (rule && !rule->generics.empty())
    qualify(*part, rule->generics.front().name);
  std::string name = part->name;
  PenaltyPtr penalty = makeByRule(elaboration, "scaled", std::move(part), component.span, {});
  if (!penalty)
    return nullptr;
  penalty->name = std::string(elaboration.sources.text(component.span));
  Use use{"scaled", scaled.factor->span, {}, std::nullopt, {}, {}};
  use.arguments.push_back({"", {}, clone(*scaled.factor)});
  return applyArguments(elaboration, use, quote(penalty->name), penalty->hypers, environment, penalty->requirements,
                        penalty->expansions)
             ? std::move(penalty)
             : nullptr;
}

/// All terms but one have to be quadratic: then the prox of the sum is that of the one at another place, with another
/// step (Combettes & Pesquet 2011, table 1, row iv).
PenaltyPtr elaborateSum(Elaboration &elaboration, const Component &component, const Sum &sum,
                        const Environment &environment) {
  std::vector<Term> terms = elaborateTerms(elaboration, component, environment);
  if (terms.empty())
    return nullptr;
  auto isOther = [](const Term &term) { return !quadraticLaw(*term.penalty); };
  auto base = std::ranges::find_if(terms, isOther);
  auto second = base == terms.end() ? base : std::find_if(std::next(base), terms.end(), isOther);
  if (second != terms.end()) {
    std::string both = "`" + base->penalty->name + " + " + second->penalty->name + "`";
    elaboration.report(Code::E0355, sum.plusSpan, "there is no rule for the prox of " + both,
                       "neither declares `law quadratic(rho, c)`",
                       "there are rules for `2*P` and `scaled<P>`, `translated<P>`, a sum with a quadratic penalty, "
                       "`select` (other penalties for other tensors), and for a convex P `conjugate<P>` and "
                       "`envelope<P>`",
                       {{base->component->span, quote(base->penalty->name) + " is not quadratic"},
                        {second->component->span, "and " + quote(second->penalty->name) + " is not"}});
    return nullptr;
  }
  if (base == terms.end())
    base = terms.begin();
  const PenaltyDecl *rule = findRule(elaboration, "plus_quadratic");
  PenaltyPtr whole = std::move(base->penalty);
  for (Term &term : terms) {
    if (!term.penalty)
      continue;
    Bindings values;
    if (rule && rule->hypers.size() == 2) {
      Locals none;
      Expander expander(elaboration, *term.penalty->home, none);
      const Law &law = *quadraticLaw(*term.penalty);
      for (size_t index = 0; index < 2; ++index)
        values.emplace(rule->hypers[index]->name, expander.expandOfHypers(*term.penalty, *law.arguments[index]));
    }
    whole = makeByRule(elaboration, "plus_quadratic", std::move(whole), component.span, std::move(values));
    if (!whole)
      return nullptr;
    takeDeclarations(*whole, *term.penalty);
    shareHypers(*whole);
  }
  whole->name = std::string(elaboration.sources.text(component.span));
  return whole;
}

} // namespace ravine
