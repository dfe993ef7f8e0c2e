// Steps that end early: what is done in their place, what counts as initialised, and what stays as it was.
#include "test/runtime/core/ComposedModel.h"

namespace ravine::test {

namespace {

using Values = std::vector<double>;

TEST(Exits, GatherGradientsOverSteps) {
  ComposedModel model({{"w", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 3)}), ok);
  for (int micro = 1; micro <= 2; ++micro) {
    EXPECT_EQ(model.stepWith(3), ok);
    EXPECT_EQ(model.parameter[0].values(), Values(4, 2));
    EXPECT_EQ(model.gradient[0].values(), Values(4, 0));
    EXPECT_EQ(model.state(0, "acc"), Values(4, 3 * micro));
    EXPECT_EQ(model.number("count"), micro);
    EXPECT_EQ(model.number("n"), 2 + 200 + micro);
    EXPECT_EQ(model.progress().skipped, micro);
    EXPECT_EQ(model.progress().steps, 0);
    EXPECT_EQ(model.progress().tensor_steps, 0);
    EXPECT_TRUE(std::isnan(model.metric("norm")));
  }
  EXPECT_EQ(model.stepWith(6), ok); // a mean of 4, and lr*warm = 0.25
  EXPECT_EQ(model.parameter[0].values(), Values(4, 1));
  EXPECT_EQ(model.state(0, "hidden.b"), Values(4, 4));
  EXPECT_EQ(model.state(0, "acc"), Values(4, 0));
  EXPECT_EQ(model.number("count"), 0);
  EXPECT_EQ(model.progress().steps, 1);
  EXPECT_EQ(model.progress().tensor_steps, 1);
  EXPECT_EQ(model.metric("norm"), 8);
  EXPECT_EQ(model.metric("depth"), 2 + 200 + 3);
  EXPECT_EQ(model.stepWith(100), ok); // metrics stay
  EXPECT_EQ(model.metric("norm"), 8);
  EXPECT_EQ(model.metric("depth"), 2 + 200 + 3);
}

TEST(Exits, CostNoSweepThatTheyDoNotNeed) {
  ComposedModel model({{"a", {2, 2}}, {"b", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 2)}), ok);
  (void)sample_composition_kernels();
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(sample_composition_kernels(), 2u); // what gathers, for each tensor
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(sample_composition_kernels(), 4u); // what measures and what moves
}

TEST(Exits, KeepInitialValues) {
  ComposedModel model({{"w", {2, 2}, RAVINE_BF16, RAVINE_BF16}});
  EXPECT_EQ(model.create("lenient", {setting("every", 2), setting("warm", 1)}), ok);
  EXPECT_EQ(model.view(0, "master").initialized, 0);
  EXPECT_EQ(model.progress().tensor_initialized, 0);
  EXPECT_EQ(model.progress().model_initialized, 0);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.view(0, "master").initialized, 1);
  EXPECT_EQ(model.view(0, "count").initialized, 1);
  EXPECT_EQ(model.progress().tensor_initialized, 1);
  EXPECT_EQ(model.progress().model_initialized, 1);
  EXPECT_EQ(model.progress().steps, 0);
  // A second initial value would be 5.
  model.parameter[0].fill(5);
  EXPECT_EQ(model.stepWith(1), ok);
  EXPECT_EQ(model.state(0, "master"), Values(4, 1));
  EXPECT_EQ(model.parameter[0].values(), Values(4, 1));
}

