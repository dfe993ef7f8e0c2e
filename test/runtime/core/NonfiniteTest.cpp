// Steps that a gradient which is not finite stops: what they change, which is nothing, and what they say.
#include "test/runtime/core/StagesModel.h"

#include <cmath>

namespace ravine::test {

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

TEST(Nonfinite, GradientsSkipTheStep) {
  for (float culprit : {infinity, -infinity, NAN}) {
    StagesModel model({16, 3, 70000});
    model.scatter();
    EXPECT_EQ(model.create("recomputed"), ok);
    EXPECT_EQ(model.step(), ok);
    model.g[2][66000] = culprit;
    std::string before = model.everything();
    ravine_progress counters = model.progress();
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(model.progress().skipped, 1);
    EXPECT_EQ(model.step(), ok);
    EXPECT_EQ(model.progress().skipped, 2);
    EXPECT_EQ(model.progress().steps, counters.steps);
    EXPECT_EQ(model.progress().tensor_steps, counters.tensor_steps);
    for (size_t tensor : {0u, 1u, 2u}) {
      counters = model.progress(tensor);
      counters.skipped = 0;
      EXPECT_EQ(model.library->restore_progress(model.optimizer, tensor, &counters, nullptr), RAVINE_OK);
    }
    EXPECT_EQ(model.everything(), before);
    EXPECT_EQ(model.stepWithout({2}), ok); // without the culprit it goes on
    EXPECT_EQ(model.progress().steps, 2);
  }
}

TEST(Nonfinite, GradientsAreRefusedByName) {
  StagesModel model({16, 3, 70000});
  model.scatter();
  EXPECT_EQ(model.create("carried"), ok);
  EXPECT_EQ(model.step(), ok);
  model.g[2][66000] = NAN;
  std::string before = model.everything();
  Outcome refused{RAVINE_ERROR_NONFINITE, "the gradient of tensor \"t2\" holds an infinity or a NaN"};
  EXPECT_EQ(model.step(), refused);
  EXPECT_EQ(model.everything(), before);
  model.g[1][0] = infinity;
  EXPECT_EQ(model.step(),
            (Outcome{RAVINE_ERROR_NONFINITE, "the gradient of tensor \"t1\" holds an infinity or a NaN"}));
  EXPECT_EQ(model.stepWithout({1}), refused);
  EXPECT_EQ(model.everything().size(), before.size());
  EXPECT_EQ(model.progress().skipped, 0);
}

TEST(Nonfinite, SkippedFirstStepsKeepInitialValues) {
  StagesModel model({16});
  EXPECT_EQ(model.create("recomputed", {setting("first", 3)}), ok);
  model.g[0][7] = NAN;
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.progress().skipped, 1);
  EXPECT_EQ(model.view(0, "u").initialized, 1);
  EXPECT_EQ(model.view(0, "n").initialized, 1);
  EXPECT_EQ(model.view(0, "total").initialized, 1);
  EXPECT_TRUE(std::isnan(model.metric("norm")));
  model.g[0][7] = 2;
  EXPECT_EQ(model.configure({setting("first", 5)}), ok); // too late
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.number("total"), 3 + 64);
  EXPECT_EQ(model.number("n"), 32);
}

TEST(Nonfinite, RefusedFirstStepsLeaveStatesUninitialised) {
  StagesModel model({16});
  EXPECT_EQ(model.create("carried", {setting("first", 3)}), ok);
  model.g[0][7] = NAN;
  EXPECT_EQ(model.step().status, RAVINE_ERROR_NONFINITE);
  EXPECT_EQ(model.view(0, "u").initialized, 0);
  EXPECT_EQ(model.view(0, "n").initialized, 0);
  EXPECT_EQ(model.view(0, "total").initialized, 0);
  model.g[0][7] = 2;
  EXPECT_EQ(model.configure({setting("first", 5)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.number("total"), 5 + 64);
  EXPECT_EQ(model.number("n"), 32);
}

TEST(Nonfinite, CountsOfSkippedStepsAreRestored) {
  StagesModel model({16});
  EXPECT_EQ(model.create("recomputed"), ok);
  ravine_progress progress = {.struct_size = sizeof progress, .steps = 5, .tensor_steps = 3, .skipped = 4};
  EXPECT_EQ(model.library->restore_progress(model.optimizer, 0, &progress, nullptr), RAVINE_OK);
  EXPECT_EQ(model.progress().skipped, 4);
  progress.skipped = -1;
  EXPECT_EQ(
      outcomeOf([&](auto *error) { return model.library->restore_progress(model.optimizer, 0, &progress, error); }),
      (Outcome{RAVINE_ERROR_ARGUMENT, "-1 skipped steps cannot have been counted"}));
  EXPECT_EQ(model.progress().skipped, 4);
}

} // namespace

} // namespace ravine::test
