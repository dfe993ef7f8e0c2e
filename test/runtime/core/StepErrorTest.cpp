// What `step` and the reading functions refuse, and that nothing has changed then.
#include "test/runtime/core/Model.h"

namespace ravine::test {

namespace {

struct StepErrors : testing::Test {
  StepErrors() : model({4, 6}) {
    model.tensors[1].shape = matrix;
    model.tensors[1].rank = 2;
    EXPECT_EQ(model.create("momentum", {setting("momentum", 0.5)}), ok);
    EXPECT_EQ(model.step(), ok);
  }

  /// Expects a step to fail so and to change nothing, and the next ordinary step to work as if it had not been.
  void expectFailure(const ravine_step_args &args, const Outcome &outcome) {
    std::string before = model.everything();
    EXPECT_EQ(model.step(args), outcome);
    EXPECT_EQ(model.everything(), before);
  }
  void expectFailure(const std::vector<void *> &parameters, const std::vector<const void *> &gradients,
                     const Outcome &outcome) {
    expectFailure(
        {.struct_size = sizeof(ravine_step_args), .parameters = parameters.data(), .gradients = gradients.data()},
        outcome);
  }
  void expectChangeFound(const std::vector<ravine_tensor> &tensors, const Outcome &outcome) {
    expectFailure({.struct_size = sizeof(ravine_step_args), .tensors = tensors.data()}, outcome);
  }

  int64_t matrix[2] = {2, 3};
  Model model;
};

TEST_F(StepErrors, WantsItsArguments) {
  EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->step(model.optimizer, nullptr, error); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "args is null"}));
  ravine_step_args args = {.struct_size = sizeof args};
  EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->step(nullptr, &args, error); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  args.stream = &args;
  expectFailure(args, {RAVINE_ERROR_ARGUMENT, "stream is not null, but the tensors are in main memory"});
}

TEST_F(StepErrors, FirstStepNeedsBothArrays) {
  EXPECT_EQ(model.create(), ok);
  auto parameters = model.parameters();
  auto gradients = model.gradients();
  expectFailure({.struct_size = sizeof(ravine_step_args), .gradients = gradients.data()},
                {RAVINE_ERROR_ARGUMENT, "parameters is null, but there is no step before to take them from"});
  expectFailure({.struct_size = sizeof(ravine_step_args), .parameters = parameters.data()},
                {RAVINE_ERROR_ARGUMENT, "gradients is null, but there is no step before to take them from"});
  // A step that failed is no step before.
  parameters[1] = nullptr;
  expectFailure(parameters, gradients, {RAVINE_ERROR_ARGUMENT, "the parameter of tensor \"t1\" is null"});
  expectFailure({.struct_size = sizeof(ravine_step_args)},
                {RAVINE_ERROR_ARGUMENT, "parameters is null, but there is no step before to take them from"});
}

TEST_F(StepErrors, PointersAreAligned) {
  std::vector<float> space(20);
  void *odd = reinterpret_cast<char *>(space.data()) + 2;
  expectFailure({odd, model.w[1].data()}, model.gradients(),
                {RAVINE_ERROR_ARGUMENT, "the parameter of tensor \"t0\" is not aligned to 4 bytes"});
  expectFailure(model.parameters(), {model.g[0].data(), odd},
                {RAVINE_ERROR_ARGUMENT, "the gradient of tensor \"t1\" is not aligned to 4 bytes"});
}

TEST_F(StepErrors, ParameterOfATensorThatComesBackIsChecked) {
  auto parameters = model.parameters();
  parameters[1] = nullptr;
  EXPECT_EQ(model.step(parameters, model.gradients({1})), ok);
  auto gradients = model.gradients();
  expectFailure({.struct_size = sizeof(ravine_step_args), .gradients = gradients.data()},
                {RAVINE_ERROR_ARGUMENT, "the parameter of tensor \"t1\" is null"});
}

TEST_F(StepErrors, FailedStepLeavesThePointersOfTheLastOne) {
  std::vector<float> elsewhere(4, 50.0f);
  expectFailure({elsewhere.data(), nullptr}, model.gradients(),
                {RAVINE_ERROR_ARGUMENT, "the parameter of tensor \"t1\" is null"});
  // b: 2, 3; w: 0, -1.5
  EXPECT_EQ(model.step({.struct_size = sizeof(ravine_step_args)}), ok);
  EXPECT_EQ(model.w[0], std::vector<float>(4, -1.5f));
  EXPECT_EQ(elsewhere, std::vector<float>(4, 50.0f));
}

