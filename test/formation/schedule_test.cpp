// Schedules: that they do what the step asks, and that they move as little as any can.
#include "compiler/formation/LowerBound.h"
#include "compiler/formation/Schedule.h"
#include "test/formation/RandomProblem.h"

#include "llvm/ADT/STLExtras.h"

#include <climits>
#include <gtest/gtest.h>
#include <map>

using namespace ravine::formation;
using ravine::test::randomProblem;

namespace {

/// What a schedule moves from and to main memory, counted from what its sweeps say.
unsigned bytesMoved(const Problem &problem, const Schedule &schedule) {
  unsigned bytes = 0;
  for (const PlannedSweep &sweep : schedule.sweeps) {
    for (const Load &load : sweep.loads)
      bytes += load.buffer ? problem.buffers[*load.buffer].bytes : 0;
    for (unsigned buffer : sweep.commits)
      bytes += problem.buffers[buffer].bytes;
  }
  return bytes;
}

/// Walks through a schedule and checks that every value that a sweep uses is there when it uses it.
class Walk {
public:
  explicit Walk(const Problem &problem) : problem(problem) {
    for (const Problem::Buffer &buffer : problem.buffers)
      content.push_back(buffer.begin);
  }

  void run(const Schedule &schedule) {
    for (const PlannedSweep &sweep : schedule.sweeps) {
      if (sweep.epoch.stage != stage)
        enter(sweep.epoch.stage);
      check(sweep);
    }
    enter(UINT_MAX);
    for (unsigned buffer = 0; buffer < problem.buffers.size(); ++buffer)
      if (problem.buffers[buffer].end)
        EXPECT_EQ(content[buffer], problem.buffers[buffer].end) << "buffer " << buffer;
    EXPECT_EQ(known.size(), problem.reductions.size());
  }

private:
  void enter(unsigned next) {
    EXPECT_GT(next, stage);
    stage = next;
    scratch.clear();
    for (unsigned reduction : madeInStage)
      known[reduction] = true;
    madeInStage.clear();
    for (unsigned reduction = 0; reduction < problem.reductions.size(); ++reduction)
      if (!problem.reductions[reduction].operand && problem.reductions[reduction].stage < stage)
        known[reduction] = true;
  }

  void check(const PlannedSweep &sweep) {
    std::vector<bool> has(problem.nodes.size());
    for (const Load &load : sweep.loads) {
      if (load.buffer) {
        EXPECT_EQ(content[*load.buffer], load.node) << "the buffer holds something else";
        EXPECT_FALSE(isCommitted[*load.buffer] && problem.buffers[*load.buffer].isRounded) << "its digits are lost";
      } else {
        EXPECT_TRUE(scratch.contains(load.node)) << "nobody has saved node " << load.node;
      }
      has[load.node] = true;
    }
    for (unsigned node = 0; node < problem.nodes.size(); ++node) {
      const Problem::Node &value = problem.nodes[node];
      bool isKnown = llvm::all_of(value.awaits, [&](unsigned reduction) { return known.contains(reduction); });
      bool hasOperands = llvm::all_of(value.operands, [&](unsigned operand) { return has[operand]; });
      has[node] = has[node] || (!value.isInput && isKnown && hasOperands);
    }
    for (unsigned buffer : sweep.commits) {
      EXPECT_GE(stage, problem.firstWrite) << "writes before the step is known to go on";
      EXPECT_TRUE(has[*problem.buffers[buffer].end]) << "buffer " << buffer;
      content[buffer] = problem.buffers[buffer].end;
      isCommitted[buffer] = true;
    }
    for (unsigned reduction : sweep.reductions) {
      EXPECT_TRUE(has[problem.reductions[reduction].folded()]) << "reduction " << reduction;
      if (problem.reductions[reduction].isModelWide) {
        EXPECT_EQ(stage, problem.reductions[reduction].stage);
        madeInStage.push_back(reduction);
      } else {
        known[reduction] = true;
      }
    }
    for (unsigned node : sweep.saves) {
      EXPECT_TRUE(has[node]);
      scratch[node] = true;
    }
  }

  const Problem &problem;
  unsigned stage = 0;
  std::vector<std::optional<unsigned>> content;
  std::vector<bool> isCommitted = std::vector<bool>(problem.buffers.size());
  std::map<unsigned, bool> known, scratch;
  std::vector<unsigned> madeInStage;
};

/// In which stage each buffer is committed and each reduction made.
std::vector<unsigned> stagesOf(const Problem &problem, const Schedule &schedule) {
  std::vector<unsigned> stages(problem.buffers.size() + problem.reductions.size());
  for (const PlannedSweep &sweep : schedule.sweeps) {
    for (unsigned buffer : sweep.commits)
      stages[buffer] = sweep.epoch.stage;
    for (unsigned reduction : sweep.reductions)
      stages[problem.buffers.size() + reduction] = sweep.epoch.stage;
  }
  return stages;
}

TEST(Schedule, MovesAsLittleAsAnySchedule) {
  std::mt19937 engine(20261121);
  unsigned compared = 0, withSeveralSweeps = 0;
  for (unsigned number = 0; number < 600; ++number) {
    SCOPED_TRACE(number);
    Problem problem = randomProblem(engine);
    std::optional<unsigned> least = findLowerBound(problem);
    if (!least)
      continue;
    Schedule schedule = findStreamingSchedule(problem);
    Walk(problem).run(schedule);
    if (schedule.isExact)
      EXPECT_EQ(bytesMoved(problem, schedule), *least);
    else
      EXPECT_GE(bytesMoved(problem, schedule), *least);
    compared += schedule.isExact;
    withSeveralSweeps += schedule.sweeps.size() > 1;
  }
  // The generator makes what the test is about.
  EXPECT_GT(compared, 400u);
  EXPECT_GT(withSeveralSweeps, 300u);
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
