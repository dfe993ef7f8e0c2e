// What a step computes: pointers that move, absent gradients, counters, groups, initial values and cached scalars.
#include "runtime/core/Optimizer.h"
#include "test/runtime/core/Model.h"
#include "test/runtime/core/SamplePlan.h"

#include <bit>
#include <cfloat>
#include <cmath>
#include <xmmintrin.h>

namespace ravine::test {

namespace {

using Values = std::vector<float>;

TEST(Step, UpdatesParametersAndStates) {
  Model model({3});
  EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5)}), ok);
  EXPECT_EQ(model.step(), ok); // b = 2, w = 1 - 0.5*2
  EXPECT_EQ(model.state(0, "b"), Values(3, 2.0f));
  EXPECT_EQ(model.w[0], Values(3, 0.0f));
  EXPECT_EQ(model.step(), ok); // b = 0.5*2 + 2, w = 0 - 0.5*3
  EXPECT_EQ(model.state(0, "b"), Values(3, 3.0f));
  EXPECT_EQ(model.w[0], Values(3, -1.5f));
  EXPECT_EQ(model.g[0], Values(3, 2.0f));
}

TEST(Step, WorksInDouble) {
  Model model({2});
  model.tensors[0].parameter_dtype = model.tensors[0].gradient_dtype = RAVINE_F64;
  EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5)}), ok);
  std::vector<double> w = {1, 1 + DBL_EPSILON}, g = {2, 2};
  EXPECT_EQ(model.step({w.data()}, {g.data()}), ok);
  EXPECT_EQ(w, (std::vector<double>{0, DBL_EPSILON}));
  ravine_state_view b = model.view(0, "b");
  EXPECT_EQ(b.dtype, RAVINE_F64);
  EXPECT_EQ(b.count, 2u);
  EXPECT_EQ(static_cast<double *>(b.data)[1], 2.0);
}

TEST(Step, FollowsPointersThatMove) {
  Model model({3, 2});
  EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5)}), ok);
  Values fresh0(3, 2.0f), fresh1(2, 2.0f);
  for (int step = 0; step < 4; ++step) {
    // Other gradients, and at step 2 other parameters with the values that the old ones had.
    std::vector<Values> g = {Values(3, 2.0f), Values(2, 2.0f)};
    if (step == 2) {
      fresh0 = model.w[0], fresh1 = model.w[1];
      model.w[0].assign(3, 99.0f), model.w[1].assign(2, 99.0f);
    }
    auto parameters = step < 2 ? model.parameters() : std::vector<void *>{fresh0.data(), fresh1.data()};
    EXPECT_EQ(model.step(parameters, {g[0].data(), g[1].data()}), ok);
  }
  // b: 2, 3, 3.5, 3.75; w: 0, -1.5, -3.25, -5.125
  EXPECT_EQ(fresh0, Values(3, -5.125f));
  EXPECT_EQ(fresh1, Values(2, -5.125f));
  EXPECT_EQ(model.w[0], Values(3, 99.0f));
}

TEST(Step, TakesNullArraysAsBefore) {
  Model model({3, 2});
  EXPECT_EQ(model.create("momentum"), ok);
  EXPECT_EQ(model.stepWithout({1}), ok);
  EXPECT_EQ(model.step({.struct_size = sizeof(ravine_step_args)}), ok);
  EXPECT_EQ(model.w[0], Values(3, -1.0f));
  EXPECT_EQ(model.w[1], Values(2, 1.0f));
  auto gradients = model.gradients();
  EXPECT_EQ(model.step({.struct_size = sizeof(ravine_step_args), .gradients = gradients.data()}), ok);
  EXPECT_EQ(model.w[0], Values(3, -2.0f));
  EXPECT_EQ(model.w[1], Values(2, 0.0f));
}

TEST(Step, LeavesTensorsWithoutGradientAlone) {
  Model model({3, 2});
  EXPECT_EQ(model.create("averaged"), ok);
  auto parameters = model.parameters();
  parameters[1] = nullptr; // nobody looks at it
  EXPECT_EQ(model.step(parameters, model.gradients({1})), ok);
  EXPECT_EQ(model.w[1], Values(2, 1.0f));
  EXPECT_EQ(model.progress(0).tensor_steps, 1);
  EXPECT_EQ(model.progress(1).tensor_steps, 0);
  EXPECT_EQ(model.progress(1).steps, 1);
  EXPECT_EQ(model.view(0, "u").initialized, 1);
  EXPECT_EQ(model.view(1, "u").initialized, 0);

  EXPECT_EQ(model.stepWithout({0, 1}), ok); // nobody takes part: still a step
  EXPECT_EQ(model.progress(0).steps, 2);
  EXPECT_EQ(model.progress(0).tensor_steps, 1);
  EXPECT_EQ(model.w[0], Values(3, 0.0f));
}

