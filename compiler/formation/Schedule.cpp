// The search for schedules: exact over the placements of commits and reductions, with minimum cuts inside.
//
// Once it is decided in which epoch each buffer is committed and each reduction made, a sweep is a problem of its own:
// what its passes have to have is known, and so is what memory holds. SweepCost solves that. What remains is the
// placement. The graphs are small, so all placements are tried, each sweep of which is solved once.
#include "compiler/formation/Schedule.h"

#include "compiler/formation/SweepCost.h"

#include "llvm/ADT/STLExtras.h"

#include <deque>
#include <map>
#include <set>

using namespace ravine::formation;

namespace {

/// Bytes of main memory first; then what residentPrices say of cache and of computing, each a fifth of what it is
/// there.
constexpr Prices streamingPrices = {
    .fetch = 60000, .fetchAgain = 4, .scratch = 0, .work = 6, .sweep = 6000, .pass = 20};

/// Thousandths of a cycle for a core of Sapphire Rapids, roughly: it draws 11 bytes a cycle from main memory (32 GB/s,
/// docs/benchmarks.md) and about 50 from its second-level cache, and starts 32 simple operations on f32 a cycle. Only
/// the order of magnitude matters.
constexpr Prices residentPrices = {.fetch = 90, .fetchAgain = 20, .scratch = 20, .work = 30, .sweep = 100, .pass = 100};

/// That are all tried; each takes about a microsecond.
constexpr uint64_t MostPlacements = 20000;

bool hasFewEnough(const Placements &placements) {
  return placements.count(MostPlacements) <= MostPlacements;
}

class Search {
public:
  /// `isStreaming`: nothing is in cache when a sweep begins.
  Search(const Problem &problem, const Prices &prices, Placements places, bool isStreaming)
      : problem(problem), placements(std::move(places)), cost(problem, placements, prices), isStreaming(isStreaming) {
    for (unsigned epoch = 0; epoch < epochs.size(); ++epoch) {
      bool isNew = epoch == 0 || epochs[epoch].stage != epochs[epoch - 1].stage ||
                   epochs[epoch].sweep != epochs[epoch - 1].sweep;
      if (isNew)
        sweeps.push_back({epoch, epoch});
      ++sweeps.back().end;
    }
  }

  /// Tries every placement, or improves one step by step where there are too many.
  void run() {
    best.price = INT64_MAX;
    Placement first = placements.lazy();
    best.isExact = hasFewEnough(placements);
    if (best.isExact)
      placeReduction(first, 0);
    else
      improve(first);
  }

  /// Adds scratch to the best placement as long as that pays.
  void saveWhatPays() {
    for (bool hasImproved = true; hasImproved;) {
      hasImproved = false;
      Placement base = bestPlacement;
      for (auto [node, epoch] : candidatesForScratch(base)) {
        Placement with = base;
        with.saves[node] = epoch;
        hasImproved |= consider(with);
      }
    }
  }

  Schedule takeBest() { return std::move(best); }

private:
  // ---- placements

  void placeReduction(Placement &placement, unsigned reduction) {
    if (reduction == problem.reductions.size())
      return placeCommit(placement, 0, placements.earliestOfNodes(placement, reduction));
    EpochRange range = placements.rangeOfReduction(reduction, placement);
    for (unsigned epoch = range.begin; epoch < range.end; ++epoch) {
      placement.ofReduction[reduction] = epoch;
      placeReduction(placement, reduction + 1);
    }
  }

  void placeCommit(Placement &placement, size_t index, const std::vector<unsigned> &earliest) {
    if (index == committed.size())
      return void(consider(placement));
    EpochRange range = placements.rangeOfCommit(committed[index], earliest);
    for (unsigned epoch = range.begin; epoch < range.end; ++epoch) {
      placement.ofCommit[committed[index]] = epoch;
      placeCommit(placement, index + 1, earliest);
    }
  }

