// An optimizer out of a compiled Ravine library, at work on a model.
#pragma once

#include "runtime/abi/ravine.hpp"
#include "runtime/nn/Parameter.h"
#include "runtime/train/ThreadPool.h"

namespace ravine::train {

/// Opens the library at `path`; a path without a slash means the working folder, not the system's libraries. Throws
/// ravine::Error, with a sentence for the user that names the path, where it cannot be used.
[[nodiscard]] Library openLibrary(const std::string &path);

/// The optimizer of that name; an empty name means the only one. Throws ravine::Error with the names there are.
[[nodiscard]] const ravine_optimizer_info &findOptimizer(const Library &library, const std::string &name);

/// The value of one hyperparameter as a user writes it: a decimal number such as 1e-3, `true`, `false`, or the name of
/// a choice.
struct HyperSetting {
  std::string name;
  std::string value;
};

/// One optimizer of a library, bound to the parameters of a model. Every failure is thrown as ravine::Error.
class CompiledOptimizer {
public:
  /// The parameters and the pool must outlive the optimizer. The library's work is done by the threads of the pool.
  /// T is float or double; the library must have been built for it.
  template <typename T>
  CompiledOptimizer(const Library &library, const std::string &name, std::span<nn::Parameter<T> *const> parameters,
                    std::span<const HyperSetting> settings, ThreadPool &pool)
      : CompiledOptimizer(library, findOptimizer(library, name), Binding(parameters), settings, pool) {}

  /// One step of every parameter along its gradient.
  void step() { optimizer.step(values, gradients); }

  /// Sets a hyperparameter from the next step on, for every parameter. NaN returns one that has a schedule to that.
  void set(const std::string &name, double value) { optimizer.set(name.c_str(), value); }

  [[nodiscard]] const ravine_optimizer_info &info() const { return *description; }

  /// The value of a hyperparameter that the next step will use; of one per tensor, that of the first parameter.
  [[nodiscard]] double setting(const std::string &name) const;

  /// Computes a view of every parameter into arrays as large as the parameters, in their order; see ravine.hpp.
  void readView(const std::string &name, std::span<void *const> outputs) {
    optimizer.readView(name.c_str(), values, outputs);
  }

  /// A metric of the model as the last step left it; NaN before the first.
  [[nodiscard]] double metric(const std::string &name) const { return optimizer.metric(name.c_str()); }

private:
  /// The parameters as the library sees them.
  struct Binding {
    template <typename T> explicit Binding(std::span<nn::Parameter<T> *const> parameters) {
      constexpr ravine_dtype dtype = std::is_same_v<T, float> ? RAVINE_F32 : RAVINE_F64;
      for (nn::Parameter<T> *parameter : parameters) {
        const std::span<const int64_t> extents = parameter->value.shape().extents();
        tensors.push_back({.name = parameter->name,
                           .shape = {extents.begin(), extents.end()},
                           .parameter = dtype,
                           .gradient = dtype});
        values.push_back(parameter->value.data());
        gradients.push_back(parameter->gradient.data());
      }
    }

    std::vector<Tensor> tensors;
    std::vector<void *> values;
    std::vector<const void *> gradients;
  };

  CompiledOptimizer(const Library &library, const ravine_optimizer_info &description, Binding binding,
                    std::span<const HyperSetting> settings, ThreadPool &pool);

  const ravine_optimizer_info *description;
  std::vector<void *> values;
  std::vector<const void *> gradients;
  Optimizer optimizer;
};

} // namespace ravine::train
