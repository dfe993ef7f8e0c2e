// Which instruction set is chosen, by machine and by RAVINE_ISA.
#include "runtime/core/Target.h"
#include "test/runtime/core/Model.h"
#include "test/runtime/core/SamplePlan.h"

#include <cstdlib>

namespace ravine::core {

namespace {

using test::Outcome;

constexpr uint32_t v3 = 1u << RAVINE_TARGET_X86_64_V3, v4 = 1u << RAVINE_TARGET_X86_64_V4;

Outcome choose(uint32_t supported, const char *requested, uint32_t &index) {
  return test::outcomeOf(
      [&](ravine_error *error) { return chooseTarget(ravine_plan, supported, requested, index, Error(error)); });
}

TEST(Target, IsTheWidestThatRuns) {
  uint32_t index = 99;
  EXPECT_EQ(choose(v3 | v4, nullptr, index), test::ok);
  EXPECT_EQ(index, 1u);
  EXPECT_EQ(choose(v3, nullptr, index), test::ok);
  EXPECT_EQ(index, 0u);
  EXPECT_EQ(choose(v3 | v4, "", index), test::ok);
  EXPECT_EQ(index, 1u);
}

TEST(Target, CanBeNamed) {
  uint32_t index = 99;
  EXPECT_EQ(choose(v3 | v4, "x86-64-v3", index), test::ok);
  EXPECT_EQ(index, 0u);
}

TEST(Target, HasToBeKnown) {
  uint32_t index = 99;
  EXPECT_EQ(
      choose(v3 | v4, "avx2", index),
      (Outcome{RAVINE_ERROR_TARGET, "RAVINE_ISA is \"avx2\", but the library has kernels for x86-64-v3, x86-64-v4"}));
}

TEST(Target, HasToRun) {
  uint32_t index = 99;
  EXPECT_EQ(choose(v3, "x86-64-v4", index),
            (Outcome{RAVINE_ERROR_TARGET, "RAVINE_ISA is \"x86-64-v4\", which this processor cannot run"}));
  EXPECT_EQ(
      choose(0, nullptr, index),
      (Outcome{RAVINE_ERROR_TARGET, "this processor runs none of the instruction sets that the library has kernels "
                                    "for: x86-64-v3, x86-64-v4"}));
}

TEST(Target, SupportAgreesWithTheCompiler) {
  __builtin_cpu_init();
  // __builtin_cpu_supports asks processor and operating system on its own.
  EXPECT_EQ((supportedTargets() & v3) != 0, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                                                __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"));
  EXPECT_EQ((supportedTargets() & v4) != 0, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                                                __builtin_cpu_supports("avx512cd") &&
                                                __builtin_cpu_supports("avx512dq") &&
                                                __builtin_cpu_supports("avx512vl"));
}

TEST(Target, DecidesWhichKernelsRun) {
  for (uint32_t target = 0; target < ravine_plan.target_count; ++target) {
    if ((supportedTargets() >> ravine_plan.targets[target] & 1) == 0)
      continue;
    setenv("RAVINE_ISA", ravine_plan.target_names[target], 1);
    test::Model model({3});
    EXPECT_EQ(model.create("momentum"), test::ok);
    unsetenv("RAVINE_ISA");
    (void)sample_targets_used();
    EXPECT_EQ(model.step(), test::ok);
    EXPECT_EQ(sample_targets_used(), 1u << ravine_plan.targets[target]);
  }
}

TEST(Target, IsCheckedAtCreation) {
  setenv("RAVINE_ISA", "sse2", 1);
  test::Model model({3});
  EXPECT_EQ(
      model.create("momentum"),
      (Outcome{RAVINE_ERROR_TARGET, "RAVINE_ISA is \"sse2\", but the library has kernels for x86-64-v3, x86-64-v4"}));
  unsetenv("RAVINE_ISA");
}

} // namespace

} // namespace ravine::core