TEST_F(StepErrors, TensorsAreAsTheyWere) {
  auto with = [&](auto change) {
    auto tensors = model.tensors;
    change(tensors[1]);
    return tensors;
  };
  expectChangeFound(with([](auto &t) { t.name = "other"; }),
                    {RAVINE_ERROR_TENSOR, "tensor 1 was named \"t1\" at creation and is named \"other\" now"});
  static const int64_t turned[] = {3, 2};
  expectChangeFound(with([](auto &t) { t.shape = turned; }),
                    {RAVINE_ERROR_TENSOR, "tensor \"t1\" had shape [2, 3] at creation and has [3, 2] now"});
  static const int64_t flat[] = {6};
  expectChangeFound(with([](auto &t) { t.shape = flat, t.rank = 1; }),
                    {RAVINE_ERROR_TENSOR, "tensor \"t1\" had shape [2, 3] at creation and has [6] now"});
  static const int64_t columnMajor[] = {1, 2};
  expectChangeFound(with([](auto &t) { t.strides = columnMajor; }),
                    {RAVINE_ERROR_TENSOR, "tensor \"t1\" is not contiguous: its stride on axis 1 is 2, not 1"});
  expectChangeFound(with([](auto &t) { t.shape = nullptr; }),
                    {RAVINE_ERROR_TENSOR, "tensor \"t1\" has rank 2 but its shape is null"});
  expectChangeFound(with([](auto &t) { t.group = 1; }),
                    {RAVINE_ERROR_TENSOR, "tensor \"t1\" had group 0 at creation and has 1 now"});
  expectChangeFound(with([](auto &t) { t.parameter_dtype = RAVINE_BF16; }),
                    {RAVINE_ERROR_TENSOR, "tensor \"t1\" had parameter dtype f32 at creation and has bf16 now"});
  expectChangeFound(with([](auto &t) { t.gradient_dtype = RAVINE_F64; }),
                    {RAVINE_ERROR_TENSOR, "tensor \"t1\" had gradient dtype f32 at creation and has f64 now"});
}

TEST_F(StepErrors, OverlapsAreFound) {
  float *w0 = model.w[0].data(), *w1 = model.w[1].data();
  float *b1 = static_cast<float *>(model.view(1, "b").data);
  const void *g0 = model.g[0].data(), *g1 = model.g[1].data();
  std::vector<float> shared(10);
  float *s = shared.data();
  expectFailure({s, s + 3}, {g0, g1},
                {RAVINE_ERROR_OVERLAP, "the parameter of tensor \"t0\" overlaps that of tensor "
                                       "\"t1\""});
  expectFailure({s + 5, s}, {g0, g1},
                {RAVINE_ERROR_OVERLAP, "the parameter of tensor \"t0\" overlaps that of tensor "
                                       "\"t1\""});
  expectFailure({w0, w1}, {w0, g1},
                {RAVINE_ERROR_OVERLAP, "the gradient of tensor \"t0\" overlaps the parameter of "
                                       "tensor \"t0\""});
  expectFailure({w0, s}, {s + 5, g1},
                {RAVINE_ERROR_OVERLAP, "the gradient of tensor \"t0\" overlaps the parameter of "
                                       "tensor \"t1\""});
  expectFailure({w0, b1}, {g0, g1},
                {RAVINE_ERROR_OVERLAP, "the parameter of tensor \"t1\" overlaps a state of this "
                                       "optimizer"});
  expectFailure({w0, w1}, {b1, g1},
                {RAVINE_ERROR_OVERLAP, "the gradient of tensor \"t0\" overlaps a state of this "
                                       "optimizer"});
  // A tensor that sits out must not lie where another is written either.
  expectFailure({s, s + 3}, {g0, nullptr},
                {RAVINE_ERROR_OVERLAP, "the parameter of tensor \"t0\" overlaps that of "
                                       "tensor \"t1\""});
}

TEST_F(StepErrors, NeighboursAndSharedGradientsAreNoOverlap) {
  std::vector<float> all(20, 1.0f);
  float *s = all.data();
  EXPECT_EQ(model.step({s, s + 4}, {s + 10, s + 10}), ok);
  EXPECT_EQ(model.step({s + 6, s}, {s + 10, s + 12}), ok);
}

