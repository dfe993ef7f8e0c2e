// Training with an optimizer from a library, here a test double.
#include "runtime/train/ProgressBar.h"
#include "test/runtime/train/ClassifierFixture.h"

#include <gmock/gmock.h>

namespace ravine::train {
namespace {

using test::concatenated;
using test::Halves;

const std::string doublePath = RAVINE_TEST_DOUBLES "/adamw_test_double.so";

class Silence final : public TrainingObserver {
public:
  void onBatch(const TrainingProgress &progress) override { seen.push_back(progress); }
  void onEpoch(const TrainingProgress &, const Score &test) override { accuracies.push_back(test.accuracy()); }

  std::vector<TrainingProgress> seen;
  std::vector<double> accuracies;
};

struct Outcome {
  TrainingResult result;
  std::vector<float> weights;
};

Outcome trained(size_t threads, const TrainingOptions &options, const std::vector<HyperSetting> &settings,
                TrainingObserver &observer) {
  const Library library = openLibrary(doublePath);
  nn::Sequential<float> model = test::makeSmallModel<float>();
  const loss::SoftmaxCrossEntropy<float> loss;
  ThreadPool pool(threads);
  const std::vector<nn::Parameter<float> *> parameters = model.parameters();
  CompiledOptimizer optimizer(library, "", std::span(parameters), settings, pool);
  ParallelGradient<float> gradient(model, loss, options.batchSize, pool);
  const TrainingResult result =
      train<float>(gradient, optimizer, Halves<float>(600, 1), Halves<float>(300, 2), options, observer);
  return {result, concatenated(model, &nn::Parameter<float>::value)};
}

TEST(TrainingLoop, LearnsToTellHalvesApart) {
  Silence observer;
  const auto [result, weights] = trained(2, {.epochs = 10, .batchSize = 64, .seed = 3}, {{"lr", "0.01"}}, observer);
  EXPECT_FALSE(result.hasDiverged);
  EXPECT_GT(result.test.accuracy(), 0.98);
  EXPECT_EQ(result.test.examples, 300);
  EXPECT_EQ(result.steps, 10 * 10); // The last of ten batches has 24 examples.
  EXPECT_EQ(observer.accuracies.size(), 10U);
  EXPECT_EQ(observer.accuracies.back(), result.test.accuracy());
  ASSERT_EQ(observer.seen.size(), 100U);
  EXPECT_EQ(observer.seen[9].score.examples, 600);
  EXPECT_EQ(observer.seen[10].score.examples, 64);
  EXPECT_LT(observer.seen[99].score.meanLoss(), observer.seen[9].score.meanLoss());
  EXPECT_EQ(observer.seen[99].secondsLeft, 0);
}

TEST(TrainingLoop, EndsAtTheSameBitsForAnyNumberOfThreads) {
  Silence observer;
  const TrainingOptions options{.epochs = 2, .batchSize = 50, .seed = 3};
  const Outcome one = trained(1, options, {}, observer);
  for (size_t threads : {2, 3, 7})
    EXPECT_EQ(trained(threads, options, {}, observer).weights, one.weights) << threads;
  EXPECT_NE(trained(1, {.epochs = 2, .batchSize = 50, .seed = 4}, {}, observer).weights, one.weights);
}

TEST(TrainingLoop, StopsWhenTheLossIsNoLongerANumber) {
  Silence observer;
  const auto [result, weights] = trained(1, {.epochs = 3, .batchSize = 64, .seed = 3}, {{"lr", "1e30"}}, observer);
  EXPECT_TRUE(result.hasDiverged);
  EXPECT_LT(result.steps, 10);
  EXPECT_EQ(observer.accuracies.size(), 1U);
}

/// Trains the small model, which takes [1, 6, 6], on these sets for an epoch. Expects a refusal with this sentence, and
/// that no parameter has changed by then.
void expectRefused(const Halves<float> &training, const Halves<float> &test, int64_t batchSize,
                   const std::string &sentence) {
  const Library library = openLibrary(doublePath);
  nn::Sequential<float> model = test::makeSmallModel<float>();
  const std::vector<float> before = concatenated(model, &nn::Parameter<float>::value);
  const loss::SoftmaxCrossEntropy<float> loss;
  ThreadPool pool(2);
  const std::vector<nn::Parameter<float> *> parameters = model.parameters();
  CompiledOptimizer optimizer(library, "", std::span(parameters), {}, pool);
  ParallelGradient<float> gradient(model, loss, 64, pool);
  Silence observer;
  EXPECT_THAT([&] { train<float>(gradient, optimizer, training, test, {.batchSize = batchSize}, observer); },
              testing::ThrowsMessage<std::invalid_argument>(sentence));
  EXPECT_EQ(concatenated(model, &nn::Parameter<float>::value), before);
}

TEST(TrainingLoop, RefusesSetsOfAnotherShapeThanTheModelTakes) {
  const Halves<float> fitting(100, 1), larger(100, 1, 8), smaller(100, 1, 5);
  expectRefused(larger, larger, 10, "the examples of the training set are [1, 8, 8], but the model takes [1, 6, 6]");
  expectRefused(smaller, fitting, 10, "the examples of the training set are [1, 5, 5], but the model takes [1, 6, 6]");
  expectRefused(fitting, larger, 10, "the examples of the test set are [1, 8, 8], but the model takes [1, 6, 6]");
  expectRefused(fitting, smaller, 10, "the examples of the test set are [1, 5, 5], but the model takes [1, 6, 6]");
}

TEST(TrainingLoop, RefusesEmptySetsAndBatchesThatAreNone) {
  const Halves<float> some(20, 1), none(0, 1);
  expectRefused(none, some, 10, "the training set has no examples");
  expectRefused(some, none, 10, "the test set has no examples");
  expectRefused(some, some, 21, "a batch of 21 is more than the 20 examples of the training set");
  expectRefused(some, some, 0, "a batch has at least one example");
}

/// What ravine::Error says when this is tried.
template <typename Action> std::string refusal(Action action) {
  try {
    action();
  } catch (const Error &error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(OptimizerLibrary, RefusesWhatIsNone) {
  for (const std::string path : {"nowhere.so", RAVINE_TEST_DOUBLES "/unknown_version_test_double.so",
                                 RAVINE_TEST_DOUBLES "/empty_test_double.so"})
    EXPECT_THAT(refusal([&] { std::ignore = openLibrary(path); }),
                testing::StartsWith(path + " cannot be used as an optimizer: "));
}

TEST(OptimizerLibrary, FindsAnOptimizerByName) {
  const Library one = openLibrary(doublePath), two = openLibrary(RAVINE_TEST_DOUBLES "/two_optimizers_test_double.so");
  EXPECT_STREQ(findOptimizer(one, "").name, "adamw");
  EXPECT_STREQ(findOptimizer(two, "adamw_again").name, "adamw_again");
  EXPECT_EQ(refusal([&] { std::ignore = findOptimizer(one, "lion"); }),
            "the library has no optimizer 'lion'; it has 'adamw'");
  EXPECT_EQ(refusal([&] { std::ignore = findOptimizer(two, ""); }),
            "the library has several optimizers, of which one must be chosen: 'adamw' and 'adamw_again'");
}

TEST(CompiledOptimizer, TakesSettingsAsAUserWritesThem) {
  const Library library = openLibrary(doublePath);
  nn::Sequential<float> model = test::makeSmallModel<float>();
  const std::vector<nn::Parameter<float> *> parameters = model.parameters();
  ThreadPool pool(1);
  const auto optimizerWith = [&](const std::vector<HyperSetting> &settings) {
    return CompiledOptimizer(library, "adamw", std::span(parameters), settings, pool);
  };
  CompiledOptimizer optimizer = optimizerWith({{"lr", "2.5e-3"}, {"decay", "none"}, {"maximize", "true"}});
  EXPECT_EQ(optimizer.setting("lr"), 2.5e-3);
  EXPECT_EQ(optimizer.setting("decay"), 1);
  EXPECT_EQ(optimizer.setting("maximize"), 1);
  EXPECT_EQ(optimizer.setting("beta1"), 0.9);
  optimizer.set("lr", 0.125);
  EXPECT_EQ(optimizer.setting("lr"), 0.125);
  EXPECT_EQ(refusal([&] { optimizer.set("lr", -1); }), "lr is out of range");
  EXPECT_EQ(optimizer.setting("lr"), 0.125);

  EXPECT_EQ(refusal([&] { optimizerWith({{"learning_rate", "1"}}); }),
            "adamw has no hyperparameter 'learning_rate'; it has 'lr', 'beta1', 'beta2', 'eps', 'weight_decay', "
            "'decay' and 'maximize'");
  for (const std::string text : {"fast", "", " 1", "1 ", "+1", "0x1p3", "1e", "1,5", "1e-3f", "inf", "-inf", "nan"})
    EXPECT_EQ(refusal([&] { optimizerWith({{"lr", text}}); }), "lr = '" + text + "' is not a decimal number");
  for (const std::string text : {"1e-400", "1e400", "2e-324"})
    EXPECT_EQ(refusal([&] { optimizerWith({{"lr", text}}); }),
              "lr = '" + text + "' is too large or too small for a 64-bit floating-point number");
  EXPECT_EQ(optimizerWith({{"lr", "5e-324"}}).setting("lr"), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(optimizerWith({{"lr", "0e-400"}}).setting("lr"), 0);
  EXPECT_EQ(refusal([&] { optimizerWith({{"maximize", "maybe"}}); }), "maximize = 'maybe' is not a truth value");
  EXPECT_EQ(refusal([&] { optimizerWith({{"lr", "-1"}}); }), "lr is out of range");
}

TEST(ProgressBar, WritesPlainLinesWhereThereIsNoTerminal) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::tmpfile(), std::fclose);
  ProgressBar bar(file.get());
  TrainingProgress progress{
      .epoch = 2, .epochs = 3, .batches = 10, .score = {}, .examplesPerSecond = 1234.4, .secondsLeft = 75};
  for (progress.batch = 1; progress.batch <= 10; ++progress.batch) {
    progress.score += {.examples = 4, .hits = 3, .lossSum = 2};
    bar.onBatch(progress);
  }
  bar.onEpoch(progress, {.examples = 8, .hits = 7, .lossSum = 2});

  std::string text(1000, '\0');
  std::rewind(file.get());
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  EXPECT_EQ(text, "epoch 2/3  30 %  loss 0.5000  accuracy 75.00 %  1234 images/s  1:15 left\n"
                  "epoch 2/3  50 %  loss 0.5000  accuracy 75.00 %  1234 images/s  1:15 left\n"
                  "epoch 2/3  80 %  loss 0.5000  accuracy 75.00 %  1234 images/s  1:15 left\n"
                  "epoch 2/3 100 %  loss 0.5000  accuracy 75.00 %  1234 images/s  1:15 left\n"
                  "epoch 2/3: loss 0.5000, accuracy 75.00 %; on the test set: loss 0.2500, accuracy 87.50 %\n");
}

} // namespace
} // namespace ravine::train
