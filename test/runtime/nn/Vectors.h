// Reading the vectors that generate.py writes.
#pragma once

#include "runtime/nn/Tensor.h"

#include <fstream>
#include <map>
#include <sstream>

namespace ravine::test {

/// The tensors of one file of vectors/, by name.
class Vectors {
public:
  explicit Vectors(const std::string &file) {
    std::ifstream stream(std::string(RAVINE_VECTORS) + "/" + file);
    if (!stream)
      throw std::runtime_error("no vectors in " + file);
    for (std::string line; std::getline(stream, line);) {
      std::istringstream words(line);
      std::string name;
      size_t rank = 0;
      words >> name >> rank;
      std::vector<int64_t> extents(rank);
      for (int64_t &extent : extents)
        words >> extent;
      nn::Tensor<double> tensor((nn::Shape(extents)));
      for (double &value : tensor.span())
        words >> value;
      if (!words)
        throw std::runtime_error("the line of " + name + " in " + file + " is too short");
      tensors.emplace(name, std::move(tensor));
    }
  }

  [[nodiscard]] const nn::Tensor<double> &operator[](const std::string &name) const { return tensors.at(name); }

  /// The same in the scalar type that is tested.
  template <typename T> [[nodiscard]] nn::Tensor<T> as(const std::string &name) const {
    const nn::Tensor<double> &source = tensors.at(name);
    nn::Tensor<T> target(source.shape());
    std::ranges::transform(source.span(), target.data(), [](double value) { return static_cast<T>(value); });
    return target;
  }

private:
  std::map<std::string, nn::Tensor<double>> tensors;
};

} // namespace ravine::test
