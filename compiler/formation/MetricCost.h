// What the metrics of a rule cost in memory traffic.
#pragma once

#include "dialect/ravine/Ravine.h"

#include <string>
#include <vector>

namespace ravine {

/// A metric without which a step would move fewer bytes.
struct MetricCost {
  std::string name;
  /// Bytes of main memory per parameter, in the variant in which it costs most.
  unsigned bytes = 0;
};

/// The metrics of a rule that cost something. A metric is meant to be folded in a sweep that has its operands anyway.
/// Where several share a cost, each is named with all of it.
[[nodiscard]] std::vector<MetricCost> costsOfMetrics(ir::OptimizerOp rule);

} // namespace ravine
