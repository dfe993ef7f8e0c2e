// What is known of a penalty as something uses it.
#include "compiler/elaboration/Penalty.h"

#include "compiler/elaboration/Laws.h"
#include "compiler/elaboration/Rename.h"
#include "compiler/frontend/Quote.h"
#include "compiler/frontend/Vocabulary.h"

#include <array>

namespace ravine {

using namespace ast;

namespace {

// In the order of Member.
constexpr std::array<std::string_view, 5> memberNames = {"value", "prox", "grad", "project", "contains"};

/// The values of the penalty and of all its parts.
void renameValues(Penalty &penalty, const Names &names) {
  for (auto &[name, binding] : penalty.values)
    if (auto *value = std::get_if<ExprPtr>(&binding))
      rename(**value, names);
  for (auto &[name, part] : penalty.parts)
    renameValues(*part, names);
  for (Penalty::Branch &branch : penalty.branches)
    renameValues(*branch.penalty, names);
}

void shareAll(const std::vector<std::unique_ptr<HyperDecl>> &hypers) {
  for (const auto &hyper : hypers)
    if (hyper->set == IndexSet::Group)
      hyper->set = IndexSet::Model;
}

/// Calls `visit` with what an expression asks of parts: their names and the members.
template <typename Visit> void forEachRequest(const Expr &expr, const Visit &visit) {
  if (const auto *call = expr.as<Call>())
    if (std::optional<Call::Request> request = call->request())
      visit(std::string(request->part), findMember(request->member));
  forEachChild(expr, [&](const Expr &child) { forEachRequest(child, visit); });
}

bool offersAll(const Penalty &penalty, const ExprPtr &body) {
  if (!body)
    return false;
  bool has = true;
  forEachRequest(*body, [&](const std::string &name, std::optional<Member> member) {
    auto part = penalty.parts.find(name);
    has = has && (part == penalty.parts.end() || !part->second || !member || offers(*part->second, *member));
  });
  return has;
}

/// Looks in a body for what needs all of the argument at once.
class Folds {
public:
  Folds(Elaboration &elaboration, const Penalty &penalty) : elaboration(elaboration), penalty(penalty) {}

  [[nodiscard]] bool in(const Expr &expr, const Module &home) {
    if (const auto *reduction = expr.as<Reduction>(); reduction && !reduction->set)
      return true;
    if (const auto *name = expr.as<Name>(); name && name->text == "size" && !name->isPrimed)
      return true;
    if (const auto *call = expr.as<Call>(); call && inCall(*call, home))
      return true;
    bool found = false;
    forEachChild(expr, [&](const Expr &child) { found = found || in(child, home); });
    return found;
  }

private:
  bool inCall(const Call &call, const Module &home) {
    if (findReduction(call.callee) && call.arguments.size() == 1)
      return true;
    if (std::optional<Call::Request> request = call.request()) {
      std::optional<Member> member = findMember(request->member);
      auto part = penalty.parts.find(std::string(request->part));
      bool isNumber = member == Member::Value || member == Member::Contains;
      return part != penalty.parts.end() && part->second && (isNumber || !isElementwise(elaboration, *part->second));
    }
    for (const Scope::Entry &entry : elaboration.program.scopes.at(&home).find(call.callee))
      if (const auto *function = std::get_if<const FunctionDecl *>(&entry.definition))
        return visited.insert(*function).second && in(*(*function)->body, *entry.home);
    return false;
  }

