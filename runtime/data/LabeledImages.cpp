// Grey images with a class each: MNIST, Fashion-MNIST and their relatives.
#include "runtime/data/LabeledImages.h"

#include "runtime/data/DamagedFile.h"

#include <cmath>

namespace ravine::data {

namespace {

// Where the extent of the first axis and the elements of a one-dimensional IDX array stand.
constexpr uint64_t firstExtentOffset = 4;
constexpr uint64_t labelOffset = 8;

} // namespace

template <typename T>
LabeledImages<T>::LabeledImages(const std::string &imagePath, const std::string &labelPath, int32_t classes)
    : images(readIdx(imagePath, 3)), labels(readIdx(labelPath, 1)), kept(images.shape[0]) {
  if (labels.shape[0] != images.shape[0])
    throw DamagedFile(labelPath, firstExtentOffset,
                      "has " + std::to_string(labels.shape[0]) + " labels for the " + std::to_string(images.shape[0]) +
                          " images of " + imagePath);
  for (size_t place = 0; place < labels.values.size(); ++place)
    if (labels.values[place] >= classes)
      throw DamagedFile(labelPath, labelOffset + place,
                        "label " + std::to_string(labels.values[place]) + " is not below the number of classes, " +
                            std::to_string(classes));
}

template <typename T> std::span<const uint8_t> LabeledImages<T>::image(int64_t place) const {
  const int64_t pixels = exampleShape().count();
  return std::span(images.values).subspan(static_cast<size_t>(place * pixels), static_cast<size_t>(pixels));
}

template <typename T> Brightness LabeledImages<T>::brightness() const {
  // Exact: the sums of 2^48 bytes and of their squares fit in 64 bits.
  uint64_t sum = 0, squares = 0;
  const auto pixels = std::span(images.values).first(static_cast<size_t>(kept * exampleShape().count()));
  for (uint8_t pixel : pixels) {
    sum += pixel;
    squares += uint64_t{pixel} * pixel;
  }
  if (pixels.empty())
    return {};
  const double count = static_cast<double>(pixels.size()) * 255;
  const double mean = static_cast<double>(sum) / count;
  const double variance = static_cast<double>(squares) / (count * 255) - mean * mean;
  return {.mean = mean, .deviation = variance > 0 ? std::sqrt(variance) : 1};
}

template <typename T>
void LabeledImages<T>::readExamples(std::span<const int64_t> places, nn::TensorView<T> values,
                                    std::span<int32_t> targets) const {
  const T scale = static_cast<T>(1 / (255 * scaling.deviation));
  const T shift = static_cast<T>(-scaling.mean / scaling.deviation);
  T *value = values.data();
  for (size_t i = 0; i < places.size(); ++i) {
    for (uint8_t pixel : image(places[i]))
      *value++ = scale * static_cast<T>(pixel) + shift;
    targets[i] = labels.values[static_cast<size_t>(places[i])];
  }
}

template class LabeledImages<float>;
template class LabeledImages<double>;

} // namespace ravine::data
