// Schedules: that they do what the step asks, and that they move as little as any can.
#include "compiler/formation/LowerBound.h"
#include "compiler/formation/Schedule.h"
#include "test/formation/RandomProblem.h"

#include "llvm/ADT/STLExtras.h"

#include <climits>
#include <gtest/gtest.h>
#include <set>

using namespace ravine::formation;
using ravine::test::randomProblem;

namespace {

/// What a schedule moves from and to main memory, counted from what its passes say: what a sweep has loaded or written
/// once is in cache for the rest of it.
unsigned countBytes(const Problem &problem, const Schedule &schedule) {
  // By stage, sweep, whether it is a field, and number.
  using Memory = std::tuple<unsigned, unsigned, bool, unsigned>;
  std::set<Memory> touched;
  unsigned bytes = 0;
  for (const PlannedSweep &pass : schedule.sweeps) {
    auto bufferHere = [&](unsigned number) { return Memory{pass.epoch.stage, pass.epoch.sweep, false, number}; };
    auto fieldHere = [&](unsigned number) { return Memory{pass.epoch.stage, pass.epoch.sweep, true, number}; };
    for (const Load &load : pass.loads) {
      if (load.buffer && touched.insert(bufferHere(*load.buffer)).second)
        bytes += problem.buffers[*load.buffer].bytes;
      if (load.field && touched.insert(fieldHere(*load.field)).second)
        bytes += 4; // every made-up value has four
    }
    for (unsigned buffer : pass.commits) {
      bytes += problem.buffers[buffer].bytes;
      touched.insert(bufferHere(buffer));
    }
    for (unsigned reduction : pass.reductions)
      if (problem.reductions[reduction].isOperation) {
        bytes += 4;
        touched.insert(fieldHere(reduction));
      }
  }
  return bytes;
}

/// Walks through a schedule and checks that every value that a pass uses is there when it uses it.
class Walk {
public:
  explicit Walk(const Problem &problem) : problem(problem) {
    for (const Problem::Buffer &buffer : problem.buffers)
      content.push_back(buffer.begin);
  }

  void run(const Schedule &schedule) {
    for (const PlannedSweep &pass : schedule.sweeps) {
      enter(pass.epoch);
      check(pass);
    }
    enter({UINT_MAX, 0, 0});
    for (unsigned buffer = 0; buffer < problem.buffers.size(); ++buffer)
      if (problem.buffers[buffer].end)
        EXPECT_EQ(content[buffer], problem.buffers[buffer].end) << "buffer " << buffer;
    EXPECT_EQ(known.size(), problem.reductions.size());
  }

private:
  void enter(Epoch next) {
    EXPECT_GE(next, at);
    Scope passed = next.stage != at.stage ? Scope::Model : next.sweep != at.sweep ? Scope::Tensor : Scope::Tile;
    for (unsigned reduction : made)
      if (next != at && problem.reductions[reduction].scope <= passed)
        known.insert(reduction);
    if (next.stage != at.stage) {
      scratch.clear();
      for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
        if (isMadeElsewhere(reduction) && problem.reductions[reduction].stage < next.stage)
          known.insert(reduction);
    }
    at = next;
  }

  [[nodiscard]] bool isMadeElsewhere(unsigned reduction) const {
    return !problem.reductions[reduction].operand && !problem.reductions[reduction].isOfNumbers;
  }

