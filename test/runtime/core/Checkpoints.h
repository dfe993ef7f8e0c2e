// What the tests of checkpoints share: a model with every kind of state, files to save to, and a way into them.
#pragma once

#include "test/runtime/core/Model.h"
#include "test/runtime/core/SampleStages.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace ravine::test {

/// A folder of its own for one test, gone afterwards.
class Folder {
public:
  Folder() : path(std::filesystem::path(testing::TempDir()) / ("ravine-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directory(path);
  }
  Folder(const Folder &) = delete;
  ~Folder() { std::filesystem::remove_all(path); }

  [[nodiscard]] std::string file(const std::string &name = "state.safetensors") const { return path / name; }
  [[nodiscard]] size_t count() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
  }

  const std::filesystem::path path;
};

inline std::string readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Writes a new file: some file systems write one that is overwritten to disk at once.
inline void writeFile(const std::string &path, const std::string &bytes) {
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
}

/// A safetensors file in its two parts.
struct FileParts {
  std::string header, data;

  static FileParts read(const std::string &path) {
    std::string bytes = readFile(path);
    uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    return {bytes.substr(sizeof length, length), bytes.substr(sizeof length + length)};
  }
  void write(const std::string &path) const {
    uint64_t length = header.size();
    writeFile(path, std::string(reinterpret_cast<const char *>(&length), sizeof length) + header + data);
  }
  /// Puts `to` in the place of the one occurrence of `from` in the header.
  void replace(const std::string &from, const std::string &to) {
    size_t at = header.find(from);
    ASSERT_NE(at, std::string::npos) << from << " is not in " << header;
    ASSERT_EQ(header.find(from, at + 1), std::string::npos) << from << " is twice in " << header;
    header.replace(at, from.size(), to);
  }
};

/// Makes the bytes of a step's gradients: different for every element and step, and the same in every process.
inline void setGradients(Model &model, int64_t step) {
  for (size_t i = 0; i < model.g.size(); ++i)
    for (size_t j = 0; j < model.g[i].size(); ++j)
      model.g[i][j] = static_cast<float>((j * 7 + i * 31 + static_cast<size_t>(step) * 101) % 211) * 0.01f - 1.0f;
}

/// A model for the sample with stages, which has states per element (where there are at least 8 elements), per tensor
/// and of the model, and hypers of each kind.
inline void makeStaged(Model &model, const char *optimizer = "recomputed",
                       const std::vector<ravine_setting> &settings = {}) {
  model.plan = &sample_stages;
  ASSERT_EQ(model.create(optimizer, settings), ok);
}

inline Outcome save(Model &model, const std::string &path) {
  return outcomeOf([&](ravine_error *error) { return model.library->save(model.optimizer, path.c_str(), error); });
}
inline Outcome load(Model &model, const std::string &path) {
  return outcomeOf([&](ravine_error *error) { return model.library->load(model.optimizer, path.c_str(), error); });
}

/// Everything that a checkpoint is to bring back: counters, settings and states.
inline std::string contents(Model &model) {
  std::string bytes;
  auto append = [&](const void *data, size_t size) { bytes.append(static_cast<const char *>(data), size); };
  const ravine_optimizer_info &description = *model.optimizer->description;
  for (size_t i = 0; i < model.tensors.size(); ++i) {
    ravine_progress counters = model.progress(i);
    append(&counters, sizeof counters);
    for (size_t s = 0; s < description.state_count; ++s) {
      ravine_state_view found = model.view(i, description.states[s].name);
      append(&found.exists, sizeof found.exists);
      append(&found.initialized, sizeof found.initialized);
      append(found.data, found.count * core::dtypeSize(found.dtype));
    }
    for (size_t h = 0; h < description.hyper_count; ++h) {
      double value = model.readTensor(description.hypers[h].name, i);
      append(&value, sizeof value);
    }
  }
  for (uint32_t group = 0; group < model.args.group_count; ++group)
    for (size_t h = 0; h < description.hyper_count; ++h)
      if (description.hypers[h].index_set != RAVINE_PER_TENSOR) {
        double value = model.read(description.hypers[h].name, group);
        append(&value, sizeof value);
      }
  return bytes;
}

/// What a model has become: its contents and the parameters.
inline std::string contentsAndParameters(Model &model) {
  std::string bytes = contents(model);
  for (auto &values : model.w)
    bytes.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(float));
  return bytes;
}

} // namespace ravine::test
