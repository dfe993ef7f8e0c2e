// Tensors of several dtypes in one optimizer: what is stored, how it is aligned, where it overlaps.
#include "test/runtime/core/ComposedModel.h"

namespace ravine::test {

namespace {

using Values = std::vector<double>;

struct Precisions : testing::Test {
  ComposedModel model{{{"single", {2, 2}, RAVINE_F32, RAVINE_F32},
                       {"double", {2, 2}, RAVINE_F64, RAVINE_F64},
                       {"brain", {2, 2}, RAVINE_BF16, RAVINE_BF16},
                       {"half", {2, 2}, RAVINE_F16, RAVINE_F16},
                       {"mixed", {2, 2}, RAVINE_BF16, RAVINE_F32}}};
};

TEST_F(Precisions, LiveTogether) {
  EXPECT_EQ(model.create("lenient", {setting("every", 1)}), ok);
  EXPECT_EQ(model.step(), ok);
  const ravine_dtype gathered[] = {RAVINE_F32, RAVINE_F64, RAVINE_F32, RAVINE_F32, RAVINE_F32};
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(model.parameter[i].values(), Values(4, 1.75)) << i;
    EXPECT_EQ(model.gradient[i].values(), Values(4, 0)) << i;
    EXPECT_EQ(model.view(i, "acc").dtype, gathered[i]) << i;
    EXPECT_EQ(model.view(i, "hidden.b").dtype, RAVINE_BF16) << i;
    EXPECT_EQ(model.state(i, "hidden.b"), Values(4, 1)) << i;
    EXPECT_EQ(model.view(i, "master").exists, i >= 2 ? 1 : 0) << i;
  }
  EXPECT_EQ(model.state(3, "master"), Values(4, 1.75));
  EXPECT_EQ(model.metric("norm"), std::sqrt(20));
}

TEST_F(Precisions, KeepInTheMasterWhatTheParameterLoses) {
  const double small = std::ldexp(1, -10);
  EXPECT_EQ(model.create("lenient", {setting("every", 1), setting("hidden.momentum", 0), setting("warm", 1),
                                     setting("hidden.lr", small)}),
            ok);
  for (Numbers &one : model.parameter)
    one.fill(1);
  EXPECT_EQ(model.stepWith(1), ok);
  EXPECT_EQ(model.parameter[0].values(), Values(4, 1 - small));
  EXPECT_EQ(model.parameter[2].values(), Values(4, 1)); // bf16 has 8 bits
  EXPECT_EQ(model.state(2, "master"), Values(4, 1 - small));
  EXPECT_EQ(model.parameter[3].values(), Values(4, 1 - small)); // f16 has 11
  for (int step = 0; step < 3; ++step)
    EXPECT_EQ(model.stepWith(1), ok);
  EXPECT_EQ(model.parameter[2].values(), Values(4, 1 - 4 * small));
  EXPECT_EQ(model.parameter[4].values(), Values(4, 1 - 4 * small));
}

TEST_F(Precisions, ShowViewsInTheParametersDtype) {
  EXPECT_EQ(model.create("lenient", {setting("every", 1)}), ok);
  EXPECT_EQ(model.step(), ok);
  std::vector<Numbers> outputs;
  for (const ravine_tensor &tensor : model.tensors)
    outputs.emplace_back(tensor.parameter_dtype, 4, 0);
  std::vector<void *> pointers;
  for (Numbers &one : outputs)
    pointers.push_back(one.data());
  EXPECT_EQ(model.readView("eval", pointers), ok);
  for (Numbers &one : outputs)
    EXPECT_EQ(one.values(), Values(4, 3.5));
  pointers[2] = static_cast<std::byte *>(pointers[2]) + 1;
  EXPECT_EQ(model.readView("eval", pointers),
            (Outcome{RAVINE_ERROR_ARGUMENT, "the output for tensor \"brain\" is not aligned to 2 bytes"}));
}

TEST_F(Precisions, ThatTheLibraryLacksAreRefused) {
  model.tensors[0].gradient_dtype = RAVINE_BF16;
  EXPECT_EQ(model.create("lenient"),
            (Outcome{RAVINE_ERROR_PRECISION,
                     "tensor \"single\" has parameter f32 and gradient bf16, but lenient was built for f32, f64, bf16, "
                     "f16, bf16/f32: rebuild it with --precision=f32,f64,bf16,f16,bf16/f32,f32/bf16"}));
  model.tensors[0].gradient_dtype = 9;
  EXPECT_EQ(model.create("lenient"), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"single\" has dtype 9, which is none"}));
}