TEST(Step, CountsTPerTensorAndStepForAll) {
  Model model({2, 2});
  EXPECT_EQ(model.create("averaged"), ok);
  EXPECT_EQ(model.stepWithout({1}), ok); // step 1: w0 = 1 - 0.5*2 = 0, u0 = 0 (t = 1)
  EXPECT_EQ(model.step(), ok);           // step 2: w0 = 0 - 0.25*2, u0 half way (t = 2); w1 = 1 - 0.25*2, t = 1
  EXPECT_EQ(model.w[0], Values(2, -0.5f));
  EXPECT_EQ(model.state(0, "u"), Values(2, -0.25f));
  EXPECT_EQ(model.w[1], Values(2, 0.5f));
  EXPECT_EQ(model.state(1, "u"), Values(2, 0.5f));
  EXPECT_EQ(model.stepWithout({0}), ok);
  EXPECT_EQ(model.configure({setting("lr", 1)}), ok);
  EXPECT_EQ(model.stepWithout({0}), ok); // step 4: w1 = w1 - (1/4)*2, t = 3
  EXPECT_EQ(model.progress(1).steps, 4);
  EXPECT_EQ(model.progress(1).tensor_steps, 3);
  float before = 0.5f - static_cast<float>(0.5 / 3) * 2.0f; // step 3
  EXPECT_EQ(model.w[1], Values(2, before - 0.25f * 2.0f));
  EXPECT_EQ(model.progress(0).tensor_steps, 2);
}

TEST(Step, InitialisesAtTheFirstStepOfATensor) {
  // Long enough for several chunks, and a learning rate of 0 so that u shows what w was.
  Model model({200001, 5});
  EXPECT_EQ(model.create("averaged", {setting("lr", 0)}), ok);
  EXPECT_EQ(model.view(0, "u").initialized, 0);
  for (size_t i = 0; i < model.w[0].size(); ++i)
    model.w[0][i] = static_cast<float>(i);
  EXPECT_EQ(model.stepWithout({1}), ok);
  EXPECT_EQ(model.state(0, "u"), model.w[0]);
  // The first step of one tensor is not that of another: here u is half way from where it is to w.
  std::fill_n(static_cast<float *>(model.view(0, "u").data), model.w[0].size(), 0.0f);
  model.w[1].assign(5, 7.0f);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.state(1, "u"), Values(5, 7.0f));
  EXPECT_EQ(model.state(0, "u")[200000], 100000.0f);
}

TEST(Step, GivesZeroStatesZeroMemory) {
  Model model({1000, 600000});
  EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5)}), ok);
  EXPECT_EQ(model.state(0, "b"), Values(1000, 0.0f));
  EXPECT_EQ(model.state(1, "b"), Values(600000, 0.0f));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(model.view(0, "b").data) % 64, 0u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(model.view(1, "b").data) % 64, 0u);
  // Together they are above the size of a huge page.
  EXPECT_EQ(reinterpret_cast<uintptr_t>(model.view(0, "b").data) % (2 << 20), 0u);
}

TEST(Step, UsesTheSettingsAndStatesOfEachGroup) {
  Model model({2, 2, 2});
  model.tensors[1].group = 1;
  model.args.group_count = 2;
  EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5, 1), setting("lr", 0.25, 1)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.w[0], Values(2, -1.0f));
  EXPECT_EQ(model.w[2], Values(2, -1.0f));
  EXPECT_EQ(model.w[1], Values(2, 1 - 0.25f * 2 - 0.25f * 3));
  EXPECT_EQ(model.view(0, "b").exists, 0);
  EXPECT_EQ(model.view(0, "b").data, nullptr);
  EXPECT_EQ(model.view(0, "b").count, 0u);
  EXPECT_EQ(model.view(1, "b").exists, 1);
}

TEST(Step, LetsTheHostOverwriteStates) {
  Model model({2});
  EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5)}), ok);
  EXPECT_EQ(model.step(), ok);
  auto *b = static_cast<float *>(model.view(0, "b").data);
  b[0] = b[1] = 8.0f;
  EXPECT_EQ(model.step(), ok); // b = 0.5*8 + 2
  EXPECT_EQ(model.w[0], Values(2, -3.0f));
}

