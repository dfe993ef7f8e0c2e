// Planning a step with and without its metrics.
#include "compiler/formation/MetricCost.h"

#include "compiler/formation/Reductions.h"
#include "compiler/formation/StepPlan.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

/// What one variant moves from and to main memory.
static unsigned bytesOf(const VariantPlan &variant) {
  return bytesMoved(variant.graph.problem, variant.streaming);
}

/// What each variant of a rule moves in its first precision when only some of its metrics are measured.
static SmallVector<unsigned> bytesWith(ir::OptimizerOp rule, llvm::function_ref<bool(StringRef)> isMeasured) {
  OwningOpRef<ir::OptimizerOp> copy(rule.clone());
  for (auto measure : llvm::make_early_inc_range(copy->getStep().getBody().getOps<ir::MeasureOp>()))
    if (!isMeasured(measure.getMetric()))
      measure.erase();
  // What was folded for them alone is not dead in a rule as such, only in a plan, which starts from what is left.
  numberReductions(*copy);
  RulePrecision precision = {*copy, copy->getStorage().front()};
  return llvm::map_to_vector(planStep(*copy, precision, collectConditions(*copy)).step.variants, bytesOf);
}

/// The most that `with` has over `without`.
static unsigned surplus(ArrayRef<unsigned> with, ArrayRef<unsigned> without) {
  unsigned most = 0;
  for (auto [more, less] : llvm::zip_equal(with, without))
    most = std::max(most, more > less ? more - less : 0);
  return most;
}

std::vector<MetricCost> ravine::costsOfMetrics(ir::OptimizerOp rule) {
  std::vector<MetricCost> costs;
  if (rule.declared<ir::MetricOp>().empty())
    return costs;
  SmallVector<unsigned> whole = bytesWith(rule, [](StringRef) { return true; });
  unsigned together = surplus(whole, bytesWith(rule, [](StringRef) { return false; }));
  if (together == 0)
    return costs;
  for (ir::MetricOp metric : rule.declared<ir::MetricOp>()) {
    StringRef name = metric.getSymName();
    if (unsigned alone = surplus(whole, bytesWith(rule, [&](StringRef other) { return other != name; })))
      costs.push_back({name.str(), alone});
  }
  if (costs.empty())
    for (ir::MetricOp metric : rule.declared<ir::MetricOp>())
      costs.push_back({metric.getSymName().str(), together});
  return costs;
}
