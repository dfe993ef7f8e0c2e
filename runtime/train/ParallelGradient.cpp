// Loss, hits and gradient of a classifier on a batch, computed by several threads with one answer.
#include "runtime/train/ParallelGradient.h"

#include <numeric>

namespace ravine::train {

namespace {

/// Long enough to be worth a task, short enough to share.
constexpr int64_t pieceLength = 8192;

int64_t atLeastOne(int64_t value, const char *what) {
  if (value < 1)
    throw std::invalid_argument(std::string(what) + " is at least 1");
  return value;
}

/// Eigen cuts large products into blocks that fit the caches it finds, and where it cuts decides how sums are rounded.
/// Told the same sizes everywhere, it cuts the same everywhere.
void fixProductBlocking() {
  Eigen::setCpuCacheSizes(32 << 10, 1 << 20, 8 << 20);
}

} // namespace

template <typename T>
ParallelGradient<T>::ParallelGradient(nn::Sequential<T> &model, const loss::Loss<T, int32_t> &loss,
                                      int64_t largestBatch, ThreadPool &pool, int64_t sliceSize)
    : model(model), loss(loss), pool(pool), sliceSize(atLeastOne(sliceSize, "the size of a slice")),
      parameters(model.parameters()), workspaces(pool.threadCount()),
      results(static_cast<size_t>((atLeastOne(largestBatch, "the size of a batch") - 1) / sliceSize + 1)) {
  if (model.outputShape().rank() != 1)
    throw std::invalid_argument("a classifier's output is one axis of classes, not " + toString(model.outputShape()));
  fixProductBlocking();
  const auto sliceLength = static_cast<size_t>(sliceSize);
  for (Workspace &workspace : workspaces) {
    workspace.places.resize(sliceLength);
    workspace.targets.resize(sliceLength);
    workspace.weights.resize(sliceLength);
    workspace.values = nn::Tensor<T>(model.inputShape().batchOf(sliceSize));
    workspace.outputs = nn::Tensor<T>(model.outputShape().batchOf(sliceSize));
    workspace.slopes = nn::Tensor<T>(model.outputShape().batchOf(sliceSize));
    workspace.scratch = nn::Tensor<T>({model.scratchCount(model.inputShape(), sliceSize)});
  }
  for (SliceResult &result : results)
    for (const nn::Parameter<T> *parameter : parameters) {
      result.gradients.emplace_back(parameter->value.shape());
      result.gradientViews.push_back(result.gradients.back().view());
    }
  for (size_t parameter = 0; parameter < parameters.size(); ++parameter)
    for (int64_t begin = 0, count = parameters[parameter]->value.count(); begin < count; begin += pieceLength)
      pieces.push_back({parameter, begin, std::min(begin + pieceLength, count)});
}

template <typename T>
Score ParallelGradient<T>::runSlice(Workspace &workspace, const data::Dataset<T, int32_t> &data,
                                    std::span<const int64_t> places, T weight,
                                    std::span<const nn::TensorView<T>> gradients) {
  const bool isDifferentiated = !gradients.empty();
  const auto examples = static_cast<int64_t>(places.size());
  const nn::TensorView<T> values = workspace.values.first(examples), outputs = workspace.outputs.first(examples);
  const nn::TensorView<T> slopes = isDifferentiated ? workspace.slopes.first(examples) : nn::TensorView<T>();
  const std::span<int32_t> targets = std::span(workspace.targets).first(places.size());
  const std::span<T> weights = std::span(workspace.weights).first(places.size());
  std::ranges::fill(weights, weight);

  data.read(places, values, targets);
  model.forward(values, outputs, workspace.scratch.span());
  Score score{.examples = examples};
  score.lossSum = loss.evaluate(outputs, targets, weights, slopes) / static_cast<double>(weight);
  for (int64_t example = 0; example < examples; ++example) {
    const std::span<T> scores = outputs[example].span();
    score.hits += std::ranges::max_element(scores) - scores.begin() == targets[static_cast<size_t>(example)];
  }
  if (isDifferentiated) {
    for (const nn::TensorView<T> &gradient : gradients)
      std::ranges::fill(gradient.span(), T(0));
    model.backward(values, outputs, slopes, {}, gradients, workspace.scratch.span());
  }
  return score;
}

template <typename T> void ParallelGradient<T>::require(const data::Dataset<T, int32_t> &data, const char *name) const {
  if (data.exampleShape() != model.inputShape())
    throw std::invalid_argument("the examples of " + std::string(name) + " are " + toString(data.exampleShape()) +
                                ", but the model takes " + toString(model.inputShape()));
}

template <typename T>
Score ParallelGradient<T>::differentiate(const data::Dataset<T, int32_t> &data, std::span<const int64_t> places) {
  require(data, "the batch");
  const auto sliceLength = static_cast<size_t>(sliceSize);
  const size_t slices = (places.size() + sliceLength - 1) / sliceLength;
  if (slices < 1 || slices > results.size())
    throw std::invalid_argument("the batch is empty or larger than was announced");

  const T weight = T(1) / static_cast<T>(places.size());
  pool.forEach(slices, [&](size_t slice, size_t worker) {
    const size_t begin = slice * sliceLength;
    SliceResult &result = results[slice];
    result.score =
        runSlice(workspaces[worker], data, places.subspan(begin, std::min(sliceLength, places.size() - begin)), weight,
                 result.gradientViews);
  });
  addUp(slices);

  Score total;
  for (size_t slice = 0; slice < slices; ++slice)
    total += results[slice].score;
  return total;
}

template <typename T> void ParallelGradient<T>::addUp(size_t slices) {
  pool.forEach(pieces.size(), [&](size_t index, size_t) {
    const auto [parameter, begin, end] = pieces[index];
    const auto pieceOf = [&, first = begin, count = end - begin](nn::Tensor<T> &tensor) {
      return tensor.view().vector().segment(first, count);
    };
    auto sum = pieceOf(parameters[parameter]->gradient);
    sum = pieceOf(results[0].gradients[parameter]);
    for (size_t slice = 1; slice < slices; ++slice)
      sum += pieceOf(results[slice].gradients[parameter]);
  });
}

template <typename T> Score ParallelGradient<T>::evaluate(const data::Dataset<T, int32_t> &data) {
  require(data, "the set");
  Score total;
  const int64_t window = sliceSize * static_cast<int64_t>(results.size());
  for (int64_t start = 0; start < data.size(); start += window) {
    const int64_t end = std::min(start + window, data.size());
    const auto slices = static_cast<size_t>((end - start + sliceSize - 1) / sliceSize);
    pool.forEach(slices, [&](size_t slice, size_t worker) {
      Workspace &workspace = workspaces[worker];
      const int64_t begin = start + static_cast<int64_t>(slice) * sliceSize;
      const std::span<int64_t> places =
          std::span(workspace.places).first(static_cast<size_t>(std::min(sliceSize, end - begin)));
      std::iota(places.begin(), places.end(), begin);
      results[slice].score = runSlice(workspace, data, places, T(1), {});
    });
    for (size_t slice = 0; slice < slices; ++slice)
      total += results[slice].score;
  }
  return total;
}

template class ParallelGradient<float>;
template class ParallelGradient<double>;

} // namespace ravine::train