  void check(const PlannedSweep &pass) {
    std::vector<bool> has(problem.nodes.size());
    for (const Load &load : pass.loads) {
      has[load.node] = true;
      if (load.buffer) {
        EXPECT_EQ(content[*load.buffer], load.node) << "the buffer holds something else";
        EXPECT_FALSE(isCommitted[*load.buffer] && problem.buffers[*load.buffer].isRounded) << "its digits are lost";
      } else if (load.field) {
        checkField(load);
      } else {
        EXPECT_TRUE(scratch.contains(load.node)) << "nobody has saved node " << load.node;
      }
    }
    for (unsigned node = 0; node < problem.nodes.size(); ++node) {
      const Problem::Node &value = problem.nodes[node];
      bool isKnown = llvm::all_of(value.awaits, [&](unsigned reduction) { return known.contains(reduction); });
      bool hasOperands = llvm::all_of(value.operands, [&](unsigned operand) { return has[operand]; });
      has[node] = has[node] || (!value.isInput && !value.madeBy && isKnown && hasOperands);
    }
    for (unsigned buffer : pass.commits) {
      EXPECT_GE(at.stage, problem.firstWrite) << "writes before the step is known to go on";
      EXPECT_TRUE(has[*problem.buffers[buffer].end]) << "buffer " << buffer;
      content[buffer] = problem.buffers[buffer].end;
      isCommitted[buffer] = true;
    }
    for (unsigned reduction : pass.reductions) {
      EXPECT_TRUE(has[problem.reductions[reduction].folded()]) << "reduction " << reduction;
      make(reduction);
    }
    for (unsigned reduction : pass.folds) {
      EXPECT_TRUE(problem.reductions[reduction].isOfNumbers);
      make(reduction);
    }
    for (unsigned reduction : made)
      checkAwaited(reduction);
    for (unsigned node : pass.saves) {
      EXPECT_TRUE(has[node]);
      scratch.insert(node);
    }
  }

  void checkField(const Load &load) {
    const Problem::Reduction &operation = problem.reductions[*load.field];
    EXPECT_TRUE(operation.isOperation);
    EXPECT_TRUE(made.contains(*load.field)) << "nothing is stored in the field of " << *load.field;
    if (operation.keepsField) {
      EXPECT_EQ(operation.folded(), load.node);
    } else {
      EXPECT_EQ(problem.nodes[load.node].madeBy, load.field);
      EXPECT_TRUE(known.contains(*load.field)) << "the operation " << *load.field << " is not done";
    }
  }

  void make(unsigned reduction) {
    EXPECT_TRUE(made.insert(reduction).second) << reduction << " is made twice";
    if (problem.reductions[reduction].scope == Scope::Model)
      EXPECT_EQ(at.stage, problem.reductions[reduction].stage);
  }

  /// What a reduction awaits besides its operand is complete no later than it is.
  void checkAwaited(unsigned reduction) {
    for (unsigned other : problem.reductions[reduction].awaits) {
      if (problem.reductions[other].scope == Scope::Model ||
          problem.reductions[other].scope > problem.reductions[reduction].scope)
        EXPECT_TRUE(known.contains(other)) << reduction << " awaits " << other;
      else
        EXPECT_TRUE(made.contains(other)) << reduction << " awaits " << other;
    }
  }

