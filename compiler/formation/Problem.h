// What sweep formation decides about, stripped of everything else: which values of a step are computed from which,
// where they come from and where they go. docs/decisions/formation.md states the model.
#pragma once

#include "llvm/ADT/SmallVector.h"

#include <cassert>
#include <cstdint>
#include <optional>
#include <vector>

namespace ravine::formation {

/// When the result of a reduction can be used: by the next pass over the same tile of rows or blocks, by the next sweep
/// of the same tensor, or in the next stage.
enum class Scope : uint8_t { Tile, Tensor, Model };

/// The step of one rule as a graph. Nodes, buffers and reductions are numbered from 0; operands come before their
/// users. Numbers that are coarser than elements are no nodes: what depends on them awaits the reductions behind them.
struct Problem {
  /// A value for each element.
  struct Node {
    /// The values that it is computed from.
    llvm::SmallVector<unsigned, 3> operands;
    /// Reductions whose results it needs, through scalars.
    llvm::SmallVector<unsigned, 2> awaits;
    /// Bytes of one element in memory; 0 for what is never stored, such as truth values.
    unsigned bytes = 0;
    /// What computing it costs, in units of a simple operation on a full vector.
    unsigned work = 0;
    /// It is the content of a buffer when the step begins, and is not computed.
    bool isInput = false;
    /// What an operation has made of its field (see Reduction), the reduction's number: it is loaded from there, from
    /// the epoch after that reduction on, and not computed.
    std::optional<unsigned> madeBy;
  };

  /// Memory that outlives the step: w, g, a state.
  struct Buffer {
    unsigned bytes = 0;
    /// What it holds when the step begins; absent where nothing needs that.
    std::optional<unsigned> begin;
    /// What it holds when the step ends; absent where that is what it began with.
    std::optional<unsigned> end;
    /// Memory stores fewer digits than are computed, so that what is read after the commit is not the value `end`.
    bool isRounded = false;

    /// `end` of a buffer that is written.
    [[nodiscard]] unsigned written() const {
      assert(end && "the buffer is not written");
      return *end;
    }
  };

  /// A number folded from what lies in each member of a coarser index set, or an operation of the runtime on it
  /// (`search` and `rearrange` of the ravine dialect).
  struct Reduction {
    /// The value of each element that is folded. Absent where numbers of groups or tensors are folded, and where
    /// tensors of other kinds alone are folded, so that the number is awaited, but not made here.
    std::optional<unsigned> operand;
    /// Reductions with smaller numbers whose results it needs besides what its operand needs: those behind the numbers
    /// that it folds, and behind the argument of an operation. They have to be made no later than it is. Those over
    /// the model, and those whose scope is wider than its own, have to be known, as they would be to its operand.
    llvm::SmallVector<unsigned, 2> awaits;
    Scope scope = Scope::Tensor;
    /// For one over the model: the stage that computes it.
    unsigned stage = 0;
    /// An operation: the sweep that makes it stores the operand in a field, from which later sweeps may load the
    /// operand if it `keepsField`, or the node that it has made of it.
    bool isOperation = false;
    bool keepsField = false;
    /// Numbers of groups or tensors are folded, which moves nothing: it is made as early as it can be.
    bool isOfNumbers = false;

    /// `operand` of a reduction that is made here.
    [[nodiscard]] unsigned folded() const {
      assert(operand && "the reduction is not made here");
      return *operand;
    }
  };

  std::vector<Node> nodes;
  std::vector<Buffer> buffers;
  std::vector<Reduction> reductions;
  /// The first stage in which memory may be written: those before have yet to tell whether the step goes on.
  unsigned firstWrite = 0;
};

/// A point in a step: a stage, a sweep within it, and a pass of that. Passes of one sweep follow each other tile by
/// tile, in cache; sweeps of one stage tensor by tensor; between stages all tensors wait for each other.
struct Epoch {
  unsigned stage = 0;
  unsigned sweep = 0;
  unsigned pass = 0;
  friend auto operator<=>(const Epoch &, const Epoch &) = default;
};

/// The first epoch in which the result of a reduction of some scope can be used that is made in `epoch`.
[[nodiscard]] Epoch after(Scope scope, Epoch epoch);

/// Whether a reduction that awaits another needs it to be known, as its operand would; else it is enough that the other
/// is made no later.
[[nodiscard]] inline bool needsToKnow(const Problem::Reduction &reduction, const Problem::Reduction &awaited) {
  return awaited.scope == Scope::Model || awaited.scope > reduction.scope;
}

/// When each value can be computed at the earliest.
struct Earliest {
  std::vector<Epoch> ofNode;
  std::vector<Epoch> ofReduction;
  std::vector<Epoch> ofBufferEnd;
  /// All epochs up to the last in which something has to be done, in order: in a stage as many sweeps as its longest
  /// chain of reductions needs, in a sweep as many passes as the longest chain of reductions over rows or blocks that
  /// can be made in it, whether they could be made before or not.
  std::vector<Epoch> epochs;
};

[[nodiscard]] Earliest findEarliest(const Problem &problem);

} // namespace ravine::formation
