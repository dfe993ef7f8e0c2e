// Finding the laws of a file.
#include "compiler/testing/laws/ProbedLaw.h"

#include "compiler/frontend/LawWords.h"
#include "compiler/frontend/Walk.h"

#include <algorithm>

namespace ravine::testing {

using namespace ast;

namespace {

void findArgumentSet(const Expr &expr, IndexSet &set) {
  const auto *reduction = expr.as<Reduction>();
  if (reduction && reduction->set && reduction->set->isOfGroups())
    set = *reduction->set;
  forEachChild(expr, [&](const Expr &child) { findArgumentSet(child, set); });
}

/// The groups that the probe folds its argument over, which a composed penalty may have fixed; a tensor, which is what
/// it is told, where it has not.
IndexSet argumentSetOf(const OptimizerDecl &probe) {
  IndexSet set = IndexSet::Tensor;
  forEachRoot(probe, [&](const Expr &root) { findArgumentSet(root, set); });
  return set;
}

} // namespace

std::vector<ProbedLaw> lawsOf(const SourceManager &sources, const Program &program, const Module &module,
                              Diagnostics &diagnostics, const std::function<bool(std::string_view)> &isMeant) {
  std::vector<ProbedLaw> laws;
  for (const auto &penalty : module.penalties) {
    std::shared_ptr<PenaltyProbe> probe = penaltyProbe(sources, program, *penalty, module, diagnostics);
    if (!probe)
      continue;
    IndexSet set = argumentSetOf(*probe->optimizer);
    for (LawKind kind : probe->laws) {
      std::string name = penalty->name + ": " + std::string(spelling(kind));
      if (!isMeant(name))
        continue;
      auto declared = std::ranges::find_if(penalty->laws, [&](const Law &law) { return law.kind == kind; });
      laws.push_back({std::move(name), kind, declared != penalty->laws.end() ? declared->nameSpan : penalty->nameSpan,
                      penalty.get(), probe, "law." + penalty->name, set, probe->needsSet});
    }
  }
  return laws;
}

void addProbes(std::vector<ProbedLaw> &laws, Module &composed) {
  for (ProbedLaw &law : laws)
    if (law.probe->optimizer) {
      law.probe->optimizer->name = law.optimizer;
      composed.optimizers.push_back(std::move(law.probe->optimizer));
    }
}

} // namespace ravine::testing