  const Problem &problem;
  Epoch at;
  std::vector<std::optional<unsigned>> content;
  std::vector<bool> isCommitted = std::vector<bool>(problem.buffers.size());
  std::set<unsigned> made, known, scratch;
};

/// In which stage each buffer is committed and each reduction made.
std::vector<unsigned> stagesOf(const Problem &problem, const Schedule &schedule) {
  std::vector<unsigned> stages(problem.buffers.size() + problem.reductions.size());
  for (const PlannedSweep &sweep : schedule.sweeps) {
    for (unsigned buffer : sweep.commits)
      stages[buffer] = sweep.epoch.stage;
    for (const auto &made : {sweep.reductions, sweep.folds})
      for (unsigned reduction : made)
        stages[problem.buffers.size() + reduction] = sweep.epoch.stage;
  }
  return stages;
}

TEST(Schedule, MovesAsLittleAsAnySchedule) {
  std::mt19937 engine(20261121);
  unsigned compared = 0, withSeveralSweeps = 0, withSeveralPasses = 0, withFields = 0, withFolds = 0;
  for (unsigned number = 0; number < 1200; ++number) {
    SCOPED_TRACE(number);
    Problem problem = randomProblem(engine);
    std::optional<unsigned> least = findLowerBound(problem);
    if (!least)
      continue;
    Schedule schedule = findStreamingSchedule(problem);
    Walk(problem).run(schedule);
    unsigned bytes = countBytes(problem, schedule);
    EXPECT_EQ(bytes, bytesMoved(problem, schedule));
    if (schedule.isExact)
      EXPECT_EQ(bytes, *least);
    else
      EXPECT_GE(bytes, *least);
    auto any = [&](auto holds) { return llvm::any_of(schedule.sweeps, holds); };
    compared += schedule.isExact;
    withSeveralSweeps += any([](const PlannedSweep &pass) { return pass.epoch.stage + pass.epoch.sweep > 0; });
    withSeveralPasses += any([](const PlannedSweep &pass) { return pass.epoch.pass > 0; });
    withFolds += any([](const PlannedSweep &pass) { return !pass.folds.empty(); });
    withFields += any([](const PlannedSweep &pass) {
      return llvm::any_of(pass.loads, [](const Load &load) { return load.field.has_value(); });
    });
  }
  // The generator makes what the test is about.
  EXPECT_GT(compared, 800u);
  EXPECT_GT(withSeveralSweeps, 500u);
  EXPECT_GT(withSeveralPasses, 200u);
  EXPECT_GT(withFields, 100u);
  EXPECT_GT(withFolds, 100u);
}

// ---- steps by hand

Problem::Node input() {
  return {{}, {}, 4, 0, true, std::nullopt};
}
Problem::Node computed(llvm::SmallVector<unsigned, 3> operands, llvm::SmallVector<unsigned, 2> awaits = {}) {
  return {std::move(operands), std::move(awaits), 4, 1, false, std::nullopt};
}
Problem::Reduction folding(unsigned operand, Scope scope) {
  Problem::Reduction reduction;
  reduction.operand = operand;
  reduction.scope = scope;
  return reduction;
}

/// The epochs in which a schedule does something.
std::vector<Epoch> epochsOf(const Schedule &schedule) {
  std::vector<Epoch> epochs;
  for (const PlannedSweep &pass : schedule.sweeps)
    epochs.push_back(pass.epoch);
  return epochs;
}

/// w′ = w·s, with s from the norm of w.
Problem groupProx(Scope scope) {
  Problem problem;
  problem.nodes = {input(), computed({}, {0}), computed({0, 1})};
  problem.buffers = {{4, 0, 2, false}};
  problem.reductions = {folding(0, scope)};
  return problem;
}

// One sweep of two passes: w is read once and written once.
TEST(Schedule, ShrinksRowsInOneSweep) {
  Problem problem = groupProx(Scope::Tile);
  Schedule schedule = findStreamingSchedule(problem);
  EXPECT_EQ(bytesMoved(problem, schedule), 8u);
  EXPECT_EQ(findLowerBound(problem), 8u);
  EXPECT_EQ(epochsOf(schedule), (std::vector<Epoch>{{0, 0, 0}, {0, 0, 1}}));
}

// w has to be read a second time.
TEST(Schedule, ShrinksTensorsInTwoSweeps) {
  Problem problem = groupProx(Scope::Tensor);
  Schedule schedule = findStreamingSchedule(problem);
  EXPECT_EQ(bytesMoved(problem, schedule), 12u);
  EXPECT_EQ(findLowerBound(problem), 12u);
  EXPECT_EQ(epochsOf(schedule), (std::vector<Epoch>{{0, 0, 0}, {0, 1, 0}}));
}

// The norms of rows need only w, but the rest awaits a norm of g. Made early, in a sweep of g and w, they would cost a
// second reading of w.
TEST(Schedule, FoldsRowsWhereTheyAreUsed) {
  Problem problem;
  problem.nodes = {input(),          input(),          computed({}, {0}), computed({}, {1}),
                   computed({0, 2}), computed({1, 3}), computed({4, 5})};
  problem.buffers = {{4, 0, 6, false}, {4, 1, std::nullopt, false}};
  problem.reductions = {folding(0, Scope::Tile), folding(1, Scope::Tensor)};
  Schedule schedule = findStreamingSchedule(problem);
  EXPECT_EQ(bytesMoved(problem, schedule), 16u);
  EXPECT_EQ(findLowerBound(problem), 16u);
  EXPECT_EQ(epochsOf(schedule), (std::vector<Epoch>{{0, 0, 0}, {0, 1, 0}, {0, 1, 1}}));
}

// The projection of rows on a simplex: w is read, stored in the field, and written: 12. The field need not be read
// again.
TEST(Schedule, StoresWhatIsSearched) {
  Problem problem = groupProx(Scope::Tile);
  problem.reductions[0].isOperation = true;
  problem.reductions[0].keepsField = true;
  Schedule schedule = findStreamingSchedule(problem);
  EXPECT_EQ(bytesMoved(problem, schedule), 12u);
  EXPECT_EQ(findLowerBound(problem), 12u);
}

// w′ is what an operation over the tensor has made of w: w is read, the field written and read, w written.
TEST(Schedule, LoadsWhatIsRearranged) {
  Problem problem = groupProx(Scope::Tensor);
  problem.nodes = {input(), computed({})};
  problem.nodes[1].madeBy = 0;
  problem.buffers[0].end = 1;
  problem.reductions[0].isOperation = true;
  Schedule schedule = findStreamingSchedule(problem);
  EXPECT_EQ(bytesMoved(problem, schedule), 16u);
  EXPECT_EQ(findLowerBound(problem), 16u);
  ASSERT_EQ(schedule.sweeps.size(), 2u);
  EXPECT_EQ(schedule.sweeps[1].loads, (std::vector<Load>{{1, std::nullopt, 0}}));
}

// The mean of the norms of rows is known when their sweep is through: the next one uses it.
TEST(Schedule, FoldsNumbersOfRows) {
  Problem problem = groupProx(Scope::Tile);
  Problem::Reduction mean;
  mean.isOfNumbers = true;
  mean.awaits = {0};
  problem.reductions.push_back(mean);
  problem.nodes[1].awaits = {0, 1};
  Schedule schedule = findStreamingSchedule(problem);
  EXPECT_EQ(bytesMoved(problem, schedule), 12u);
  EXPECT_EQ(findLowerBound(problem), 12u);
  EXPECT_EQ(epochsOf(schedule), (std::vector<Epoch>{{0, 0, 0}, {0, 1, 0}}));
  EXPECT_EQ(schedule.sweeps[0].folds, std::vector<unsigned>{1});
}

// The second sweep needs w in its first pass and s = f(w, g) in its second. The field holds s, in 4 bytes; with w at
// hand anyway, computing it again from g costs 2. A cut for the second pass alone, which sees the price of w too, would
// load s.
TEST(Schedule, SharesWhatPassesLoad) {
  Problem problem;
  problem.nodes = {input(),          input(),           computed({0, 1}), computed({}, {0}),
                   computed({0, 3}), computed({}, {1}), computed({2, 5})};
  problem.buffers = {{4, 0, 6, false}, {2, 1, std::nullopt, false}};
  problem.reductions = {folding(2, Scope::Tensor), folding(4, Scope::Tile)};
  problem.reductions[0].isOperation = true;
  problem.reductions[0].keepsField = true;
  Schedule schedule = findStreamingSchedule(problem);
  // w, g, the field; w, g, w.
  EXPECT_EQ(bytesMoved(problem, schedule), 4u + 2 + 4 + 4 + 2 + 4);
  EXPECT_EQ(findLowerBound(problem), 20u);
}

TEST(Schedule, ResidentSchedulesKeepTheStages) {
  std::mt19937 engine(4711);
  unsigned saving = 0;
  for (unsigned number = 0; number < 600; ++number) {
    SCOPED_TRACE(number);
    Problem problem = randomProblem(engine);
    Schedule streaming = findStreamingSchedule(problem);
    Schedule resident = findResidentSchedule(problem, streaming);
    Walk(problem).run(resident);
    EXPECT_EQ(stagesOf(problem, resident), stagesOf(problem, streaming));
    saving += llvm::any_of(resident.sweeps, [](const PlannedSweep &sweep) { return !sweep.saves.empty(); });
  }
  EXPECT_GT(saving, 10u);
}

} // namespace
