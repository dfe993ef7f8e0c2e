// Grey images with a class each: MNIST, Fashion-MNIST and their relatives.
#pragma once

#include "runtime/data/Dataset.h"
#include "runtime/data/Idx.h"

namespace ravine::data {

/// How much brighter than black the pixels of a set are, and how much that varies, white being 1.
struct Brightness {
  double mean = 0;
  double deviation = 1;
};

/// Images of one byte per pixel and a label per image, kept as bytes and turned into numbers where they are read: a
/// pixel becomes (pixel/255 − mean)/deviation. An example has the shape [1, height, width].
template <typename T> class LabeledImages final : public Dataset<T, int32_t> {
public:
  /// Loads two IDX files, of images [n, height, width] and of labels [n] below `classes`. Throws DamagedFile; also when
  /// the two disagree.
  LabeledImages(const std::string &imagePath, const std::string &labelPath, int32_t classes);

  /// Forgets all but the first `count` images.
  void keepFirst(int64_t count) { kept = std::min(kept, count); }

  /// Of all pixels of the images. The deviation of images that are all alike is given as 1.
  [[nodiscard]] Brightness brightness() const;

  /// From now on values are scaled by this: the brightness of the training images, for all sets alike.
  void normalize(Brightness by) { scaling = by; }

  [[nodiscard]] int64_t size() const override { return kept; }
  [[nodiscard]] nn::Shape exampleShape() const override { return {1, images.shape[1], images.shape[2]}; }

private:
  void readExamples(std::span<const int64_t> places, nn::TensorView<T> values,
                    std::span<int32_t> targets) const override;
  [[nodiscard]] std::span<const uint8_t> image(int64_t place) const;

  IdxArray images;
  IdxArray labels;
  int64_t kept = 0;
  Brightness scaling;
};

extern template class LabeledImages<float>;
extern template class LabeledImages<double>;

} // namespace ravine::data
