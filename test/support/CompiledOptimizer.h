// A compiled optimizer at work on f32 tensors, through the C contract alone.
#pragma once

#include "runtime/abi/ravine.h"

#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace ravine::test {

/// A call that returned an error; its message is the library's.
struct CallFailed : std::runtime_error {
  CallFailed(ravine_status status, const std::string &message) : std::runtime_error(message), status(status) {}
  ravine_status status;
};

class CompiledOptimizer {
public:
  struct Tensor {
    std::vector<float> parameter;
    uint32_t group = 0;
  };

  /// Loads the library and creates its optimizer for the tensors. `hypers` are set in every group. `isa` is the value
  /// of RAVINE_ISA, empty for the library's own choice. Throws CallFailed.
  CompiledOptimizer(const std::string &path, const std::string &optimizer, std::vector<Tensor> tensors,
                    const std::map<std::string, double> &hypers, uint32_t threads, const std::string &isa);
  ~CompiledOptimizer();
  CompiledOptimizer(const CompiledOptimizer &) = delete;
  CompiledOptimizer &operator=(const CompiledOptimizer &) = delete;

  /// One step; an empty gradient for a tensor that has elements leaves it out.
  void step(const std::vector<std::vector<float>> &gradients);

  [[nodiscard]] std::span<const float> parameter(size_t tensor) const { return tensors[tensor].parameter; }
  /// Empty if the state does not exist.
  [[nodiscard]] std::span<const float> state(size_t tensor, const std::string &name) const;
  [[nodiscard]] const ravine_library &table() const { return *library; }

private:
  void check(ravine_status status) const;

  void *handle = nullptr;
  const ravine_library *library = nullptr;
  ravine_optimizer *instance = nullptr;
  std::vector<Tensor> tensors;
  ravine_error error{};
};

} // namespace ravine::test
