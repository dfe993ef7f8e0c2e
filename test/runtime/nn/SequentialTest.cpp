// Models as chains of layers: names, shapes, and what is refused.
#include "runtime/nn/Sequential.h"
#include "runtime/nn/models/LeNet.h"

#include <gmock/gmock.h>
#include <numeric>

namespace ravine::nn {
namespace {

TEST(Sequential, ParametersAreNamedByTheirPath) {
  Sequential<float> inner({3});
  inner.add("fc", Linear<float>(3, 2));
  Sequential<float> model({3});
  model.add("stem", Linear<float>(3, 3));
  model.add("block", std::move(inner));
  std::vector<std::string> names;
  for (const Parameter<float> *parameter : model.parameters())
    names.push_back(parameter->name + toString(parameter->value.shape()));
  EXPECT_THAT(names,
              testing::ElementsAre("stem.weight[3, 3]", "stem.bias[3]", "block.fc.weight[2, 3]", "block.fc.bias[2]"));
}

TEST(Sequential, LeNetHasTheParametersOfThePaperWithFullConnections) {
  Sequential<float> model = makeLeNet<float>(10);
  EXPECT_EQ(model.outputShape(), Shape({10}));
  // (25 + 1)·6 + (150 + 1)·16 + (400 + 1)·120 + (120 + 1)·84 + (84 + 1)·10
  int64_t count = 0;
  for (const Parameter<float> *parameter : model.parameters()) {
    EXPECT_EQ(parameter->gradient.shape(), parameter->value.shape());
    count += parameter->value.count();
  }
  EXPECT_EQ(count, 61706);
}

TEST(Sequential, RefusesALayerThatDoesNotFit) {
  Sequential<float> model({1, 8, 8});
  model.add("conv", Conv2d<float>({.outputs = 4, .kernel = 3}));
  try {
    model.add("fc", Linear<float>(100, 10));
    FAIL();
  } catch (const std::invalid_argument &error) {
    EXPECT_STREQ(error.what(), "layer 'fc' (linear) takes 100 values, not [4, 6, 6]");
  }
  EXPECT_EQ(model.outputShape(), Shape({4, 6, 6}));
}

TEST(Sequential, RefusesANameTwice) {
  Sequential<float> model({4});
  model.add("fc", Linear<float>(4, 4));
  try {
    model.add("fc", Linear<float>(4, 4));
    FAIL();
  } catch (const std::invalid_argument &error) {
    EXPECT_STREQ(error.what(), "layer 'fc' (linear): another layer has that name");
  }
}

TEST(Shape, RefusesWhatCannotBeStored) {
  EXPECT_THROW(Shape({2, -1}), std::invalid_argument);
  EXPECT_THROW(Shape({1, 1, 1, 1, 1, 1, 1, 1, 1}), std::invalid_argument);
  EXPECT_THROW(Shape({1 << 24, 1 << 24, 2}), std::invalid_argument);
  EXPECT_THROW(Shape({INT64_MAX, INT64_MAX}), std::invalid_argument);
  EXPECT_EQ(Shape({1 << 24, 1 << 24}).count(), int64_t{1} << 48);
  EXPECT_EQ(Shape({5, 0, 7}).count(), 0);
  EXPECT_EQ(Shape().count(), 1);
}

TEST(Tensor, StartsZeroAtACacheLineAndKeepsItsPlaceWhenMoved) {
  for (int64_t count : {0, 1, 3, 100}) {
    Tensor<float> tensor({count, 1, 1, 1});
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % storageAlignment, 0);
    EXPECT_THAT(tensor.span(), testing::Each(0.0F));
    const float *place = tensor.data();
    const Tensor<float> moved = std::move(tensor);
    EXPECT_EQ(moved.data(), place);
  }
}

TEST(Tensor, ViewsAreRowMajor) {
  Tensor<int> tensor({2, 2, 3});
  std::iota(tensor.span().begin(), tensor.span().end(), 0);
  EXPECT_EQ(tensor.view().rows()(1, 2), 8);
  EXPECT_EQ(tensor.view()[1].rows()(1, 2), 11);
  EXPECT_EQ(tensor.view().matrix(3, 4)(2, 1), 9);
  EXPECT_THAT(tensor.first(1).span(), testing::ElementsAre(0, 1, 2, 3, 4, 5));
}

} // namespace
} // namespace ravine::nn
