// What the layers compute, where it can be said without a formula of our own: vectors from PyTorch, hand-made cases.
#include "runtime/nn/Conv2d.h"
#include "runtime/nn/Linear.h"
#include "runtime/nn/MaxPool2d.h"
#include "runtime/nn/Relu.h"
#include "test/runtime/nn/Vectors.h"

#include <gmock/gmock.h>
#include <limits>

namespace ravine::nn {
namespace {

using testing::ElementsAre;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Tensor<double> tensorOf(const Shape &shape, std::initializer_list<double> values) {
  Tensor<double> tensor(shape);
  std::ranges::copy(values, tensor.data());
  return tensor;
}

/// Each value is a sum of at most 50 products of order 1, hence a multiple of the spacing of T near 10.
template <typename T>
void expectClose(std::span<const T> actual, std::span<const double> expected, const std::string &what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  const double bound = 50 * static_cast<double>(std::numeric_limits<T>::epsilon());
  for (size_t i = 0; i < actual.size(); ++i)
    EXPECT_NEAR(actual[i], expected[i], bound) << what << " " << i;
}

template <typename T> class ConvolutionValues : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(ConvolutionValues, Scalars);

TYPED_TEST(ConvolutionValues, ArePyTorchs) {
  using T = TypeParam;
  const test::Vectors vectors("conv2d.txt");
  for (const std::string name : {"plain", "padded", "strided", "wide_padding"}) {
    const std::span geometry = vectors[name + ".geometry"].span();
    const auto number = [&](size_t i) { return static_cast<int64_t>(geometry[i]); };
    Conv2d<T> layer(
        {.inputs = number(0), .outputs = number(1), .kernel = number(2), .stride = number(3), .padding = number(4)});
    Tensor<T> x = vectors.as<T>(name + ".x"), slope = vectors.as<T>(name + ".slope");
    layer.parameters()[0]->value = vectors.as<T>(name + ".weight");
    layer.parameters()[1]->value = vectors.as<T>(name + ".bias");

    const Shape input = x.shape().example();
    Tensor<T> y(layer.outputShape(input).batchOf(2)), scratch({layer.scratchCount(input, 2)}), dx(x.shape());
    ASSERT_EQ(y.shape(), vectors[name + ".y"].shape()) << name;
    layer.forward(x.view(), y.view(), scratch.span());
    expectClose<T>(y.span(), vectors[name + ".y"].span(), name + ".y");

    const std::vector<TensorView<T>> gradients = {layer.parameters()[0]->gradient.view(),
                                                  layer.parameters()[1]->gradient.view()};
    layer.backward(x.view(), y.view(), slope.view(), dx.view(), gradients, scratch.span());
    expectClose<T>(dx.span(), vectors[name + ".x_gradient"].span(), name + ".x_gradient");
    expectClose<T>(gradients[0].span(), vectors[name + ".weight_gradient"].span(), name + ".weight_gradient");
    expectClose<T>(gradients[1].span(), vectors[name + ".bias_gradient"].span(), name + ".bias_gradient");
  }
}

TEST(LinearValues, AreTheAffineMap) {
  Linear<double> layer(3, 2);
  layer.parameters()[0]->value = tensorOf({2, 3}, {1, 2, 3, -1, 0, 4});
  layer.parameters()[1]->value = tensorOf({2}, {10, 20});
  Tensor<double> x = tensorOf({2, 3}, {1, 1, 1, 2, 0, -1}), y({2, 2});
  layer.forward(x.view(), y.view(), {});
  EXPECT_THAT(y.span(), ElementsAre(16, 23, 9, 14));
}

TEST(ReluValues, ZeroHasNoSlopeAndNaNStays) {
  Relu<double> layer;
  Tensor<double> x = tensorOf({1, 4}, {-1, 0, 2, nan}), y({1, 4}), dx({1, 4}), dy = tensorOf({1, 4}, {5, 6, 7, 8});
  layer.forward(x.view(), y.view(), {});
  EXPECT_THAT(y.span(), ElementsAre(0, 0, 2, testing::IsNan()));
  layer.backward(x.view(), y.view(), dy.view(), dx.view(), {}, {});
  EXPECT_THAT(dx.span(), ElementsAre(0, 0, 7, 8));
}

/// Forward values, then the gradient by x of Σ dy·y, for one plane.
void expectPool(const MaxPool2d<double> &layer, Tensor<double> x, const std::vector<double> &values,
                std::initializer_list<double> slopes, const std::vector<double> &gradient) {
  Tensor<double> y(layer.outputShape(x.shape().example()).batchOf(1)), dx(x.shape());
  layer.forward(x.view(), y.view(), {});
  EXPECT_THAT(y.span(), testing::Pointwise(testing::NanSensitiveDoubleEq(), values));
  Tensor<double> dy = tensorOf(y.shape(), slopes);
  layer.backward(x.view(), y.view(), dy.view(), dx.view(), {}, {});
  EXPECT_THAT(dx.span(), testing::ElementsAreArray(gradient));
}

TEST(MaxPoolValues, TheFirstOfEqualsGetsTheGradient) {
  expectPool(MaxPool2d<double>(2, 2), tensorOf({1, 1, 2, 4}, {3, 3, 1, 2, 3, 3, 2, 2}), {3, 2}, {5, 7},
             {5, 0, 0, 7, 0, 0, 0, 0});
  // The same by the way for any window.
  expectPool(MaxPool2d<double>(2, 1), tensorOf({1, 1, 2, 3}, {1, 4, 4, 4, 0, 4}), {4, 4}, {5, 7}, {0, 12, 0, 0, 0, 0});
}

TEST(MaxPoolValues, WhatMakesNoFullWindowIsLeftOut) {
  expectPool(MaxPool2d<double>(2, 2), tensorOf({1, 1, 3, 3}, {1, 2, 9, 3, 4, 9, 9, 9, 9}), {4}, {1},
             {0, 0, 0, 0, 1, 0, 0, 0, 0});
}

TEST(MaxPoolValues, NaNIsLargest) {
  const double infinity = std::numeric_limits<double>::infinity();
  expectPool(MaxPool2d<double>(2, 2), tensorOf({1, 1, 2, 2}, {1, nan, infinity, nan}), {nan}, {1}, {0, 1, 0, 0});
  expectPool(MaxPool2d<double>(2, 2), tensorOf({1, 1, 2, 2}, {-infinity, -infinity, -infinity, -infinity}), {-infinity},
             {1}, {1, 0, 0, 0});
}

template <typename Action> std::string refusal(Action action) {
  try {
    action();
  } catch (const std::invalid_argument &error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(LayerErrors, SayWhatTheLayerTakes) {
  EXPECT_EQ(refusal([] { Linear<float>(0, 3); }), "a linear layer has at least one input and one output");
  EXPECT_EQ(refusal([] { std::ignore = Linear<float>(6, 3).outputShape({2, 4}); }), "takes 6 values, not [2, 4]");
  EXPECT_EQ(refusal([] { Conv2d<float>({.inputs = 4, .outputs = 4, .kernel = 3, .groups = 2}); }),
            "conv2d: grouped convolution (groups = 2) is not supported yet; use groups = 1");
  EXPECT_EQ(refusal([] { Conv2d<float>({.stride = 0}); }), "conv2d: inputs, outputs, kernel and stride are at least 1");
  EXPECT_EQ(refusal([] { Conv2d<float>({.padding = -1}); }), "conv2d: padding is at least 0");
  EXPECT_EQ(refusal([] { std::ignore = Conv2d<float>({.inputs = 2}).outputShape({3, 8, 8}); }),
            "takes [2, height, width], not [3, 8, 8]");
  EXPECT_EQ(refusal([] { std::ignore = Conv2d<float>({.kernel = 5, .padding = 1}).outputShape({1, 8, 2}); }),
            "has a kernel of 5 with padding 1, too large for [1, 8, 2]");
  EXPECT_EQ(refusal([] { MaxPool2d<float>(2, 0); }), "max_pool2d: kernel and stride are at least 1");
  EXPECT_EQ(refusal([] { std::ignore = MaxPool2d<float>(3, 1).outputShape({4, 2, 9}); }),
            "takes [channels, height, width] with both at least 3, not [4, 2, 9]");
}

} // namespace
} // namespace ravine::nn
