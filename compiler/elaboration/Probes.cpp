// Optimizers that are made to try a penalty or a set out.
#include "compiler/elaboration/Probes.h"

#include "compiler/elaboration/Compose.h"
#include "compiler/elaboration/Finish.h"
#include "compiler/elaboration/Laws.h"
#include "compiler/elaboration/Make.h"
#include "compiler/elaboration/Parts.h"

#include <limits>

namespace ravine {

using namespace ast;

namespace {

class ProbeWriter {
public:
  /// `isTrial`: everything that is written has to make sense, whatever the parts may lack.
  ProbeWriter(Elaboration &elaboration, const PenaltyDecl &declared, const Module &home, bool isTrial)
      : elaboration(elaboration), declared(declared), expander(elaboration, home, none, /*renamesBlocks=*/true),
        isTrial(isTrial && !declared.composition) {
    // The value is a number of each argument.
    if (this->isTrial)
      expander.takeOver(IndexSet::Tensor);
  }

  void write(Penalty &penalty) {
    OptimizerDecl &rule = *probe.optimizer;
    rule.name = declared.name;
    rule.nameSpan = declared.nameSpan;
    const SourceSpan own = declared.nameSpan;
    std::vector<ExprPtr> arguments;
    arguments.push_back(makeName(own, "w"));
    probe.hasProx = has(penalty, Member::Prox);
    if (probe.hasProx) {
      probe.step = add(penalty, declared.step.empty() ? "tau" : declared.step, declared.stepSpan, 1, true);
      arguments.push_back(makeName(own, probe.step));
      define("w", placeOf(declared.isSet ? declared.projectSpan : declared.proxSpan),
             written(penalty, Member::Prox, arguments));
      arguments.pop_back();
    } else {
      define("w", own, makeName(own, "w"));
    }
    if (!isSet(penalty) && has(penalty, Member::Value)) {
      probe.value = nameOf("value", penalty);
      measure(probe.value, placeOf(declared.valueSpan), written(penalty, Member::Value, arguments));
    }
    if (has(penalty, Member::Gradient)) {
      probe.gradient = nameOf("grad", penalty);
      auto state = std::make_unique<StateDecl>();
      state->name = probe.gradient;
      state->nameSpan = placeOf(declared.gradientSpan);
      state->initial = makeNumber(own, 0, true);
      rule.states.push_back(std::move(state));
      define(probe.gradient, placeOf(declared.gradientSpan), written(penalty, Member::Gradient, arguments));
    }
    if (has(penalty, Member::Contains)) {
      probe.tolerance =
          add(penalty, declared.tolerance.empty() ? "tolerance" : declared.tolerance, declared.toleranceSpan, 0, false);
      arguments.push_back(makeName(own, probe.tolerance));
      probe.contains = nameOf("contains", penalty);
      measure(
          probe.contains, placeOf(declared.containsSpan),
          makeIf(written(penalty, Member::Contains, arguments), makeNumber(own, 1, true), makeNumber(own, 0, true)));
    }
    for (const LawInfo &law : laws())
      // What a selection promises of a square is that of each branch, with numbers of its own.
      if (promises(penalty, law.kind) && (law.kind != LawKind::Quadratic || quadraticLaw(penalty)))
        probe.laws.push_back(law.kind);
    if (const Law *law = quadraticLaw(penalty))
      for (const ExprPtr &argument : law->arguments)
        probe.quadratic.push_back(expander.expandOfHypers(penalty, *argument));
    takeDeclarations(rule, penalty);
    append(rule.requirements, expander.requirements);
    // What is wrong in the declaration is not wrong in some place that uses it.
    std::erase_if(expander.expansions, [&](const Expansion &expansion) {
      return expansion.use.file == own.file && expansion.use.begin == own.begin;
    });
    append(rule.expansions, expander.expansions);
  }

  /// For the laws of `penalty` that name another one.
  void compare(const Penalty &penalty) {
    if (!penalty.declared || !probe.hasProx)
      return;
    for (const Law &law : penalty.declared->laws)
      if (law.other)
        compare(penalty, law);
  }

