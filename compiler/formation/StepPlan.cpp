// Choosing the stages that variants have in common, and a schedule for each variant.
#include "compiler/formation/StepPlan.h"

#include "compiler/formation/Reductions.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

/// For each reduction of the rule, by number, the stage that makes it. Only those over the model have a choice.
using Stages = SmallVector<unsigned>;

static unsigned countStages(const Problem &problem) {
  return findEarliest(problem).epochs.back().stage + 1;
}

/// For each skip, after how many stages it can be asked.
static SmallVector<unsigned> questionsOf(ir::OptimizerOp rule, ArrayRef<unsigned> stages) {
  SmallVector<unsigned> asked;
  for (ir::SkipOp skip : rule.getStep().getBody().getOps<ir::SkipOp>()) {
    asked.push_back(asked.empty() ? 0 : asked.back());
    for (Value needed : skip->getOperands())
      for (Operation *reduction : reductionsBehind(needed))
        asked.back() = std::max(asked.back(), stages[numberOf(reduction)] + 1);
  }
  return asked;
}

static unsigned lastQuestionOf(ir::OptimizerOp rule, ArrayRef<unsigned> stages) {
  SmallVector<unsigned> asked = questionsOf(rule, stages);
  return asked.empty() ? 0 : asked.back();
}

namespace {

/// The rule before any condition is decided: which stages there have to be.
class WholeRule {
public:
  explicit WholeRule(const VariantSpace &space)
      : rule(ir::OptimizerOp(space.precisions.front().rule).clone()),
        graph(*rule, Memory({*rule, space.precisions.front().storage}), Stages(countReductionsOfStep(*rule), 0),
              [&](Operation *reduction) { return space.foldingOf(reduction); }) {
    Earliest earliest = findEarliest(graph.problem);
    for (auto [reduction, epoch] : llvm::zip_equal(graph.problem.reductions, earliest.ofReduction))
      reduction.stage = reduction.scope == Scope::Model ? epoch.stage : 0;
    stageCount = countNeeded();
  }

  /// The stages as they are set now.
  [[nodiscard]] Stages stages() const {
    Stages stages(countReductionsOfStep(*rule), 0);
    for (auto [op, reduction] : llvm::zip_equal(graph.reductions, graph.problem.reductions))
      stages[numberOf(op)] = reduction.stage;
    return stages;
  }

  /// The stage before which nothing may be written when reductions are made in these stages.
  [[nodiscard]] unsigned firstWrite(ArrayRef<unsigned> stages) const { return lastQuestionOf(*rule, stages); }

  /// Calls `tryStages` for every way to set the stages of reductions over the model that needs no further stage.
  void forEachChoice(llvm::function_ref<bool()> tryStages) { (void)setFrom(0, tryStages); }

  [[nodiscard]] unsigned count() const { return stageCount; }

private:
  unsigned countNeeded() {
    graph.problem.firstWrite = firstWrite(stages());
    return countStages(graph.problem);
  }

  /// Sets the stages of the reductions from `index` on; false where there is no need to go on.
  bool setFrom(size_t index, llvm::function_ref<bool()> tryStages) {
    if (index == graph.reductions.size())
      return tryStages();
    Problem::Reduction &reduction = graph.problem.reductions[index];
    if (reduction.scope != Scope::Model)
      return setFrom(index + 1, tryStages);
    unsigned before = reduction.stage;
    bool goesOn = true;
    // Where those before it are put may leave it fewer than it has by itself.
    unsigned earliest = findEarliest(graph.problem).ofReduction[index].stage;
    for (unsigned stage = earliest; stage < stageCount && goesOn; ++stage) {
      reduction.stage = stage;
      if (countNeeded() == stageCount)
        goesOn = setFrom(index + 1, tryStages);
    }
    reduction.stage = before;
    return goesOn;
  }

  OwningOpRef<ir::OptimizerOp> rule;
  StepGraph graph;
  unsigned stageCount = 0;
};

class Planner {
public:
  explicit Planner(const VariantSpace &space) : whole(space) {
    Stages stages = whole.stages();
    for (auto [number, variant] : llvm::enumerate(specializeAll(space))) {
      auto foldingOf = [&, number = number](Operation *reduction) { return space.foldingOf(reduction, number); };
      StepGraph graph(*variant.rule, variant.memory, stages, foldingOf);
      plan.variants.push_back({std::move(variant), std::move(graph), {}, {}});
    }
    plan.stageCount = whole.count();
  }

  StagePlan run() {
    whole.forEachChoice([&] { return tryVariants(); });
    for (VariantPlan &variant : plan.variants)
      variant.resident = findResidentSchedule(variant.graph.problem, variant.streaming);
    return std::move(plan);
  }

private:
  /// More choices than any rule has that was written by a person.
  static constexpr unsigned MostTries = 64;

