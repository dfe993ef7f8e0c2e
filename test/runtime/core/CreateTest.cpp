// What `create` refuses, and how it says so.
#include "runtime/core/Optimizer.h"
#include "test/runtime/core/Model.h"
#include "test/runtime/core/SamplePlan.h"

namespace ravine::test {

namespace {

TEST(Create, WantsItsArguments) {
  Model model({3});
  EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->create(nullptr, &model.optimizer, error); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "args is null"}));
  EXPECT_EQ(outcomeOf([&](auto *error) { return model.library->create(&model.args, nullptr, error); }),
            (Outcome{RAVINE_ERROR_ARGUMENT, "optimizer is null"}));
}

TEST(Create, WorksWithoutAnErrorStruct) {
  Model model({3});
  model.args.group_count = 0;
  EXPECT_EQ(model.library->create(&model.args, &model.optimizer, nullptr), RAVINE_ERROR_ARGUMENT);
  EXPECT_EQ(model.optimizer, nullptr);
}

TEST(Create, ChecksTheCounts) {
  Model model({3});
  model.args.group_count = 0;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_ARGUMENT, "group_count is 0; there is at least one group"}));
  model.args.group_count = 1;
  model.args.tensors = nullptr;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_ARGUMENT, "tensors is null, but tensor_count is 1"}));
  model.args.tensors = model.tensors.data();
  model.args.setting_count = 2;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_ARGUMENT, "settings is null, but setting_count is 2"}));
}

TEST(Create, ChecksTheHost) {
  Model model({3});
  model.host.allocate = [](void *, size_t, size_t) -> void * { return nullptr; };
  EXPECT_EQ(model.create(),
            (Outcome{RAVINE_ERROR_ARGUMENT, "host.allocate and host.release belong together: give both or neither"}));
  model.host.allocate = nullptr;
  model.host.release = [](void *, void *, size_t, size_t) {};
  EXPECT_EQ(model.create(),
            (Outcome{RAVINE_ERROR_ARGUMENT, "host.allocate and host.release belong together: give both or neither"}));
  model.host.release = nullptr;
  model.host.device = 1;
  EXPECT_EQ(model.create(),
            (Outcome{RAVINE_ERROR_ARGUMENT, "host.device is 1, but the library works in main memory (0) only"}));
}

TEST(Create, TakesNoHost) {
  Model model({3});
  model.args.host = nullptr;
  EXPECT_EQ(model.create(), ok);
  EXPECT_EQ(model.step(), ok);
}

TEST(Create, FindsTheOptimizer) {
  Model model({3});
  EXPECT_EQ(model.create("momemtum"),
            (Outcome{RAVINE_ERROR_NAME, "sample has no optimizer \"momemtum\"; did you mean \"momentum\"?"}));
  EXPECT_EQ(model.create("adam"),
            (Outcome{RAVINE_ERROR_NAME, "sample has no optimizer \"adam\"; it has momentum, averaged, sized"}));
  EXPECT_EQ(model.create(nullptr), (Outcome{RAVINE_ERROR_ARGUMENT, "sample has several optimizers; name one of "
                                                                   "momentum, averaged, sized"}));
  ravine_plan_library single = ravine_plan;
  single.optimizer_count = 1;
  EXPECT_EQ(core::create(single, &model.args, &model.optimizer, core::Error(nullptr)), RAVINE_OK);
}

TEST(Create, WantsNames) {
  Model model({3, 3, 3});
  model.tensors[1].name = nullptr;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor 1 has no name"}));
  model.tensors[1].name = "";
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor 1 has no name"}));
  model.tensors[1].name = "t2";
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensors 1 and 2 are both named \"t2\""}));
}

TEST(Create, ChecksShapes) {
  Model model({3});
  model.tensors[0].shape = nullptr;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" has rank 1 but its shape is null"}));
  int64_t shape[] = {4, -1};
  model.tensors[0].shape = shape;
  model.tensors[0].rank = 2;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" has extent -1 on axis 1"}));
  int64_t huge[] = {int64_t{1} << 40, int64_t{1} << 40};
  model.tensors[0].shape = huge;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" has more elements than memory can hold"}));
  int64_t addressable[] = {int64_t{1} << 30, int64_t{1} << 30};
  model.tensors[0].shape = addressable;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" has more elements than memory can hold"}));
}

