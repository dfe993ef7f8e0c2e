// The images of Fashion-MNIST, from the files that Debian's package installs.
#include "examples/lenet/FashionMnist.h"

#include <filesystem>
#include <stdexcept>

namespace lenet {

namespace {

using namespace ravine;

/// `name` in the data folder, or its compressed form where only that is there.
std::string locate(const std::string &folder, const std::string &name) {
  std::string plain = folder + "/" + name;
  if (std::filesystem::exists(plain))
    return plain;
  if (std::filesystem::exists(plain + ".gz"))
    return plain + ".gz";
  throw std::runtime_error("Fashion-MNIST is not in " + folder + ": there is no " + name +
                           "[.gz].\nInstall it (Debian: apt install dataset-fashion-mnist) or say where it is with "
                           "--data DIR.");
}

/// The training or the test images, of which there must be some, of the shape that the model takes.
data::LabeledImages<float> load(const std::string &folder, const std::string &part, const nn::Shape &needed) {
  const std::string images = locate(folder, part + "-images-idx3-ubyte");
  data::LabeledImages<float> set(images, locate(folder, part + "-labels-idx1-ubyte"), classes);
  if (set.size() < 1)
    throw std::runtime_error(images + ": there are no images in it");
  const nn::Shape given = set.exampleShape();
  const auto pixels = [](const nn::Shape &shape) { return std::to_string(shape[1]) + "×" + std::to_string(shape[2]); };
  if (given != needed)
    throw std::runtime_error(images + ": its images are " + pixels(given) + " pixels, but LeNet takes " +
                             pixels(needed));
  return set;
}

} // namespace

FashionMnist loadFashionMnist(const std::string &folder, const nn::Shape &needed, int64_t limit) {
  FashionMnist sets{load(folder, "train", needed), load(folder, "t10k", needed)};
  if (limit > 0)
    sets.training.keepFirst(limit);
  const data::Brightness brightness = sets.training.brightness();
  sets.training.normalize(brightness);
  sets.test.normalize(brightness);
  return sets;
}

} // namespace lenet
