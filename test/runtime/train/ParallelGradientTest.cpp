// The gradient of a batch: right, and the same for any number of threads.
#include "runtime/train/ParallelGradient.h"
#include "test/runtime/nn/FiniteDifferences.h"
#include "test/runtime/train/ClassifierFixture.h"

#include <gmock/gmock.h>
#include <numeric>

namespace ravine::train {
namespace {

using test::concatenated;
using test::Halves;

std::vector<int64_t> everyOther(int64_t count) {
  std::vector<int64_t> places(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i)
    places[static_cast<size_t>(i)] = 2 * i;
  return places;
}

TEST(ThreadPool, DoesEveryTaskOnceWithAWorkerThatExists) {
  for (size_t threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (size_t count : {0, 1, 2, 3, 1000}) {
      std::vector<std::atomic<int>> times(count);
      std::atomic<bool> isWorkerKnown = true;
      pool.forEach(count, [&](size_t index, size_t worker) {
        ++times[index];
        if (worker >= threads)
          isWorkerKnown = false;
      });
      EXPECT_TRUE(std::ranges::all_of(times, [](const auto &value) { return value == 1; })) << threads << " " << count;
      EXPECT_TRUE(isWorkerKnown);
    }
  }
  EXPECT_THROW(ThreadPool(0), std::invalid_argument);
}

TEST(ThreadPool, ThreadsWorkAtTheSameTime) {
  ThreadPool pool(2);
  std::atomic<int> arrived = 0;
  // Ends only if both tasks run at once.
  pool.forEach(2, [&](size_t, size_t) {
    ++arrived;
    while (arrived < 2)
      std::this_thread::yield();
  });
  EXPECT_EQ(arrived, 2);
}

TEST(ThreadPool, ThrowsWhatATaskThrowsAndStaysOfUse) {
  for (size_t threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (size_t count : {1, 2, 100}) {
      const auto failAtTheLast = [&](size_t index, size_t) {
        if (index + 1 == count)
          throw std::out_of_range("the last");
      };
      EXPECT_THROW(pool.forEach(count, failAtTheLast), std::out_of_range) << threads << " " << count;
      std::atomic<size_t> done = 0;
      pool.forEach(count, [&](size_t, size_t) { ++done; });
      EXPECT_EQ(done, count);
    }
  }
}

TEST(ParallelGradient, IsTheGradientOfTheMeanLoss) {
  nn::Sequential<double> model = test::makeSmallModel<double>();
  const Halves<double> data(30, 1);
  const loss::SoftmaxCrossEntropy<double> loss;
  ThreadPool pool(2);
  // Four slices, the last of which is not full.
  ParallelGradient<double> gradient(model, loss, 11, pool, 3);
  const std::vector<int64_t> places = everyOther(11);
  gradient.differentiate(data, places);
  const std::vector<double> slopes = concatenated(model, &nn::Parameter<double>::gradient);

  size_t begin = 0;
  for (nn::Parameter<double> *parameter : model.parameters()) {
    const std::span<double> values = parameter->value.span();
    test::expectGradient([&] { return gradient.differentiate(data, places).meanLoss(); }, values,
                         std::span(slopes).subspan(begin, values.size()), parameter->name);
    begin += values.size();
  }
}

TEST(ParallelGradient, IsBitIdenticalForAnyNumberOfThreads) {
  const Halves<float> data(200, 1);
  const loss::SoftmaxCrossEntropy<float> loss;
  std::vector<std::vector<float>> gradients;
  std::vector<double> losses;
  for (size_t threads : {1, 2, 3, 7}) {
    nn::Sequential<float> model = test::makeSmallModel<float>();
    ThreadPool pool(threads);
    ParallelGradient<float> gradient(model, loss, 100, pool);
    losses.push_back(gradient.differentiate(data, everyOther(100)).lossSum);
    gradients.push_back(concatenated(model, &nn::Parameter<float>::gradient));
    losses.push_back(gradient.evaluate(data).lossSum);
  }
  for (size_t i = 1; i < gradients.size(); ++i) {
    EXPECT_EQ(gradients[i], gradients[0]);
    EXPECT_EQ(losses[2 * i], losses[0]);
    EXPECT_EQ(losses[2 * i + 1], losses[1]);
  }
}

TEST(ParallelGradient, ASmallBatchAfterALargeOneLeavesNoTrace) {
  const Halves<float> data(200, 1);
  const loss::SoftmaxCrossEntropy<float> loss;
  nn::Sequential<float> model = test::makeSmallModel<float>();
  ThreadPool pool(1);
  ParallelGradient<float> fresh(model, loss, 64, pool), used(model, loss, 64, pool);
  fresh.differentiate(data, everyOther(20));
  const std::vector<float> expected = concatenated(model, &nn::Parameter<float>::gradient);
  used.differentiate(data, everyOther(64));
  used.differentiate(data, everyOther(20));
  EXPECT_EQ(concatenated(model, &nn::Parameter<float>::gradient), expected);
}

TEST(ParallelGradient, EvaluatesEveryExampleOnce) {
  nn::Sequential<double> model = test::makeSmallModel<double>();
  const Halves<double> data(50, 1);
  const loss::SoftmaxCrossEntropy<double> loss;
  ThreadPool pool(2);
  ParallelGradient<double> small(model, loss, 8, pool, 4), large(model, loss, 50, pool, 50);
  const Score score = small.evaluate(data);
  std::vector<int64_t> all(50);
  std::iota(all.begin(), all.end(), 0);
  const Score expected = large.differentiate(data, all);
  EXPECT_EQ(score.examples, 50);
  EXPECT_EQ(score.hits, expected.hits);
  EXPECT_NEAR(score.lossSum, expected.lossSum, 1e-13 * expected.lossSum);
}

TEST(ParallelGradient, RefusesWhatItHasNoRoomFor) {
  nn::Sequential<float> model = test::makeSmallModel<float>();
  const Halves<float> data(200, 1);
  const loss::SoftmaxCrossEntropy<float> loss;
  ThreadPool pool(1);
  ParallelGradient<float> gradient(model, loss, 32, pool);
  EXPECT_THROW(gradient.differentiate(data, everyOther(33)), std::invalid_argument);
  EXPECT_THROW(gradient.differentiate(data, {}), std::invalid_argument);
  EXPECT_THROW(ParallelGradient<float>(model, loss, 0, pool), std::invalid_argument);
  EXPECT_THROW(ParallelGradient<float>(model, loss, 1, pool, 0), std::invalid_argument);
  nn::Sequential<float> image({1, 2, 2});
  EXPECT_THROW(ParallelGradient<float>(image, loss, 1, pool), std::invalid_argument);
}

TEST(ParallelGradient, RefusesATargetThatTheModelHasNoClassFor) {
  nn::Sequential<float> model({1, 6, 6});
  model.add("fc", nn::Linear<float>(36, 2));
  const Halves<float> data(200, 1);
  const loss::SoftmaxCrossEntropy<float> loss;
  for (size_t threads : {1, 3}) {
    ThreadPool pool(threads);
    ParallelGradient<float> gradient(model, loss, 100, pool);
    EXPECT_THAT([&] { gradient.differentiate(data, everyOther(100)); },
                testing::ThrowsMessage<std::invalid_argument>("target 2 is none of the model's 2 classes"));
    EXPECT_THROW(std::ignore = gradient.evaluate(data), std::invalid_argument);
  }
}

TEST(ParallelGradient, RefusesExamplesOfAnotherShapeThanTheModelTakes) {
  nn::Sequential<float> model = test::makeSmallModel<float>();
  const loss::SoftmaxCrossEntropy<float> loss;
  ThreadPool pool(2);
  ParallelGradient<float> gradient(model, loss, 32, pool);
  for (int64_t side : {0, 5, 7}) {
    const Halves<float> data(200, 1, side);
    const std::string shape = nn::toString({1, side, side});
    EXPECT_THAT([&] { gradient.differentiate(data, everyOther(32)); },
                testing::ThrowsMessage<std::invalid_argument>("the examples of the batch are " + shape +
                                                              ", but the model takes [1, 6, 6]"));
    EXPECT_THAT([&] { std::ignore = gradient.evaluate(data); },
                testing::ThrowsMessage<std::invalid_argument>("the examples of the set are " + shape +
                                                              ", but the model takes [1, 6, 6]"));
  }
}

TEST(ParallelGradient, RefusesAPlaceOutsideTheData) {
  nn::Sequential<float> model = test::makeSmallModel<float>();
  const Halves<float> data(20, 1);
  const loss::SoftmaxCrossEntropy<float> loss;
  ThreadPool pool(2);
  ParallelGradient<float> gradient(model, loss, 32, pool);
  EXPECT_THAT([&] { gradient.differentiate(data, std::array<int64_t, 2>{3, 20}); },
              testing::ThrowsMessage<std::invalid_argument>("example 20 is read from a set of 20"));
  EXPECT_THROW(gradient.differentiate(data, std::array<int64_t, 1>{-1}), std::invalid_argument);
}

} // namespace
} // namespace ravine::train