TEST(Exits, LeaveOutTensorsWithoutGradient) {
  ComposedModel model({{"a", {2, 2}}, {"b", {2, 2}, RAVINE_F16, RAVINE_F16}, {"c", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 3), setting("hidden.momentum", 0)}), ok);
  EXPECT_EQ(model.stepWith(1, {1, 2}), ok);
  EXPECT_EQ(model.progress(1).tensor_initialized, 0);
  EXPECT_EQ(model.progress(1).model_initialized, 1);
  EXPECT_EQ(model.gradient[1].values(), Values(4, 1)); // not its turn
  EXPECT_EQ(model.stepWith(1, {2}), ok);
  EXPECT_EQ(model.progress(1).tensor_initialized, 1);
  EXPECT_EQ(model.state(0, "acc"), Values(4, 2));
  EXPECT_EQ(model.state(1, "acc"), Values(4, 1));
  EXPECT_EQ(model.number("n", 0), 202 + 2);
  EXPECT_EQ(model.number("n", 1), 202 + 1);
  EXPECT_EQ(model.stepWith(1, {1}), ok); // commits, without b, and c for the first time
  EXPECT_EQ(model.progress(0).tensor_steps, 1);
  EXPECT_EQ(model.progress(1).tensor_steps, 0);
  EXPECT_EQ(model.progress(2).tensor_steps, 1);
  EXPECT_EQ(model.parameter[0].values(), Values(4, 1.75));
  EXPECT_EQ(model.parameter[1].values(), Values(4, 2));
  EXPECT_EQ(model.state(1, "acc"), Values(4, 1)); // its own part waits
  EXPECT_EQ(model.state(1, "master"), Values(4, 2));
}

TEST(Exits, WithoutAnyElementLeaveTheModelAlone) {
  ComposedModel model({{"w", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 2)}), ok);
  EXPECT_EQ(model.stepWithout({0}), ok);
  EXPECT_EQ(model.progress().skipped, 1);
  EXPECT_EQ(model.number("count"), 0);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.number("count"), 1);
}

TEST(Exits, DropWhatIsNotFinite) {
  for (double culprit : std::initializer_list<double>{INFINITY, -INFINITY, NAN}) {
    ComposedModel model({{"a", {2, 2}}, {"b", {2, 2}, RAVINE_BF16, RAVINE_F32}});
    EXPECT_EQ(model.create("lenient", {setting("every", 1)}), ok);
    model.gradient[1].set(3, culprit);
    EXPECT_EQ(model.step(), ok); // the very first step
    EXPECT_EQ(model.progress().skipped, 1);
    EXPECT_EQ(model.progress().steps, 0);
    EXPECT_EQ(model.progress(1).tensor_initialized, 1);
    EXPECT_EQ(model.gradient[1].values(), Values(4, 0));
    EXPECT_EQ(model.parameter[1].values(), Values(4, 2));
    EXPECT_EQ(model.state(1, "master"), Values(4, 2));
    EXPECT_EQ(model.number("n"), 202); // this exit says nothing about it
    EXPECT_TRUE(std::isnan(model.metric("norm")));
    EXPECT_EQ(model.stepWith(1), ok);
    EXPECT_EQ(model.parameter[1].values(), Values(4, 1.75));
    EXPECT_EQ(model.progress().steps, 1);
  }
}

TEST(Exits, MayRefuseTheStep) {
  ComposedModel model({{"a", {2, 2}}, {"b", {2, 2}, RAVINE_BF16, RAVINE_F32}});
  EXPECT_EQ(model.create("strict", {setting("every", 2)}), ok);
  EXPECT_EQ(model.step(), ok);
  model.gradient[0].fill(1);
  model.gradient[1].fill(1);
  model.gradient[1].set(0, NAN);
  Outcome refused{RAVINE_ERROR_NONFINITE, "the gradient of tensor \"b\" holds an infinity or a NaN"};
  EXPECT_EQ(model.step(), refused);
  EXPECT_EQ(model.gradient[0].values(), Values(4, 1)); // not even gradients change
  EXPECT_EQ(model.state(0, "acc"), Values(4, 1));
  EXPECT_EQ(model.number("count"), 1);
  EXPECT_EQ(model.progress().skipped, 1);
  // Its pointers count as the last ones.
  model.gradient[1].fill(3);
  EXPECT_EQ(model.Model::step({.struct_size = sizeof(ravine_step_args)}), ok);
  EXPECT_EQ(model.progress().steps, 1);
  EXPECT_EQ(model.parameter[0].values(), Values(4, 1.75));
  EXPECT_EQ(model.parameter[1].values(), Values(4, 1.5));

  ComposedModel fresh({{"w", {2, 2}, RAVINE_BF16, RAVINE_BF16}});
  EXPECT_EQ(fresh.create("strict", {setting("every", 1)}), ok);
  EXPECT_EQ(fresh.stepWith(INFINITY).status, RAVINE_ERROR_NONFINITE);
  EXPECT_EQ(fresh.progress().tensor_initialized, 0);
  EXPECT_EQ(fresh.progress().model_initialized, 0);
  fresh.parameter[0].fill(3); // so that this is what states start from
  EXPECT_EQ(fresh.stepWith(1), ok);
  EXPECT_EQ(fresh.state(0, "master"), Values(4, 2.75));
}

