// Hyperparameters per tensor and of the model, and conditions that read the tensor.
#include "test/runtime/core/StagesModel.h"

namespace ravine::test {

namespace {

struct TensorSettings : testing::Test {
  TensorSettings() : model({16, 16, 4}) {
    model.tensors[1].group = 1;
    model.args.group_count = 2;
    EXPECT_EQ(model.create("recomputed", {tensorSetting("scale", 0.5, "t1")}), ok);
  }

  void expectRefused(const std::vector<ravine_setting> &settings, const Outcome &outcome) {
    std::string before = model.everything();
    EXPECT_EQ(model.configure(settings), outcome);
    EXPECT_EQ(model.everything(), before);
  }

  StagesModel model;
};

TEST_F(TensorSettings, AreSetForOneTensorAGroupOrAll) {
  EXPECT_EQ(model.readTensor("scale", 0), 1);
  EXPECT_EQ(model.readTensor("scale", 1), 0.5);
  EXPECT_EQ(model.configure({setting("scale", 3), tensorSetting("scale", 7, "t2")}), ok);
  EXPECT_EQ(model.readTensor("scale", 0), 3);
  EXPECT_EQ(model.readTensor("scale", 1), 3);
  EXPECT_EQ(model.readTensor("scale", 2), 7);
  EXPECT_EQ(model.configure({setting("scale", 2, 0)}), ok);
  EXPECT_EQ(model.readTensor("scale", 0), 2);
  EXPECT_EQ(model.readTensor("scale", 1), 3);
  EXPECT_EQ(model.readTensor("scale", 2), 2);
}

TEST_F(TensorSettings, ReachTheNextStep) {
  EXPECT_EQ(model.stepWithout({2}), ok);
  EXPECT_EQ(model.w[0][0], -1.0f); // 1 - 0.5*1*4*1
  EXPECT_EQ(model.w[1][0], 0.0f);
  EXPECT_EQ(model.configure({tensorSetting("scale", 0, "t0")}), ok);
  EXPECT_EQ(model.stepWithout({2}), ok);
  EXPECT_EQ(model.w[0][0], -1.0f);
  EXPECT_EQ(model.w[1][0], -1.0f);
}

TEST_F(TensorSettings, ReadWhatHoldsForATensor) {
  EXPECT_EQ(model.configure({setting("lr", 0.25, 1), setting("first", 9)}), ok);
  EXPECT_EQ(model.readTensor("lr", 0), 0.5);
  EXPECT_EQ(model.readTensor("lr", 1), 0.25);
  EXPECT_EQ(model.readTensor("first", 1), 9);
  EXPECT_EQ(model.read("first", 1), 9);
}

TEST_F(TensorSettings, AreReadWithCare) {
  double value = 77;
  auto read = [&](const char *name, size_t tensor) {
    return outcomeOf(
        [&](auto *error) { return model.library->read_tensor_setting(model.optimizer, name, tensor, &value, error); });
  };
  EXPECT_EQ(read("scales", 0),
            (Outcome{RAVINE_ERROR_NAME, "recomputed has no hyper \"scales\"; did you mean \"scale\"?"}));
  EXPECT_EQ(read("scale", 3),
            (Outcome{RAVINE_ERROR_ARGUMENT, "tensor 3 is not below the number of tensors, which is 3"}));
  EXPECT_EQ(read(nullptr, 0), (Outcome{RAVINE_ERROR_ARGUMENT, "name is null"}));
  EXPECT_EQ(
      outcomeOf([&](auto *error) { return model.library->read_setting(model.optimizer, "scale", 0, &value, error); }),
      (Outcome{RAVINE_ERROR_ARGUMENT, "scale is a hyper per tensor, which has no value for a group"}));
  EXPECT_EQ(value, 77);
}

TEST_F(TensorSettings, AreRefusedWithTheCulprit) {
  expectRefused({tensorSetting("scale", -1, "t0")}, {RAVINE_ERROR_RANGE, "scale = -1 is outside [0, inf)"});
  expectRefused({tensorSetting("scale", 2, "t0"), tensorSetting("scale", 2, "u9")},
                {RAVINE_ERROR_NAME, "the model has no tensor \"u9\"; it has t0, t1, t2"});
  expectRefused(
      {tensorSetting("lr", 2, "t0")},
      {RAVINE_ERROR_ARGUMENT, "lr is no hyper per tensor, so that tensor \"t0\" cannot have a value of its own"});
  expectRefused(
      {setting("first", 2, 1)},
      {RAVINE_ERROR_ARGUMENT, "first has one value for the model, so that group 1 cannot have one of its own"});
}

TEST(ManyTensors, AreFoundByName) {
  std::vector<int64_t> sizes(3000, 2);
  StagesModel model(sizes);
  EXPECT_EQ(model.create("recomputed"), ok);
  std::vector<ravine_setting> settings;
  for (size_t i = 0; i < sizes.size(); ++i)
    settings.push_back(tensorSetting("scale", static_cast<double>(i), model.names[i].c_str()));
  EXPECT_EQ(model.configure(settings), ok);
  for (size_t i = 0; i < sizes.size(); ++i)
    ASSERT_EQ(model.readTensor("scale", i), static_cast<double>(i));
}

TEST(Variants, FollowTheSizeOfEachTensor) {
  StagesModel model({7, 8, 9, 0});
  EXPECT_EQ(model.create("recomputed"), ok);
  EXPECT_EQ(model.view(0, "u").exists, 0);
  EXPECT_EQ(model.view(1, "u").exists, 1);
  EXPECT_EQ(model.view(2, "u").exists, 1);
  EXPECT_EQ(model.view(3, "u").exists, 0);
  EXPECT_EQ(model.configure({setting("lr", 1)}), ok);
}

} // namespace

} // namespace ravine::test