  /// Moves commits and reductions to where they cost least: one at a time, and two where that helps no more, because
  /// what both read has to be read until the second has gone.
  void improve(const Placement &first) {
    consider(first);
    do {
      while (moveOne())
        ;
    } while (moveTwo());
  }

  [[nodiscard]] size_t variableCount() const { return problem.reductions.size() + committed.size(); }

  unsigned &epochOf(Placement &placement, size_t variable) const {
    return variable < problem.reductions.size() ? placement.ofReduction[variable]
                                                : placement.ofCommit[committed[variable - problem.reductions.size()]];
  }

  bool tryMoved(Placement placement) {
    placements.settle(placement);
    return placements.isAllowed(placement) && consider(placement);
  }

  bool moveOne() {
    bool hasImproved = false;
    for (size_t variable = 0; variable < variableCount(); ++variable)
      for (unsigned epoch = 0; epoch < epochs.size(); ++epoch) {
        Placement moved = bestPlacement;
        epochOf(moved, variable) = epoch;
        hasImproved |= tryMoved(std::move(moved));
      }
    return hasImproved;
  }

  bool moveTwo() {
    size_t moves = variableCount() * epochs.size();
    if (moves * moves > 2 * MostPlacements)
      return false;
    for (size_t first = 0; first < moves; ++first)
      for (size_t second = first + 1; second < moves; ++second) {
        Placement moved = bestPlacement;
        epochOf(moved, first / epochs.size()) = static_cast<unsigned>(first % epochs.size());
        epochOf(moved, second / epochs.size()) = static_cast<unsigned>(second % epochs.size());
        if (tryMoved(std::move(moved)))
          return true;
      }
    return false;
  }

  // ---- what a placement costs

  /// Keeps a placement that is better than all before; returns whether it is.
  bool consider(const Placement &placement) {
    int64_t price = 0;
    std::vector<const SweepCost::Solution *> solutions;
    std::deque<SweepCost::Solution> own;
    SweepCost::Cached cached = cost.nothingCached();
    for (size_t sweep = 0; sweep < sweeps.size() && price < best.price; ++sweep) {
      if (isStreaming) {
        solutions.push_back(&solveAfresh(placement, sweeps[sweep]));
      } else {
        if (epochs[sweeps[sweep].begin].sweep == 0)
          cached = cost.nothingCached();
        solutions.push_back(&own.emplace_back(cost.solve(placement, sweeps[sweep], cached)));
      }
      price += solutions.back()->price;
    }
    if (price >= std::min(best.price, Provision::Impossible))
      return false;
    best.price = price;
    best.sweeps.clear();
    for (const SweepCost::Solution *solution : solutions)
      llvm::append_range(best.sweeps, solution->passes);
    bestPlacement = placement;
    return true;
  }

  /// What streams has no memory of the sweeps before, and is solved once for all placements that agree in what this
  /// sweep is to do and finds.
  const SweepCost::Solution &solveAfresh(const Placement &placement, EpochRange sweep) {
    std::pair<unsigned, std::vector<uint8_t>> key = {sweep.begin, {}};
    auto append = [&](unsigned when) {
      bool isBefore = when < sweep.begin, isBehind = when >= sweep.end;
      key.second.push_back(isBefore ? 0 : static_cast<uint8_t>(isBehind ? 255 : 1 + when - sweep.begin));
    };
    llvm::for_each(placement.ofReduction, append);
    for (unsigned buffer : committed)
      append(placement.ofCommit[buffer]);
    auto [known, isNew] = solved.try_emplace(std::move(key));
    if (isNew)
      known->second = cost.solveAfresh(placement, sweep);
    return known->second;
  }

  // ---- scratch