TEST(Step, GoesOnFromRestoredStatesAndCounters) {
  Model first({3, 3});
  EXPECT_EQ(first.create("averaged"), ok);
  EXPECT_EQ(first.step(), ok);
  EXPECT_EQ(first.stepWithout({1}), ok); // t is 2 for tensor 0 and 1 for tensor 1
  Model second({3, 3});
  EXPECT_EQ(second.create("averaged"), ok);
  second.w = first.w;
  for (size_t tensor : {0u, 1u}) {
    ravine_progress saved = first.progress(tensor);
    EXPECT_EQ(second.library->restore_progress(second.optimizer, tensor, &saved, nullptr), RAVINE_OK);
    Values state = first.state(tensor, "u");
    std::copy(state.begin(), state.end(), static_cast<float *>(second.view(tensor, "u").data));
  }
  for (Model *model : {&first, &second})
    EXPECT_EQ(model->step(), ok);
  EXPECT_EQ(second.w, first.w);
  for (size_t tensor : {0u, 1u}) {
    EXPECT_EQ(second.state(tensor, "u"), first.state(tensor, "u"));
    EXPECT_EQ(second.progress(tensor).steps, 3);
    EXPECT_EQ(second.progress(tensor).tensor_steps, first.progress(tensor).tensor_steps);
  }
}

TEST(Step, CountsTensorsWithoutElements) {
  Model model({0, 2});
  EXPECT_EQ(model.create("averaged"), ok);
  EXPECT_EQ(model.step({nullptr, model.w[1].data()}, {nullptr, model.g[1].data()}), ok);
  EXPECT_EQ(model.progress(0).tensor_steps, 1);
  EXPECT_EQ(model.view(0, "u").exists, 1);
  EXPECT_EQ(model.view(0, "u").count, 0u);
  EXPECT_EQ(model.w[1], Values(2, 0.0f));
}

TEST(Step, TakesTheTensorsAgain) {
  Model model({3, 2});
  EXPECT_EQ(model.create("momentum"), ok);
  auto parameters = model.parameters();
  auto gradients = model.gradients();
  model.tensors[1].name = nullptr;
  EXPECT_EQ(model.step({.struct_size = sizeof(ravine_step_args),
                        .parameters = parameters.data(),
                        .gradients = gradients.data(),
                        .tensors = model.tensors.data()}),
            ok);
  EXPECT_EQ(model.w[1], Values(2, 0.0f));
}

// ---- scalar programs

/// How often scalar programs run while `function` does.
template <typename Function> unsigned long scalarCalls(int optimizer, Function function) {
  unsigned long before = sample_scalar_calls(optimizer);
  function();
  return sample_scalar_calls(optimizer) - before;
}

TEST(Scalars, WithoutAClockRunOncePerGroupAndSetting) {
  Model model(std::vector<int64_t>(100, 3));
  for (size_t i = 0; i < 100; i += 2)
    model.tensors[i].group = 1;
  model.args.group_count = 3;
  EXPECT_EQ(model.create("momentum"), ok);
  EXPECT_EQ(scalarCalls(0, [&] { EXPECT_EQ(model.step(), ok); }), 2u);
  EXPECT_EQ(scalarCalls(0, [&] { EXPECT_EQ(model.step(), ok); }), 0u);
  EXPECT_EQ(scalarCalls(0, [&] { EXPECT_EQ(model.stepWithout({0, 3, 4}), ok); }), 0u);
  EXPECT_EQ(model.configure({setting("lr", 0.5)}), ok); // as it was
  EXPECT_EQ(scalarCalls(0, [&] { EXPECT_EQ(model.step(), ok); }), 0u);
  EXPECT_EQ(model.configure({setting("lr", 0.25, 1)}), ok);
  EXPECT_EQ(scalarCalls(0, [&] { EXPECT_EQ(model.step(), ok); }), 2u);
  EXPECT_EQ(model.w[1], Values(3, 1.0f - 5 * 1.0f));
  EXPECT_EQ(model.w[3], Values(3, 1.0f - 4 * 1.0f)); // sat one step out
  EXPECT_EQ(model.w[2], Values(3, 1.0f - 4 * 1.0f - 0.5f));
}

