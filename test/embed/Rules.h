// What the tests of the embedded compiler compile, and folders for them to work in.
#pragma once

#include "ravine_compile.hpp"

#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace ravine::test {

/// Gradient descent with a momentum that decays to `mu`.
inline std::string momentumRule(double mu) {
  return "optimizer momentum {\n"
         "  hyper lr = 0.25 in [0, inf)\n"
         "  hyper mu = " +
         std::to_string(mu) +
         " in [0, 1)\n"
         "  state b = 0\n"
         "  b' = mu*b + g\n"
         "  w' = w - lr*b'\n"
         "}\n";
}

/// What three steps of that rule make of w = 0 under the constant gradient 1: b is 1, then 1 + mu, then 1 + mu + mu².
inline double afterThreeSteps(double mu) {
  return -0.25 * (3 + 2 * mu + mu * mu);
}

/// Takes the three steps. The numbers are exact where mu has few bits.
inline double takeThreeSteps(Library library) {
  const std::array tensors = {Tensor{.name = "w", .shape = {1}}};
  Optimizer optimizer(std::move(library), tensors);
  float weight = 0;
  const float gradient = 1;
  void *const weights[] = {&weight};
  const void *const gradients[] = {&gradient};
  for (int step = 0; step < 3; ++step)
    optimizer.step(weights, gradients);
  return static_cast<double>(weight);
}

/// A folder that is gone, with all in it, when this goes out of scope.
class ScratchFolder {
public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ravine-embed-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ScratchFolder(const ScratchFolder &) = delete;
  ScratchFolder &operator=(const ScratchFolder &) = delete;
  ~ScratchFolder() { std::filesystem::remove_all(folder); }

  [[nodiscard]] std::string path(const std::string &name = "") const { return (folder / name).string(); }

  /// The files in it with that extension.
  [[nodiscard]] std::vector<std::filesystem::path> files(const std::string &extension) const {
    std::vector<std::filesystem::path> found;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == extension)
        found.push_back(entry.path());
    return found;
  }

  [[nodiscard]] CompileOptions cached() const { return {.cache = {.directory = folder.string()}}; }

private:
  std::filesystem::path folder;
};

inline const CompileOptions uncached = {.cache = {.isOn = false}};

} // namespace ravine::test