  PenaltyProbe probe{.optimizer = std::make_unique<OptimizerDecl>()};

private:
  bool has(const Penalty &penalty, Member member) const {
    if (!isTrial)
      return offers(penalty, member);
    switch (member) {
    case Member::Value:
      return declared.value != nullptr;
    case Member::Prox:
    case Member::Project:
      return declared.prox || declared.project;
    case Member::Gradient:
      return declared.gradient != nullptr;
    case Member::Contains:
      return declared.contains != nullptr;
    }
    return false;
  }

  void compare(const Penalty &penalty, const Law &law);

  /// What the penalty says, at the place where it says it.
  ExprPtr written(const Penalty &penalty, Member member, const std::vector<ExprPtr> &arguments) {
    ExprPtr value = expander.apply(penalty, member, arguments, declared.nameSpan);
    if (const Expr *body = declared.composition ? nullptr : bodyOf(declared, member))
      value->span = body->span;
    return value;
  }

  SourceSpan placeOf(SourceSpan span) const { return span.end > 0 ? span : declared.nameSpan; }

  /// The name, unless the penalty declares it itself.
  static std::string nameOf(const std::string &name, const Penalty &penalty) {
    auto isSame = [&](const auto &hyper) { return hyper->name == name; };
    return std::ranges::any_of(penalty.hypers, isSame) ? "probe." + name : name;
  }

  std::string add(const Penalty &penalty, const std::string &name, SourceSpan span, double value, bool isPositive) {
    auto hyper = std::make_unique<HyperDecl>();
    hyper->name = nameOf(name, penalty);
    hyper->nameSpan = hyper->rangeSpan = placeOf(span);
    hyper->defaultExpr = makeNumber(hyper->nameSpan, value, true);
    hyper->lower = {0, isPositive};
    hyper->upper = {std::numeric_limits<double>::infinity(), true};
    probe.optimizer->hypers.push_back(std::move(hyper));
    return probe.optimizer->hypers.back()->name;
  }

  void define(const std::string &target, SourceSpan span, ExprPtr value) {
    probe.optimizer->equations.push_back({span, target, {}, std::move(value), onlyInFullSteps});
  }

  void measure(const std::string &name, SourceSpan span, ExprPtr value) {
    auto metric = std::make_unique<MetricDecl>();
    metric->name = name;
    metric->nameSpan = span;
    metric->value = std::move(value);
    metric->isOfPenalty = true;
    probe.optimizer->metrics.push_back(std::move(metric));
  }

