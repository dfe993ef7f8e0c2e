// What penalties promise, and what generic declarations demand of them.
#include "compiler/elaboration/Laws.h"

#include "compiler/frontend/Quote.h"

namespace ravine {

using namespace ast;

namespace {

/// Whether the law holds for what stands for the part that it names.
bool holds(const Penalty &penalty, const Law &law) {
  if (law.part.empty() || !law.partLaw)
    return true;
  auto part = penalty.parts.find(law.part);
  const LawInfo *needed = findLaw(law.partLaw->name);
  return part != penalty.parts.end() && part->second && needed && promises(*part->second, needed->kind);
}

/// "only `separable`, `minimizes`"
std::string declaredBy(const Penalty &penalty) {
  std::string listed;
  for (const LawInfo &law : laws())
    if (promises(penalty, law.kind))
      listed += (listed.empty() ? "only " : ", ") + quote(law.name);
  return listed.empty() ? "no law" : listed;
}

/// "a convex penalty"
std::string demanded(LawKind law, ParameterKind kind) {
  std::string what = kind == ParameterKind::Set ? "set" : "penalty";
  if (law == LawKind::Convex || law == LawKind::Separable || law == LawKind::Nonexpansive || law == LawKind::Idempotent)
    return (law == LawKind::Idempotent ? "an " : "a ") + std::string(spelling(law)) + " " + what;
  return "a " + what + " with `law " + std::string(spelling(law)) + "`";
}

/// The penalties that a file knows and that always have the law.
std::string choices(const Elaboration &elaboration, const Module &home, LawKind law, ParameterKind kind) {
  const Scope &scope = elaboration.program.scopes.at(&home);
  std::string listed;
  for (std::string_view name : scope.names()) {
    const auto *entry = std::get_if<const PenaltyDecl *>(&scope.find(std::string(name)).front().definition);
    bool isFit = entry && (*entry)->generics.empty() && (kind != ParameterKind::Set || (*entry)->isSet) &&
                 std::ranges::any_of((*entry)->laws, [&](const Law &other) { return other.kind == law; });
    if (isFit)
      listed += (listed.empty() ? "" : ", ") + quote(name);
  }
  return listed;
}

/// The laws that a parameter asks for, and one more.
std::string withLaw(const GenericParameter &parameter, const std::string &law) {
  std::string laws;
  for (const LawName &known : parameter.laws)
    laws += known.name + ", ";
  return laws + law;
}

void reportMissing(Elaboration &elaboration, const Penalty &penalty, const GenericParameter &parameter, LawKind law,
                   SourceSpan asked, const std::string &whole, const Module &home) {
  std::string name = std::string(spelling(law));
  std::vector<Note> notes = {{asked, "it is asked for here"}};
  if (penalty.declared)
    notes.push_back({penalty.declared->nameSpan, quote(penalty.declared->name) + " is declared here"});
  else if (penalty.standsFor)
    notes.push_back({penalty.standsFor->nameSpan, quote(penalty.standsFor->name) + " is declared here"});
  std::string others = choices(elaboration, home, law, parameter.kind);
  std::string hint =
      penalty.standsFor ? "demand it of " + quote(penalty.name) + " too: " +
                              quote("<" + penalty.name + ": " + std::string(spelling(penalty.standsFor->kind)) +
                                    " with " + withLaw(*penalty.standsFor, name) + ">")
      : others.empty()
          ? "if it has this law, declare it, `law " + name + "`: `ravine test` looks for examples to the contrary"
      : law == LawKind::Convex || law == LawKind::Separable || law == LawKind::Nonexpansive
          ? "these in scope are " + name + ": " + others
          : "these in scope have it: " + others;
  elaboration.report(Code::E0351, penalty.use,
                     quote(whole) + " needs " + demanded(law, parameter.kind) + "; " + quote(penalty.name) +
                         " declares " + declaredBy(penalty),
                     "", std::move(hint), std::move(notes));
}

} // namespace

bool promises(const Penalty &penalty, LawKind law) {
  if (!penalty.branches.empty())
    return std::ranges::all_of(penalty.branches,
                               [&](const Penalty::Branch &branch) { return promises(*branch.penalty, law); });
  if (penalty.standsFor)
    return std::ranges::any_of(penalty.standsFor->laws, [&](const LawName &known) {
      const LawInfo *info = findLaw(known.name);
      return info && info->kind == law;
    });
  return std::ranges::any_of(penalty.declared->laws,
                             [&](const Law &declared) { return declared.kind == law && holds(penalty, declared); });
}

const Law *quadraticLaw(const Penalty &penalty) {
  if (!penalty.declared)
    return nullptr;
  auto law = std::ranges::find_if(penalty.declared->laws, [&](const Law &declared) {
    return declared.kind == LawKind::Quadratic && declared.arguments.size() == 2 && holds(penalty, declared);
  });
  return law == penalty.declared->laws.end() ? nullptr : &*law;
}

bool fits(Elaboration &elaboration, const Penalty &penalty, const GenericParameter &parameter, const std::string &whole,
          const Module &home) {
  if (parameter.kind == ParameterKind::Set && !isSet(penalty)) {
    std::vector<Note> notes = {{parameter.nameSpan, "it is asked for here"}};
    if (penalty.declared)
      notes.push_back({penalty.declared->nameSpan, quote(penalty.declared->name) + " is declared here"});
    elaboration.report(Code::E0350, penalty.use,
                       quote(whole) + " needs a set; " + quote(penalty.name) + " is a penalty", "",
                       "a set has a `project`: `box`, `simplex`, `l2_ball`", std::move(notes));
    return false;
  }
  for (const LawName &asked : parameter.laws) {
    const LawInfo *law = findLaw(asked.name);
    if (!law || promises(penalty, law->kind))
      continue;
    reportMissing(elaboration, penalty, parameter, law->kind, asked.span, whole, home);
    return false;
  }
  return true;
}

} // namespace ravine
