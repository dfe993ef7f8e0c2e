// The earliest epoch of every value.
#include "compiler/formation/Problem.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace ravine::formation;

/// The first epoch that can use the result of a reduction made in `epoch`.
static Epoch after(const Problem::Reduction &reduction, Epoch epoch) {
  return reduction.isModelWide ? Epoch{epoch.stage + 1, 0} : Epoch{epoch.stage, epoch.sweep + 1};
}

Earliest ravine::formation::findEarliest(const Problem &problem) {
  Earliest earliest;
  earliest.ofNode.resize(problem.nodes.size());
  earliest.ofReduction.resize(problem.reductions.size());
  std::vector<bool> isKnown(problem.reductions.size());
  // A reduction's operand comes before every node that awaits it, so that one walk in order meets both.
  auto epochOf = [&](unsigned number) {
    const Problem::Reduction &reduction = problem.reductions[number];
    if (!isKnown[number]) {
      Epoch epoch = reduction.operand ? earliest.ofNode[*reduction.operand] : Epoch{};
      if (reduction.isModelWide)
        epoch = std::max(epoch, Epoch{reduction.stage, 0});
      earliest.ofReduction[number] = epoch;
      isKnown[number] = true;
    }
    return earliest.ofReduction[number];
  };
  for (auto [node, epoch] : llvm::zip_equal(problem.nodes, earliest.ofNode)) {
    for (unsigned operand : node.operands)
      epoch = std::max(epoch, earliest.ofNode[operand]);
    for (unsigned reduction : node.awaits)
      epoch = std::max(epoch, after(problem.reductions[reduction], epochOf(reduction)));
  }

  Epoch last;
  for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
    last = std::max(last, epochOf(reduction));
  earliest.ofBufferEnd.resize(problem.buffers.size());
  for (auto [buffer, epoch] : llvm::zip_equal(problem.buffers, earliest.ofBufferEnd)) {
    if (!buffer.end)
      continue;
    epoch = std::max(earliest.ofNode[*buffer.end], Epoch{problem.firstWrite, 0});
    last = std::max(last, epoch);
  }

  // A stage has as many sweeps as its longest chain of reductions needs.
  std::vector<unsigned> sweeps(last.stage + 1, 1);
  auto include = [&](Epoch epoch) { sweeps[epoch.stage] = std::max(sweeps[epoch.stage], epoch.sweep + 1); };
  llvm::for_each(earliest.ofReduction, include);
  llvm::for_each(earliest.ofBufferEnd, include);
  for (unsigned stage = 0; stage <= last.stage; ++stage)
    for (unsigned sweep = 0; sweep < sweeps[stage]; ++sweep)
      earliest.epochs.push_back({stage, sweep});
  return earliest;
}