  Elaboration &elaboration;
  const PenaltyDecl &declared;
  Locals none;
  Expander expander;
  bool isTrial;
};

/// What needs all of its argument is told that it is a tensor.
void decideSet(Elaboration &elaboration, Penalty &penalty, IndexSet set) {
  for (Penalty::Branch &branch : penalty.branches)
    decideSet(elaboration, *branch.penalty, set);
  if (penalty.branches.empty() && !isElementwise(elaboration, penalty))
    giveSet(penalty, set);
}

/// The arguments of the other penalty are made of the hypers of this one, which the probe has under their names.
void settle(Penalty &other, const PenaltyDecl &declared) {
  auto visit = [&](Name &name, const Expr &) {
    const auto *hyper = std::get_if<const HyperDecl *>(&name.symbol);
    if (hyper && std::ranges::any_of(declared.hypers, [&](const auto &own) { return own.get() == *hyper; }))
      name.symbol = std::monostate();
  };
  for (auto &hyper : other.hypers)
    forEachName(*hyper->defaultExpr, visit);
  for (Requirement &requirement : other.requirements)
    forEachName(*requirement.condition, visit);
}

void ProbeWriter::compare(const Penalty &penalty, const Law &law) {
  Environment environment{penalty.home, nullptr, {}, nullptr, true, penalty.declared};
  takeDefaults(elaboration, penalty.declared->generics, environment);
  PenaltyPtr other = elaboratePenalty(elaboration, *law.other, environment);
  if (!other || !offers(*other, Member::Prox))
    return;
  decideSet(elaboration, *other, penalty.set.value_or(IndexSet::Tensor));
  const SourceSpan span = law.nameSpan;
  std::string label(spelling(law.kind));
  if (!probe.comparisons.empty())
    label += std::to_string(probe.comparisons.size() + 1);
  qualify(*other, label);
  settle(*other, *penalty.declared);
  OptimizerDecl &rule = *probe.optimizer;
  auto state = std::make_unique<StateDecl>();
  state->name = label + ".prox";
  state->nameSpan = span;
  state->initial = makeNumber(span, 0, true);
  probe.comparisons.push_back({law.kind, state->name});
  Block block;
  std::vector<ExprPtr> arguments;
  auto add = [&](const char *name, ExprPtr value) {
    arguments.push_back(makeName(span, elaboration.freshName(label + "." + name)));
    block.lets.push_back(makeLet(arguments.back()->as<Name>()->text, span, std::move(value)));
  };
  if (law.kind == LawKind::Conjugate) {
    add("x", makeBinary(BinaryOp::Divide, makeName(span, "w"), makeName(span, probe.step)));
    add("tau", makeBinary(BinaryOp::Divide, makeNumber(span, 1, true), makeName(span, probe.step)));
  } else {
    arguments.push_back(makeName(span, "w"));
    arguments.push_back(makeName(span, probe.step));
  }
  block.value = expander.apply(*other, Member::Prox, arguments, span);
  define(state->name, span, make(span, std::move(block)));
  rule.states.push_back(std::move(state));
  takeDeclarations(rule, *other);
}

bool isUsed(const OptimizerDecl &rule, const std::string &hyper) {
  bool found = false;
  forEachRoot(rule, [&](const Expr &root) {
    forEachName(root, [&](const Name &name, const Expr &) { found |= name.text == hyper; });
  });
  return found;
}

} // namespace

std::unique_ptr<PenaltyProbe> penaltyProbe(const SourceManager &sources, const Program &program,
                                           const PenaltyDecl &penalty, const Module &home, Diagnostics &diagnostics,
                                           IndexSet set) {
  if (needsParts(penalty.generics))
    return nullptr;
  Elaboration elaboration(sources, program, diagnostics);
  Environment environment{&home, nullptr, {}, nullptr, false};
  takeDefaults(elaboration, penalty.generics, environment);
  PenaltyPtr made = elaborateDeclared(elaboration, penalty, environment, penalty.nameSpan);
  if (!made)
    return nullptr;
  bool needsSet = !made->set && made->branches.empty() && !isElementwise(elaboration, *made);
  decideSet(elaboration, *made, set);
  ProbeWriter writer(elaboration, penalty, home, /*isTrial=*/false);
  writer.probe.needsSet = needsSet;
  writer.write(*made);
  writer.compare(*made);
  auto probe = std::make_unique<PenaltyProbe>(std::move(writer.probe));
  probe->optimizer->isComposed = true;
  return finish(elaboration, *probe->optimizer) ? std::move(probe) : nullptr;
}

Flat trialOf(Elaboration &elaboration, const PenaltyDecl &penalty, const Module &home) {
  Environment environment{&home, nullptr, {}, nullptr, false};
  standForParts(penalty.generics, environment);
  PenaltyPtr made = elaborateDeclared(elaboration, penalty, environment, penalty.nameSpan);
  if (!made)
    return nullptr;
  decideSet(elaboration, *made, IndexSet::Tensor);
  ProbeWriter writer(elaboration, penalty, home, /*isTrial=*/true);
  writer.write(*made);
  PenaltyProbe &probe = writer.probe;
  probe.optimizer->isComposed = penalty.composition != nullptr;
  // Nobody has to use what the author has not declared.
  for (const std::string &given : {probe.step, probe.tolerance})
    if (!isUsed(*probe.optimizer, given))
      std::erase_if(probe.optimizer->hypers, [&](const auto &hyper) { return hyper->name == given; });
  return std::move(probe.optimizer);
}

} // namespace ravine
