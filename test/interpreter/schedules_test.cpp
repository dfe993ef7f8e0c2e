// Hypers that follow a schedule until the host sets them.
#include "test/interpreter/Rules.h"

#include <gmock/gmock.h>

using namespace ravine;
using namespace ravine::test;
using testing::ElementsAre;

namespace {

/// w becomes lr, which follows peak/step; peak follows 2·base.
constexpr llvm::StringRef following = R"(
ravine.optimizer @following doc "" citation "" {
  ravine.hyper @base : real = 3.0 from 0.0 to 100.0 doc ""
  ravine.hyper @lr : real = 6.0 from 0.0 to 100.0 doc "" follows "peak/step" {
    %peak = ravine.hyper_value @peak : !group
    %step = ravine.clock step : !model
    %own = ravine.broadcast %step : !model to !group
    %value = ravine.div %peak, %own : !group
    ravine.yield %value : !group
  }
  ravine.hyper @peak : real = 6.0 from 0.0 to 100.0 doc "" follows "2*base" {
    %base = ravine.hyper_value @base : !group
    %value = ravine.add %base, %base : !group
    ravine.yield %value : !group
  }
  ravine.requirement "lr > 2" {
    %lr = ravine.hyper_value @lr : !group
    %two = ravine.constant 2.0 : f64 : !group
    %holds = ravine.compare gt %lr, %two : !group -> !ravine.field<i1, group>
    ravine.yield %holds : !ravine.field<i1, group>
  }
  ravine.step {
    %lr = ravine.hyper_value @lr : !group
    %w = ravine.broadcast %lr : !group to !element
    ravine.update %w : !element
  }
})";

TEST(Schedules, AreFollowedAtEveryStep) {
  RuleText rule(following);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedModel model{{row({0}), row({0})}};
  model.tensors[1].hypers = {{"base", 5}};
  interpreter.step(model, {{{0}}, {{0}}});
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(6));
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(10));
  interpreter.step(model, {{{0}}, {{0}}});
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(3));
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(5));
}

TEST(Schedules, GiveWayToWhatTheHostSets) {
  RuleText rule(following);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact, {{"peak", 8}});
  InterpretedModel model{{row({0}), row({0}), row({0})}};
  model.tensors[1].hypers = {{"lr", 7}};
  model.tensors[2].hypers = {{"peak", NAN}};
  interpreter.step(model, {{{0}}, {{0}}, {{0}}});
  EXPECT_THAT(model.tensors[0].parameter, ElementsAre(8));
  EXPECT_THAT(model.tensors[1].parameter, ElementsAre(7));
  EXPECT_THAT(model.tensors[2].parameter, ElementsAre(6));
}

TEST(Schedules, MeetRequirementsStepByStep) {
  RuleText rule(following);
  Interpreter interpreter(rule.optimizer(), Arithmetic::Exact);
  InterpretedTensor tensor = row({0});
  EXPECT_TRUE(interpreter.requirementsHold(tensor));
  EXPECT_TRUE(interpreter.requirementsHold(tensor, 2));
  EXPECT_FALSE(interpreter.requirementsHold(tensor, 3));
}

} // namespace