  bool tryVariants() {
    ++tries;
    Stages stages = whole.stages();
    std::vector<Schedule> schedules;
    int64_t price = 0;
    for (VariantPlan &variant : plan.variants) {
      setStages(variant.graph, stages);
      schedules.push_back(findStreamingSchedule(variant.graph.problem));
      price += schedules.back().price;
    }
    if (tries > 1 && price >= bestPrice) {
      for (VariantPlan &variant : plan.variants)
        setStages(variant.graph, plan.stageOfReduction);
    } else {
      bestPrice = price;
      plan.stageOfReduction = std::move(stages);
      for (auto [variant, schedule] : llvm::zip_equal(plan.variants, schedules))
        variant.streaming = std::move(schedule);
    }
    return tries < MostTries;
  }

  void setStages(StepGraph &graph, const Stages &stages) const {
    for (auto [op, reduction] : llvm::zip_equal(graph.reductions, graph.problem.reductions))
      reduction.stage = reduction.scope == Scope::Model ? stages[numberOf(op)] : 0;
    graph.problem.firstWrite = whole.firstWrite(stages);
  }

  WholeRule whole;
  unsigned tries = 0;
  int64_t bestPrice = 0;
  StagePlan plan;
};

} // namespace

/// The reductions whose results each variant knows after the first `stageCount` stages of a step. What is rearranged is
/// no number that could be kept in a table, and is rearranged again by who needs it.
static std::vector<llvm::SmallDenseSet<unsigned>> madeBy(const StagePlan &step, ir::OptimizerOp rule,
                                                         unsigned stageCount) {
  auto isNumber = [](Operation *op) { return isReduction(op) && !isa<ir::RearrangeOp>(op); };
  llvm::SmallDenseSet<unsigned> ofModel;
  rule.getStep().walk([&](Operation *op) {
    if (isNumber(op) && isOverModel(op) && step.stageOfReduction[numberOf(op)] < stageCount)
      ofModel.insert(numberOf(op));
  });
  std::vector<llvm::SmallDenseSet<unsigned>> made(step.variants.size(), ofModel);
  for (auto [variant, numbers] : llvm::zip_equal(step.variants, made))
    for (const PlannedSweep &sweep : variant.streaming.sweeps)
      for (const auto &reductions : {sweep.reductions, sweep.folds})
        for (unsigned reduction : reductions)
          if (sweep.epoch.stage < stageCount && isNumber(variant.graph.reductions[reduction]))
            numbers.insert(numberOf(variant.graph.reductions[reduction]));
  return made;
}

/// What follows an exit.
static StagePlan planExit(unsigned number, unsigned afterStages, const StagePlan &step, const VariantSpace &ofStep) {
  VariantSpace space = {ofStep.precisions, ofStep.conditions,
                        madeBy(step, ofStep.precisions.front().rule, afterStages)};
  std::vector<OwningOpRef<ir::OptimizerOp>> copies;
  for (RulePrecision &precision : space.precisions) {
    copies.push_back(specializeToExit(precision.rule, number));
    precision.rule = *copies.back();
  }
  StagePlan plan = Planner(space).run();
  bool isIdle =
      llvm::all_of(plan.variants, [](const VariantPlan &variant) { return variant.streaming.sweeps.empty(); });
  if (isIdle)
    plan.stageCount = 0;
  return plan;
}

StepPlan formation::planStep(ir::OptimizerOp rule, ArrayRef<RulePrecision> precisions, const Conditions &conditions) {
  VariantSpace space = {llvm::to_vector(precisions), conditions, {}};
  StepPlan plan;
  plan.step = Planner(space).run();
  SmallVector<unsigned> asked = questionsOf(rule, plan.step.stageOfReduction);
  for (auto [number, skip] : llvm::enumerate(rule.getStep().getBody().getOps<ir::SkipOp>())) {
    auto exit = static_cast<unsigned>(number);
    plan.exits.push_back({skip, asked[number], specializeToExit(rule, exit), {}});
    if (!skip.getRefuse())
      plan.exits.back().stages = planExit(exit, asked[number], plan.step, space);
  }
  return plan;
}

// ---- outside of steps

static SingleStagePlan planSingleStage(ArrayRef<StepGraph::Store> stores, const Memory &memory) {
  SingleStagePlan plan{StepGraph(stores, memory), {}};
  plan.schedule = findStreamingSchedule(plan.graph.problem);
  return plan;
}

Value formation::yielded(Region &region) {
  return cast<ir::YieldOp>(region.front().getTerminator()).getValue();
}

SingleStagePlan formation::planInitial(ArrayRef<ir::StateOp> states, const Memory &memory) {
  SmallVector<StepGraph::Store> stores;
  for (ir::StateOp state : states) {
    StepGraph::Store &store = stores.emplace_back();
    store.value = yielded(state.getInitial());
    if (state.getFieldType().isOfElements())
      store.buffer = memory.ofState(state.getSymName());
  }
  return planSingleStage(stores, memory);
}

SingleStagePlan formation::planView(ir::ViewOp view, const Memory &memory) {
  return planSingleStage(StepGraph::Store{BufferKey{sweep::BufferKind::View, 0}, yielded(view.getValue())}, memory);
}
