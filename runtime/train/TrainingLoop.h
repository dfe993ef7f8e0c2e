// Training a classifier with a compiled optimizer.
//
//   Library library = openLibrary("libadamw.so");                                  // what `ravine build` wrote
//   nn::Sequential<float> model = nn::makeLeNet<float>(10);
//   std::vector<nn::Parameter<float> *> parameters = model.parameters();
//   nn::initialize<float>(parameters, nn::Initializer::HeUniform, seed);
//   ThreadPool pool(2);
//   std::vector<HyperSetting> settings = {{"lr", "1e-3"}};
//   CompiledOptimizer optimizer(library, "adamw", std::span(parameters), settings, pool);
//   loss::SoftmaxCrossEntropy<float> loss;
//   ParallelGradient<float> gradient(model, loss, 64, pool);                       // largest batch
//   ProgressBar bar(stdout);
//   TrainingResult result = train<float>(gradient, optimizer, training, test, {.epochs = 8, .batchSize = 64}, bar);
//
// examples/lenet is such a program.
#pragma once

#include "runtime/train/CompiledOptimizer.h"
#include "runtime/train/ParallelGradient.h"

namespace ravine::train {

struct TrainingOptions {
  uint32_t epochs = 1;
  int64_t batchSize = 64;
  /// Decides the order of the examples.
  uint64_t seed = 0;
};

/// How far training has come, after some batch.
struct TrainingProgress {
  /// Counted from 1.
  uint32_t epoch = 1;
  uint32_t epochs = 1;
  /// Batches done in this epoch, and how many it has.
  int64_t batch = 0;
  int64_t batches = 0;
  /// On the examples of this epoch so far, each seen by the model as it was then.
  Score score;
  double examplesPerSecond = 0;
  double secondsLeft = 0;
};

/// Somebody who watches training.
class TrainingObserver {
public:
  virtual ~TrainingObserver() = default;
  virtual void onBatch(const TrainingProgress &progress) = 0;
  /// `test` is what the model does on the test set after this epoch.
  virtual void onEpoch(const TrainingProgress &progress, const Score &test) = 0;
};

struct TrainingResult {
  /// On the test set, after the last epoch.
  Score test;
  int64_t steps = 0;
  /// Of the whole loop, tests after the epochs included.
  double seconds = 0;
  /// Training examples per second, tests not counted.
  double examplesPerSecond = 0;
  /// The loss of some batch was infinite or not a number; training ended there.
  bool hasDiverged = false;
};

/// Trains for a number of epochs, with a test after each. The parameters of the model behind `gradient`, which are
/// those the optimizer is bound to, are changed. The result depends on the options, the data and the initial
/// parameters, not on the number of threads.
///
/// Throws ravine::Error where a step is refused, and std::invalid_argument, before anything is changed, where a set is
/// empty or its examples have another shape than the model takes, or a batch is less than one example or more than the
/// training set.
template <typename T>
TrainingResult train(ParallelGradient<T> &gradient, CompiledOptimizer &optimizer,
                     const data::Dataset<T, int32_t> &training, const data::Dataset<T, int32_t> &test,
                     const TrainingOptions &options, TrainingObserver &observer);

} // namespace ravine::train
