// The backward pass of every layer against central differences, in f64.
#include "runtime/nn/Conv2d.h"
#include "runtime/nn/Flatten.h"
#include "runtime/nn/Linear.h"
#include "runtime/nn/MaxPool2d.h"
#include "runtime/nn/Relu.h"
#include "runtime/nn/Sequential.h"
#include "test/runtime/nn/FiniteDifferences.h"

namespace ravine::nn {
namespace {

using test::expectLayerGradients;

TEST(LayerGradient, Linear) {
  for (const auto &[inputs, outputs, examples] : {std::array{1, 1, 1}, {5, 3, 4}, {17, 9, 1}, {3, 20, 7}}) {
    Linear<double> layer(inputs, outputs);
    expectLayerGradients(layer, {inputs}, examples);
  }
}

TEST(LayerGradient, LinearTakesImages) {
  Linear<double> layer(12, 2);
  expectLayerGradients(layer, {2, 3, 2}, 3);
}

TEST(LayerGradient, Relu) {
  Relu<double> layer;
  expectLayerGradients(layer, {3, 5}, 7);
}

TEST(LayerGradient, Flatten) {
  Flatten<double> layer;
  expectLayerGradients(layer, {2, 3, 5}, 3);
}

struct Geometry {
  Conv2dOptions options;
  Shape input;
  int64_t examples;
};

class ConvolutionGradient : public testing::TestWithParam<Geometry> {};

TEST_P(ConvolutionGradient, MatchesDifferences) {
  const auto &[options, input, examples] = GetParam();
  Conv2d<double> layer(options);
  expectLayerGradients(layer, input, examples);
}

INSTANTIATE_TEST_SUITE_P(
    Geometries, ConvolutionGradient,
    testing::Values(Geometry{{.inputs = 1, .outputs = 1, .kernel = 1}, {1, 1, 1}, 1},
                    Geometry{{.inputs = 2, .outputs = 3, .kernel = 3}, {2, 5, 7}, 2},
                    Geometry{{.inputs = 1, .outputs = 2, .kernel = 5, .padding = 2}, {1, 4, 6}, 3},
                    Geometry{{.inputs = 3, .outputs = 2, .kernel = 2, .stride = 2}, {3, 5, 7}, 2},
                    Geometry{{.inputs = 2, .outputs = 2, .kernel = 3, .stride = 3, .padding = 1}, {2, 8, 5}, 2},
                    // The stride skips values altogether, and the padding is wider than the image.
                    Geometry{{.inputs = 1, .outputs = 1, .kernel = 2, .stride = 3, .padding = 4}, {1, 3, 2}, 2}));

TEST(LayerGradient, MaxPool) {
  // Windows that tile, that leave a rest, that overlap, and that skip.
  for (const auto &[kernel, stride] : {std::array{2, 2}, {3, 3}, {3, 1}, {3, 2}, {1, 2}, {2, 3}}) {
    MaxPool2d<double> layer(kernel, stride);
    expectLayerGradients(layer, {2, 7, 5}, 2);
  }
}

TEST(LayerGradient, Sequential) {
  Sequential<double> block({4});
  block.add("first", Linear<double>(4, 6));
  block.add("bend", Relu<double>());
  Sequential<double> model({1, 6, 5});
  model.add("conv", Conv2d<double>({.inputs = 1, .outputs = 2, .kernel = 3, .padding = 1}));
  model.add("bend", Relu<double>());
  model.add("pool", MaxPool2d<double>(2, 2));
  model.add("flatten", Flatten<double>());
  model.add("narrow", Linear<double>(12, 4));
  model.add("block", std::move(block));
  model.add("last", Linear<double>(6, 3));
  expectLayerGradients(model, {1, 6, 5}, 3);
}

TEST(LayerGradient, EmptySequentialIsTheIdentity) {
  Sequential<double> model({3});
  expectLayerGradients(model, {3}, 2);
}

TEST(LayerGradient, AbsentInputGradientIsNotWritten) {
  Sequential<double> model({2, 4, 4});
  model.add("pool", MaxPool2d<double>(2, 2));
  model.add("conv", Conv2d<double>({.inputs = 2, .outputs = 1, .kernel = 2}));
  Tensor<double> x({1, 2, 4, 4}), y({1, 1, 1, 1}), scratch({model.scratchCount({2, 4, 4}, 1)});
  Tensor<double> weight({1, 2, 2, 2}), bias({1});
  std::ranges::fill(x.span(), 2.0);
  std::ranges::fill(y.span(), 1.0);
  const std::array gradients = {weight.view(), bias.view()};
  model.forward(x.view(), y.view(), scratch.span());
  std::ranges::fill(y.span(), 1.0);
  model.backward(x.view(), y.view(), y.view(), {}, gradients, scratch.span());
  for (double slope : weight.span())
    EXPECT_EQ(slope, 2);
  EXPECT_EQ(bias.data()[0], 1);
}

} // namespace
} // namespace ravine::nn
