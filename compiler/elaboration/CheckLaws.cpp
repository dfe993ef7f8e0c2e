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
      if (std::optional<Lack> lacking = lack(law.kind))
        report(law.nameSpan, "the law " + quote(spelling(law.kind)) + " says nothing of " + named(), lacking->label,
               lacking->hint, {});
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

  /// What there would have to be for the law to say something.
  struct Lack {
    std::string label;
    std::string hint = "delete it";

    /// `definition` is how one begins: "value", "contains(tolerance)".
    static Lack of(const std::string &member, const std::string &definition) {
      return {"it has no " + quote(member), "write " + quote(definition + " = …") + ", or delete the law"};
    }
  };

  /// Nothing where it is there.
  std::optional<Lack> lack(LawKind law) const {
    const Lack prox = Lack::of("prox", "prox(tau)"), value = Lack::of("value", "value"), noSet = {"it is no set"};
    auto unless = [](bool isThere, Lack lack) { return isThere ? std::nullopt : std::optional(std::move(lack)); };
    bool hasProx = penalty.prox || penalty.project;
    switch (law) {
    case LawKind::Convex:
    case LawKind::Separable:
    case LawKind::Quadratic:
      return std::nullopt;
    case LawKind::Nonexpansive:
    case LawKind::AgreesWith:
    case LawKind::Conjugate:
      return unless(hasProx, prox);
    case LawKind::Minimizes:
      return penalty.isSet ? Lack{"it is no penalty", "write `law projection`"}
             : !hasProx    ? prox
                           : unless(penalty.value != nullptr, value);
    case LawKind::Idempotent:
      return unless(penalty.isSet, noSet);
    case LawKind::Projection:
      return penalty.isSet ? unless(penalty.contains != nullptr, Lack::of("contains", "contains(tolerance)")) : noSet;
    case LawKind::Gradient:
      return penalty.gradient ? unless(penalty.value != nullptr, value) : Lack::of("grad", "grad");
    }
    return std::nullopt;
  }

  /// The other penalty is written with the hypers of this one: `conjugate(linf_ball(radius = lambda))`.
  void checkOther(const Component &other) {
    Environment environment{&home, nullptr, {}, nullptr, true};
    environment.penalty = &penalty;
    standForParts(penalty.generics, environment);
    // What it is made of may be what this one is needed for: l1 is the conjugate of a ball, and the ball of l1. So it
    // is looked at when all of them are known.
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

void checkNamedInLaws(Elaboration &elaboration, const PenaltyDecl &penalty, const Module &home) {
  Environment environment{&home, nullptr, {}, nullptr, true};
  environment.penalty = &penalty;
  standForParts(penalty.generics, environment);
  for (const Law &law : penalty.laws)
    if (law.other)
      (void)elaboratePenalty(elaboration, *law.other, environment);
}

bool checkLaws(Elaboration &elaboration, const PenaltyDecl &penalty, const Module &home) {
  return LawChecker(elaboration, penalty, home).run();
}

} // namespace ravine
