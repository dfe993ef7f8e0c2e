// What sweep formation decides about, stripped of everything else: which values of a step are computed from which,
// where they come from and where they go. docs/decisions/formation.md states the model.
#pragma once

#include "llvm/ADT/SmallVector.h"

#include <cassert>
#include <cstdint>
#include <optional>
#include <vector>

namespace ravine::formation {

/// The step of one rule as a graph. Nodes, buffers and reductions are numbered from 0; operands come before their
/// users.
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

  /// A number folded from all elements of a tensor, or of the model.
  struct Reduction {
    /// Absent where tensors of other kinds alone are folded: the number is awaited, but not made here.
    std::optional<unsigned> operand;
    bool isModelWide = false;
    /// For one over the model: the stage that computes it.
    unsigned stage = 0;

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

/// A point in a step: a stage, and a sweep within it. Sweeps of one stage follow each other tensor by tensor; between
/// stages all tensors wait for each other.
struct Epoch {
  unsigned stage = 0;
  unsigned sweep = 0;
  friend auto operator<=>(const Epoch &, const Epoch &) = default;
};

/// When each value can be computed at the earliest.
struct Earliest {
  std::vector<Epoch> ofNode;
  std::vector<Epoch> ofReduction;
  std::vector<Epoch> ofBufferEnd;
  /// All epochs up to the last in which something has to be done, in order.
  std::vector<Epoch> epochs;
};

[[nodiscard]] Earliest findEarliest(const Problem &problem);

} // namespace ravine::formation