TEST(Scalars, ReachTensorsThatSatOutWhenTheyWereComputed) {
  Model model({3, 3});
  EXPECT_EQ(model.create("momentum"), ok);
  EXPECT_EQ(model.configure({setting("lr", 0.25)}), ok);
  EXPECT_EQ(model.stepWithout({1}), ok);
  EXPECT_EQ(model.stepWithout({0}), ok);
  EXPECT_EQ(model.w[1], Values(3, 0.5f));
}

TEST(Scalars, WithTRunOncePerDistinctT) {
  Model model(std::vector<int64_t>(50, 3));
  EXPECT_EQ(model.create("averaged"), ok);
  std::vector<size_t> odd;
  for (size_t i = 1; i < 50; i += 2)
    odd.push_back(i);
  // One call for the sweep that reads step, and one per t for the sweep that reads t.
  EXPECT_EQ(scalarCalls(1, [&] { EXPECT_EQ(model.stepWithout(odd), ok); }), 2u);
  EXPECT_EQ(scalarCalls(1, [&] { EXPECT_EQ(model.step(), ok); }), 3u);
  EXPECT_EQ(scalarCalls(1, [&] { EXPECT_EQ(model.step(), ok); }), 3u);
  EXPECT_EQ(model.progress(0).tensor_steps, 3);
  EXPECT_EQ(model.progress(1).tensor_steps, 2);
}

TEST(Scalars, WithSizeRunOncePerDistinctSize) {
  Model model({4, 2, 4, 2, 8});
  EXPECT_EQ(model.create("sized", {setting("lr", 4)}), ok);
  EXPECT_EQ(scalarCalls(2, [&] { EXPECT_EQ(model.step(), ok); }), 3u);
  EXPECT_EQ(model.w[0], Values(4, 1.0f - 2.0f));
  EXPECT_EQ(model.w[1], Values(2, 1.0f - 4.0f));
  EXPECT_EQ(model.w[4], Values(8, 0.0f));
  EXPECT_EQ(scalarCalls(2, [&] { EXPECT_EQ(model.step(), ok); }), 0u);
}

// ---- the floating-point mode

TEST(FloatingPoint, FlushesSubnormalsIfThePlanSaysSo) {
  for (uint32_t flush : {0u, 1u}) {
    ravine_plan_library plan = ravine_plan;
    std::vector<ravine_plan_optimizer> optimizers(plan.optimizers, plan.optimizers + plan.optimizer_count);
    for (ravine_plan_optimizer &optimizer : optimizers)
      optimizer.flush_subnormals = flush;
    plan.optimizers = optimizers.data();
    Model model({2});
    EXPECT_EQ(core::create(plan, &model.args, &model.optimizer, core::Error(nullptr)), RAVINE_OK);
    model.w[0] = {FLT_MIN, 1.0f};
    model.g[0] = {FLT_MIN, 0.0f};
    EXPECT_EQ(model.step(), ok); // FLT_MIN - 0.5*FLT_MIN: flushed, 0.5*FLT_MIN is 0
    EXPECT_EQ(std::bit_cast<uint32_t>(model.w[0][0]), std::bit_cast<uint32_t>(flush ? FLT_MIN : FLT_MIN / 2));
  }
}

TEST(FloatingPoint, IsTheHostsAfterwards) {
  Model model({2});
  EXPECT_EQ(model.create("momentum"), ok);
  model.w[0] = {FLT_MIN, 1.0f};
  model.g[0] = {FLT_MIN, FLT_MAX};
  unsigned before = _mm_getcsr();
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(_mm_getcsr(), before);
}

TEST(FloatingPoint, DoesNotDependOnTheHosts) {
  // In double precision, so that a scalar that was rounded otherwise shows.
  auto run = [](unsigned rounding) {
    Model model({3});
    model.tensors[0].parameter_dtype = model.tensors[0].gradient_dtype = RAVINE_F64;
    EXPECT_EQ(model.create("averaged", {setting("lr", 0.1)}), ok);
    std::vector<double> w = {0.1, 0.3, 0.7}, g = {1, 0.11, 0.13};
    unsigned before = _mm_getcsr();
    _MM_SET_ROUNDING_MODE(rounding);
    for (int i = 0; i < 7; ++i)
      EXPECT_EQ(model.step({w.data()}, {g.data()}), ok);
    _mm_setcsr(before);
    return w;
  };
  EXPECT_EQ(run(_MM_ROUND_UP), run(_MM_ROUND_NEAREST));
  EXPECT_EQ(run(_MM_ROUND_DOWN), run(_MM_ROUND_NEAREST));
}

} // namespace

} // namespace ravine::test
