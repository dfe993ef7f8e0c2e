// Sets of labelled images.
#include "runtime/data/LabeledImages.h"
#include "runtime/data/DamagedFile.h"
#include "test/runtime/data/TemporaryFile.h"

#include <gmock/gmock.h>

namespace ravine::data {
namespace {

using test::idx;
using test::TemporaryFile;
using testing::ElementsAre;

TEST(LabeledImages, GivesPixelsAndLabelsInTheOrderAskedFor) {
  const TemporaryFile images(idx({3, 1, 2}, std::string("\x00\xff\x33\x66\xff\xff", 6))), labels(idx({3}, {7, 0, 9}));
  LabeledImages<double> set(images.path(), labels.path(), 10);
  EXPECT_EQ(set.size(), 3);
  EXPECT_EQ(set.exampleShape(), nn::Shape({1, 1, 2}));

  nn::Tensor<double> values({2, 1, 1, 2});
  std::array<int32_t, 2> targets{};
  set.read(std::array<int64_t, 2>{1, 0}, values.view(), targets);
  EXPECT_THAT(targets, ElementsAre(0, 7));
  EXPECT_THAT(values.span(), testing::Pointwise(testing::DoubleEq(), {0.2, 0.4, 0.0, 1.0}));

  set.normalize({.mean = 0.4, .deviation = 0.5});
  set.read(std::array<int64_t, 2>{1, 0}, values.view(), targets);
  EXPECT_THAT(values.span(), testing::Pointwise(testing::DoubleNear(1e-15), {-0.4, 0.0, -0.8, 1.2}));
}

TEST(LabeledImages, RefusesToReadWhereThereIsNoRoom) {
  const TemporaryFile images(idx({3, 1, 2}, "abcdef")), labels(idx({3}, {7, 0, 9}));
  LabeledImages<double> set(images.path(), labels.path(), 10);
  set.keepFirst(2);
  nn::Tensor<double> two({2, 1, 1, 2}), narrow({2, 1, 1, 1});
  std::array<int32_t, 2> targets{};
  const auto reads = [&](const std::vector<int64_t> &places, nn::Tensor<double> &values, size_t targetCount) {
    return [&, places, targetCount] { set.read(places, values.view(), std::span(targets).first(targetCount)); };
  };
  using testing::ThrowsMessage;
  EXPECT_THAT(reads({1, 0}, narrow, 2),
              ThrowsMessage<std::invalid_argument>(
                  "the examples read are [2, 1, 1, 2], but the room for them is [2, 1, 1, 1]"));
  EXPECT_THAT(reads({1}, two, 1), ThrowsMessage<std::invalid_argument>(
                                      "the examples read are [1, 1, 1, 2], but the room for them is [2, 1, 1, 2]"));
  EXPECT_THAT(reads({1, 0}, two, 1),
              ThrowsMessage<std::invalid_argument>("there is room for 1 targets, not for the 2 read"));
  EXPECT_THAT(reads({1, 2}, two, 2), ThrowsMessage<std::invalid_argument>("example 2 is read from a set of 2"));
  EXPECT_THAT(two.span(), testing::Each(0.0));
}

TEST(LabeledImages, BrightnessIsThatOfTheImagesKept) {
  const TemporaryFile images(idx({3, 1, 2}, std::string("\x00\xff\xff\x00\x33\x33", 6))), labels(idx({3}, {1, 1, 1}));
  LabeledImages<float> set(images.path(), labels.path(), 2);
  set.keepFirst(2);
  EXPECT_EQ(set.size(), 2);
  EXPECT_DOUBLE_EQ(set.brightness().mean, 0.5);
  EXPECT_DOUBLE_EQ(set.brightness().deviation, 0.5);
  set.keepFirst(0);
  EXPECT_EQ(set.brightness().deviation, 1);
}

TEST(LabeledImages, RefusesFilesThatDisagree) {
  const TemporaryFile images(idx({2, 1, 1}, "ab")), three(idx({3}, {0, 1, 2})), two(idx({2}, {0, 3}));
  try {
    LabeledImages<float>(images.path(), three.path(), 10);
    FAIL();
  } catch (const DamagedFile &error) {
    EXPECT_EQ(error.what(), three.path() + ": byte 4: has 3 labels for the 2 images of " + images.path());
  }
  try {
    LabeledImages<float>(images.path(), two.path(), 3);
    FAIL();
  } catch (const DamagedFile &error) {
    EXPECT_EQ(error.what(), two.path() + ": byte 9: label 3 is not below the number of classes, 3");
  }
}

} // namespace
} // namespace ravine::data
