// What a step costs in memory traffic, read off the sweeps: the facts behind `ravine explain` and the manifest.
#pragma once

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

namespace ravine {

/// Bytes per parameter that a buffer moves in a sweep.
struct BufferTraffic {
  std::string name;
  unsigned read = 0;
  unsigned written = 0;
};

struct SweepTraffic {
  std::vector<BufferTraffic> buffers;
  unsigned read = 0;
  unsigned written = 0;
};

/// The traffic of a step under one outcome of the conditions of optional states.
struct VariantTraffic {
  /// Each condition as written, and whether it holds.
  std::vector<std::pair<std::string, bool>> conditions;
  std::vector<SweepTraffic> sweeps;
  /// Bytes per parameter that the states take up.
  unsigned stateBytes = 0;
  /// Bytes of main memory per parameter, when nothing stays in cache between sweeps.
  unsigned bytesPerParameter = 0;
  /// The same when a tensor stays in cache from one sweep to the next.
  unsigned bytesCached = 0;
  /// The least that any schedule of the same epochs can move.
  unsigned lowerBound = 0;
  /// Each buffer that the rule reads or changes, once each way.
  unsigned compulsory = 0;
};

/// The traffic of every variant, by number.
[[nodiscard]] std::vector<VariantTraffic> measureTraffic(ir::OptimizerOp rule, sweep::ProgramOp program);

} // namespace ravine
