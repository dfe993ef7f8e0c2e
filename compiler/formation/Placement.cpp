// Which placements of commits and reductions a problem allows.
#include "compiler/formation/Placement.h"

#include "llvm/ADT/STLExtras.h"

using namespace ravine::formation;

Placements::Placements(const Problem &problem) : problem(problem), allEpochs(findEarliest(problem).epochs) {
  for (unsigned buffer = 0; buffer < problem.buffers.size(); ++buffer)
    if (problem.buffers[buffer].end)
      written.push_back(buffer);
}

void Placements::keepStagesOf(const Schedule &schedule) {
  stageOfReduction.assign(problem.reductions.size(), 0);
  stageOfCommit.assign(problem.buffers.size(), 0);
  for (const PlannedSweep &sweep : schedule.sweeps) {
    for (unsigned reduction : sweep.reductions)
      stageOfReduction[reduction] = sweep.epoch.stage;
    for (unsigned reduction : sweep.folds)
      stageOfReduction[reduction] = sweep.epoch.stage;
    for (unsigned buffer : sweep.commits)
      stageOfCommit[buffer] = sweep.epoch.stage;
  }
}

// ---- epochs

unsigned Placements::firstFrom(Epoch epoch) const {
  auto first = llvm::lower_bound(allEpochs, epoch);
  return static_cast<unsigned>(std::distance(allEpochs.begin(), first));
}

unsigned Placements::firstAfter(unsigned reduction, unsigned epoch) const {
  return epoch < allEpochs.size() ? firstFrom(after(problem.reductions[reduction].scope, allEpochs[epoch])) : epoch;
}

std::vector<unsigned> Placements::earliestOfNodes(const Placement &placement, size_t known) const {
  std::vector<unsigned> earliest(problem.nodes.size(), 0);
  for (auto [node, epoch] : llvm::zip_equal(problem.nodes, earliest)) {
    for (unsigned operand : node.operands)
      epoch = std::max(epoch, earliest[operand]);
    for (unsigned reduction : node.awaits)
      if (reduction < known)
        epoch = std::max(epoch, firstAfter(reduction, placement.ofReduction[reduction]));
    if (node.madeBy && *node.madeBy < known)
      epoch = std::max(epoch, firstAfter(*node.madeBy, placement.ofReduction[*node.madeBy]));
  }
  return earliest;
}

// ---- ranges

EpochRange Placements::withinStage(EpochRange range, unsigned stage) const {
  return {std::max(range.begin, firstOfStage(stage)), std::min(range.end, firstOfStage(stage + 1))};
}

EpochRange Placements::rangeOfReduction(unsigned reduction, const Placement &placement) const {
  const Problem::Reduction &number = problem.reductions[reduction];
  EpochRange range = {0, static_cast<unsigned>(allEpochs.size())};
  if (number.operand)
    range.begin = earliestOfNodes(placement, reduction)[*number.operand];
  for (unsigned other : number.awaits) {
    unsigned made = placement.ofReduction[other];
    bool hasToBeKnown = needsToKnow(number, problem.reductions[other]);
    range.begin = std::max(range.begin, hasToBeKnown ? firstAfter(other, made) : made);
  }
  if (number.scope == Scope::Model)
    range = withinStage(range, number.stage);
  else if (!stageOfReduction.empty())
    range = withinStage(range, stageOfReduction[reduction]);
  // What moves nothing is made as early as it can be.
  if (!number.operand)
    range.end = std::min(range.end, range.begin + 1);
  return range;
}

EpochRange Placements::rangeOfCommit(unsigned buffer, const std::vector<unsigned> &earliest) const {
  EpochRange range = {std::max(earliest[problem.buffers[buffer].written()], firstOfStage(problem.firstWrite)),
                      static_cast<unsigned>(allEpochs.size())};
  return stageOfCommit.empty() ? range : withinStage(range, stageOfCommit[buffer]);
}

// ---- placements

Placement Placements::lazy() const {
  Placement placement;
  placement.ofReduction.assign(problem.reductions.size(), 0);
  placement.ofCommit.assign(problem.buffers.size(), 0);
  for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
    placement.ofReduction[reduction] = rangeOfReduction(reduction, placement).begin;
  std::vector<unsigned> earliest = earliestOfNodes(placement, problem.reductions.size());
  for (unsigned buffer : written)
    placement.ofCommit[buffer] = rangeOfCommit(buffer, earliest).end - 1;
  return placement;
}

uint64_t Placements::count(uint64_t limit) const {
  Placement placement = lazy();
  uint64_t total = 1;
  auto multiply = [&](EpochRange range) {
    if (total <= limit)
      total *= range.end - range.begin;
  };
  for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
    multiply(rangeOfReduction(reduction, placement));
  std::vector<unsigned> earliest = earliestOfNodes(placement, problem.reductions.size());
  for (unsigned buffer : written)
    multiply(rangeOfCommit(buffer, earliest));
  return total;
}

void Placements::settle(Placement &placement) const {
  for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction) {
    unsigned &epoch = placement.ofReduction[reduction];
    unsigned earliest = rangeOfReduction(reduction, placement).begin;
    epoch = problem.reductions[reduction].operand ? std::max(epoch, earliest) : earliest;
  }
  std::vector<unsigned> earliest = earliestOfNodes(placement, problem.reductions.size());
  for (unsigned buffer : written)
    placement.ofCommit[buffer] = std::max(placement.ofCommit[buffer], rangeOfCommit(buffer, earliest).begin);
}

bool Placements::isAllowed(const Placement &placement) const {
  for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
    if (!rangeOfReduction(reduction, placement).contains(placement.ofReduction[reduction]))
      return false;
  std::vector<unsigned> earliest = earliestOfNodes(placement, problem.reductions.size());
  return llvm::all_of(
      written, [&](unsigned buffer) { return rangeOfCommit(buffer, earliest).contains(placement.ofCommit[buffer]); });
}