TEST(Exits, CountForPointersLikeOtherSteps) {
  ComposedModel model({{"w", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 2)}), ok);
  EXPECT_EQ(model.step(), ok);
  model.gradient[0].fill(3);
  EXPECT_EQ(model.Model::step({.struct_size = sizeof(ravine_step_args)}), ok);
  EXPECT_EQ(model.parameter[0].values(), Values(4, 1.5));
}

TEST(Exits, ShowParametersUntilAStepIsComplete) {
  ComposedModel model({{"w", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 2)}), ok);
  EXPECT_EQ(model.step(), ok);
  Numbers shown(RAVINE_F32, 4, 0);
  EXPECT_EQ(model.readView("eval", {shown.data()}), ok);
  EXPECT_EQ(shown.values(), Values(4, 2));
  EXPECT_EQ(model.stepWith(1), ok); // w' = 2 - 0.25
  EXPECT_EQ(model.readView("eval", {shown.data()}), ok);
  EXPECT_EQ(shown.values(), Values(4, 3.5));
}

TEST(Exits, AreRestoredByFlags) {
  ComposedModel model({{"w", {2, 2}, RAVINE_BF16, RAVINE_BF16}});
  EXPECT_EQ(model.create("lenient", {setting("every", 2), setting("warm", 1), setting("hidden.momentum", 0)}), ok);
  ravine_progress progress = {
      .struct_size = sizeof progress, .skipped = 1, .tensor_initialized = 1, .model_initialized = 1};
  EXPECT_EQ(model.library->restore_progress(model.optimizer, 0, &progress, nullptr), RAVINE_OK);
  static_cast<double *>(model.view(0, "count").data)[0] = 1;
  std::fill_n(static_cast<float *>(model.view(0, "master").data), 4, 7.0f);
  EXPECT_EQ(model.step(), ok); // completes what was gathered: 0.5 on average
  EXPECT_EQ(model.parameter[0].values(), Values(4, 6.5));
  // Taken back, states start anew; and a host that knows no flags says what its steps say.
  progress = {.struct_size = sizeof progress};
  EXPECT_EQ(model.library->restore_progress(model.optimizer, 0, &progress, nullptr), RAVINE_OK);
  EXPECT_EQ(model.progress().tensor_initialized, 0);
  progress = {.struct_size = offsetof(ravine_progress, tensor_initialized), .steps = 3, .tensor_steps = 1};
  EXPECT_EQ(model.library->restore_progress(model.optimizer, 0, &progress, nullptr), RAVINE_OK);
  EXPECT_EQ(model.progress().tensor_initialized, 1);
  EXPECT_EQ(model.progress().model_initialized, 1);
}

TEST(Exits, GiveTheSameBitsOnManyThreads) {
  auto run = [](uint32_t threads) {
    ComposedModel model({{"large", {300, 1000}}, {"half", {3, 70000}, RAVINE_BF16, RAVINE_BF16}, {"small", {2, 2}}});
    model.host.thread_count = threads;
    EXPECT_EQ(model.create("lenient", {setting("every", 2)}), ok);
    for (int step = 0; step < 5; ++step)
      EXPECT_EQ(model.stepWith(step == 2 ? INFINITY : 0.75), ok);
    std::vector<std::byte> bytes;
    for (Numbers &one : model.parameter)
      bytes.insert(bytes.end(), one.bytes().begin(), one.bytes().end());
    return std::pair(bytes, model.progress().skipped);
  };
  EXPECT_EQ(run(1), run(4));
}

} // namespace

} // namespace ravine::test
