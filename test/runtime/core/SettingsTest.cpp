// Hyperparameters: ranges, kinds, groups, requirements, and that a batch is applied as a whole.
#include "test/runtime/core/Model.h"

#include <cmath>
#include <limits>

namespace ravine::test {

namespace {

struct Settings : testing::Test {
  Settings() : model({3, 3}) {
    model.tensors[1].group = 1;
    model.args.group_count = 2;
    EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5, 1)}), ok);
  }

  /// Expects `settings` to be refused, by configure and by create alike, and to change nothing.
  void expectRefused(const std::vector<ravine_setting> &settings, const Outcome &outcome) {
    std::string before = model.everything();
    EXPECT_EQ(model.configure(settings), outcome);
    EXPECT_EQ(model.everything(), before);

    Model fresh({3, 3});
    fresh.tensors[1].group = 1;
    fresh.args.group_count = 2;
    EXPECT_EQ(fresh.create("momentum", settings), outcome);
  }

  Model model;
};

TEST_F(Settings, StartFromTheDefaults) {
  EXPECT_EQ(model.read("lr"), 0.5);
  EXPECT_EQ(model.read("period", 1), 15);
  EXPECT_EQ(model.read("mode"), 0);
}

TEST_F(Settings, AreSetPerGroupOrForAll) {
  EXPECT_EQ(model.configure({setting("lr", 0.25), setting("lr", 2, 1), choice("mode", "cubic", 0)}), ok);
  EXPECT_EQ(model.read("lr", 0), 0.25);
  EXPECT_EQ(model.read("lr", 1), 2);
  EXPECT_EQ(model.read("mode", 0), 2);
  EXPECT_EQ(model.read("mode", 1), 0);
  EXPECT_EQ(model.configure({setting("mode", 1), setting("nesterov", 1), setting("period", 127)}), ok);
  EXPECT_EQ(model.read("mode", 1), 1);
}

TEST_F(Settings, TakeTheBoundsThatBelongToTheRange) {
  EXPECT_EQ(model.configure({setting("lr", 0), setting("damping", 0), setting("period", 1)}), ok);
  EXPECT_EQ(model.configure({setting("lr", std::numeric_limits<double>::max())}), ok);
}

TEST_F(Settings, OutsideTheirRangeAreRefused) {
  expectRefused({setting("lr", -1)}, {RAVINE_ERROR_RANGE, "lr = -1 is outside [0, inf)"});
  expectRefused({setting("lr", INFINITY)}, {RAVINE_ERROR_RANGE, "lr = inf is outside [0, inf)"});
  expectRefused({setting("lr", NAN)}, {RAVINE_ERROR_RANGE, "lr = nan is outside [0, inf)"});
  expectRefused({setting("momentum", 1)}, {RAVINE_ERROR_RANGE, "momentum = 1 is outside [0, 1)"});
  expectRefused({setting("damping", 1.5)}, {RAVINE_ERROR_RANGE, "damping = 1.5 is outside [0, 1]"});
  expectRefused({setting("damping", -1e-8)}, {RAVINE_ERROR_RANGE, "damping = -1e-8 is outside [0, 1]"});
}

TEST_F(Settings, OfAnotherKindAreRefused) {
  expectRefused({setting("period", 1.5)}, {RAVINE_ERROR_RANGE, "period = 1.5 is not a whole number"});
  expectRefused({setting("period", 0)}, {RAVINE_ERROR_RANGE, "period = 0 is outside [1, 127]"});
  expectRefused({setting("period", NAN)}, {RAVINE_ERROR_RANGE, "period = nan is outside [1, 127]"});
  expectRefused({setting("period", INFINITY)}, {RAVINE_ERROR_RANGE, "period = inf is outside [1, 127]"});
  expectRefused({setting("nesterov", 2)}, {RAVINE_ERROR_RANGE, "nesterov = 2 is neither 0 nor 1"});
  expectRefused({setting("nesterov", NAN)}, {RAVINE_ERROR_RANGE, "nesterov = nan is neither 0 nor 1"});
  const char *choices = " is not the index of a choice; the choices are plain, signed, cubic";
  expectRefused({setting("mode", 3)}, {RAVINE_ERROR_RANGE, std::string("mode = 3") + choices});
  expectRefused({setting("mode", -1)}, {RAVINE_ERROR_RANGE, std::string("mode = -1") + choices});
  expectRefused({setting("mode", 0.5)}, {RAVINE_ERROR_RANGE, std::string("mode = 0.5") + choices});
  expectRefused({setting("mode", NAN)}, {RAVINE_ERROR_RANGE, std::string("mode = nan") + choices});
  expectRefused({choice("lr", "fast")}, {RAVINE_ERROR_RANGE, "lr takes a number, not the choice \"fast\""});
}

TEST_F(Settings, WithUnknownNamesAreRefused) {
  expectRefused({setting("momentun", 0)},
                {RAVINE_ERROR_NAME, "momentum has no hyper \"momentun\"; did you mean \"momentum\"?"});
  expectRefused({setting("weight_decay", 0)}, {RAVINE_ERROR_NAME, "momentum has no hyper \"weight_decay\"; it has lr, "
                                                                  "momentum, damping, nesterov, period, mode"});
  expectRefused({choice("mode", "cubical")}, {RAVINE_ERROR_NAME, "mode has no choice \"cubical\"; did you mean "
                                                                 "\"cubic\"?"});
  expectRefused({setting("lr", 1), setting(nullptr, 0)}, {RAVINE_ERROR_ARGUMENT, "setting 1 has no name"});
}

