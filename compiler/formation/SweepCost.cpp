// The passes of one sweep: a minimum cut for each, and a search over what they load in common.
#include "compiler/formation/SweepCost.h"

#include "llvm/ADT/STLExtras.h"

using namespace ravine::formation;

// ---- memory

std::optional<unsigned> SweepCost::memoryOf(const Load &load) const {
  if (load.buffer)
    return load.buffer;
  return load.field ? std::optional(fieldOf(*load.field)) : std::nullopt;
}

unsigned SweepCost::bytesOf(unsigned memory) const {
  if (memory < problem.buffers.size())
    return problem.buffers[memory].bytes;
  return problem.nodes[problem.reductions[memory - problem.buffers.size()].folded()].bytes;
}

// ---- what a pass has to do

SweepCost::Task SweepCost::taskOf(const Placement &placement, unsigned epoch) const {
  Task task;
  task.epoch = epoch;
  task.sweep.epoch = placements.epochs()[epoch];
  for (unsigned buffer : placements.committed())
    if (placement.ofCommit[buffer] == epoch) {
      task.sweep.commits.push_back(buffer);
      task.wanted.push_back(problem.buffers[buffer].written());
      // It is written back once, whatever happens to it in cache.
      task.price += bytesOf(buffer) * prices.fetch;
    }
  for (auto [index, reduction] : llvm::enumerate(problem.reductions)) {
    auto number = static_cast<unsigned>(index);
    if (placement.ofReduction[number] != epoch)
      continue;
    if (reduction.isOfNumbers)
      task.sweep.folds.push_back(number);
    if (!reduction.operand)
      continue;
    task.sweep.reductions.push_back(number);
    task.wanted.push_back(*reduction.operand);
    if (reduction.isOperation)
      task.price += bytesOf(fieldOf(number)) * prices.fetch;
  }
  for (auto [node, when] : placement.saves)
    if (when == epoch) {
      task.sweep.saves.push_back(node);
      task.wanted.push_back(node);
      task.price += problem.nodes[node].bytes * prices.scratch;
    }
  return task;
}

std::vector<SweepCost::Task> SweepCost::tasksOf(const Placement &placement, EpochRange epochs) const {
  std::vector<Task> tasks;
  for (unsigned epoch = epochs.begin; epoch < epochs.end; ++epoch)
    if (Task task = taskOf(placement, epoch); !task.isEmpty())
      tasks.push_back(std::move(task));
  return tasks;
}

int64_t SweepCost::priceOfPasses(llvm::ArrayRef<Task> tasks) const {
  int64_t walks = llvm::count_if(tasks, [](const Task &task) { return !task.wanted.empty(); });
  return walks == 0 ? 0 : prices.sweep + (walks - 1) * prices.pass;
}

// ---- one pass

