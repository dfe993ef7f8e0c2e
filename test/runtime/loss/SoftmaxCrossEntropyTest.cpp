// Cross-entropy: PyTorch's values, its gradient against differences, and logits of any size.
#include "runtime/loss/SoftmaxCrossEntropy.h"
#include "test/runtime/nn/FiniteDifferences.h"
#include "test/runtime/nn/Vectors.h"

#include <gmock/gmock.h>
#include <limits>

namespace ravine::loss {
namespace {

template <typename T> class CrossEntropyValues : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(CrossEntropyValues, Scalars);

TYPED_TEST(CrossEntropyValues, ArePyTorchs) {
  using T = TypeParam;
  const test::Vectors vectors("cross_entropy.txt");
  nn::Tensor<T> logits = vectors.as<T>("logits"), slopes(logits.shape());
  const auto examples = static_cast<size_t>(logits.shape()[0]);
  std::vector<int32_t> targets(examples);
  std::ranges::copy(vectors.as<int32_t>("targets").span(), targets.begin());
  constexpr double epsilon = std::numeric_limits<T>::epsilon();
  const SoftmaxCrossEntropy<T> loss;

  for (size_t i = 0; i < examples; ++i) {
    const double expected = vectors["losses"].span()[i];
    std::vector<T> weights(examples, T(0));
    weights[i] = 1;
    EXPECT_NEAR(loss.evaluate(logits.view(), targets, weights, {}), expected, 4 * epsilon * std::max(1.0, expected));
  }
  const std::vector<T> mean(examples, T(1) / static_cast<T>(examples));
  loss.evaluate(logits.view(), targets, mean, slopes.view());
  for (int64_t i = 0; i < slopes.count(); ++i)
    EXPECT_NEAR(slopes.data()[i], vectors["gradient"].data()[i], 4 * epsilon) << i;
}

TEST(CrossEntropyGradient, MatchesDifferences) {
  for (int64_t classes : {1, 2, 10, 37}) {
    nn::Tensor<double> logits({3, classes}), slopes({3, classes});
    test::fillApart(logits.span(), 1);
    logits.view().vector() *= 3;
    const std::vector<int32_t> targets = {0, static_cast<int32_t>(classes - 1), static_cast<int32_t>(classes / 2)};
    const std::vector<double> weights = {1, 0.25, 3};
    const SoftmaxCrossEntropy<double> loss;
    const auto function = [&] { return loss.evaluate(logits.view(), targets, weights, {}); };
    loss.evaluate(logits.view(), targets, weights, slopes.view());
    if (classes == 1)
      for (double slope : slopes.span())
        EXPECT_EQ(slope, 0) << "one class leaves nothing to lose";
    else
      test::expectGradient(function, logits.span(), slopes.span(), std::to_string(classes) + " classes");
  }
}

TEST(CrossEntropyValues, LogitsOfAnySizeAreFine) {
  constexpr float largest = std::numeric_limits<float>::max();
  nn::Tensor<float> logits({2, 3}), slopes({2, 3});
  std::ranges::copy(std::array{largest, 0.0F, largest, -largest, -largest, -largest}, logits.data());
  const std::array<int32_t, 2> targets = {0, 2};
  const std::array<float, 2> weights = {1, 1};
  const SoftmaxCrossEntropy<float> loss;
  EXPECT_NEAR(loss.evaluate(logits.view(), targets, weights, slopes.view()), std::log(2.0) + std::log(3.0), 1e-6);
  const std::array expected = {-0.5F, 0.0F, 0.5F, 1 / 3.0F, 1 / 3.0F, -2 / 3.0F};
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(slopes.span()[i], expected[i], 1e-7) << i;
}

TEST(CrossEntropy, RefusesWhatDoesNotFitItsOutputs) {
  nn::Tensor<float> logits({2, 3}), slopes({2, 3}), narrow({2, 2}), image({2, 3, 1});
  const std::array<float, 2> weights = {1, 1};
  const SoftmaxCrossEntropy<float> loss;
  const auto evaluates = [&](nn::Tensor<float> &outputs, const std::vector<int32_t> &targets, size_t weightCount,
                             nn::Tensor<float> &slope) {
    return [&, targets, weightCount] {
      loss.evaluate(outputs.view(), targets, std::span(weights).first(weightCount), slope.view());
    };
  };
  using testing::ThrowsMessage;
  EXPECT_THAT(evaluates(logits, {0, 3}, 2, slopes),
              ThrowsMessage<std::invalid_argument>("target 3 is none of the model's 3 classes"));
  EXPECT_THAT(evaluates(logits, {-1, 0}, 2, slopes),
              ThrowsMessage<std::invalid_argument>("target -1 is none of the model's 3 classes"));
  EXPECT_THAT(evaluates(logits, {0, 1, 2}, 2, slopes),
              ThrowsMessage<std::invalid_argument>(
                  "cross-entropy takes a target and a weight for each of 2 examples, not 3 and 2"));
  EXPECT_THAT(evaluates(logits, {0, 1}, 1, slopes),
              ThrowsMessage<std::invalid_argument>(
                  "cross-entropy takes a target and a weight for each of 2 examples, not 2 and 1"));
  EXPECT_THAT(evaluates(logits, {0, 1}, 2, narrow),
              ThrowsMessage<std::invalid_argument>("cross-entropy's slopes are [2, 2], not [2, 3]"));
  EXPECT_THAT(evaluates(image, {0, 1}, 2, slopes),
              ThrowsMessage<std::invalid_argument>("cross-entropy takes outputs [examples, classes], not [2, 3, 1]"));
  EXPECT_THAT(slopes.span(), testing::Each(0.0F));
}

} // namespace
} // namespace ravine::loss
