// Where parameters and gradients are: as the host says for a step, and as they were in the last one.
#pragma once

#include "runtime/core/Memory.h"

namespace ravine::core {

/// The pointers of the last step that passed its checks.
class Bindings {
public:
  /// False where there is no memory.
  [[nodiscard]] bool reserve(size_t tensorCount, const Memory &memory) {
    return parameters_.allocate(memory, tensorCount) && gradients_.allocate(memory, tensorCount);
  }

  /// Whether there was such a step.
  [[nodiscard]] bool areSet() const { return areSet_; }
  [[nodiscard]] void *parameter(size_t tensor) const { return parameters_[tensor]; }
  [[nodiscard]] const void *gradient(size_t tensor) const { return gradients_[tensor]; }

  void set(size_t tensor, void *parameter, const void *gradient) {
    parameters_[tensor] = parameter;
    gradients_[tensor] = gradient;
  }
  void markSet() { areSet_ = true; }

private:
  Array<void *> parameters_;
  Array<const void *> gradients_;
  bool areSet_ = false;
};

/// The pointers that a step is asked to use: the host's arrays, and the last step's where an array is null.
class Pointers {
public:
  Pointers(const ravine_step_args &args, const Bindings &last)
      : parameters_(args.parameters), gradients_(args.gradients), last_(last) {}

  [[nodiscard]] void *parameter(size_t tensor) const {
    return parameters_ != nullptr ? parameters_[tensor] : last_.parameter(tensor);
  }
  [[nodiscard]] const void *gradient(size_t tensor) const {
    return gradients_ != nullptr ? gradients_[tensor] : last_.gradient(tensor);
  }

private:
  void *const *parameters_;
  const void *const *gradients_;
  const Bindings &last_;
};

} // namespace ravine::core
