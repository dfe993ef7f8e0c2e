// Whether what a penalty promises makes sense of it. Whether it is true, `ravine test` tries to find out.
#include "compiler/elaboration/Laws.h"
#include "compiler/elaboration/Parts.h"
#include "compiler/frontend/Quote.h"

namespace ravine {

using namespace ast;

namespace {

class LawChecker {
public:
  LawChecker(Elaboration &elaboration, const PenaltyDecl &penalty, const Module &home)
      : elaboration(elaboration), penalty(penalty), home(home) {}

  bool run() {
    for (const Law &law : penalty.laws) {
      checkPart(law);
      if (std::string lacking = lack(law.kind); !lacking.empty())
        report(law.nameSpan, "the law " + quote(spelling(law.kind)) + " says nothing of " + named(), lacking,
               "delete it", {});
      if (law.other)
        checkOther(*law.other);
    }
    return isSound;
  }

private:
  std::string named() const { return (penalty.isSet ? "the set " : "the penalty ") + quote(penalty.name); }

  /// `when P convex`
  void checkPart(const Law &law) {
    auto part = std::ranges::find(penalty.generics, law.part, &GenericParameter::name);
    if (part == penalty.generics.end() || part->kind == ParameterKind::Penalty || part->kind == ParameterKind::Set)
      return;
    report(law.partSpan, quote(law.part) + " is neither a penalty nor a set", "", "only those have laws",
           {{part->nameSpan, quote(law.part) + " is declared here"}});
  }

  /// What there would have to be for the law to say something; empty where it is there.
  std::string lack(LawKind law) const {
    bool hasProx = penalty.prox || penalty.project;
    switch (law) {
    case LawKind::Convex:
    case LawKind::Separable:
    case LawKind::Quadratic:
      return "";
    case LawKind::Nonexpansive:
    case LawKind::AgreesWith:
    case LawKind::Conjugate:
      return hasProx ? "" : "it has no `prox`";
    case LawKind::Minimizes:
      return penalty.isSet    ? "say `law projection` of a set"
             : !hasProx       ? "it has no `prox`"
             : !penalty.value ? "it has no `value`"
                              : "";
    case LawKind::Idempotent:
      return penalty.isSet ? "" : "it is no set";
    case LawKind::Projection:
      return !penalty.isSet ? "it is no set" : penalty.contains ? "" : "it has no `contains`";
    case LawKind::Gradient:
      return !penalty.gradient ? "it has no `grad`" : penalty.value ? "" : "it has no `value`";
    }
    return "";
  }

  /// The other penalty is written with the hypers of this one: `conjugate(linf_ball(radius = lambda))`.
  void checkOther(const Component &other) {
    Environment environment{&home, nullptr, {}, nullptr, true};
    environment.penalty = &penalty;
    standForParts(penalty.generics, environment);
    // What it is made of may be what this one is needed for: l1 is the conjugate of a ball, and the ball of l1.
    if (const auto *use = other.as<Use>(); use && !environment.parts.contains(use->name)) {
      isSound = findPenalty(elaboration, home, use->name, use->nameSpan) && isSound;
      return;
    }
    isSound = elaboratePenalty(elaboration, other, environment) && isSound;
  }

  void report(SourceSpan span, std::string message, std::string label, std::string hint, std::vector<Note> notes) {
    isSound = false;
    elaboration.report(Code::E0356, span, std::move(message), std::move(label), std::move(hint), std::move(notes));
  }

  Elaboration &elaboration;
  const PenaltyDecl &penalty;
  const Module &home;
  bool isSound = true;
};

} // namespace

bool checkLaws(Elaboration &elaboration, const PenaltyDecl &penalty, const Module &home) {
  return LawChecker(elaboration, penalty, home).run();
}

} // namespace ravine