TEST_F(Settings, OfUnknownGroupsAreRefused) {
  expectRefused({setting("lr", 1, 2)},
                {RAVINE_ERROR_ARGUMENT, "group 2 of setting \"lr\" is not below group_count, which is 2"});
}

TEST_F(Settings, AreAppliedTogetherOrNotAtAll) {
  expectRefused({setting("lr", 0.125), setting("period", 3, 1), setting("lr", -1, 1)},
                {RAVINE_ERROR_RANGE, "lr = -1 is outside [0, inf)"});
}

TEST_F(Settings, HaveToMeetTheRequirements) {
  expectRefused({setting("damping", 0.75, 0)},
                {RAVINE_ERROR_REQUIREMENT, "momentum requires damping <= momentum, which does not hold in group 0: "
                                           "momentum = 0, damping = 0.75"});
  // What counts is the whole batch, not the way there.
  EXPECT_EQ(model.configure({setting("damping", 0.75, 1), setting("momentum", 0.875, 1)}), ok);
  EXPECT_EQ(model.read("damping", 1), 0.75);
}

TEST(Requirements, SayNoGroupWhereThereIsOne) {
  Model model({3});
  EXPECT_EQ(model.create("momentum", {setting("damping", 1)}),
            (Outcome{RAVINE_ERROR_REQUIREMENT, "momentum requires damping <= momentum, which does not hold: "
                                               "momentum = 0, damping = 1"}));
}

TEST_F(Settings, CannotAddOrRemoveAState) {
  std::string before = model.everything();
  EXPECT_EQ(
      model.configure({setting("lr", 0.125), setting("momentum", 0.5)}),
      (Outcome{RAVINE_ERROR_FIXED, "the settings would add state \"b\" in group 0, which exists when momentum > 0: "
                                   "that is decided at creation"}));
  EXPECT_EQ(
      model.configure({setting("momentum", 0, 1)}),
      (Outcome{RAVINE_ERROR_FIXED, "the settings would remove state \"b\" in group 1, which exists when momentum > "
                                   "0: that is decided at creation"}));
  EXPECT_EQ(model.everything(), before);
  EXPECT_EQ(model.configure({setting("momentum", 0.75, 1)}), ok);
}

TEST_F(Settings, AreReadWithCare) {
  double value = 77;
  auto read = [&](const ravine_optimizer *optimizer, const char *name, uint32_t group, double *to) {
    return outcomeOf([&](auto *error) { return model.library->read_setting(optimizer, name, group, to, error); });
  };
  EXPECT_EQ(read(nullptr, "lr", 0, &value), (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  EXPECT_EQ(read(model.optimizer, nullptr, 0, &value), (Outcome{RAVINE_ERROR_ARGUMENT, "name is null"}));
  EXPECT_EQ(read(model.optimizer, "lr", 0, nullptr), (Outcome{RAVINE_ERROR_ARGUMENT, "value is null"}));
  EXPECT_EQ(read(model.optimizer, "lt", 0, &value),
            (Outcome{RAVINE_ERROR_NAME, "momentum has no hyper \"lt\"; did you mean \"lr\"?"}));
  EXPECT_EQ(read(model.optimizer, "lr", 2, &value),
            (Outcome{RAVINE_ERROR_ARGUMENT, "group 2 is not below group_count, which is 2"}));
  EXPECT_EQ(value, 77);
}

TEST_F(Settings, SayWithCareWhetherTheyFollowASchedule) {
  int32_t follows = 77;
  auto read = [&](const ravine_optimizer *optimizer, const char *name, uint32_t group, int32_t *to) {
    return outcomeOf([&](auto *error) { return model.library->read_following(optimizer, name, group, to, error); });
  };
  EXPECT_EQ(read(nullptr, "lr", 0, &follows), (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  EXPECT_EQ(read(model.optimizer, nullptr, 0, &follows), (Outcome{RAVINE_ERROR_ARGUMENT, "name is null"}));
  EXPECT_EQ(read(model.optimizer, "lr", 0, nullptr), (Outcome{RAVINE_ERROR_ARGUMENT, "follows is null"}));
  EXPECT_EQ(read(model.optimizer, "lt", 0, &follows),
            (Outcome{RAVINE_ERROR_NAME, "momentum has no hyper \"lt\"; did you mean \"lr\"?"}));
  EXPECT_EQ(read(model.optimizer, "lr", 2, &follows),
            (Outcome{RAVINE_ERROR_ARGUMENT, "group 2 is not below group_count, which is 2"}));
  EXPECT_EQ(follows, 77);
  EXPECT_EQ(read(model.optimizer, "lr", 1, &follows), ok);
  EXPECT_EQ(follows, 0);
}

TEST_F(Settings, WantTheirArguments) {
  EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->configure(nullptr, nullptr, 0, error); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->configure(model.optimizer, nullptr, 1, error); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "settings is null"}));
  EXPECT_EQ(model.configure({}), ok);
}

} // namespace

} // namespace ravine::test
