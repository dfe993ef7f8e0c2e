// The search for schedules: exact over the placements of commits and reductions, with a minimum cut inside.
//
// Once it is decided in which epoch each buffer is committed and each reduction made, an epoch is a problem of its own:
// what has to be had is known, and so is what memory holds. Provision (MinimumCut.h) solves that exactly. What remains
// is the placement. The graphs are small, so all placements are tried, each epoch of which is solved once.
#include "compiler/formation/Schedule.h"

#include "compiler/formation/MinimumCut.h"
#include "compiler/formation/Placement.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace ravine::formation;

namespace {

/// What moving a byte and computing cost, relative to each other.
struct Prices {
  /// A byte from main memory; one that the stage has touched before; one to or from scratch.
  int64_t fetch, fetchAgain, scratch;
  /// A unit of Problem::Node::work.
  int64_t work;
  /// A sweep that is not empty.
  int64_t sweep;
};

/// Bytes first; work breaks ties.
constexpr Prices streamingPrices = {.fetch = 10000, .fetchAgain = 10000, .scratch = 0, .work = 1, .sweep = 1000};

/// Thousandths of a cycle for a core of Sapphire Rapids, roughly: it draws 11 bytes a cycle from main memory (32 GB/s,
/// docs/benchmarks.md) and about 50 from its second-level cache, and starts 32 simple operations on f32 a cycle. Only
/// the order of magnitude matters.
constexpr Prices residentPrices = {.fetch = 90, .fetchAgain = 20, .scratch = 20, .work = 30, .sweep = 100};

class Search {
public:
  Search(const Problem &problem, const Prices &prices, Placements placements)
      : problem(problem), prices(prices), placements(std::move(placements)) {}