  /// Nodes that a pass computes although an earlier one of its stage could have saved them, each with that one's epoch.
  std::vector<std::pair<unsigned, unsigned>> candidatesForScratch(const Placement &placement) const {
    std::vector<unsigned> earliest = placements.earliestOfNodes(placement, problem.reductions.size());
    std::vector<std::pair<unsigned, unsigned>> candidates;
    for (const PlannedSweep &pass : best.sweeps) {
      unsigned epoch = placements.firstFrom(pass.epoch);
      for (unsigned node : computedBy(pass)) {
        unsigned when = std::max(earliest[node], placements.firstOfStage(pass.epoch.stage));
        bool isWorthwhile = problem.nodes[node].bytes > 0 && !problem.nodes[node].operands.empty();
        if (isWorthwhile && when < epoch && !placement.saves.contains(node))
          candidates.push_back({node, when});
      }
    }
    return candidates;
  }

  /// What a pass needs and does not load.
  std::vector<unsigned> computedBy(const PlannedSweep &pass) const {
    std::vector<bool> isNeeded(problem.nodes.size()), isLoaded(problem.nodes.size());
    for (const Load &load : pass.loads)
      isLoaded[load.node] = true;
    for (unsigned buffer : pass.commits)
      isNeeded[problem.buffers[buffer].written()] = true;
    for (unsigned reduction : pass.reductions)
      isNeeded[problem.reductions[reduction].folded()] = true;
    for (unsigned node : pass.saves)
      isNeeded[node] = true;
    std::vector<unsigned> computed;
    for (unsigned node = static_cast<unsigned>(problem.nodes.size()); node-- > 0;)
      if (isNeeded[node] && !isLoaded[node]) {
        computed.push_back(node);
        for (unsigned operand : problem.nodes[node].operands)
          isNeeded[operand] = true;
      }
    return computed;
  }

  const Problem &problem;
  Placements placements;
  SweepCost cost;
  bool isStreaming;
  const std::vector<Epoch> &epochs = placements.epochs();
  const std::vector<unsigned> &committed = placements.committed();
  /// The epochs of each sweep.
  std::vector<EpochRange> sweeps;

  /// By sweep and by what each reduction and commit is to it: done before, to be done in one of its passes, or left to
  /// later ones.
  std::map<std::pair<unsigned, std::vector<uint8_t>>, SweepCost::Solution> solved;
  Schedule best;
  Placement bestPlacement;
};

} // namespace

bool ravine::formation::isFoundExactly(const Problem &problem) {
  return hasFewEnough(Placements(problem));
}

Schedule ravine::formation::findStreamingSchedule(const Problem &problem) {
  Search search(problem, streamingPrices, Placements(problem), true);
  search.run();
  return search.takeBest();
}

Schedule ravine::formation::findResidentSchedule(const Problem &problem, const Schedule &streaming) {
  Placements placements(problem);
  placements.keepStagesOf(streaming);
  Search search(problem, residentPrices, std::move(placements), false);
  search.run();
  search.saveWhatPays();
  return search.takeBest();
}

unsigned ravine::formation::bytesMoved(const Problem &problem, const Schedule &streaming) {
  unsigned bytes = 0;
  std::pair<unsigned, unsigned> sweep = {0, 0};
  std::set<unsigned> buffers, fields; // that the sweep has touched
  auto bytesOfField = [&](unsigned reduction) { return problem.nodes[problem.reductions[reduction].folded()].bytes; };
  for (const PlannedSweep &pass : streaming.sweeps) {
    if (std::pair own = {pass.epoch.stage, pass.epoch.sweep}; own != sweep) {
      sweep = own;
      buffers.clear();
      fields.clear();
    }
    for (const Load &load : pass.loads) {
      if (load.buffer && buffers.insert(*load.buffer).second)
        bytes += problem.buffers[*load.buffer].bytes;
      if (load.field && fields.insert(*load.field).second)
        bytes += bytesOfField(*load.field);
    }
    for (unsigned buffer : pass.commits) {
      bytes += problem.buffers[buffer].bytes;
      buffers.insert(buffer);
    }
    for (unsigned reduction : pass.reductions)
      if (problem.reductions[reduction].isOperation) {
        bytes += bytesOfField(reduction);
        fields.insert(reduction);
      }
  }
  return bytes;
}
