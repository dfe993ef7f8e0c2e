// The images of Fashion-MNIST, from the files that Debian's package installs.
#pragma once

#include "runtime/data/LabeledImages.h"

#include <string>

namespace lenet {

inline constexpr int32_t classes = 10;

struct FashionMnist {
  ravine::data::LabeledImages<float> training, test;
};

/// Reads the four files in `folder`, compressed or not. The images must have the shape `needed`; of the training
/// images, the first `limit` are kept (0: all). Both sets are normalized by the brightness of the training images.
/// Throws an exception whose `what()` is meant for the user.
[[nodiscard]] FashionMnist loadFashionMnist(const std::string &folder, const ravine::nn::Shape &needed, int64_t limit);

} // namespace lenet
