// Exhaustive search over what each epoch touches and commits.
#include "compiler/formation/LowerBound.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace ravine::formation;

namespace {

/// One bit for each buffer, or for each reduction.
using Set = uint32_t;

constexpr bool contains(Set set, unsigned member) {
  return (set >> member & 1u) != 0;
}

class Exhaustive {
public:
  explicit Exhaustive(const Problem &problem) : problem(problem), epochs(findEarliest(problem).epochs) {}

  std::optional<unsigned> run() {
    if (epochs.size() == 1)
      return bytesOfOneEpoch();
    bool isSmall = problem.buffers.size() <= 8 && problem.reductions.size() <= 20 && problem.nodes.size() <= 400;
    if (!isSmall)
      return std::nullopt;
    for (unsigned buffer = 0; buffer < problem.buffers.size(); ++buffer)
      if (problem.buffers[buffer].end)
        toCommit |= Set{1} << buffer;
    unsigned bytes = from({0, 0, 0, 0});
    return bytes == Unreachable ? std::nullopt : std::optional(bytes);
  }

private:
  static constexpr unsigned Unreachable = ~0u;

  /// Where a step stands between two sweeps.
  struct State {
    unsigned epoch;
    Set committed;
    /// The reductions that are made, and those that were when the stage began.
    Set made;
    Set madeBeforeStage;
    friend auto operator<=>(const State &, const State &) = default;
  };

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
    return bytes;
  }

  /// The fewest bytes from a state to the end of the step.
  unsigned from(State state) {
    if (state.epoch == epochs.size())
      return state.committed == toCommit && state.made == allReductions() ? 0 : Unreachable;
    auto [known, isNew] = answers.try_emplace(state, Unreachable);
    if (!isNew)
      return known->second;
    if (state.epoch > 0 && epochs[state.epoch].stage != epochs[state.epoch - 1].stage)
      state.madeBeforeStage = state.made;
    unsigned least = Unreachable;
    Set everything = (Set{1} << problem.buffers.size()) - 1;
    for (Set read = 0; read <= everything; ++read)
      least = std::min(least, reading(state, read));
    return known->second = least;
  }

  /// The same, when the next sweep reads these buffers, for every choice of what it commits.
  unsigned reading(const State &state, Set read) {
    std::vector<bool> has = closure(state, read);
    Set made = state.made;
    for (auto [index, reduction] : llvm::enumerate(problem.reductions))
      if ((!reduction.operand || has[*reduction.operand]) &&
          (!reduction.isModelWide || reduction.stage == epochs[state.epoch].stage))
        made |= Set{1} << index; // folding costs nothing
    Set committable = 0;
    bool isOpen = epochs[state.epoch].stage >= problem.firstWrite;
    for (auto [index, buffer] : llvm::enumerate(problem.buffers))
      if (isOpen && !contains(state.committed, static_cast<unsigned>(index)) && buffer.end && has[*buffer.end])
        committable |= Set{1} << index;

    unsigned least = Unreachable;
    for (Set commit = committable;; commit = (commit - 1) & committable) {
      unsigned rest = from({state.epoch + 1, state.committed | commit, made, state.madeBeforeStage});
      if (rest != Unreachable)
        least = std::min(least, rest + bytesOf(read) + bytesOf(commit));
      if (commit == 0)
        return least;
    }
  }

  /// Which values a sweep has that reads these buffers.
  std::vector<bool> closure(const State &state, Set read) const {
    std::vector<bool> has(problem.nodes.size());
    for (auto [index, buffer] : llvm::enumerate(problem.buffers)) {
      auto number = static_cast<unsigned>(index);
      bool isCommitted = contains(state.committed, number);
      std::optional<unsigned> content = isCommitted ? buffer.end : buffer.begin;
      if (contains(read, number) && content && !(isCommitted && buffer.isRounded))
        has[*content] = true;
    }
    for (auto [index, node] : llvm::enumerate(problem.nodes)) {
      if (has[index] || node.isInput)
        continue;
      bool isKnown = llvm::all_of(node.awaits, [&](unsigned reduction) {
        return contains(problem.reductions[reduction].isModelWide ? state.madeBeforeStage : state.made, reduction);
      });
      has[index] = isKnown && llvm::all_of(node.operands, [&](unsigned operand) { return has[operand]; });
    }
    return has;
  }

  unsigned bytesOf(Set buffers) const {
    unsigned bytes = 0;
    for (auto [index, buffer] : llvm::enumerate(problem.buffers))
      bytes += contains(buffers, static_cast<unsigned>(index)) ? buffer.bytes : 0;
    return bytes;
  }

  Set allReductions() const { return (Set{1} << problem.reductions.size()) - 1; }

  const Problem &problem;
  std::vector<Epoch> epochs;
  Set toCommit = 0;
  std::map<State, unsigned> answers;
};

} // namespace

std::optional<unsigned> ravine::formation::findLowerBound(const Problem &problem) {
  return Exhaustive(problem).run();
}
