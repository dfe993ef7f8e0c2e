// From schedules to passes over the values of a rule.
#include "compiler/formation/StepPasses.h"

#include "compiler/formation/Reductions.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

static SmallVector<const PlannedSweep *> sweepsOf(const Schedule &schedule, unsigned stage) {
  SmallVector<const PlannedSweep *> sweeps;
  for (const PlannedSweep &sweep : schedule.sweeps)
    if (sweep.epoch.stage == stage)
      sweeps.push_back(&sweep);
  return sweeps;
}

bool formation::differsInCache(const VariantPlan &variant, unsigned stage) {
  SmallVector<const PlannedSweep *> streaming = sweepsOf(variant.streaming, stage);
  bool isSame = llvm::equal(streaming, sweepsOf(variant.resident, stage),
                            [](const PlannedSweep *a, const PlannedSweep *b) { return *a == *b; });
  // The passes of one sweep go tile by tile, in cache, whatever the tensor's size.
  bool hasSeveral = llvm::any_of(
      streaming, [&](const PlannedSweep *pass) { return pass->epoch.sweep != streaming.front()->epoch.sweep; });
  return hasSeveral && !isSame;
}

namespace {

/// Numbers the scratch of a stage as passes ask for it.
class PassReader {
public:
  PassReader(const StepGraph &graph, const GroupBuffers &groups) : graph(graph), groups(groups) {}

  ElementPass read(const PlannedSweep &planned) {
    ElementPass pass;
    pass.sweep = planned.epoch.sweep;
    for (unsigned node : planned.saves)
      scratchOf.try_emplace(node, scratchOf.size());
    for (const Load &load : planned.loads)
      pass.loads.push_back({graph.values[load.node], sourceOf(load)});
    for (unsigned buffer : planned.commits)
      pass.stores.push_back({graph.values[graph.problem.buffers[buffer].written()], graph.buffers[buffer]});
    for (unsigned node : planned.saves)
      pass.stores.push_back({graph.values[node], scratch(node)});
    for (const auto &made : {planned.reductions, planned.folds})
      for (unsigned reduction : made)
        pass.made.push_back(graph.reductions[reduction]);
    llvm::sort(pass.made, [](Operation *a, Operation *b) { return numberOf(a) < numberOf(b); });
    return pass;
  }

private:
  [[nodiscard]] BufferKey scratch(unsigned node) const { return {sweep::BufferKind::Scratch, scratchOf.lookup(node)}; }

  [[nodiscard]] BufferKey sourceOf(const Load &load) const {
    if (load.field)
      return {sweep::BufferKind::Field, groups.ofOperation(numberOf(graph.reductions[*load.field]))};
    return load.buffer ? graph.buffers[*load.buffer] : scratch(load.node);
  }

  const StepGraph &graph;
  const GroupBuffers &groups;
  llvm::DenseMap<unsigned, uint32_t> scratchOf;
};

} // namespace

std::vector<ElementPass> formation::passesOf(const StepGraph &graph, const Schedule &schedule, unsigned stage,
                                             const GroupBuffers &groups) {
  PassReader reader(graph, groups);
  std::vector<ElementPass> passes;
  for (const PlannedSweep *planned : sweepsOf(schedule, stage))
    passes.push_back(reader.read(*planned));
  return passes;
}

SmallVector<Place> formation::groupCommits(ir::OptimizerOp rule, const Memory &memory) {
  SmallVector<Place> commits;
  for (auto next : rule.getStep().getBody().getOps<ir::NextOp>()) {
    BufferKey state = memory.ofState(next.getState());
    bool isOfGroups = cast<ir::FieldType>(next.getValue().getType()).getSet().isOfGroups();
    if (isOfGroups && !memory.isUnchanged(state, next.getValue()))
      commits.push_back({next.getValue(), state});
  }
  return commits;
}