  /// Tries every placement, or improves one step by step where there are too many.
  void run() {
    best.price = INT64_MAX;
    Placement first = placements.lazy();
    best.isExact = placements.count(MostPlacements) <= MostPlacements;
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
  /// Each takes about a microsecond.
  static constexpr uint64_t MostPlacements = 20000;

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

  bool moveOne() {
    bool hasImproved = false;
    for (size_t variable = 0; variable < variableCount(); ++variable)
      for (unsigned epoch = 0; epoch < epochs.size(); ++epoch) {
        Placement moved = bestPlacement;
        epochOf(moved, variable) = epoch;
        hasImproved |= placements.isAllowed(moved) && consider(moved);
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
        if (placements.isAllowed(moved) && consider(moved))
          return true;
      }
    return false;
  }

  // ---- what a placement costs

  /// Keeps a placement that is better than all before; returns whether it is.
  bool consider(const Placement &placement) {
    int64_t price = 0;
    std::vector<PlannedSweep> sweeps;
    touched.assign(problem.buffers.size(), false);
    for (unsigned epoch = 0; epoch < epochs.size() && price < best.price; ++epoch) {
      if (epoch > 0 && epochs[epoch].stage != epochs[epoch - 1].stage)
        touched.assign(problem.buffers.size(), false);
      auto [sweep, sweepPrice] = plan(placement, epoch);
      price += sweepPrice;
      bool isEmpty = sweep.commits.empty() && sweep.reductions.empty() && sweep.saves.empty();
      if (!isEmpty)
        sweeps.push_back(std::move(sweep));
    }
    if (price >= std::min(best.price, Provision::Impossible))
      return false;
    best.price = price;
    best.sweeps = std::move(sweeps);
    bestPlacement = placement;
    return true;
  }

  struct Planned {
    PlannedSweep sweep;
    int64_t price = 0;
  };

  /// One epoch of a placement. What streams has no memory of the epochs before, and is solved once for all placements
  /// that agree in what this epoch is to do and finds.
  Planned plan(const Placement &placement, unsigned epoch) {
    if (prices.fetch != prices.fetchAgain)
      return solve(placement, epoch);
    std::pair<unsigned, std::vector<uint8_t>> key = {epoch, {}};
    auto append = [&](unsigned when) { key.second.push_back(when < epoch ? 0 : when == epoch ? 1 : 2); };
    llvm::for_each(placement.ofReduction, append);
    for (unsigned buffer : committed)
      append(placement.ofCommit[buffer]);
    auto [known, isNew] = solved.try_emplace(std::move(key));
    if (isNew)
      known->second = solve(placement, epoch);
    return known->second;
  }

  Planned solve(const Placement &placement, unsigned epoch) {
    Planned planned;
    PlannedSweep &sweep = planned.sweep;
    sweep.epoch = epochs[epoch];
    llvm::SmallVector<unsigned> wanted;
    for (unsigned buffer : committed)
      if (placement.ofCommit[buffer] == epoch) {
        sweep.commits.push_back(buffer);
        wanted.push_back(problem.buffers[buffer].written());
        // It is written back once, whatever happens to it in cache.
        planned.price += problem.buffers[buffer].bytes * prices.fetch;
      }
    for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
      if (std::optional<unsigned> operand = problem.reductions[reduction].operand;
          operand && placement.ofReduction[reduction] == epoch) {
        sweep.reductions.push_back(reduction);
        wanted.push_back(*operand);
      }
    for (auto [node, when] : placement.saves)
      if (when == epoch) {
        sweep.saves.push_back(node);
        wanted.push_back(node);
        planned.price += problem.nodes[node].bytes * prices.scratch;
      }
    if (wanted.empty())
      return planned;

    if (epochs.size() == 1)
      return loadAllInputs(std::move(planned));

    std::vector<std::optional<Load>> sources(problem.nodes.size());
    Provision::Solution solution = provide(placement, epoch, sources).solve(wanted);
    planned.price += solution.price + prices.sweep;
    if (planned.price >= Provision::Impossible)
      return planned;
    for (unsigned node : solution.loads)
      if (const std::optional<Load> &source = sources[node]) {
        sweep.loads.push_back(*source);
        if (source->buffer)
          touched[*source->buffer] = true;
      }
    for (unsigned buffer : sweep.commits)
      touched[buffer] = true;
    return planned;
  }

  /// The one way of a step with one epoch, which may be as large as it likes: no cut has to be found.
  Planned loadAllInputs(Planned planned) const {
    std::vector<bool> isComputed(problem.nodes.size());
    for (unsigned node : computedBy(planned.sweep))
      isComputed[node] = true;
    for (auto [number, buffer] : llvm::enumerate(problem.buffers)) {
      if (!buffer.begin || !isComputed[*buffer.begin])
        continue;
      planned.sweep.loads.push_back({*buffer.begin, static_cast<unsigned>(number)});
      planned.price += buffer.bytes * prices.fetch;
    }
    planned.price += prices.sweep;
    return planned;
  }

  /// How values can be had in an epoch; `sources` receives where each node would be loaded from.
  Provision provide(const Placement &placement, unsigned epoch, std::vector<std::optional<Load>> &sources) const {
    Provision provision(static_cast<unsigned>(problem.nodes.size()));
    auto isKnown = [&](unsigned reduction) {
      return placements.firstAfter(reduction, placement.ofReduction[reduction]) <= epoch;
    };
    for (unsigned node = 0; node < problem.nodes.size(); ++node) {
      const Problem::Node &value = problem.nodes[node];
      if (!value.isInput && llvm::all_of(value.awaits, isKnown))
        provision.offerComputation(node, value.work * prices.work, value.operands);
    }
    std::vector<int64_t> cheapest(problem.nodes.size(), INT64_MAX);
    auto offer = [&](unsigned node, int64_t price, std::optional<unsigned> buffer) {
      if (price >= cheapest[node])
        return;
      cheapest[node] = price;
      sources[node] = Load{node, buffer};
      provision.offerLoad(node, price);
    };
    for (auto [number, buffer] : llvm::enumerate(problem.buffers)) {
      auto index = static_cast<unsigned>(number);
      unsigned commit = buffer.end ? placement.ofCommit[index] : static_cast<unsigned>(epochs.size());
      int64_t price = buffer.bytes * (touched[index] ? prices.fetchAgain : prices.fetch);
      if (commit >= epoch && buffer.begin)
        offer(*buffer.begin, price, index);
      else if (commit < epoch && !buffer.isRounded)
        offer(buffer.written(), price, index);
    }
    for (auto [node, when] : placement.saves)
      if (when < epoch && epochs[when].stage == epochs[epoch].stage)
        offer(node, problem.nodes[node].bytes * prices.scratch, std::nullopt);
    return provision;
  }

  // ---- scratch

  /// Nodes that a sweep computes although an earlier sweep of its stage could have saved them, each with that sweep.
  std::vector<std::pair<unsigned, unsigned>> candidatesForScratch(const Placement &placement) const {
    std::vector<unsigned> earliest = placements.earliestOfNodes(placement, problem.reductions.size());
    std::vector<std::pair<unsigned, unsigned>> candidates;
    for (const PlannedSweep &sweep : best.sweeps) {
      unsigned epoch = static_cast<unsigned>(std::distance(epochs.begin(), llvm::find(epochs, sweep.epoch)));
      for (unsigned node : computedBy(sweep)) {
        unsigned when = std::max(earliest[node], placements.firstOfStage(sweep.epoch.stage));
        bool isWorthwhile = problem.nodes[node].bytes > 0 && !problem.nodes[node].operands.empty();
        if (isWorthwhile && when < epoch && !placement.saves.contains(node))
          candidates.push_back({node, when});
      }
    }
    return candidates;
  }

  /// What a sweep needs and does not load, inputs included as long as nothing is loaded.
  std::vector<unsigned> computedBy(const PlannedSweep &sweep) const {
    std::vector<bool> isNeeded(problem.nodes.size()), isLoaded(problem.nodes.size());
    for (const Load &load : sweep.loads)
      isLoaded[load.node] = true;
    for (unsigned buffer : sweep.commits)
      isNeeded[problem.buffers[buffer].written()] = true;
    for (unsigned reduction : sweep.reductions)
      isNeeded[problem.reductions[reduction].folded()] = true;
    for (unsigned node : sweep.saves)
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
  const Prices &prices;
  Placements placements;
  const std::vector<Epoch> &epochs = placements.epochs();
  const std::vector<unsigned> &committed = placements.committed();

  /// By epoch and by what each reduction and commit is to it: done before, to be done, or left to later ones.
  std::map<std::pair<unsigned, std::vector<uint8_t>>, Planned> solved;
  /// Buffers that the stage at hand has touched, while a placement is being considered.
  std::vector<bool> touched;
  Schedule best;
  Placement bestPlacement;
};

} // namespace

Schedule ravine::formation::findStreamingSchedule(const Problem &problem) {
  Search search(problem, streamingPrices, Placements(problem));
  search.run();
  return search.takeBest();
}

Schedule ravine::formation::findResidentSchedule(const Problem &problem, const Schedule &streaming) {
  Placements placements(problem);
  placements.keepStagesOf(streaming);
  Search search(problem, residentPrices, std::move(placements));
  search.run();
  search.saveWhatPays();
  return search.takeBest();
}
