// What a step costs in memory traffic, read off the sweeps: the facts behind `ravine explain` and the manifest.
#pragma once

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

#include "llvm/ADT/STLExtras.h"

namespace ravine {

/// Bytes per parameter that a buffer moves in a sweep, as it is stored. What is only written counts once, though caches
/// may fetch it first.
struct BufferTraffic {
  std::string name;
  unsigned read = 0;
  unsigned written = 0;
  /// It is in cache whenever the sweep runs, and costs no main memory.
  bool isScratch = false;
};

/// Bytes that states over groups of elements move for each group, such as a row.
struct GroupTraffic {
  IndexSet set;
  unsigned read = 0;
  unsigned written = 0;
};

/// A number that is folded from elements or found among them.
struct FoldedNumber {
  /// In the compiler's words, such as "sum[model] at line 12": a norm is a sum here.
  std::string name;
  /// What there is one for.
  IndexSet set;
  /// Whether the step ends early depends on it.
  bool isAsked = false;
  /// The question is whether every gradient is finite.
  bool isGuard = false;
  /// The expression of the source that it was made for; line 0 where there is none.
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
};

/// A part of a sweep: what the sweep dialect calls a sweep or an operation. Passes over rows or blocks and over
/// elements follow each other tile by tile, in cache; others, over columns, channels or a whole tensor, stand before or
/// behind those, when what they need is known.
struct PassTraffic {
  /// Its name in the `sweep` dialect.
  std::string name;
  /// What it computes a number for, or what an operation works on.
  IndexSet over;
  /// The runtime does it, on a field, which it may read several times.
  bool isOperation = false;
  /// It is one that leaves the field as it is.
  bool isSearch = false;
  /// Where an operation stands in the source, and what is sought.
  FoldedNumber operation;
};

/// One traversal of memory.
struct SweepTraffic {
  /// The name of its first pass over elements.
  std::string name;
  /// Counts from 0; all tensors wait for each other between stages.
  unsigned stage = 0;
  std::vector<PassTraffic> passes;
  std::vector<BufferTraffic> buffers;
  /// Of main memory. What several passes touch counts once.
  unsigned read = 0;
  unsigned written = 0;
  std::vector<GroupTraffic> groups;
  std::vector<FoldedNumber> reductions;
  /// Those of earlier sweeps that it needs: why it is a sweep of its own.
  std::vector<FoldedNumber> awaits;
  /// Those that one of its passes makes and a later one needs: why it has several.
  std::vector<FoldedNumber> knownByTile;
  /// It writes, and in earlier stages it is not known whether the step goes on.
  bool awaitsQuestion = false;

  [[nodiscard]] unsigned elementPasses() const {
    return static_cast<unsigned>(llvm::count_if(
        passes, [](const PassTraffic &pass) { return pass.over == IndexSet::Element && !pass.isOperation; }));
  }
};

/// A step that ends early.
struct ExitTraffic {
  /// It does because a gradient is not finite; the host is told so by an error.
  bool isOfGuard = false;
  bool refuses = false;
  /// Those that run before the question is asked, then those that follow.
  std::vector<SweepTraffic> sweeps;
  /// Of main memory.
  unsigned bytesPerParameter = 0;
  /// Where the source asks; line 0 where it does not.
  std::string file;
  unsigned line = 0;
};

/// The traffic of a step for tensors in one precision and under one outcome of the conditions of the rule.
struct VariantTraffic {
  /// Such as "bf16/f32".
  std::string precision;
  /// Each condition as written, and whether it holds. Of a choice the one that does; none that is not asked.
  std::vector<std::pair<std::string, bool>> conditions;
  std::vector<SweepTraffic> sweeps;
  /// How tensors are walked that stay in cache from one sweep of a stage to the next; empty where that is no different.
  std::vector<SweepTraffic> residentSweeps;
  /// In the order in which they are asked.
  std::vector<ExitTraffic> exits;
  /// Nothing is written before the gradients are known to be finite.
  bool isGuarded = false;
  /// Bytes per parameter that the states take up.
  unsigned stateBytes = 0;
  /// What states over groups of elements take up: bytes for each group, such as a row.
  std::vector<std::pair<IndexSet, unsigned>> stateBytesOfGroups;
  /// Bytes of main memory per parameter, when nothing stays in cache between sweeps.
  unsigned bytesPerParameter = 0;
  /// The same when a tensor stays in cache from one sweep of a stage to the next.
  unsigned bytesCached = 0;
  /// What moves besides, for each group of elements.
  std::vector<GroupTraffic> groups;
  /// The least that any schedule of the same epochs can move, found by trying all of them; absent where those are too
  /// many.
  std::optional<unsigned> lowerBound;
  /// Every placement of what the step writes and folds was tried, which is why the bound has to be met.
  bool isExact = false;
  /// Each buffer that the rule reads or changes, once each way.
  unsigned compulsory = 0;
};

/// The traffic of every variant, by number: that of the first precision comes first.
[[nodiscard]] std::vector<VariantTraffic> measureTraffic(ir::OptimizerOp rule, sweep::ProgramOp program);

} // namespace ravine
