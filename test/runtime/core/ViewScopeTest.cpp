// ravine.hpp on a library with numbers per tensor, metrics and views.
#include "runtime/abi/ravine.hpp"
#include "test/runtime/core/StagesModel.h"

namespace ravine::test {

namespace {

using Values = std::vector<float>;

/// A table of the contract in front of the sample plan of stages.
Library stagesLibrary() {
  static const ravine_library table = [] {
    ravine_library table = *ravine_library_v1();
    table.create = [](const ravine_create_args *args, ravine_optimizer **optimizer, ravine_error *error) {
      return core::create(sample_stages, args, optimizer, core::Error(error));
    };
    return table;
  }();
  return Library([] { return &table; });
}

/// The status and the sentence of the Error that `function` throws.
template <typename Function> Outcome thrownBy(Function function) {
  try {
    function();
  } catch (const Error &error) {
    return {error.status(), error.what()};
  }
  return ok;
}

struct WrappedStages : testing::Test {
  std::vector<Tensor> tensors = {{.name = "a", .shape = {4, 4}}, {.name = "b", .shape = {3}, .group = 1}};
  Options options = {.optimizer = "recomputed",
                     .groupCount = 2,
                     .settings = {{.name = "scale", .value = 0.5, .tensor = "a"}, {"first", 7}}};
  Optimizer optimizer{stagesLibrary(), tensors, options};
  Values a = Values(16, 1.0f), b = Values(3, 1.0f), ga = Values(16, 2.0f), gb = Values(3, 2.0f);
  std::vector<void *> parameters = {a.data(), b.data()};
  std::vector<const void *> gradients = {ga.data(), gb.data()};
};

TEST_F(WrappedStages, ReadMetricsAndSettings) {
  EXPECT_EQ(optimizer.getFor(0, "scale"), 0.5);
  EXPECT_EQ(optimizer.getFor(1, "scale"), 1);
  optimizer.setFor("a", "scale", 2);
  EXPECT_EQ(optimizer.getFor(0, "scale"), 2);
  EXPECT_THROW(optimizer.setFor("c", "scale", 2), Error);
  optimizer.step(parameters, gradients);
  EXPECT_EQ(optimizer.metric("elements"), 19);
  EXPECT_EQ(optimizer.metric("depth", 1), 3);
  EXPECT_EQ(thrownBy([&] { (void)optimizer.metric("depth"); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "depth is a metric per tensor: say for which tensor"}));
  EXPECT_EQ(thrownBy([&] { (void)optimizer.metric("dept"); }),
            (Outcome{RAVINE_ERROR_NAME, "recomputed has no metric \"dept\"; did you mean \"depth\"?"}));
  EXPECT_EQ(optimizer.state<double>(0, "total")[0], 7 + 19 * 4);
  ga[3] = NAN;
  optimizer.step();
  EXPECT_EQ(optimizer.skipped(), 1);
  EXPECT_EQ(optimizer.steps(), 1);
  optimizer.restoreProgress(0, 1, 1, 6);
  EXPECT_EQ(optimizer.skipped(), 6);
}

TEST_F(WrappedStages, ReadViews) {
  optimizer.step(parameters, gradients);
  Values first(16), second(3);
  optimizer.readView("shifted", std::vector<void *>{first.data(), second.data()});
  EXPECT_EQ(first[0], a[0] + 16 + 16); // w + n + dd
  EXPECT_EQ(second[0], b[0] + 3);
  second.assign(3, 0);
  optimizer.readView("shifted", 1, std::span(second));
  EXPECT_EQ(second[2], b[0] + 3);
  EXPECT_THROW(optimizer.readView("shifted", 0, std::span(second)), Error);
  EXPECT_THROW(optimizer.readView("shifted", std::vector<void *>{nullptr}), Error);
}

TEST_F(WrappedStages, SwapViewsInAndOut) {
  a[0] = std::bit_cast<float>(0x7fc01234u); // a NaN with a payload comes back as it was
  ga[0] = 0;
  optimizer.step(parameters, gradients);
  const Values before = a;
  {
    ViewScope shifted(optimizer, "shifted");
    EXPECT_EQ(a[1], before[1] + static_cast<float>(optimizer.state<double>(0, "n")[0]));
    EXPECT_EQ(b[0], 3);
  }
  EXPECT_EQ(std::memcmp(a.data(), before.data(), 64), 0);
  EXPECT_EQ(b, Values(3, 0.0f));
  EXPECT_THROW(ViewScope(optimizer, "shift"), Error);
  EXPECT_EQ(std::memcmp(a.data(), before.data(), 64), 0);
}

/// The library knows parameters from the last step, also from one that its gradients have stopped.
TEST_F(WrappedStages, SwapViewsWhereAStoppedStepFoundTheParameters) {
  options.optimizer = "carried";
  Optimizer refusing(stagesLibrary(), tensors, options);
  refusing.step(parameters, gradients);
  Values moved = a;
  const Values before = a;
  ga[3] = NAN;
  EXPECT_THROW(refusing.step(std::vector<void *>{moved.data(), b.data()}, gradients), Error);
  {
    ViewScope shifted(refusing, "shifted");
    EXPECT_EQ(a, before);
    EXPECT_NE(moved, before);
  }
  EXPECT_EQ(moved, before);
}

TEST_F(WrappedStages, SwapNothingBeforeTheFirstStep) {
  ViewScope nothing(optimizer, "shifted");
  EXPECT_EQ(a, Values(16, 1.0f));
}

} // namespace

} // namespace ravine::test
