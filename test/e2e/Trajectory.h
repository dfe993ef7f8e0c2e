// Comparing trajectories, whose rounding errors add up.
#pragma once

#include "test/e2e/ReferenceFile.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ravine::test {

/// How far the elements of a trajectory have come, which is what its errors are measured by: rounding errors accumulate
/// over steps and with the distance travelled.
class Scale {
public:
  explicit Scale(ModelRow start) : start(start), previous(std::move(start)) {
    for (const std::vector<double> &tensor : previous)
      travelled.emplace_back(tensor.size());
  }

  void advance(const ModelRow &row) {
    for (size_t i = 0; i < row.size(); ++i)
      for (size_t k = 0; k < row[i].size(); ++k)
        travelled[i][k] += std::abs(row[i][k] - previous[i][k]);
    previous = row;
  }

  [[nodiscard]] double at(size_t tensor, size_t element) const {
    return std::max(std::abs(previous[tensor][element]), std::abs(start[tensor][element])) + travelled[tensor][element];
  }

private:
  ModelRow start, previous, travelled;
};

/// Expects the elements of a tensor within the tolerance, relative to how far the trajectory has come.
template <typename Values>
void expectNear(const Values &actual, const std::vector<double> &truth, size_t tensor, const Scale &scale,
                double tolerance, const std::string &what) {
  ASSERT_EQ(actual.size(), truth.size());
  for (size_t k = 0; k < truth.size(); ++k)
    ASSERT_NEAR(actual[k], truth[k], tolerance * scale.at(tensor, k))
        << what << ", tensor " << tensor << ", element " << k;
}

} // namespace ravine::test
