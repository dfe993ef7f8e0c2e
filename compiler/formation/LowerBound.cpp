// Exhaustive search over what each sweep loads and what each pass of it commits and stores for operations.
#include "compiler/formation/LowerBound.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace ravine::formation;

namespace {

/// One bit for each buffer and behind these for each field, or for each reduction.
using Set = uint32_t;

constexpr bool contains(Set set, size_t member) {
  return (set >> member & 1u) != 0;
}

class Exhaustive {
public:
  explicit Exhaustive(const Problem &problem) : problem(problem), epochs(findEarliest(problem).epochs) {
    for (auto [number, buffer] : llvm::enumerate(problem.buffers)) {
      memoryBytes.push_back(buffer.bytes);
      toCommit |= buffer.end ? bit(number) : 0;
    }
    for (auto [number, reduction] : llvm::enumerate(problem.reductions))
      if (reduction.isOperation && reduction.operand) {
        operations.push_back(number);
        memoryBytes.push_back(problem.nodes[*reduction.operand].bytes);
      }
  }

  std::optional<unsigned> run() {
    if (epochs.size() == 1)
      return bytesOfOneEpoch();
    bool isSmall = memoryBytes.size() <= 8 && problem.reductions.size() <= 20 && problem.nodes.size() <= 400;
    if (!isSmall)
      return std::nullopt;
    unsigned bytes = from({});
    return bytes == Unreachable ? std::nullopt : std::optional(bytes);
  }

private:
  static constexpr unsigned Unreachable = ~0u;

  /// Where a step stands between two epochs.
  struct State {
    unsigned epoch = 0;
    Set committed = 0;
    /// The reductions that are made, and those that were when the sweep began and when the stage began.
    Set made = 0;
    Set madeBeforeSweep = 0;
    Set madeBeforeStage = 0;
    /// The memory that all passes of the sweep can read: what it loads, which is decided and paid for when it begins,
    /// and what it has written so far.
    Set touched = 0;
    friend auto operator<=>(const State &, const State &) = default;
  };

  static Set bit(size_t member) { return Set{1} << member; }

  /// Where there is one epoch there is nothing to choose.
  unsigned bytesOfOneEpoch() const {
    std::vector<bool> isNeeded(problem.nodes.size());
    for (const Problem::Buffer &buffer : problem.buffers)
      if (buffer.end)
        isNeeded[*buffer.end] = true;
    for (const Problem::Reduction &reduction : problem.reductions)
      if (reduction.operand)
        isNeeded[*reduction.operand] = true;
    for (size_t node = problem.nodes.size(); node-- > 0;)
      if (isNeeded[node])
        for (unsigned operand : problem.nodes[node].operands)
          isNeeded[operand] = true;
    unsigned bytes = 0;
    for (const Problem::Buffer &buffer : problem.buffers) {
      bool isRead = buffer.begin && isNeeded[*buffer.begin];
      bytes += (isRead ? buffer.bytes : 0) + (buffer.end ? buffer.bytes : 0);
    }
    for (size_t operation = 0; operation < operations.size(); ++operation)
      bytes += memoryBytes[problem.buffers.size() + operation];
    return bytes;
  }

  /// The fewest bytes from a state to the end of the step.
  unsigned from(State state) {
    if (state.epoch == epochs.size()) {
      bool isComplete = state.committed == toCommit && state.made == bit(problem.reductions.size()) - 1;
      return isComplete ? 0 : Unreachable;
    }
    const Epoch &epoch = epochs[state.epoch];
    if (epoch.pass == 0) {
      state.madeBeforeSweep = state.made;
      state.touched = 0;
      if (epoch.sweep == 0)
        state.madeBeforeStage = state.made;
    }
    auto [known, isNew] = answers.try_emplace(state, Unreachable);
    if (!isNew)
      return known->second;
    unsigned least = Unreachable;
    if (epoch.pass > 0) {
      least = withTouched(state);
    } else {
      for (Set touched = 0; touched < bit(memoryBytes.size()); ++touched) {
        state.touched = touched;
        unsigned rest = withTouched(state);
        least = rest == Unreachable ? least : std::min(least, bytesOf(touched) + rest);
      }
    }
    return known->second = least;
  }

