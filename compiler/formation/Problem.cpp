// The earliest epoch of every value, and the epochs that a step has.
#include "compiler/formation/Problem.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace ravine::formation;

Epoch ravine::formation::after(Scope scope, Epoch epoch) {
  switch (scope) {
  case Scope::Tile:
    return {epoch.stage, epoch.sweep, epoch.pass + 1};
  case Scope::Tensor:
    return {epoch.stage, epoch.sweep + 1, 0};
  case Scope::Model:
    break;
  }
  return {epoch.stage + 1, 0, 0};
}

namespace {

class EpochFinder {
public:
  explicit EpochFinder(const Problem &problem)
      : problem(problem), tileChainOfNode(problem.nodes.size()), tileChainOfReduction(problem.reductions.size()),
        isKnown(problem.reductions.size()) {
    earliest.ofNode.resize(problem.nodes.size());
    earliest.ofReduction.resize(problem.reductions.size());
    earliest.ofBufferEnd.resize(problem.buffers.size());
  }

  Earliest find() {
    for (unsigned node = 0; node < problem.nodes.size(); ++node)
      visitNode(node);
    for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
      visitReduction(reduction);
    for (auto [buffer, epoch] : llvm::zip_equal(problem.buffers, earliest.ofBufferEnd))
      if (buffer.end)
        epoch = std::max(earliest.ofNode[*buffer.end], Epoch{problem.firstWrite, 0, 0});
    listEpochs();
    return std::move(earliest);
  }

private:
  void visitNode(unsigned node) {
    const Problem::Node &value = problem.nodes[node];
    for (unsigned operand : value.operands) {
      earliest.ofNode[node] = std::max(earliest.ofNode[node], earliest.ofNode[operand]);
      tileChainOfNode[node] = std::max(tileChainOfNode[node], tileChainOfNode[operand]);
    }
    auto await = [&](unsigned reduction) {
      // Its operand comes before every node that awaits it.
      visitReduction(reduction);
      Scope scope = problem.reductions[reduction].scope;
      earliest.ofNode[node] = std::max(earliest.ofNode[node], after(scope, earliest.ofReduction[reduction]));
      if (scope == Scope::Tile)
        tileChainOfNode[node] = std::max(tileChainOfNode[node], tileChainOfReduction[reduction] + 1);
    };
    llvm::for_each(value.awaits, await);
    if (value.madeBy)
      await(*value.madeBy);
  }

  void visitReduction(unsigned number) {
    if (isKnown[number])
      return;
    isKnown[number] = true;
    const Problem::Reduction &reduction = problem.reductions[number];
    Epoch &epoch = earliest.ofReduction[number];
    if (reduction.operand) {
      epoch = earliest.ofNode[*reduction.operand];
      tileChainOfReduction[number] = tileChainOfNode[*reduction.operand];
    }
    for (unsigned other : reduction.awaits) {
      visitReduction(other);
      const Problem::Reduction &awaited = problem.reductions[other];
      Epoch made = earliest.ofReduction[other];
      epoch = std::max(epoch, needsToKnow(reduction, awaited) ? after(awaited.scope, made) : made);
      if (awaited.scope == Scope::Tile)
        tileChainOfReduction[number] = std::max(tileChainOfReduction[number], tileChainOfReduction[other]);
    }
    if (reduction.scope == Scope::Model)
      epoch = std::max(epoch, Epoch{reduction.stage, 0, 0});
  }

  void listEpochs() {
    Epoch last;
    for (const auto &epochs : {earliest.ofReduction, earliest.ofBufferEnd})
      for (Epoch epoch : epochs)
        last = std::max(last, epoch);
    std::vector<unsigned> sweeps(last.stage + 1, 1);
    for (const auto &epochs : {earliest.ofReduction, earliest.ofBufferEnd})
      for (Epoch epoch : epochs)
        sweeps[epoch.stage] = std::max(sweeps[epoch.stage], epoch.sweep + 1);
    for (unsigned stage = 0; stage <= last.stage; ++stage)
      for (unsigned sweep = 0; sweep < sweeps[stage]; ++sweep)
        for (unsigned pass = 0; pass <= longestTileChain(stage, sweep); ++pass)
          earliest.epochs.push_back({stage, sweep, pass});
  }

  /// That of any value that can be computed in a sweep.
  [[nodiscard]] unsigned longestTileChain(unsigned stage, unsigned sweep) const {
    unsigned longest = 0;
    for (auto [epoch, chain] : llvm::zip_equal(earliest.ofNode, tileChainOfNode))
      if (std::pair(epoch.stage, epoch.sweep) <= std::pair(stage, sweep))
        longest = std::max(longest, chain);
    return longest;
  }

  const Problem &problem;
  Earliest earliest;
  /// How many reductions over rows or blocks lie behind a value, one behind the other, with none of a wider scope
  /// between.
  std::vector<unsigned> tileChainOfNode, tileChainOfReduction;
  std::vector<bool> isKnown;
};

} // namespace

Earliest ravine::formation::findEarliest(const Problem &problem) {
  return EpochFinder(problem).find();
}
