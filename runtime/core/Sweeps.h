// A sweep of the plan, made ready for the tensors of one optimizer: kernels, buffers and scalars of each tensor.
#pragma once

#include "runtime/core/States.h"
#include "runtime/core/Values.h"

namespace ravine::core {

/// What a kernel is called with, for one tensor.
struct TensorSweep {
  /// Null where the tensor has nothing to do.
  const ravine_plan_sweep *plan;
  ravine_kernel_function kernel;
  void **buffers;
  /// The slots that the tensor reads. They are in its own block or in that of another tensor with the same values.
  const double *scalars;
  double *ownScalars;
};

/// What scalar programs are computed from, and for which tensors.
struct ScalarInputs {
  const TensorTable &tensors;
  const Settings &settings;
  const ValueTables &values;
  /// Tensors by group, variant, t and shape: those with equal programs and inputs are neighbours.
  std::span<const size_t> order;
  /// The number of the step that is being made, or of the last one where none is.
  int64_t step;
  /// 1 while a step is being made, so that `t` counts it.
  int64_t ahead;
  /// Elements of all tensors that take part.
  int64_t modelSize;

  /// Whether the programs are to be run for the tensor.
  [[nodiscard]] bool include(const Tensor &tensor) const { return ahead == 0 || tensor.takesPart; }
  /// Runs a program for a tensor.
  void run(const ravine_plan_scalars &program, size_t tensor, double *out) const;
  /// Runs a program of the model, for which t is the step and there is no shape.
  void runForModel(const ravine_plan_scalars &program, double *out) const;
};

/// What sweeps are made ready for.
struct SweepContext {
  /// Index of the library's instruction set in use.
  uint32_t target;
  const TensorTable &tensors;
  States &states;
  const Memory &memory;
};

class Sweep {
public:
  /// plans[i] says what tensor i does; null where that is nothing. False where there is no memory.
  [[nodiscard]] bool initialize(std::span<const ravine_plan_sweep *const> plans, const SweepContext &context);

  /// Tells the kernels where a tensor's parameter and gradient are.
  void bind(size_t tensor, void *parameter, const void *gradient);
  /// The same for other memory: what `place(index)` says for each of the tensor's buffers of that kind.
  template <typename Place> void bindEach(size_t tensor, uint32_t kind, Place place) {
    const TensorSweep &work = tensors_[tensor];
    for (uint32_t b = 0; work.plan != nullptr && b < work.plan->buffer_count; ++b)
      if (work.plan->buffers[b].kind == kind)
        work.buffers[b] = place(work.plan->buffers[b].index);
  }

  /// Runs the scalar programs that do not read the tensor's own values: for every tensor that `inputs` include, once
  /// for all whose programs read the same, and not at all where nothing that they read can have changed since the last
  /// time.
  void computeShared(const ScalarInputs &inputs);
  /// Runs the scalar program of one tensor if it reads the tensor's own values.
  void computeOwn(const ScalarInputs &inputs, size_t tensor);
  /// Whether any tensor's program reads its own values.
  [[nodiscard]] bool readsOwnValues() const { return readsOwnValues_; }

  /// Works on elements [begin, end) of a tensor. `partials` has room for each of its reductions.
  void run(size_t tensor, int64_t begin, int64_t end, double *partials) const {
    const TensorSweep &work = tensors_[tensor];
    if (work.kernel != nullptr)
      work.kernel(work.buffers, work.scalars, begin, end, partials);
  }

  [[nodiscard]] bool hasWork(size_t tensor) const { return tensors_[tensor].kernel != nullptr; }
  /// The reductions of a tensor.
  [[nodiscard]] std::span<const ravine_plan_reduction> reductions(size_t tensor) const {
    const ravine_plan_sweep *plan = tensors_[tensor].plan;
    return plan == nullptr ? std::span<const ravine_plan_reduction>()
                           : std::span(plan->reductions, plan->reduction_count);
  }
  /// Whether the tensor's kernel reads its parameter.
  [[nodiscard]] bool readsParameter(size_t tensor) const;

private:
  Array<TensorSweep> tensors_;
  Array<void *> buffers_;
  Array<double> slots_;
  bool readsOwnValues_ = false;
  /// Whether any tensor's program reads what changes with every step.
  bool readsTime_ = false;
  /// The generation of the settings that programs without time were last run for; no settings have generation 0.
  uint64_t settled_ = 0;
};

} // namespace ravine::core
