// A compiled optimizer at work, through the C contract alone.
#pragma once

#include "test/support/Memory.h"

#include <map>
#include <optional>
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
    /// The extents of its axes; a single axis if none are given.
    std::optional<std::vector<int64_t>> shape = {};
    /// The values of its own hypers and those of its group, where they differ from the optimizer's.
    std::map<std::string, double> hypers = {};
    /// "tensor0" and so on where none is given.
    std::string name = {};
    /// The name of its group, the same for all tensors of that.
    std::string groupName = {};
    /// What the host stores them in.
    ravine_dtype parameterType = RAVINE_F32, gradientType = RAVINE_F32;
    /// How many of the leading axes make up the rows; 0 where the host does not say.
    uint32_t rowAxes = 0;
  };

  /// Loads the library and creates its optimizer for the tensors. `hypers` are set in every group. `isa` is the value
  /// of RAVINE_ISA, empty for the library's own choice. Throws CallFailed.
  CompiledOptimizer(const std::string &path, const std::string &optimizer, std::vector<Tensor> tensors,
                    const std::map<std::string, double> &hypers, uint32_t threads, const std::string &isa);
  ~CompiledOptimizer();
  CompiledOptimizer(const CompiledOptimizer &) = delete;
  CompiledOptimizer &operator=(const CompiledOptimizer &) = delete;

  /// Goes on from the parameters of another one, of the same tensors.
  void takeParameters(const CompiledOptimizer &other) { parameters = other.parameters; }

  /// One step; an empty gradient for a tensor that has elements leaves it out. Throws CallFailed.
  void step(const std::vector<std::vector<float>> &given);
  /// The same on gradients where the host has them, in what the tensors store them in; null leaves a tensor out.
  void stepOn(const std::vector<const void *> &given);

  /// Sets a hyper from the next step on, in every group. Throws CallFailed.
  void set(const std::string &hyper, double value);

  /// Writes settings, counters and states to a file, or takes up where that left off. Throws CallFailed.
  void save(const std::string &path);
  void load(const std::string &path);

  [[nodiscard]] size_t tensorCount() const { return tensors.size(); }
  /// Where it is stored in f32.
  [[nodiscard]] std::span<const float> parameter(size_t tensor) const;
  /// As the last step left it; empty for a tensor that took no part.
  [[nodiscard]] std::span<const float> gradient(size_t tensor) const;
  /// The same, however they are stored.
  [[nodiscard]] std::vector<double> parameterNumbers(size_t tensor) const { return parameters[tensor].read(); }
  [[nodiscard]] std::vector<double> gradientNumbers(size_t tensor) const { return gradients[tensor].read(); }
  /// A state with a number for each element, stored in no more than f32. Empty if it does not exist.
  [[nodiscard]] std::vector<float> state(size_t tensor, const std::string &name) const;
  [[nodiscard]] std::vector<double> stateNumbers(size_t tensor, const std::string &name) const;
  /// Where the optimizer has it; null if it does not exist.
  [[nodiscard]] void *stateMemory(size_t tensor, const std::string &name) const { return find(tensor, name).data; }
  /// A state with one number for the tensor or for the model. None if it does not exist or has no value yet.
  [[nodiscard]] std::optional<double> scalarState(size_t tensor, const std::string &name) const;
  [[nodiscard]] double metric(size_t tensor, const std::string &name) const;
  [[nodiscard]] std::vector<float> view(size_t tensor, const std::string &name) const;
  [[nodiscard]] std::vector<double> viewNumbers(size_t tensor, const std::string &name) const;
  [[nodiscard]] ravine_progress progress(size_t tensor) const;
  [[nodiscard]] const ravine_library &table() const { return *library; }
  /// What the library says of this optimizer.
  [[nodiscard]] const ravine_optimizer_info &description() const { return *info; }

private:
  [[nodiscard]] std::vector<ravine_setting> settings(const std::map<std::string, double> &hypers,
                                                     const std::vector<std::string> &names) const;
  [[nodiscard]] ravine_state_view find(size_t tensor, const std::string &name) const;
  static void check(ravine_status status, const ravine_error &error);

  void *handle = nullptr;
  const ravine_library *library = nullptr;
  const ravine_optimizer_info *info = nullptr;
  ravine_optimizer *instance = nullptr;
  std::vector<Tensor> tensors;
  std::vector<Memory> parameters, gradients;
};

} // namespace ravine::test
