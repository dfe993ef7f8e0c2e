// Training a classifier with a compiled optimizer.
#include "runtime/train/TrainingLoop.h"

#include "runtime/data/Reshuffled.h"

#include <chrono>
#include <cmath>

namespace ravine::train {

namespace {

/// Seconds, of the stretches between `start` and `stop`.
class Stopwatch {
public:
  void start() { begin = std::chrono::steady_clock::now(); }
  void stop() { before += sinceStart(); }
  /// While it runs.
  [[nodiscard]] double seconds() const { return before + sinceStart(); }
  [[nodiscard]] double stoppedSeconds() const { return before; }

private:
  [[nodiscard]] double sinceStart() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  std::chrono::steady_clock::time_point begin;
  double before = 0;
};

template <typename T>
void checkSet(const ParallelGradient<T> &gradient, const data::Dataset<T, int32_t> &set, const char *name) {
  if (set.size() < 1)
    throw std::invalid_argument(std::string(name) + " has no examples");
  gradient.require(set, name);
}

} // namespace

template <typename T>
TrainingResult train(ParallelGradient<T> &gradient, CompiledOptimizer &optimizer,
                     const data::Dataset<T, int32_t> &training, const data::Dataset<T, int32_t> &test,
                     const TrainingOptions &options, TrainingObserver &observer) {
  checkSet(gradient, training, "the training set");
  checkSet(gradient, test, "the test set");
  if (options.batchSize > training.size())
    throw std::invalid_argument("a batch of " + std::to_string(options.batchSize) + " is more than the " +
                                std::to_string(training.size()) + " examples of the training set");
  data::Reshuffled order(training.size(), options.batchSize, options.seed);
  TrainingResult result;
  Stopwatch whole, batches;
  whole.start();
  int64_t examplesSeen = 0;
  const double examplesInAll = static_cast<double>(training.size()) * options.epochs;
  for (uint32_t epoch = 1; epoch <= options.epochs && !result.hasDiverged; ++epoch) {
    TrainingProgress progress{.epoch = epoch, .epochs = options.epochs, .batches = order.batchCount(), .score = {}};
    batches.start();
    order.shuffle(epoch);
    while (progress.batch < progress.batches && !result.hasDiverged) {
      const Score score = gradient.differentiate(training, order.batch(progress.batch));
      result.hasDiverged = !std::isfinite(score.lossSum);
      if (!result.hasDiverged) {
        optimizer.step();
        ++result.steps;
      }
      ++progress.batch;
      progress.score += score;
      examplesSeen += score.examples;
      progress.examplesPerSecond = static_cast<double>(examplesSeen) / batches.seconds();
      progress.secondsLeft = (examplesInAll - static_cast<double>(examplesSeen)) / progress.examplesPerSecond;
      observer.onBatch(progress);
    }
    batches.stop();
    result.test = gradient.evaluate(test);
    observer.onEpoch(progress, result.test);
  }
  whole.stop();
  result.seconds = whole.stoppedSeconds();
  result.examplesPerSecond = static_cast<double>(examplesSeen) / batches.stoppedSeconds();
  return result;
}

template TrainingResult train(ParallelGradient<float> &, CompiledOptimizer &, const data::Dataset<float, int32_t> &,
                              const data::Dataset<float, int32_t> &, const TrainingOptions &, TrainingObserver &);
template TrainingResult train(ParallelGradient<double> &, CompiledOptimizer &, const data::Dataset<double, int32_t> &,
                              const data::Dataset<double, int32_t> &, const TrainingOptions &, TrainingObserver &);

} // namespace ravine::train
