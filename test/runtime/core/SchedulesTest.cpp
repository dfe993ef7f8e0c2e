// Hyperparameters that follow a schedule: what holds in a step, who sets it, and where a schedule may not lead.
#include "test/runtime/core/ComposedModel.h"

#include <numeric>

namespace ravine::test {

namespace {

struct Schedules : testing::Test {
  Schedules() { EXPECT_EQ(model.create("lenient", {setting("every", 1)}), ok); }

  /// Everything that a refused call must leave alone.
  std::vector<double> snapshot() {
    std::vector<double> values = {static_cast<double>(model.progress().steps),
                                  static_cast<double>(model.progress().skipped)};
    for (size_t i = 0; i < model.parameter.size(); ++i)
      for (const std::vector<double> &some : {model.parameter[i].values(), model.gradient[i].values(),
                                              model.state(i, "acc"), std::vector{model.number("n", i)}})
        values.insert(values.end(), some.begin(), some.end());
    for (uint32_t group : {0u, 1u})
      for (const char *name : {"peak", "hidden.lr", "hidden.momentum", "warm"})
        values.push_back(model.read(name, group));
    return values;
  }

  ComposedModel model{{{"a.bias", {2, 2}}, {"b.bias", {2, 2}, RAVINE_F64, RAVINE_F64, 1}}};
};

TEST_F(Schedules, SayWhatTheNextStepUses) {
  EXPECT_EQ(model.read("hidden.lr"), 1);
  EXPECT_EQ(model.readTensor("hidden.lr", 1), 1);
  EXPECT_EQ(model.read("warm", 1), 0.25);
  EXPECT_EQ(model.step(), ok); // w' = 2 - 1*0.25
  EXPECT_EQ(model.parameter[0].values(), std::vector(4, 1.75));
  EXPECT_EQ(model.read("hidden.lr"), 0.5);
  EXPECT_EQ(model.read("warm"), 0.5);
  EXPECT_EQ(model.stepWith(1), ok); // w'' = 1.75 - 0.5*0.5
  EXPECT_EQ(model.parameter[0].values(), std::vector(4, 1.5));
  EXPECT_EQ(model.parameter[1].values(), std::vector(4, 1.5));
  EXPECT_EQ(model.read("hidden.lr"), 1.0 / 3);
}

TEST_F(Schedules, FollowOtherHypersOfTheirGroup) {
  EXPECT_EQ(model.configure({setting("peak", 2, 1)}), ok);
  EXPECT_EQ(model.read("hidden.lr", 0), 1);
  EXPECT_EQ(model.read("hidden.lr", 1), 2);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.parameter[0].values(), std::vector(4, 1.75));
  EXPECT_EQ(model.parameter[1].values(), std::vector(4, 1.5));
}

TEST_F(Schedules, GiveWayToTheHostAndComeBack) {
  EXPECT_EQ(model.configure({setting("hidden.lr", 4, 0)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.read("hidden.lr", 0), 4);
  EXPECT_EQ(model.read("hidden.lr", 1), 0.5);
  EXPECT_EQ(model.parameter[0].values(), std::vector(4, 1.0));
  EXPECT_EQ(model.configure({setting("hidden.lr", NAN)}), ok);
  EXPECT_EQ(model.read("hidden.lr", 0), 0.5);
  EXPECT_EQ(model.configure({setting("hidden.lr", 3), setting("hidden.lr", -NAN)}), ok); // the last one counts
  EXPECT_EQ(model.read("hidden.lr", 0), 0.5);
}

TEST_F(Schedules, SayWhetherTheyAreFollowed) {
  EXPECT_TRUE(model.follows("hidden.lr", 0));
  EXPECT_FALSE(model.follows("peak", 0)); // has none
  EXPECT_EQ(model.configure({setting("hidden.lr", model.read("hidden.lr"), 0), setting("warm", 1)}), ok);
  EXPECT_FALSE(model.follows("hidden.lr", 0)); // although the value is that of the schedule
  EXPECT_TRUE(model.follows("hidden.lr", 1));
  EXPECT_FALSE(model.follows("warm", 1));
  EXPECT_EQ(model.step(), ok);
  EXPECT_FALSE(model.follows("hidden.lr", 0));
  EXPECT_EQ(model.configure({setting("hidden.lr", 5, 1)}).status, RAVINE_ERROR_RANGE);
  EXPECT_TRUE(model.follows("hidden.lr", 1));
  EXPECT_EQ(model.configure({setting("hidden.lr", NAN), setting("warm", NAN)}), ok);
  EXPECT_TRUE(model.follows("hidden.lr", 0));
  EXPECT_TRUE(model.follows("warm", 0));
}

TEST_F(Schedules, OfTheModelHoldInAllGroups) {
  EXPECT_EQ(model.configure({setting("warm", 0.75)}), ok);
  EXPECT_EQ(model.read("warm", 0), 0.75);
  EXPECT_EQ(model.read("warm", 1), 0.75);
  EXPECT_EQ(model.configure({setting("warm", NAN, 1)}),
            (Outcome{RAVINE_ERROR_ARGUMENT, "warm has one value for the model, so that group 1 cannot have one of its "
                                            "own"}));
  EXPECT_EQ(model.read("warm", 1), 0.75);
}

TEST_F(Schedules, AreOnlyWhereTheRuleSaysSo) {
  EXPECT_EQ(model.configure({setting("peak", NAN)}), (Outcome{RAVINE_ERROR_RANGE, "peak = nan is outside [0, 8]"}));
  EXPECT_EQ(model.configure({setting("every", NAN)}), (Outcome{RAVINE_ERROR_RANGE, "every = nan is outside [1, inf)"}));
  EXPECT_EQ(model.configure({setting("hidden.lr", 5)}),
            (Outcome{RAVINE_ERROR_RANGE, "hidden.lr = 5 is outside [0, 4]"}));
}

TEST_F(Schedules, AreCheckedWhenTheyAreSet) {
  std::vector<double> before = snapshot();
  EXPECT_EQ(
      model.configure({setting("peak", 8, 1)}),
      (Outcome{RAVINE_ERROR_RANGE, "hidden.lr = 8 is outside [0, 4] in group 1 at step 1, where its schedule leads"}));
  EXPECT_EQ(snapshot(), before);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.configure({setting("peak", 8, 1)}), ok); // half of it at step 2
  EXPECT_EQ(model.read("hidden.lr", 1), 4);
  ComposedModel one({{"w", {2, 2}}});
  EXPECT_EQ(one.create("lenient", {setting("peak", 8)}),
            (Outcome{RAVINE_ERROR_RANGE, "hidden.lr = 8 is outside [0, 4] at step 1, where its schedule leads"}));
}

TEST_F(Schedules, MayHaveLedAnywhereInAStepThatIsOver) {
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.configure({setting("peak", 8, 1)}), ok); // 4 at step 2, and 8 would have been too much at step 1
  Numbers first(RAVINE_F32, 4, 0), second(RAVINE_F64, 4, 0);
  EXPECT_EQ(model.readView("eval", {first.data(), second.data()}), ok);
  EXPECT_EQ(first.values(), std::vector(4, 3.5)); // 2*1.75
  EXPECT_EQ(model.configure({setting("hidden.momentum", 0.5)}), ok);
  EXPECT_EQ(model.readView("eval", {first.data(), second.data()}), ok);
  EXPECT_EQ(model.stepWith(1), ok);
  EXPECT_EQ(model.parameter[0].values(), std::vector(4, 1.5));   // 1.75 - 0.5*0.5
  EXPECT_EQ(model.parameter[1].values(), std::vector(4, -0.25)); // 1.75 - 4*0.5
  EXPECT_EQ(model.read("hidden.lr", 1), 8.0 / 3);
}

TEST_F(Schedules, AreCheckedAfterAView) {
  EXPECT_EQ(model.configure({setting("brake", 0.25, 1)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.stepWith(1), ok);
  Numbers first(RAVINE_F32, 4, 0), second(RAVINE_F64, 4, 0);
  std::vector<void *> outputs = {first.data(), second.data()};
  auto restore = [&](int64_t steps) {
    for (size_t tensor : {0u, 1u}) {
      ravine_progress progress = {.struct_size = sizeof progress, .steps = steps, .tensor_steps = steps};
      EXPECT_EQ(model.library->restore_progress(model.optimizer, tensor, &progress, nullptr), RAVINE_OK);
    }
  };
  restore(3);
  EXPECT_EQ(model.readView("eval", outputs), ok); // with a momentum with which no step 3 may be made
  restore(2);
  EXPECT_EQ(model.stepWith(1).status, RAVINE_ERROR_RANGE);
}

TEST_F(Schedules, AreCheckedAtEveryStep) {
  EXPECT_EQ(model.configure({setting("brake", 0.25, 1)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.stepWith(1), ok);
  for (Numbers &one : model.gradient)
    one.fill(1);
  std::vector<double> before = snapshot();
  Outcome refused{RAVINE_ERROR_RANGE,
                  "hidden.momentum = -0.25 is outside [0, 1) in group 1 at step 3, where its schedule leads"};
  EXPECT_EQ(model.step(), refused);
  EXPECT_EQ(model.step(), refused);
  EXPECT_EQ(snapshot(), before);
  EXPECT_EQ(model.read("hidden.momentum", 1), -0.25); // what the next step would use
  EXPECT_EQ(model.configure({setting("hidden.momentum", 0, 1)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.progress().steps, 3);
}

TEST_F(Schedules, KeepRequirements) {
  EXPECT_EQ(model.configure({setting("limit", 0.6)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.step(), (Outcome{RAVINE_ERROR_REQUIREMENT, "lenient requires warm <= limit, which does not hold in "
                                                             "group 0 at step 3: limit = 0.6, warm = 0.75"}));
  EXPECT_EQ(model.configure({setting("peak", 0)}).status, RAVINE_ERROR_REQUIREMENT);
  EXPECT_EQ(model.configure({setting("limit", 1)}), ok);
  EXPECT_EQ(model.step(), ok);
}

TEST(ScheduledConditions, CannotChangeStates) {
  ComposedModel model({{"w", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 1), setting("brake", 0.25)}), ok);
  EXPECT_EQ(model.view(0, "hidden.b").exists, 1);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.step(),
            (Outcome{RAVINE_ERROR_FIXED, "the settings would remove state \"hidden.b\" at step 2, which exists when "
                                         "hidden.momentum > 0: that is decided at creation"}));
  EXPECT_EQ(model.progress().steps, 1);
  EXPECT_EQ(model.configure({setting("brake", 0)}), ok);
  EXPECT_EQ(model.step(), ok);
  // One that starts without the state cannot get it either.
  ComposedModel light({{"w", {2, 2}}});
  EXPECT_EQ(light.create("lenient", {setting("brake", 0.5)}), ok);
  EXPECT_EQ(light.view(0, "hidden.b").exists, 0);
  EXPECT_EQ(light.configure({setting("brake", 0)}).message,
            "the settings would add state \"hidden.b\" at step 1, which exists when hidden.momentum > 0: that is "
            "decided at creation");
}

TEST_F(Schedules, DoNotAdvanceWhereAStepEndsEarly) {
  EXPECT_EQ(model.configure({setting("every", 2)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.progress().steps, 0);
  EXPECT_EQ(model.read("hidden.lr"), 1);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.progress().steps, 1);
  EXPECT_EQ(model.read("hidden.lr"), 0.5);
}

TEST_F(Schedules, CostNothingWhereNobodyFollows) {
  (void)sample_composition_schedules();
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(sample_composition_schedules(), 2u); // once for each group: the first step was evaluated at creation
  EXPECT_EQ(model.configure({setting("hidden.lr", 1), setting("hidden.momentum", 0.5), setting("warm", 1)}), ok);
  (void)sample_composition_schedules();
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(sample_composition_schedules(), 0u);
}

TEST_F(Schedules, GoOnFromRestoredCounters) {
  for (size_t tensor : {0u, 1u}) {
    ravine_progress progress = {.struct_size = sizeof progress, .steps = 7, .tensor_steps = 7};
    EXPECT_EQ(model.library->restore_progress(model.optimizer, tensor, &progress, nullptr), RAVINE_OK);
  }
  EXPECT_EQ(model.read("hidden.lr"), 0.125);
  EXPECT_EQ(model.step(), ok); // w' = 2 - 0.125*1
  EXPECT_EQ(model.parameter[0].values(), std::vector(4, 1.875));
}

} // namespace

} // namespace ravine::test