SweepCost::Provided SweepCost::provide(const Placement &placement, const Task &task, LoadPrice priceOf) const {
  Provided provided;
  if (task.wanted.empty())
    return provided;
  unsigned epoch = task.epoch;
  Provision provision(static_cast<unsigned>(problem.nodes.size()));
  auto isKnown = [&](unsigned reduction) {
    return placements.firstAfter(reduction, placement.ofReduction[reduction]) <= epoch;
  };
  for (unsigned node = 0; node < problem.nodes.size(); ++node) {
    const Problem::Node &value = problem.nodes[node];
    if (!value.isInput && !value.madeBy && llvm::all_of(value.awaits, isKnown))
      provision.offerComputation(node, value.work * prices.work, value.operands);
  }
  std::vector<int64_t> cheapest(problem.nodes.size(), INT64_MAX);
  std::vector<Load> sources(problem.nodes.size());
  auto offer = [&](const Load &load, int64_t price) {
    if (price >= cheapest[load.node])
      return;
    cheapest[load.node] = price;
    sources[load.node] = load;
    provision.offerLoad(load.node, price);
  };
  for (auto [index, buffer] : llvm::enumerate(problem.buffers)) {
    auto number = static_cast<unsigned>(index);
    bool isCommitted = buffer.end && placement.ofCommit[number] < epoch;
    if (isCommitted && !buffer.isRounded)
      offer({buffer.written(), number, std::nullopt}, priceOf(number));
    else if (!isCommitted && buffer.begin)
      offer({*buffer.begin, number, std::nullopt}, priceOf(number));
  }
  for (auto [index, reduction] : llvm::enumerate(problem.reductions)) {
    auto number = static_cast<unsigned>(index);
    if (reduction.keepsField && reduction.operand && placement.ofReduction[number] < epoch)
      offer({*reduction.operand, std::nullopt, number}, priceOf(fieldOf(number)));
  }
  for (unsigned node = 0; node < problem.nodes.size(); ++node)
    if (std::optional<unsigned> maker = problem.nodes[node].madeBy;
        maker && problem.reductions[*maker].operand && isKnown(*maker))
      offer({node, std::nullopt, *maker}, priceOf(fieldOf(*maker)));
  for (auto [node, when] : placement.saves)
    if (when < epoch && placements.epochs()[when].stage == task.sweep.epoch.stage)
      offer({node, std::nullopt, std::nullopt}, problem.nodes[node].bytes * prices.scratch);

  Provision::Solution solution = provision.solve(task.wanted);
  provided.price = solution.price;
  for (unsigned node : solution.loads)
    if (cheapest[node] != INT64_MAX)
      provided.loads.push_back(sources[node]);
  return provided;
}

/// The one way of a step with one epoch, which may be as large as it likes: no cut has to be found.
SweepCost::Solution SweepCost::loadAllInputs(Task task) const {
  std::vector<bool> isNeeded(problem.nodes.size());
  for (unsigned node : task.wanted)
    isNeeded[node] = true;
  for (size_t node = problem.nodes.size(); node-- > 0;)
    if (isNeeded[node])
      for (unsigned operand : problem.nodes[node].operands)
        isNeeded[operand] = true;
  Solution solution;
  solution.price = task.price + priceOfPasses(task);
  for (auto [index, buffer] : llvm::enumerate(problem.buffers)) {
    if (!buffer.begin || !isNeeded[*buffer.begin])
      continue;
    task.sweep.loads.push_back({*buffer.begin, static_cast<unsigned>(index), std::nullopt});
    solution.price += buffer.bytes * prices.fetch;
  }
  solution.passes.push_back(std::move(task.sweep));
  return solution;
}

// ---- all passes together

/// Finds what to load from main memory in a sweep of several passes, where what one of them loads is in cache for the
/// others: a cut for each pass does not see that. Branches over which memory the sweep touches. The bound lets every
/// pass pay its share of what it loads, the first load divided by the number of passes; as no more than all of them can
/// load the same, that is never too much.
class SweepCost::JointSearch {
public:
  JointSearch(const SweepCost &cost, const Placement &placement, EpochRange epochs, llvm::ArrayRef<Task> tasks)
      : cost(cost), placement(placement), epochs(epochs), tasks(tasks), choices(cost.memoryCount(), Choice::Open) {}

  Solution run() {
    best.price = Provision::Impossible;
    search();
    return std::move(best);
  }

private:
  enum class Choice : uint8_t { Open, Touched, Untouched };

  /// What the first load of all costs more than another.
  [[nodiscard]] int64_t surcharge(unsigned memory) const {
    return cost.bytesOf(memory) * (cost.prices.fetch - cost.prices.fetchAgain);
  }

  /// Whether the sweep itself has written it before an epoch.
  [[nodiscard]] bool isWritten(unsigned memory, unsigned epoch) const {
    size_t buffers = cost.problem.buffers.size();
    if (memory < buffers && !cost.problem.buffers[memory].end)
      return false;
    unsigned when = memory < buffers ? placement.ofCommit[memory] : placement.ofReduction[memory - buffers];
    return epochs.begin <= when && when < epoch;
  }

