// Choosing what each pass of a step loads, writes and folds, so that the fewest bytes move.
#pragma once

#include "compiler/formation/Problem.h"

namespace ravine::formation {

/// A value that a pass reads from memory instead of computing it: from a buffer, from the field of an operation, or,
/// where both are absent, from the node's own scratch.
struct Load {
  unsigned node = 0;
  std::optional<unsigned> buffer;
  /// The reduction whose field holds it: the operand, as it was stored for the operation, or what the operation has
  /// made of it (Problem::Node::madeBy).
  std::optional<unsigned> field;
  friend bool operator==(const Load &, const Load &) = default;
};

/// One pass of a schedule. Those with the same stage and sweep in `epoch` are passes of one traversal.
struct PlannedSweep {
  Epoch epoch;
  std::vector<Load> loads;
  /// Buffers that get the value they end with.
  std::vector<unsigned> commits;
  /// Those that have an operand. This pass folds it or, for an operation, stores it in the operation's field; the
  /// operation itself is done when the pass is (rows, blocks), when its sweep is (tensor) or when its stage is (model).
  std::vector<unsigned> reductions;
  /// Reductions of numbers of groups or tensors that can be made as soon as this pass is done, or its sweep where
  /// numbers that they await are complete only then; one over the model at the end of the stage. Their results count as
  /// made in this epoch. A pass may have nothing but these.
  std::vector<unsigned> folds;
  /// Nodes that are stored in scratch for a later pass of the same stage.
  std::vector<unsigned> saves;
  friend bool operator==(const PlannedSweep &, const PlannedSweep &) = default;
};

struct Schedule {
  /// In order; passes with nothing to do are left out.
  std::vector<PlannedSweep> sweeps;
  /// In the units of the prices that it was found with.
  int64_t price = 0;
  /// Every placement of commits and reductions was considered; otherwise the best that local improvement found.
  bool isExact = true;
};

/// The schedule that moves the fewest bytes of main memory when nothing stays in cache from one sweep to the next, but
/// all of a tile from one pass of a sweep to the next; and among those the one that computes least. It stores nothing
/// that the rule does not keep.
[[nodiscard]] Schedule findStreamingSchedule(const Problem &problem);

/// Whether that is found among all placements of commits and reductions: those of the problem are not too many.
[[nodiscard]] bool isFoundExactly(const Problem &problem);

/// The best schedule for tensors that stay in cache through a stage. Each commit and each reduction is in the same
/// stage as in `streaming`, so that a tensor may follow one schedule and the next tensor the other.
[[nodiscard]] Schedule findResidentSchedule(const Problem &problem, const Schedule &streaming);

/// Bytes of main memory for each element that a streaming schedule moves: all passes of a sweep together load each
/// buffer and each field at most once, and nothing that one of them has written. What the runtime moves inside of an
/// operation is the same in every schedule and is not counted.
[[nodiscard]] unsigned bytesMoved(const Problem &problem, const Schedule &streaming);

} // namespace ravine::formation
