// A penalty or a set as something uses it: which declaration, over what, and what stands for its hypers and its parts.
//
// It is no text yet: `P.prox(w, 1/beta)` becomes text where it stands, with the argument and the index set that it has
// there (ExpandPenalty.cpp).
#pragma once

#include "compiler/elaboration/Expander.h"

#include <algorithm>

namespace ravine {

/// What a penalty or a set can be asked for, as in `P.prox(w, tau)`.
enum class Member : uint8_t { Value, Prox, Gradient, Project, Contains };

struct Penalty {
  struct Branch {
    const ast::ConditionDecl *condition;
    PenaltyPtr penalty;
  };

  /// As messages call it: "scaled<l1>".
  std::string name;
  /// Where it is said which one it is.
  SourceSpan use;
  /// It is named where it is used, and not given as a part.
  bool isByName = false;
  /// Null for a selection and for a stand-in.
  const ast::PenaltyDecl *declared = nullptr;
  const ast::Module *home = nullptr;
  /// Over what its argument is taken; empty where nobody has said it.
  std::optional<IndexSet> set;
  /// What its hypers are among the names of what uses it, and its parts that are functions.
  Bindings values;
  Penalties parts;
  /// Of `select { conv: rank >= 4 -> a; _ -> b }`, each tensor's is the one whose condition holds.
  std::vector<Branch> branches;
  /// What a generic declaration is looked at with on its own: all that is known is what the parameter says.
  const ast::GenericParameter *standsFor = nullptr;
  /// What `offers`, for each member, and `isElementwise` have found out: penalties that use penalties ask again and
  /// again.
  mutable std::map<Member, bool> offered;
  mutable std::optional<bool> elementwise;

  // What it adds to the declaration that uses it. Empty once that has taken it.
  std::vector<std::unique_ptr<ast::HyperDecl>> hypers;
  std::vector<ast::Requirement> requirements;
  std::vector<std::unique_ptr<ast::ConditionDecl>> conditions;
  std::vector<ast::Expansion> expansions;
};

/// What a component means where a penalty is asked for; null after a message.
[[nodiscard]] PenaltyPtr elaboratePenalty(Elaboration &elaboration, const ast::Component &component,
                                          const Environment &environment);
/// A declared one; `environment` has its parts.
[[nodiscard]] PenaltyPtr elaborateDeclared(Elaboration &elaboration, const ast::PenaltyDecl &declared,
                                           const Environment &environment, SourceSpan use);
/// The same where it is no composition and its parts are known. `values` are hypers that it is not left to the host to
/// set, but follow others.
[[nodiscard]] PenaltyPtr makePenalty(Elaboration &elaboration, const ast::PenaltyDecl &declared,
                                     const ast::Module &home, struct Ingredients ingredients, SourceSpan use,
                                     Bindings values = {});
/// What stands for a parameter.
[[nodiscard]] PenaltyPtr penaltyOf(Elaboration &elaboration, const Part &part, SourceSpan use);
/// The declaration that a name means where a penalty is asked for; null after a message.
[[nodiscard]] const Scope::Entry *findPenalty(Elaboration &elaboration, const ast::Module &home,
                                              const std::string &name, SourceSpan span);
/// `2*l1`, `l1 + ridge`, by the standard library's rules.
[[nodiscard]] PenaltyPtr elaborateScaled(Elaboration &elaboration, const ast::Component &component,
                                         const ast::Scaled &scaled, const Environment &environment);
[[nodiscard]] PenaltyPtr elaborateSum(Elaboration &elaboration, const ast::Component &component, const ast::Sum &sum,
                                      const Environment &environment);

/// Gives the hypers and conditions the prefix `label.`
void qualify(Penalty &penalty, const std::string &label);
/// Moves what the penalty adds, but for its conditions and expansions.
template <typename Whole> void takeHypers(Whole &whole, Penalty &penalty) {
  std::ranges::move(penalty.hypers, std::back_inserter(whole.hypers));
  std::ranges::move(penalty.requirements, std::back_inserter(whole.requirements));
  penalty.hypers.clear();
  penalty.requirements.clear();
}

/// Moves all that the penalty adds. `Whole` is OptimizerDecl or Penalty.
template <typename Whole> void takeDeclarations(Whole &whole, Penalty &penalty) {
  takeHypers(whole, penalty);
  std::ranges::move(penalty.conditions, std::back_inserter(whole.conditions));
  std::ranges::move(penalty.expansions, std::back_inserter(whole.expansions));
  penalty.conditions.clear();
  penalty.expansions.clear();
}

/// Takes the argument over `set`, its parts too where nobody has said it.
void giveSet(Penalty &penalty, IndexSet set);
/// Over the model, what would be a number for each parameter group is one for all of them. Hypers per tensor stay so.
void shareHypers(Penalty &penalty);

[[nodiscard]] bool isSet(const Penalty &penalty);
[[nodiscard]] bool offers(const Penalty &penalty, Member member);
/// "`value`, `prox`"
[[nodiscard]] std::string membersOf(const Penalty &penalty);
/// Whether its prox acts on each element by itself, so that it need not know over what its argument is taken.
[[nodiscard]] bool isElementwise(Elaboration &elaboration, const Penalty &penalty);

/// What the declaration says of the member; null where it says nothing.
[[nodiscard]] const ast::Expr *bodyOf(const ast::PenaltyDecl &penalty, Member member);
/// What the source calls it: "prox", "grad".
[[nodiscard]] std::string_view spelling(Member member);
[[nodiscard]] std::optional<Member> findMember(std::string_view name);

} // namespace ravine