TEST(Create, AcceptsHugeExtentsBesideZero) {
  Model model({0});
  int64_t shape[] = {int64_t{1} << 40, int64_t{1} << 40, 0};
  model.tensors[0].shape = shape;
  model.tensors[0].rank = 3;
  EXPECT_EQ(model.create(), ok);
  EXPECT_EQ(model.step(), ok);
}

TEST(Create, ChecksStrides) {
  Model model({30});
  int64_t shape[] = {2, 1, 5, 3}, strides[] = {15, 99, 3, 1};
  model.tensors[0].shape = shape;
  model.tensors[0].strides = strides;
  model.tensors[0].rank = 4;
  EXPECT_EQ(model.create(), ok);
  strides[0] = 16;
  EXPECT_EQ(model.create(),
            (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" is not contiguous: its stride on axis 0 is 16, not 15"}));
  int64_t columnMajor[] = {1, 2, 2, 10};
  model.tensors[0].strides = columnMajor;
  EXPECT_EQ(model.create(),
            (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" is not contiguous: its stride on axis 3 is 10, not 1"}));
  shape[2] = 0;
  EXPECT_EQ(model.create(), ok);
}

TEST(Create, ChecksGroups) {
  Model model({3});
  model.tensors[0].group = 2;
  model.args.group_count = 2;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" is in group 2, but group_count is 2"}));
}

TEST(Create, ChecksPrecisions) {
  Model model({3});
  model.tensors[0].parameter_dtype = 77;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_TENSOR, "tensor \"t0\" has dtype 77, which is none"}));
  model.tensors[0].parameter_dtype = RAVINE_BF16;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_PRECISION, "tensor \"t0\" has parameter bf16 and gradient f32, but "
                                                             "momentum was built for f32, f64: rebuild it with "
                                                             "--precision=f32,f64,bf16/f32"}));
  model.tensors[0].parameter_dtype = RAVINE_F32;
  model.tensors[0].gradient_dtype = RAVINE_F16;
  EXPECT_EQ(model.create(), (Outcome{RAVINE_ERROR_PRECISION, "tensor \"t0\" has parameter f32 and gradient f16, but "
                                                             "momentum was built for f32, f64: rebuild it with "
                                                             "--precision=f32,f64,f32/f16"}));
}

TEST(Create, CopiesWhatItIsGiven) {
  Model model({3});
  std::string name = "weights";
  std::string lr = "lr";
  model.tensors[0].name = name.c_str();
  EXPECT_EQ(model.create("momentum", {setting(lr.c_str(), 0.25)}), ok);
  name = "garbage";
  lr = "xx";
  model.shapes[0] = -5;
  model.tensors[0] = {};
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.w[0], std::vector<float>(3, 0.5f));
  auto parameters = model.parameters();
  parameters[0] = nullptr;
  EXPECT_EQ(model.step(parameters, model.gradients()),
            (Outcome{RAVINE_ERROR_ARGUMENT, "the parameter of tensor \"weights\" is null"}));
}

TEST(Create, MayHaveNoTensors) {
  Model model({});
  model.args.tensors = nullptr;
  EXPECT_EQ(model.create(), ok);
  EXPECT_EQ(model.step({.struct_size = sizeof(ravine_step_args)}), ok);
  EXPECT_EQ(model.progress().steps, 1);
  EXPECT_EQ(model.progress().tensor_steps, 0);
}

TEST(Create, MayHaveScalars) {
  Model model({1});
  model.tensors[0].rank = 0;
  model.tensors[0].shape = nullptr;
  EXPECT_EQ(model.create(), ok);
  EXPECT_EQ(model.step(), ok);
  EXPECT_EQ(model.w[0][0], 0.0f);
}

TEST(Destroy, TakesNull) {
  ravine_library_v1()->destroy(nullptr);
}

} // namespace

} // namespace ravine::test
