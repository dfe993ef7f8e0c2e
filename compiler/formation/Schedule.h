// Choosing what each sweep of a step loads, writes and folds, so that the fewest bytes move.
#pragma once

#include "compiler/formation/Problem.h"

namespace ravine::formation {

/// A value that a sweep reads from memory instead of computing it.
struct Load {
  unsigned node = 0;
  /// Which buffer holds it, or, where that is absent, the node's own scratch.
  std::optional<unsigned> buffer;
  friend bool operator==(const Load &, const Load &) = default;
};

/// One sweep of a schedule.
struct PlannedSweep {
  Epoch epoch;
  std::vector<Load> loads;
  /// Buffers that get the value they end with.
  std::vector<unsigned> commits;
  std::vector<unsigned> reductions;
  /// Nodes that are stored in scratch for a later sweep of the same stage.
  std::vector<unsigned> saves;
  friend bool operator==(const PlannedSweep &, const PlannedSweep &) = default;
};

struct Schedule {
  /// In order; sweeps with nothing to do are left out.
  std::vector<PlannedSweep> sweeps;
  /// In the units of the prices that it was found with.
  int64_t price = 0;
  /// Every placement of commits and reductions was considered; otherwise the best that local improvement found.
  bool isExact = true;
};

/// The schedule that moves the fewest bytes of main memory when nothing stays in cache from one sweep to the next, and
/// among those the one that computes least. It stores nothing that the rule does not keep.
[[nodiscard]] Schedule findStreamingSchedule(const Problem &problem);

/// The best schedule for tensors that stay in cache through a stage. Each commit and each reduction is in the same
/// stage as in `streaming`, so that a tensor may follow one schedule and the next tensor the other.
[[nodiscard]] Schedule findResidentSchedule(const Problem &problem, const Schedule &streaming);

} // namespace ravine::formation
