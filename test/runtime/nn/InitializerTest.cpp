// Random numbers and the weights made from them: the same everywhere, and distributed as they should be.
#include "runtime/nn/Initializer.h"
#include "runtime/nn/Linear.h"
#include "runtime/nn/Philox.h"
#include "test/runtime/nn/Vectors.h"

#include <gmock/gmock.h>

namespace ravine::nn {
namespace {

using testing::ElementsAre;

TEST(Philox, GivesTheKnownAnswers) {
  // From the authors' test vectors (Random123, kat_vectors).
  EXPECT_THAT(philox({0, 0, 0, 0}, {0, 0}), ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  constexpr uint32_t ones = 0xffffffff;
  EXPECT_THAT(philox({ones, ones, ones, ones}, {ones, ones}),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

template <typename T> std::vector<T> drawn(Initializer initializer, uint64_t seed, int64_t inputs, int64_t outputs) {
  Linear<T> layer(inputs, outputs);
  initialize<T>(layer.parameters(), initializer, seed);
  EXPECT_THAT(layer.parameters()[1]->value.span(), testing::Each(T(0))) << "the bias";
  const std::span<T> weight = layer.parameters()[0]->value.span();
  return {weight.begin(), weight.end()};
}

TEST(Initializer, GivesTheNumbersOfAnIndependentImplementation) {
  const test::Vectors vectors("random.txt");
  for (const auto &[initializer, name] :
       {std::pair(Initializer::HeUniform, "he_uniform"), std::pair(Initializer::HeNormal, "he_normal"),
        std::pair(Initializer::XavierUniform, "xavier_uniform"),
        std::pair(Initializer::XavierNormal, "xavier_normal")}) {
    const std::vector<double> weights = drawn<double>(initializer, 0x123456789ABCDEF, 3, 4);
    const std::span expected = vectors[name].span();
    ASSERT_EQ(weights.size(), expected.size());
    for (size_t i = 0; i < weights.size(); ++i)
      EXPECT_NEAR(weights[i], expected[i], 4e-16) << name << " " << i;
  }
}

TEST(Initializer, QuantilesAreAccurateFromTailToTail) {
  const test::Vectors vectors("random.txt");
  const auto words = vectors["quantile_words"].view().rows();
  const std::span expected = vectors["quantiles"].span();
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const uint64_t word = static_cast<uint64_t>(words(row, 0)) << 32 | static_cast<uint64_t>(words(row, 1));
    EXPECT_NEAR(normalFromBits(word), expected[i], 4e-16 * std::max(1.0, std::abs(expected[i]))) << i;
  }
}

TEST(Initializer, SeedsAndParametersDiffer) {
  EXPECT_EQ(drawn<float>(Initializer::HeNormal, 7, 8, 8), drawn<float>(Initializer::HeNormal, 7, 8, 8));
  EXPECT_NE(drawn<float>(Initializer::HeNormal, 7, 8, 8), drawn<float>(Initializer::HeNormal, 8, 8, 8));
  Linear<float> first(8, 8), second(8, 8);
  initialize<float>(std::array{first.parameters()[0], second.parameters()[0]}, Initializer::HeNormal, 7);
  EXPECT_THAT(first.parameters()[0]->value.span(),
              testing::Not(testing::ElementsAreArray(second.parameters()[0]->value.span())));
}

TEST(Initializer, HasTheVarianceOfItsScheme) {
  constexpr int64_t inputs = 200, outputs = 300;
  for (const auto &[initializer, variance] :
       {std::pair(Initializer::HeUniform, 2.0 / inputs), std::pair(Initializer::HeNormal, 2.0 / inputs),
        std::pair(Initializer::XavierUniform, 2.0 / (inputs + outputs)),
        std::pair(Initializer::XavierNormal, 2.0 / (inputs + outputs))}) {
    const std::vector<double> weights = drawn<double>(initializer, 1, inputs, outputs);
    const Eigen::Map<const Vector<double>> values(weights.data(), inputs * outputs);
    // 60 000 draws: mean and variance are within five of their own standard deviations.
    const double count = inputs * outputs;
    EXPECT_NEAR(values.mean(), 0, 5 * std::sqrt(variance / count));
    EXPECT_NEAR(values.squaredNorm() / count, variance, 5 * variance * std::sqrt(2 / count));
  }
}

} // namespace
} // namespace ravine::nn