  [[nodiscard]] int64_t priceOf(unsigned memory, unsigned epoch) const {
    int64_t again = cost.bytesOf(memory) * cost.prices.fetchAgain;
    if (isWritten(memory, epoch))
      return again;
    switch (choices[memory]) {
    case Choice::Touched:
      return again;
    case Choice::Untouched:
      return Provision::Impossible;
    case Choice::Open:
      break;
    }
    return again + surcharge(memory) / static_cast<int64_t>(tasks.size());
  }

  void search() {
    Solution found;
    std::vector<unsigned> users(choices.size());
    int64_t bound = cost.priceOfPasses(tasks), price = bound;
    for (const Task &task : tasks) {
      auto priceHere = [&](unsigned memory) { return priceOf(memory, task.epoch); };
      Provided provided = cost.provide(placement, task, priceHere);
      if (provided.price >= Provision::Impossible)
        return;
      bound += task.price + provided.price;
      price += task.price + provided.price;
      found.passes.push_back(task.sweep);
      for (const Load &load : provided.loads)
        if (std::optional<unsigned> memory = cost.memoryOf(load); memory && !isWritten(*memory, task.epoch)) {
          users[*memory] += 1;
          if (choices[*memory] == Choice::Open)
            price -= surcharge(*memory) / static_cast<int64_t>(tasks.size());
        }
      found.passes.back().loads = std::move(provided.loads);
    }
    std::optional<unsigned> branch;
    for (unsigned memory = 0; memory < choices.size(); ++memory) {
      price += users[memory] > 0 ? surcharge(memory) : 0;
      bound += choices[memory] == Choice::Touched ? surcharge(memory) : 0;
      bool isUndercharged = choices[memory] == Choice::Open && users[memory] > 0 && users[memory] < tasks.size();
      if (isUndercharged && !branch)
        branch = memory;
    }
    if (bound >= best.price)
      return;
    found.price = price;
    if (price < best.price)
      best = std::move(found);
    if (!branch)
      return;
    for (Choice choice : {Choice::Touched, Choice::Untouched}) {
      choices[*branch] = choice;
      search();
    }
    choices[*branch] = Choice::Open;
  }

  const SweepCost &cost;
  const Placement &placement;
  EpochRange epochs;
  llvm::ArrayRef<Task> tasks;
  std::vector<Choice> choices;
  Solution best;
};

SweepCost::Solution SweepCost::solveAfresh(const Placement &placement, EpochRange epochs) const {
  std::vector<Task> tasks = tasksOf(placement, epochs);
  if (tasks.empty())
    return {};
  if (placements.epochs().size() == 1)
    return loadAllInputs(std::move(tasks.front()));
  return JointSearch(*this, placement, epochs, tasks).run();
}

SweepCost::Solution SweepCost::solve(const Placement &placement, EpochRange epochs, Cached &cached) const {
  Solution solution;
  std::vector<Task> tasks = tasksOf(placement, epochs);
  solution.price = priceOfPasses(tasks);
  for (Task &task : tasks) {
    auto priceOf = [&](unsigned memory) {
      return bytesOf(memory) * (cached[memory] ? prices.fetchAgain : prices.fetch);
    };
    Provided provided = provide(placement, task, priceOf);
    solution.price += task.price + provided.price;
    if (solution.price >= Provision::Impossible)
      return solution;
    for (const Load &load : provided.loads)
      if (std::optional<unsigned> memory = memoryOf(load))
        cached[*memory] = true;
    for (unsigned buffer : task.sweep.commits)
      cached[buffer] = true;
    for (unsigned reduction : task.sweep.reductions)
      cached[fieldOf(reduction)] = true;
    task.sweep.loads = std::move(provided.loads);
    solution.passes.push_back(std::move(task.sweep));
  }
  return solution;
}
