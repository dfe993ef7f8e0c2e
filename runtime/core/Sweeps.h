// A sweep of the plan, made ready for the tensors of one optimizer: kernels, buffers and scalars of each tensor.
#pragma once

#include "runtime/core/States.h"

namespace ravine::core {

/// What a kernel is called with, for one tensor.
struct TensorSweep {
  /// Null where the tensor's variant has nothing to do.
  ravine_kernel_function kernel;
  void **buffers;
  /// The slots that the tensor reads. They are in its own block or in that of another tensor with the same values.
  const double *scalars;
  double *ownScalars;
  const ravine_plan_sweep *plan;
};

/// What scalar programs are computed from, and for which tensors.
struct ScalarInputs {
  const TensorTable &tensors;
  const Settings &settings;
  /// Tensors by group, then t, then size: those with equal inputs are neighbours.
  std::span<const size_t> order;
  /// The number of the step that is being made.
  int64_t step;
};

class Sweep {
public:
  /// `variants` are the plan's forms of this sweep; `target` is the index of an instruction set of the library.
  [[nodiscard]] bool initialize(const ravine_plan_sweep *variants, uint32_t target, uint32_t targetCount,
                                const TensorTable &tensors, const Settings &settings, States &states,
                                const Memory &memory);

  /// Tells the kernels where a tensor's parameter and gradient are.
  void bind(size_t tensor, void *parameter, const void *gradient);

  /// Runs the scalar programs for every tensor that takes part; once for all tensors whose programs read the same
  /// values, and not at all where nothing that they read has changed since the last time.
  void computeScalars(const ScalarInputs &inputs);

  /// Works on elements [begin, end) of a tensor.
  void run(size_t tensor, int64_t begin, int64_t end) const {
    const TensorSweep &work = tensors_[tensor];
    if (work.kernel != nullptr)
      work.kernel(work.buffers, work.scalars, begin, end);
  }

private:
  Array<TensorSweep> tensors_;
  Array<void *> buffers_;
  Array<double> slots_;
  /// Whether any tensor's program reads t or step.
  bool readsTime_ = false;
  /// The generation of the settings that programs without time were last run for; no settings have generation 0.
  uint64_t settled_ = 0;
};

} // namespace ravine::core
