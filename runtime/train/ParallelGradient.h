// Loss, hits and gradient of a classifier on a batch, computed by several threads with one answer.
#pragma once

#include "runtime/data/Dataset.h"
#include "runtime/loss/Loss.h"
#include "runtime/nn/Sequential.h"
#include "runtime/train/ThreadPool.h"

namespace ravine::train {

/// What a model did on some examples.
struct Score {
  int64_t examples = 0;
  /// How many of them got their largest output at their target.
  int64_t hits = 0;
  /// The sum of their losses.
  double lossSum = 0;

  [[nodiscard]] double accuracy() const {
    return examples ? static_cast<double>(hits) / static_cast<double>(examples) : 0;
  }
  [[nodiscard]] double meanLoss() const { return examples ? lossSum / static_cast<double>(examples) : 0; }

  Score &operator+=(const Score &other) {
    examples += other.examples;
    hits += other.hits;
    lossSum += other.lossSum;
    return *this;
  }
};

/// Runs a classifier on batches. A batch is cut into slices of a fixed number of examples, the threads take slices as
/// they come, each slice leaves its gradient in its own memory, and these are added up in the order of the slices: so
/// the result is the same, bit for bit, for any number of threads. It does depend on `sliceSize`.
///
/// Memory is allocated by the constructor and by nothing else.
template <typename T> class ParallelGradient {
public:
  /// Small enough that what a thread works on stays in its second-level cache, large enough for efficient products.
  static constexpr int64_t defaultSliceSize = 16;

  /// The model, the loss and the pool are used, not owned. `largestBatch` and `sliceSize` are at least 1, the model's
  /// output is one axis of classes, and no layer is added to the model later. Throws std::invalid_argument otherwise.
  ParallelGradient(nn::Sequential<T> &model, const loss::Loss<T, int32_t> &loss, int64_t largestBatch, ThreadPool &pool,
                   int64_t sliceSize = defaultSliceSize);

  /// Runs the model forward and backward on the examples of `data` at `places`, between 1 and `largestBatch` of them,
  /// and sets the gradient of every parameter to that of their mean loss. Throws std::invalid_argument, before any
  /// gradient is set, for another number of examples, for data that `require` refuses, and for a target that is none of
  /// the model's classes.
  Score differentiate(const data::Dataset<T, int32_t> &data, std::span<const int64_t> places);

  /// Throws std::invalid_argument, calling the data `name`, if their examples have another shape than the model takes.
  void require(const data::Dataset<T, int32_t> &data, const char *name) const;

  /// Runs the model forward on every example. Throws as `differentiate` does.
  [[nodiscard]] Score evaluate(const data::Dataset<T, int32_t> &data);

private:
  /// What one thread needs for the slice it is at.
  struct Workspace {
    std::vector<int64_t> places;
    std::vector<int32_t> targets;
    std::vector<T> weights;
    nn::Tensor<T> values, outputs, slopes, scratch;
  };

  /// What is left of a slice.
  struct SliceResult {
    Score score;
    std::vector<nn::Tensor<T>> gradients;
    std::vector<nn::TensorView<T>> gradientViews;
  };

  /// Forward through one slice, and backward where there are gradients to be set, in which each example's loss has this
  /// weight.
  Score runSlice(Workspace &workspace, const data::Dataset<T, int32_t> &data, std::span<const int64_t> places, T weight,
                 std::span<const nn::TensorView<T>> gradients);

  /// Sets the parameters' gradients to the sums over the first `slices` slices.
  void addUp(size_t slices);

  nn::Sequential<T> &model;
  const loss::Loss<T, int32_t> &loss;
  ThreadPool &pool;
  int64_t sliceSize;
  std::vector<nn::Parameter<T> *> parameters;
  std::vector<Workspace> workspaces;
  std::vector<SliceResult> results;

  /// A piece of a parameter, as one task of `addUp`.
  struct Piece {
    size_t parameter;
    int64_t begin;
    int64_t end;
  };
  std::vector<Piece> pieces;
};

extern template class ParallelGradient<float>;
extern template class ParallelGradient<double>;

} // namespace ravine::train