TEST_F(Precisions, AreAlignedEachInItsWay) {
  EXPECT_EQ(model.create("lenient"), ok);
  alignas(8) std::byte room[64] = {};
  auto parameters = model.parameters();
  auto gradients = model.gradients();
  gradients[4] = room + 2;
  EXPECT_EQ(model.Model::step(parameters, gradients),
            (Outcome{RAVINE_ERROR_ARGUMENT, "the gradient of tensor \"mixed\" is not aligned to 4 bytes"}));
  gradients[4] = room + 4;
  parameters[1] = room + 28;
  EXPECT_EQ(model.Model::step(parameters, gradients),
            (Outcome{RAVINE_ERROR_ARGUMENT, "the parameter of tensor \"double\" is not aligned to 8 bytes"}));
  parameters[1] = model.parameter[1].data();
  parameters[4] = room + 34;
  EXPECT_EQ(model.Model::step(parameters, gradients), ok);
}

TEST_F(Precisions, OverlapByBytes) {
  EXPECT_EQ(model.create("lenient"), ok);
  alignas(8) std::byte room[64] = {};
  auto parameters = model.parameters();
  parameters[2] = room;
  parameters[3] = room + 6;
  EXPECT_EQ(model.Model::step(parameters, model.gradients()),
            (Outcome{RAVINE_ERROR_OVERLAP, "the parameter of tensor \"brain\" overlaps that of tensor \"half\""}));
  parameters[3] = room + 8;
  EXPECT_EQ(model.Model::step(parameters, model.gradients()), ok);
}

TEST_F(Precisions, GradientsThatAreWrittenShareNothing) {
  EXPECT_EQ(model.create("lenient"), ok);
  auto parameters = model.parameters();
  auto gradients = model.gradients();
  const Outcome shared{RAVINE_ERROR_OVERLAP, "the gradient of tensor \"single\" overlaps that of tensor \"mixed\""};
  gradients[4] = gradients[0];
  for (int again = 0; again < 2; ++again)
    EXPECT_EQ(model.Model::step(parameters, gradients), shared);
  gradients[4] = static_cast<const std::byte *>(gradients[0]) + 12; // one element
  EXPECT_EQ(model.Model::step(parameters, gradients), shared);
  EXPECT_EQ(model.progress().skipped, 0);
  gradients[4] = nullptr;
  EXPECT_EQ(model.Model::step(parameters, gradients), ok);
  // The one that was absent comes back; the others have not moved.
  gradients[4] = gradients[0];
  EXPECT_EQ(model.Model::step(parameters, gradients), shared);
  gradients[4] = parameters[0];
  EXPECT_EQ(model.Model::step(parameters, gradients),
            (Outcome{RAVINE_ERROR_OVERLAP, "the gradient of tensor \"mixed\" overlaps the parameter of tensor "
                                           "\"single\""}));
  gradients[4] = model.view(0, "acc").data;
  EXPECT_EQ(model.Model::step(parameters, gradients),
            (Outcome{RAVINE_ERROR_OVERLAP, "the gradient of tensor \"mixed\" overlaps a state of this optimizer"}));
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.progress().skipped, 1);
  EXPECT_EQ(model.progress().steps, 1);
}

TEST(PrecisionsOfNothing, HaveStatesWithoutElements) {
  ComposedModel model({{"none", {2, 0}, RAVINE_BF16, RAVINE_BF16}, {"w", {2, 2}}});
  EXPECT_EQ(model.create("lenient", {setting("every", 1)}), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.view(0, "master").exists, 1);
  EXPECT_EQ(model.view(0, "master").count, 0u);
  EXPECT_EQ(model.number("n", 0), 2 + 1);
}

} // namespace

} // namespace ravine::test