  /// The same, when what the sweep loads is decided, for every choice of what its next pass commits and what it stores
  /// for operations.
  unsigned withTouched(const State &state) {
    std::vector<bool> has = closure(state, state.touched);
    Set committable = 0;
    bool isOpen = epochs[state.epoch].stage >= problem.firstWrite;
    for (auto [index, buffer] : llvm::enumerate(problem.buffers))
      if (isOpen && !contains(state.committed, index) && buffer.end && has[*buffer.end])
        committable |= bit(index);

    unsigned least = Unreachable;
    for (Set stored = 0; stored < bit(operations.size()); ++stored) {
      std::optional<Set> made = making(state, has, stored);
      if (!made)
        continue;
      Set fields = stored << problem.buffers.size();
      for (Set commit = committable;; commit = (commit - 1) & committable) {
        unsigned rest = from({state.epoch + 1, state.committed | commit, *made, state.madeBeforeSweep,
                              state.madeBeforeStage, state.touched | commit | fields});
        if (rest != Unreachable)
          least = std::min(least, rest + bytesOf(commit) + bytesOf(fields));
        if (commit == 0)
          break;
      }
    }
    return least;
  }

  /// The reductions that are made after a pass that stores what it has for the operations `stored`; nothing where one
  /// of these cannot be done then. All else is made as soon as it can be, for that costs nothing.
  std::optional<Set> making(const State &state, const std::vector<bool> &has, Set stored) const {
    Set made = state.made, left = stored;
    for (auto [number, reduction] : llvm::enumerate(problem.reductions)) {
      if (contains(state.made, number))
        continue;
      auto operation = llvm::find(operations, number);
      bool isOperation = operation != operations.end();
      auto position = static_cast<size_t>(operation - operations.begin());
      if (isOperation && !contains(stored, position))
        continue;
      bool isItsStage = reduction.scope != Scope::Model || reduction.stage == epochs[state.epoch].stage;
      bool isPossible = isItsStage && (!reduction.operand || has[*reduction.operand]) &&
                        llvm::all_of(reduction.awaits, [&](unsigned other) {
                          switch (problem.reductions[other].scope) {
                          case Scope::Model:
                            return contains(state.madeBeforeStage, other);
                          case Scope::Tensor:
                            return contains(reduction.scope == Scope::Tile ? state.madeBeforeSweep : made, other);
                          case Scope::Tile:
                            break;
                          }
                          return contains(made, other);
                        });
      if (!isPossible)
        continue;
      made |= bit(number);
      left &= isOperation ? ~bit(position) : ~Set{0};
    }
    return left == 0 ? std::optional(made) : std::nullopt;
  }

  /// The reductions whose results a pass can use.
  [[nodiscard]] bool isKnown(const State &state, unsigned reduction) const {
    switch (problem.reductions[reduction].scope) {
    case Scope::Tile:
      return contains(state.made, reduction);
    case Scope::Tensor:
      return contains(state.madeBeforeSweep, reduction);
    case Scope::Model:
      break;
    }
    return contains(state.madeBeforeStage, reduction);
  }

  /// Which values a pass has that reads this memory.
  std::vector<bool> closure(const State &state, Set read) const {
    std::vector<bool> has(problem.nodes.size());
    for (auto [index, buffer] : llvm::enumerate(problem.buffers)) {
      bool isCommitted = contains(state.committed, index);
      std::optional<unsigned> content = isCommitted ? buffer.end : buffer.begin;
      if (contains(read, index) && content && !(isCommitted && buffer.isRounded))
        has[*content] = true;
    }
    for (auto [position, operation] : llvm::enumerate(operations))
      if (contains(read, problem.buffers.size() + position) && contains(state.made, operation)) {
        const Problem::Reduction &reduction = problem.reductions[operation];
        if (reduction.keepsField)
          has[reduction.folded()] = true;
        for (auto [index, node] : llvm::enumerate(problem.nodes))
          if (node.madeBy == operation && isKnown(state, static_cast<unsigned>(operation)))
            has[index] = true;
      }
    for (auto [index, node] : llvm::enumerate(problem.nodes)) {
      if (has[index] || node.isInput || node.madeBy)
        continue;
      has[index] = llvm::all_of(node.awaits, [&](unsigned reduction) { return isKnown(state, reduction); }) &&
                   llvm::all_of(node.operands, [&](unsigned operand) { return has[operand]; });
    }
    return has;
  }

  [[nodiscard]] unsigned bytesOf(Set memory) const {
    unsigned bytes = 0;
    for (auto [index, size] : llvm::enumerate(memoryBytes))
      bytes += contains(memory, index) ? size : 0;
    return bytes;
  }

  const Problem &problem;
  std::vector<Epoch> epochs;
  Set toCommit = 0;
  /// The operations that are made here, each of which has a field.
  std::vector<size_t> operations;
  /// Of each buffer, then of each field.
  std::vector<unsigned> memoryBytes;
  std::map<State, unsigned> answers;
};

} // namespace

std::optional<unsigned> ravine::formation::findLowerBound(const Problem &problem) {
  return Exhaustive(problem).run();
}
