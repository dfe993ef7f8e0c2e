// Made-up steps for tests of sweep formation.
#include "test/formation/RandomProblem.h"

using namespace ravine::formation;
using ravine::test::randomProblem;

namespace {

class Maker {
public:
  explicit Maker(std::mt19937 &engine) : engine(engine) {}

  Problem make() {
    unsigned bufferCount = 2 + below(5);
    for (unsigned buffer = 0; buffer < bufferCount; ++buffer) {
      problem.buffers.push_back({oneIn(4) ? 2u : 4u, addNode({}, {}, true), std::nullopt, oneIn(4)});
    }
    unsigned parts = 1 + below(4);
    for (unsigned part = 0; part < parts; ++part) {
      addArithmetic();
      if (part + 1 < parts)
        addReduction();
    }
    // Of what has been folded for groups and tensors.
    if (!problem.reductions.empty() && oneIn(4))
      addFoldOfNumbers();
    if (oneIn(2))
      addArithmetic();
    setEnds();
    pinStages();
    // Some numbers are made by other tensors alone.
    for (Problem::Reduction &reduction : problem.reductions)
      if (reduction.scope == Scope::Model && !reduction.isOperation && !reduction.isOfNumbers && oneIn(6))
        reduction.operand.reset();
    if (oneIn(8))
      for (const Problem::Reduction &reduction : problem.reductions)
        if (reduction.scope == Scope::Model)
          problem.firstWrite = std::max(problem.firstWrite, reduction.stage + 1);
    return std::move(problem);
  }

private:
  unsigned below(unsigned count) { return static_cast<unsigned>(engine() % count); }
  bool oneIn(unsigned count) { return below(count) == 0; }

  unsigned anyNode() {
    // Later values more often, so that chains grow.
    auto count = static_cast<unsigned>(problem.nodes.size());
    return oneIn(2) ? below(count) : count - 1 - below(std::min(count, 4u));
  }

  unsigned addNode(llvm::SmallVector<unsigned, 3> operands, llvm::SmallVector<unsigned, 2> awaits, bool isInput) {
    problem.nodes.push_back(
        {std::move(operands), std::move(awaits), 4, isInput ? 0 : 1 + below(40), isInput, std::nullopt});
    return static_cast<unsigned>(problem.nodes.size() - 1);
  }

  void addArithmetic() {
    unsigned count = 1 + below(5);
    for (unsigned i = 0; i < count; ++i) {
      llvm::SmallVector<unsigned, 3> operands = {anyNode()};
      if (!oneIn(3))
        operands.push_back(anyNode());
      if (!problem.reductions.empty() && oneIn(2))
        operands.push_back(addNode({}, {anyReduction()}, false));
      addNode(operands, {}, false);
    }
  }

  unsigned anyReduction() { return below(static_cast<unsigned>(problem.reductions.size())); }

  void addReduction() {
    Problem::Reduction reduction;
    reduction.operand = anyNode();
    reduction.scope = static_cast<Scope>(below(3));
    reduction.isOperation = oneIn(4);
    reduction.keepsField = reduction.isOperation && oneIn(2);
    if (reduction.isOperation && !problem.reductions.empty() && oneIn(3))
      reduction.awaits.push_back(anyReduction());
    problem.reductions.push_back(reduction);
    if (reduction.isOperation && !reduction.keepsField)
      problem.nodes[addNode({}, {}, false)].madeBy = static_cast<unsigned>(problem.reductions.size() - 1);
  }

  void addFoldOfNumbers() {
    Problem::Reduction reduction;
    reduction.isOfNumbers = true;
    reduction.scope = oneIn(2) ? Scope::Tensor : Scope::Model;
    reduction.awaits.push_back(anyReduction());
    if (oneIn(2))
      reduction.awaits.push_back(anyReduction());
    problem.reductions.push_back(reduction);
  }

  void setEnds() {
    bool hasEnd = false;
    for (Problem::Buffer &buffer : problem.buffers) {
      unsigned end = anyNode();
      bool isWritten = !oneIn(3) && end != *buffer.begin;
      if (isWritten)
        buffer.end = end;
      hasEnd |= isWritten;
    }
    if (!hasEnd)
      problem.buffers.front().end = addNode({anyNode(), anyNode()}, {}, false);
  }

  /// Reductions over the model are made as early as they can be.
  void pinStages() {
    Earliest earliest = findEarliest(problem);
    for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
      if (problem.reductions[reduction].scope == Scope::Model)
        problem.reductions[reduction].stage = earliest.ofReduction[reduction].stage;
  }

  std::mt19937 &engine;
  Problem problem;
};

} // namespace

Problem ravine::test::randomProblem(std::mt19937 &engine) {
  return Maker(engine).make();
}
