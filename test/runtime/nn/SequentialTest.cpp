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

/// What a layer says about a batch of three examples of this shape, with room for as many outputs of that shape.
std::string refusal(const Layer<float> &layer, const Shape &input, const Shape &output, int64_t scratchCount) {
  Tensor<float> x(input.batchOf(3)), y(output.batchOf(3)), scratch({scratchCount});
  try {
    layer.forward(x.view(), y.view(), scratch.span());
  } catch (const std::invalid_argument &forwardError) {
    EXPECT_THAT(y.span(), testing::Each(0.0F)) << "outputs were written";
    const std::string sentence = forwardError.what();
    EXPECT_THAT([&] { layer.backward(x.view(), y.view(), y.view(), {}, {}, scratch.span()); },
                testing::ThrowsMessage<std::invalid_argument>(sentence));
    return sentence;
  }
  return "nothing was refused";
}

TEST(Layer, RefusesABatchOfAnotherShapeThanItTakes) {
  const Conv2d<float> conv({.inputs = 2, .outputs = 4, .kernel = 3});
  EXPECT_EQ(refusal(conv, {1, 5, 5}, {4, 3, 3}, 1000), "conv2d takes [2, height, width], not [1, 5, 5]");
  EXPECT_EQ(refusal(conv, {2, 5, 5}, {4, 3, 2}, 1000), "conv2d: y is [3, 4, 3, 2], not [3, 4, 3, 3]");
  EXPECT_EQ(refusal(conv, {2, 5, 5}, {4, 3, 3}, 161), "conv2d: scratch has 161 elements, and 162 are needed");
  EXPECT_EQ(refusal(Linear<float>(5, 2), {4}, {2}, 0), "linear takes 5 values, not [4]");
  EXPECT_EQ(refusal(MaxPool2d<float>(2, 2), {1, 1, 4}, {1, 1, 2}, 0),
            "max_pool2d takes [channels, height, width] with both at least 2, not [1, 1, 4]");
  EXPECT_EQ(refusal(Relu<float>(), {4}, {3}, 0), "relu: y is [3, 3], not [3, 4]");
  EXPECT_EQ(refusal(Flatten<float>(), {2, 2}, {3}, 0), "flatten: y is [3, 3], not [3, 4]");
  const Sequential<float> model = makeLeNet<float>(10);
  const int64_t scratchCount = model.scratchCount({1, 28, 28}, 3);
  EXPECT_EQ(refusal(model, {1, 32, 32}, {10}, scratchCount), "sequential takes [1, 28, 28], not [1, 32, 32]");
  EXPECT_EQ(refusal(model, {1, 27, 28}, {10}, scratchCount), "sequential takes [1, 28, 28], not [1, 27, 28]");
  EXPECT_EQ(refusal(model, {1, 28, 28}, {10}, scratchCount - 1),
            "sequential: scratch has " + std::to_string(scratchCount - 1) + " elements, and " +
                std::to_string(scratchCount) + " are needed");
}

TEST(Layer, RefusesSlopesOfAnotherShapeThanItsValues) {
  const Relu<float> relu;
  Tensor<float> x({3, 4}), y({3, 4}), other({3, 5});
  EXPECT_THAT([&] { relu.backward(x.view(), y.view(), other.view(), x.view(), {}, {}); },
              testing::ThrowsMessage<std::invalid_argument>("relu: dy is [3, 5], not [3, 4]"));
  EXPECT_THAT([&] { relu.backward(x.view(), y.view(), y.view(), other.view(), {}, {}); },
              testing::ThrowsMessage<std::invalid_argument>("relu: dx is [3, 5], not [3, 4]"));
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
