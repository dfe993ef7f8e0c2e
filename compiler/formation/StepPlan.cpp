// Choosing the stages that variants have in common, and a schedule for each variant.
#include "compiler/formation/StepPlan.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

namespace {

/// The reductions over the model that a rule needs.
llvm::SmallDenseSet<unsigned> modelReductionsOf(ir::OptimizerOp rule) {
  unsigned count = 0;
  rule.getStep().walk([&](ir::ReduceOp reduce) { count = std::max(count, numberOf(reduce) + 1); });
  StepGraph graph(rule, SmallVector<unsigned>(count, 0));
  llvm::SmallDenseSet<unsigned> numbers;
  for (ir::ReduceOp reduce : graph.reductions)
    if (reduce.getResult().getType().getSet() == ir::IndexSet::Model)
      numbers.insert(numberOf(reduce));
  return numbers;
}

/// The conditions that are the same for all tensors of a model, as bits of a variant.
uint32_t conditionsOfModel(const Conditions &conditions) {
  uint32_t mask = 0;
  for (auto [index, region] : llvm::enumerate(conditions.regions)) {
    auto yield = cast<ir::YieldOp>(region->front().getTerminator());
    if (cast<ir::FieldType>(yield.getValue().getType()).getSet() == ir::IndexSet::Model)
      mask |= 1u << index;
  }
  return mask;
}

/// The variant of a rule in which the given reductions are measured, so that they stay.
OwningOpRef<ir::OptimizerOp> specializeKeeping(ir::OptimizerOp rule, uint32_t variant,
                                               const llvm::SmallDenseSet<unsigned> &kept) {
  OwningOpRef<ir::OptimizerOp> copy(rule.clone());
  OpBuilder builder = OpBuilder::atBlockEnd(&copy->getStep().getBody().front());
  for (ir::ReduceOp reduce : copy->getStep().getBody().getOps<ir::ReduceOp>())
    if (kept.contains(numberOf(reduce)))
      // No metric can have a name with a dot in it.
      ir::MeasureOp::create(builder, reduce.getLoc(), "kept." + std::to_string(numberOf(reduce)), reduce.getResult());
  return specialize(*copy, collectConditions(*copy), variant);
}

/// For each reduction of the rule, by number, the stage that makes it. Only those over the model have a choice.
using Stages = SmallVector<unsigned>;

unsigned countStages(const Earliest &earliest) {
  return earliest.epochs.back().stage + 1;
}

class Planner {
public:
  Planner(ir::OptimizerOp rule, const Conditions &conditions) : whole(rule, earliestStages(rule)) {
    stageCount = countStages(findEarliest(whole.problem));
    for (OwningOpRef<ir::OptimizerOp> &specialized : specializeAll(rule, conditions)) {
      StepGraph graph(*specialized, stagesOf(whole));
      plan.variants.push_back({std::move(specialized), std::move(graph), {}, {}});
    }
    plan.stageCount = stageCount;
  }

  StepPlan run() {
    tryStages(0);
    for (VariantPlan &variant : plan.variants)
      variant.resident = findResidentSchedule(variant.graph.problem, variant.streaming);
    return std::move(plan);
  }

private:
  /// More choices than any rule has that was written by a person.
  static constexpr unsigned MostTries = 64;

  static Stages earliestStages(ir::OptimizerOp rule) {
    unsigned count = 0;
    rule.getStep().walk([&](ir::ReduceOp) { ++count; });
    StepGraph graph(rule, Stages(count, 0));
    Earliest earliest = findEarliest(graph.problem);
    Stages stages(count, 0);
    for (auto [reduce, epoch] : llvm::zip_equal(graph.reductions, earliest.ofReduction))
      stages[numberOf(reduce)] = epoch.stage;
    return stages;
  }

  static Stages stagesOf(const StepGraph &graph) {
    Stages stages;
    for (auto [reduce, reduction] : llvm::zip_equal(graph.reductions, graph.problem.reductions)) {
      stages.resize(std::max<size_t>(stages.size(), numberOf(reduce) + 1), 0);
      stages[numberOf(reduce)] = reduction.stage;
    }
    return stages;
  }

  /// Puts the reductions from `index` on into every stage that they can be in, and keeps the best.
  void tryStages(unsigned index) {
    if (index == whole.reductions.size())
      return tryVariants();
    Problem::Reduction &reduction = whole.problem.reductions[index];
    if (!reduction.isModelWide)
      return tryStages(index + 1);
    unsigned before = reduction.stage;
    // Where those before it are put may leave it fewer than it has by itself.
    unsigned earliest = findEarliest(whole.problem).ofReduction[index].stage;
    for (unsigned stage = earliest; stage < stageCount && tries < MostTries; ++stage) {
      reduction.stage = stage;
      if (!needsAnotherStage())
        tryStages(index + 1);
    }
    reduction.stage = before;
  }

  /// Whether what needs the reductions is too late where they are put.
  bool needsAnotherStage() const { return countStages(findEarliest(whole.problem)) != stageCount; }

  void tryVariants() {
    ++tries;
    Stages stages = stagesOf(whole);
    std::vector<Schedule> schedules;
    int64_t price = 0;
    for (VariantPlan &variant : plan.variants) {
      setStages(variant.graph, stages);
      schedules.push_back(findStreamingSchedule(variant.graph.problem));
      price += schedules.back().price;
    }
    if (tries > 1 && price >= bestPrice) {
      for (VariantPlan &variant : plan.variants)
        setStages(variant.graph, bestStages);
      return;
    }
    bestPrice = price;
    bestStages = std::move(stages);
    for (auto [variant, schedule] : llvm::zip_equal(plan.variants, schedules))
      variant.streaming = std::move(schedule);
  }

  static void setStages(StepGraph &graph, const Stages &stages) {
    for (auto [reduce, reduction] : llvm::zip_equal(graph.reductions, graph.problem.reductions))
      reduction.stage = reduction.isModelWide ? stages[numberOf(reduce)] : 0;
  }

  /// The rule before any condition is decided.
  StepGraph whole;
  unsigned stageCount = 1;
  unsigned tries = 0;
  int64_t bestPrice = 0;
  Stages bestStages;
  StepPlan plan;
};

} // namespace

std::vector<OwningOpRef<ir::OptimizerOp>> formation::specializeAll(ir::OptimizerOp rule, const Conditions &conditions) {
  std::vector<OwningOpRef<ir::OptimizerOp>> variants;
  std::vector<llvm::SmallDenseSet<unsigned>> needed;
  for (uint32_t variant = 0; variant < 1u << conditions.regions.size(); ++variant) {
    variants.push_back(specialize(rule, conditions, variant));
    needed.push_back(modelReductionsOf(*variants.back()));
  }
  uint32_t shared = conditionsOfModel(conditions);
  for (uint32_t variant = 0; variant < variants.size(); ++variant) {
    llvm::SmallDenseSet<unsigned> kept;
    for (uint32_t other = 0; other < variants.size(); ++other)
      if ((variant & shared) == (other & shared))
        kept.insert(needed[other].begin(), needed[other].end());
    if (kept.size() > needed[variant].size())
      variants[variant] = specializeKeeping(rule, variant, kept);
  }
  return variants;
}

StepPlan formation::planStep(ir::OptimizerOp rule, const Conditions &conditions) {
  return Planner(rule, conditions).run();
}