  Elaboration &elaboration;
  const Penalty &penalty;
  std::unordered_set<const FunctionDecl *> visited;
};

} // namespace

std::string_view spelling(Member member) {
  return memberNames[static_cast<size_t>(member)];
}

const Expr *bodyOf(const PenaltyDecl &penalty, Member member) {
  switch (member) {
  case Member::Value:
    return penalty.value.get();
  case Member::Prox:
    return penalty.isSet ? penalty.project.get() : penalty.prox.get();
  case Member::Gradient:
    return penalty.gradient.get();
  case Member::Project:
    return penalty.project.get();
  case Member::Contains:
    return penalty.contains.get();
  }
  return nullptr;
}

std::optional<Member> findMember(std::string_view name) {
  auto found = std::ranges::find(memberNames, name);
  return found == memberNames.end() ? std::nullopt : std::optional(static_cast<Member>(found - memberNames.begin()));
}

void qualify(Penalty &penalty, const std::string &label) {
  Names names;
  for (const auto &hyper : penalty.hypers)
    names.emplace(hyper->name, label + "." + hyper->name);
  for (auto &hyper : penalty.hypers) {
    hyper->name = label + "." + hyper->name;
    rename(*hyper->defaultExpr, names);
  }
  for (Requirement &requirement : penalty.requirements)
    rename(*requirement.condition, names);
  for (auto &condition : penalty.conditions) {
    condition->name = label + "." + condition->name;
    rename(*condition->condition, names);
  }
  renameValues(penalty, names);
}

void giveSet(Penalty &penalty, IndexSet set) {
  if (penalty.set)
    return;
  // A selection has none of its own.
  if (penalty.branches.empty())
    penalty.set = set;
  for (auto &[name, part] : penalty.parts)
    giveSet(*part, set);
  for (Penalty::Branch &branch : penalty.branches)
    giveSet(*branch.penalty, set);
  if (set == IndexSet::Model)
    shareAll(penalty.hypers);
}

void shareHypers(Penalty &penalty) {
  if (penalty.set == IndexSet::Model)
    shareAll(penalty.hypers);
}

bool isSet(const Penalty &penalty) {
  if (penalty.standsFor)
    return penalty.standsFor->kind == ParameterKind::Set;
  if (penalty.declared)
    return penalty.declared->isSet;
  return std::ranges::all_of(penalty.branches, [](const Penalty::Branch &branch) { return isSet(*branch.penalty); });
}

static bool findsOffer(const Penalty &penalty, Member member) {
  if (!penalty.branches.empty())
    return std::ranges::all_of(penalty.branches,
                               [&](const Penalty::Branch &branch) { return offers(*branch.penalty, member); });
  if (penalty.standsFor)
    return isSet(penalty) ? member != Member::Gradient : member <= Member::Gradient;
  const PenaltyDecl &declared = *penalty.declared;
  switch (member) {
  case Member::Value:
    return declared.isSet || offersAll(penalty, declared.value);
  case Member::Prox:
    return offersAll(penalty, declared.isSet ? declared.project : declared.prox);
  case Member::Gradient:
    return offersAll(penalty, declared.gradient);
  case Member::Project:
    return offersAll(penalty, declared.project);
  case Member::Contains:
    return offersAll(penalty, declared.contains);
  }
  return false;
}

bool offers(const Penalty &penalty, Member member) {
  auto known = penalty.offered.find(member);
  return known != penalty.offered.end() ? known->second : penalty.offered[member] = findsOffer(penalty, member);
}

std::string membersOf(const Penalty &penalty) {
  std::string listed;
  for (size_t index = 0; index < memberNames.size(); ++index)
    if (auto member = static_cast<Member>(index); offers(penalty, member))
      listed += (listed.empty() ? "" : ", ") + quote(memberNames[index]);
  return listed;
}

static bool findsElementwise(Elaboration &elaboration, const Penalty &penalty) {
  if (penalty.standsFor)
    return true;
  if (!penalty.branches.empty())
    return std::ranges::all_of(
        penalty.branches, [&](const Penalty::Branch &branch) { return isElementwise(elaboration, *branch.penalty); });
  const PenaltyDecl &declared = *penalty.declared;
  bool hasMap = false;
  for (const auto *body : {&declared.prox, &declared.project, &declared.gradient}) {
    if (!*body)
      continue;
    hasMap = true;
    Folds folds(elaboration, penalty);
    bool doesFold = folds.in(**body, *penalty.home);
    for (const auto &let : declared.lets)
      doesFold = doesFold || folds.in(*let->value, *penalty.home);
    if (doesFold)
      return false;
  }
  // From the value alone nobody can tell.
  return hasMap || promises(penalty, LawKind::Separable);
}

bool isElementwise(Elaboration &elaboration, const Penalty &penalty) {
  if (!penalty.elementwise)
    penalty.elementwise = findsElementwise(elaboration, penalty);
  return *penalty.elementwise;
}

} // namespace ravine
