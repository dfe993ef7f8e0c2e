// What the passes of one sweep load and compute, and what that costs, when it is decided what they have to do.
#pragma once

#include "compiler/formation/MinimumCut.h"
#include "compiler/formation/Placement.h"

namespace ravine::formation {

/// What moving a byte and computing cost, relative to each other.
struct Prices {
  /// A byte from main memory; one that is in cache because the sweep (or, for tensors that stay in cache, the stage)
  /// has touched it before; one to or from scratch.
  int64_t fetch, fetchAgain, scratch;
  /// A unit of Problem::Node::work.
  int64_t work;
  /// A sweep that is not empty; each pass of it after the first.
  int64_t sweep, pass;
};

/// Finds for the passes of a sweep the cheapest way to do what a placement asks of them.
class SweepCost {
public:
  /// All three have to outlive this.
  SweepCost(const Problem &problem, const Placements &placements, const Prices &prices)
      : problem(problem), placements(placements), prices(prices) {}

  struct Solution {
    /// Those that have something to do.
    std::vector<PlannedSweep> passes;
    /// At least Provision::Impossible where there is no way.
    int64_t price = 0;
  };

  /// The passes of one sweep, `epochs`, when no memory is in cache as it begins. Nothing is cheaper.
  [[nodiscard]] Solution solveAfresh(const Placement &placement, EpochRange epochs) const;

  /// What is in cache: by memory, see below.
  using Cached = std::vector<bool>;
  [[nodiscard]] Cached nothingCached() const { return Cached(memoryCount()); }
  /// The same with some memory in cache, to which is added what the sweep touches. Each pass is as cheap as it can be,
  /// one after another.
  [[nodiscard]] Solution solve(const Placement &placement, EpochRange epochs, Cached &cached) const;

private:
  /// What a pass has to do.
  struct Task {
    unsigned epoch = 0;
    PlannedSweep sweep;
    llvm::SmallVector<unsigned> wanted;
    /// For what it writes.
    int64_t price = 0;
    [[nodiscard]] bool isEmpty() const { return wanted.empty() && sweep.folds.empty(); }
  };
  class JointSearch;

  /// Buffers and, behind these, the fields of operations.
  [[nodiscard]] size_t memoryCount() const { return problem.buffers.size() + problem.reductions.size(); }
  [[nodiscard]] unsigned fieldOf(unsigned reduction) const {
    return static_cast<unsigned>(problem.buffers.size()) + reduction;
  }
  [[nodiscard]] std::optional<unsigned> memoryOf(const Load &load) const;
  [[nodiscard]] unsigned bytesOf(unsigned memory) const;

  [[nodiscard]] Task taskOf(const Placement &placement, unsigned epoch) const;
  [[nodiscard]] std::vector<Task> tasksOf(const Placement &placement, EpochRange epochs) const;
  [[nodiscard]] Solution loadAllInputs(Task task) const;
  /// The work of the passes as such.
  [[nodiscard]] int64_t priceOfPasses(llvm::ArrayRef<Task> tasks) const;

  /// The price of loading an element from a memory.
  using LoadPrice = llvm::function_ref<int64_t(unsigned memory)>;
  struct Provided {
    std::vector<Load> loads;
    int64_t price = 0;
  };
  [[nodiscard]] Provided provide(const Placement &placement, const Task &task, LoadPrice priceOf) const;

  const Problem &problem;
  const Placements &placements;
  const Prices &prices;
};

} // namespace ravine::formation