TEST_F(StepErrors, OverlapIsFoundAgainAfterAFailure) {
  std::vector<float> shared(10);
  float *s = shared.data();
  Outcome overlap{RAVINE_ERROR_OVERLAP, "the parameter of tensor \"t0\" overlaps that of tensor \"t1\""};
  Outcome gradient{RAVINE_ERROR_OVERLAP, "the gradient of tensor \"t0\" overlaps the parameter of tensor \"t0\""};
  for (int i = 0; i < 2; ++i) {
    expectFailure({s, s + 3}, model.gradients(), overlap);
    expectFailure({s, s + 4}, {s, model.g[1].data()}, gradient);
    expectFailure(model.parameters(), {model.w[0].data(), model.g[1].data()}, gradient);
  }
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.w[0], std::vector<float>(4, -1.5f));
}

TEST_F(StepErrors, StatesAreFoundByTensorAndName) {
  ravine_state_view view = {.struct_size = sizeof view, .exists = 77};
  auto see = [&](const ravine_optimizer *optimizer, size_t tensor, const char *state, ravine_state_view *to) {
    return outcomeOf([&](auto *error) { return model.library->view_state(optimizer, tensor, state, to, error); });
  };
  EXPECT_EQ(see(nullptr, 0, "b", &view), (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  EXPECT_EQ(see(model.optimizer, 0, nullptr, &view), (Outcome{RAVINE_ERROR_ARGUMENT, "state is null"}));
  EXPECT_EQ(see(model.optimizer, 0, "b", nullptr), (Outcome{RAVINE_ERROR_ARGUMENT, "view is null"}));
  EXPECT_EQ(see(model.optimizer, 2, "b", &view),
            (Outcome{RAVINE_ERROR_ARGUMENT, "tensor 2 is not below the number of tensors, which is 2"}));
  EXPECT_EQ(see(model.optimizer, 0, "velocity", &view),
            (Outcome{RAVINE_ERROR_NAME, "momentum has no state \"velocity\"; it has b"}));
  EXPECT_EQ(view.exists, 77);
}

TEST_F(StepErrors, ProgressIsReadByTensor) {
  ravine_progress progress = {.struct_size = sizeof progress, .steps = 77};
  auto read = [&](const ravine_optimizer *optimizer, size_t tensor, ravine_progress *to) {
    return outcomeOf([&](auto *error) { return model.library->read_progress(optimizer, tensor, to, error); });
  };
  EXPECT_EQ(read(nullptr, 0, &progress), (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  EXPECT_EQ(read(model.optimizer, 0, nullptr), (Outcome{RAVINE_ERROR_ARGUMENT, "progress is null"}));
  EXPECT_EQ(read(model.optimizer, 2, &progress),
            (Outcome{RAVINE_ERROR_ARGUMENT, "tensor 2 is not below the number of tensors, which is 2"}));
  EXPECT_EQ(progress.steps, 77);
}

TEST_F(StepErrors, ProgressIsRestoredByTensor) {
  ravine_progress progress = {.struct_size = sizeof progress, .steps = 2, .tensor_steps = 3};
  auto restore = [&](ravine_optimizer *optimizer, size_t tensor, const ravine_progress *from) {
    return outcomeOf([&](auto *error) { return model.library->restore_progress(optimizer, tensor, from, error); });
  };
  EXPECT_EQ(restore(nullptr, 0, &progress), (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
  EXPECT_EQ(restore(model.optimizer, 0, nullptr), (Outcome{RAVINE_ERROR_ARGUMENT, "progress is null"}));
  EXPECT_EQ(restore(model.optimizer, 2, &progress),
            (Outcome{RAVINE_ERROR_ARGUMENT, "tensor 2 is not below the number of tensors, which is 2"}));
  EXPECT_EQ(restore(model.optimizer, 0, &progress),
            (Outcome{RAVINE_ERROR_ARGUMENT, "a tensor cannot have taken 3 of 2 steps"}));
  progress.tensor_steps = -1;
  EXPECT_EQ(restore(model.optimizer, 0, &progress),
            (Outcome{RAVINE_ERROR_ARGUMENT, "a tensor cannot have taken -1 of 2 steps"}));
}

} // namespace

} // namespace ravine::test
