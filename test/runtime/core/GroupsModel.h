// A model of matrices whose optimizer comes from the sample plan of groups.
#pragma once

#include "test/runtime/core/Model.h"
#include "test/runtime/core/SampleGroups.h"

#include <cstdlib>
#include <numeric>

namespace ravine::test {

struct GroupsModel : Model {
  using Extents = std::vector<int64_t>;

  /// Tensors of these shapes, with numbers of many signs and sizes in them.
  explicit GroupsModel(const std::vector<Extents> &extents) : Model(sizesOf(extents)), extents(extents) {
    plan = &sample_groups;
    for (size_t i = 0; i < tensors.size(); ++i) {
      tensors[i].shape = this->extents[i].data();
      tensors[i].rank = static_cast<uint32_t>(this->extents[i].size());
      for (size_t j = 0; j < w[i].size(); ++j) {
        w[i][j] = static_cast<float>(j % 1013) * 0.37f - static_cast<float>((j + i) % 7 * 31);
        g[i][j] = (static_cast<float>((j * 7 + i) % 811) * 0.013f - 4) / static_cast<float>(1 + j % 97);
      }
    }
  }

  /// Makes the optimizer for so many threads, with caches that hold every tensor or none.
  Outcome createFor(const char *name, uint32_t threads, bool isResident = true) {
    setenv("RAVINE_L2_BYTES", isResident ? "1000000000" : "0", 1);
    host.thread_count = threads;
    Outcome outcome = create(name);
    unsetenv("RAVINE_L2_BYTES");
    return outcome;
  }

  /// The bytes of a state as it is stored.
  std::string bytesOf(size_t tensor, const char *state) {
    ravine_state_view found = view(tensor, state);
    size_t size = found.dtype == RAVINE_F64 ? 8 : found.dtype == RAVINE_F32 ? 4 : 2;
    return {static_cast<const char *>(found.data), found.count * size};
  }

  std::vector<Extents> extents;

private:
  static std::vector<int64_t> sizesOf(const std::vector<Extents> &extents) {
    std::vector<int64_t> sizes;
    for (const Extents &shape : extents)
      sizes.push_back(std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>()));
    return sizes;
  }
};

/// Shapes of every kind: without elements, of one, small, of several chunks, tall, wide, with a row longer than a
/// chunk, and with channels.
inline const std::vector<std::vector<int64_t>> matrixShapes = {
    {0, 5}, {1, 1}, {3, 5}, {700, 300}, {100001, 3}, {3, 70001}, {2, 150000}, {40, 30, 3, 3}, {2, 3, 20000, 2}};

} // namespace ravine::test
