// In which epoch each buffer is committed and each reduction made, and which epochs there are for that.
#pragma once

#include "compiler/formation/Schedule.h"

#include <map>

namespace ravine::formation {

/// In which epoch, by index, each reduction is made and each buffer committed. Buffers that are not written have an
/// entry that says nothing.
struct Placement {
  std::vector<unsigned> ofReduction;
  std::vector<unsigned> ofCommit;
  /// The epoch in which a node is saved to scratch.
  std::map<unsigned, unsigned> saves;
};

/// Epochs by index, without the end.
struct EpochRange {
  unsigned begin, end;
  [[nodiscard]] bool contains(unsigned epoch) const { return begin <= epoch && epoch < end; }
};

/// What may stand where. Reductions are placed in the order of their numbers: what those below leave is known then.
class Placements {
public:
  /// `problem` has to outlive this.
  explicit Placements(const Problem &problem);

  /// From now on commits and reductions stay in the stages that `schedule` has them in.
  void keepStagesOf(const Schedule &schedule);

  [[nodiscard]] const std::vector<Epoch> &epochs() const { return allEpochs; }
  /// The buffers that are written.
  [[nodiscard]] const std::vector<unsigned> &committed() const { return written; }

  /// The first epoch that is not before `epoch`, which need not be one of the step's.
  [[nodiscard]] unsigned firstFrom(Epoch epoch) const;
  [[nodiscard]] unsigned firstOfStage(unsigned stage) const { return firstFrom({stage, 0, 0}); }
  /// The first epoch that can use a reduction made in `epoch`.
  [[nodiscard]] unsigned firstAfter(unsigned reduction, unsigned epoch) const;

  /// The epoch from which each node can be computed when the reductions below `known` are placed. A node that no epoch
  /// is late enough for has the number of epochs.
  [[nodiscard]] std::vector<unsigned> earliestOfNodes(const Placement &placement, size_t known) const;

  /// Where a reduction can be made when those below it are placed.
  [[nodiscard]] EpochRange rangeOfReduction(unsigned reduction, const Placement &placement) const;
  /// Where a buffer can be committed when all reductions are placed and `earliest` follows from that.
  [[nodiscard]] EpochRange rangeOfCommit(unsigned buffer, const std::vector<unsigned> &earliest) const;

  /// Reductions as early and commits as late as they can be: always possible, because no input is overwritten before
  /// the last of its uses.
  [[nodiscard]] Placement lazy() const;
  /// How many placements there are, or somewhat more; anything above `limit` where there are more than that.
  [[nodiscard]] uint64_t count(uint64_t limit) const;
  /// Puts the reductions that move nothing to where they are made then, and all else no earlier than it can be.
  void settle(Placement &placement) const;
  /// Whether everything stands where it may.
  [[nodiscard]] bool isAllowed(const Placement &placement) const;

private:
  [[nodiscard]] EpochRange withinStage(EpochRange range, unsigned stage) const;

  const Problem &problem;
  std::vector<Epoch> allEpochs;
  std::vector<unsigned> written;
  /// Where stages are given.
  std::vector<unsigned> stageOfReduction, stageOfCommit;
};

} // namespace ravine::formation
