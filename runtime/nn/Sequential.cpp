// Layers one after another: a model.
#include "runtime/nn/Sequential.h"

namespace ravine::nn {

// Scratch memory: for each link its output and its layer's own scratch, then the two buffers of slopes. The last link
// writes to the caller's y; its place stays unused, which keeps the layout plain.

template <typename T> void Sequential<T>::add(std::string name, std::unique_ptr<Layer<T>> layer) {
  const std::string described = "layer '" + name + "' (" + std::string(layer->kind()) + ")";
  for (const Link &link : links)
    if (link.name == name)
      throw std::invalid_argument(described + ": another layer has that name");
  const Shape before = outputShape();
  Shape after;
  try {
    after = layer->outputShape(before);
  } catch (const std::invalid_argument &reason) {
    throw std::invalid_argument(described + " " + reason.what());
  }
  const std::vector<Parameter<T> *> parameters = layer->parameters();
  for (Parameter<T> *parameter : parameters)
    parameter->name = name + "." + parameter->name;
  links.push_back({std::move(name), std::move(layer), before, after, parameters.size()});
}

template <typename T> Shape Sequential<T>::outputShape(const Shape &given) const {
  if (given != input)
    throw std::invalid_argument("takes " + toString(input) + ", not " + toString(given));
  return outputShape();
}

template <typename T> int64_t Sequential<T>::slopeCount(int64_t examples) const {
  int64_t largest = 0;
  for (const Link &link : links)
    largest = std::max(largest, link.outputCount(examples));
  return largest;
}

template <typename T> int64_t Sequential<T>::scratchCount(const Shape &, int64_t examples) const {
  int64_t count = 2 * slopeCount(examples);
  for (const Link &link : links)
    count += link.outputCount(examples) + link.layerCount(examples);
  return count;
}

template <typename T>
void Sequential<T>::computeOutputs(TensorView<const T> x, TensorView<T> y, std::span<T> scratch) const {
  const int64_t examples = x.shape()[0];
  if (links.empty()) {
    std::ranges::copy(x.span(), y.data());
    return;
  }
  for (const Link &link : links) {
    const int64_t outputCount = link.outputCount(examples), layerCount = link.layerCount(examples);
    const TensorView<T> output =
        &link == &links.back() ? y : TensorView<T>(scratch.data(), link.output.batchOf(examples));
    link.layer->forward(x, output, scratch.subspan(outputCount, layerCount));
    scratch = scratch.subspan(outputCount + layerCount);
    x = output;
  }
}

template <typename T>
void Sequential<T>::computeGradients(TensorView<const T> x, TensorView<const T> y, TensorView<const T> dy,
                                     TensorView<T> dx, std::span<const TensorView<T>> gradients,
                                     std::span<T> scratch) const {
  const int64_t examples = x.shape()[0];
  if (links.empty()) {
    if (dx.isPresent())
      std::ranges::copy(dy.span(), dx.data());
    return;
  }

  int64_t linkEnd = 0;
  for (const Link &link : links)
    linkEnd += link.outputCount(examples) + link.layerCount(examples);
  T *slopes = scratch.data() + linkEnd;
  T *otherSlopes = slopes + slopeCount(examples);

  size_t parameterEnd = gradients.size();
  for (size_t index = links.size(); index-- > 0;) {
    const Link &link = links[index];
    const int64_t layerCount = link.layerCount(examples);
    const std::span<T> layerScratch = scratch.subspan(linkEnd - layerCount, layerCount);
    linkEnd -= link.outputCount(examples) + layerCount;
    parameterEnd -= link.parameterCount;

    const bool isFirst = index == 0;
    const Link *previous = isFirst ? nullptr : &links[index - 1];
    const TensorView<const T> input =
        isFirst ? x
                : TensorView<const T>(scratch.data() + linkEnd - previous->outputCount(examples) -
                                          previous->layerCount(examples),
                                      link.input.batchOf(examples));
    const TensorView<T> inputSlopes = isFirst ? dx : TensorView<T>(slopes, link.input.batchOf(examples));
    link.layer->backward(input, y, dy, inputSlopes, gradients.subspan(parameterEnd, link.parameterCount), layerScratch);
    y = input;
    dy = inputSlopes;
    std::swap(slopes, otherSlopes);
  }
}

template <typename T> std::vector<Parameter<T> *> Sequential<T>::parameters() {
  std::vector<Parameter<T> *> all;
  for (const Link &link : links) {
    const std::vector<Parameter<T> *> own = link.layer->parameters();
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

template class Sequential<float>;
template class Sequential<double>;

} // namespace ravine::nn
