// A model whose optimizer comes from the sample plan of stages.
#pragma once

#include "test/runtime/core/Model.h"
#include "test/runtime/core/SampleStages.h"

#include <cstdlib>

namespace ravine::test {

/// How tensors of at least 8 elements go through the second stage, which has two sweeps.
enum class Form { Resident, Streamed };

struct StagesModel : Model {
  explicit StagesModel(const std::vector<int64_t> &sizes) : Model(sizes) { plan = &sample_stages; }

  /// Makes the optimizer for processors with a cache that holds everything, or nothing.
  Outcome createAs(Form form, const char *name, const std::vector<ravine_setting> &settings = {}) {
    setenv("RAVINE_L2_BYTES", form == Form::Resident ? "1000000000" : "0", 1);
    Outcome outcome = create(name, settings);
    unsetenv("RAVINE_L2_BYTES");
    return outcome;
  }

  /// Fills parameters and gradients with numbers of many magnitudes and signs.
  void scatter() {
    for (size_t i = 0; i < w.size(); ++i)
      for (size_t j = 0; j < w[i].size(); ++j) {
        w[i][j] = static_cast<float>(j % 1013) * 0.37f - static_cast<float>(i % 7);
        g[i][j] = (static_cast<float>((j * 7 + i) % 811) * 0.013f - 4) / static_cast<float>(1 + j % 97);
      }
  }
};

} // namespace ravine::test
