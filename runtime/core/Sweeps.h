// A sweep of the plan, made ready for the tensors of one optimizer: kernels, buffers and scalars of each tensor.
#pragma once

#include "runtime/core/Groups.h"
#include "runtime/core/States.h"
#include "runtime/core/Values.h"

namespace ravine::core {

/// What a kernel is called with, for one tensor.
struct TensorSweep {
  /// Null where the tensor has nothing to do.
  const ravine_plan_sweep *plan;
  /// At most one of the two is there.
  ravine_kernel_function kernel;
  ravine_tile_function tileKernel;
  /// `entryCount` places, and that `tableCount` times: tables differ in where numbers of columns go.
  void **buffers;
  uint32_t entryCount;
  uint32_t tableCount;
  /// How many reductions the passes before this one in its run leave among a chunk's numbers.
  uint32_t firstPartial;
  /// How many reductions over columns or channels the passes before this one in its run have.
  uint32_t firstColumnReduction;
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
  Groups &groups;
  std::span<const Cut> cuts;
  const Memory &memory;
};

/// How many reductions of a sweep are over the tensor or the model, for which its kernels leave partial numbers.
[[nodiscard]] uint32_t partialCount(const ravine_plan_sweep &sweep);

class Sweep {
public:
  /// What one tensor does.
  struct Part {
    /// Null where that is nothing.
    const ravine_plan_sweep *plan;
    uint32_t firstPartial;
    uint32_t firstColumnReduction;
  };
  /// parts[i] says what tensor i does. False where there is no memory.
  [[nodiscard]] bool initialize(std::span<const Part> parts, const SweepContext &context);

  /// Tells the kernels where a tensor's parameter and gradient are.
  void bind(size_t tensor, void *parameter, const void *gradient);
  /// The same for other memory: what `place(index)` says for each of the tensor's buffers of that kind.
  template <typename Place> void bindEach(size_t tensor, uint32_t kind, Place place) {
    const TensorSweep &work = tensors_[tensor];
    for (uint32_t b = 0; work.plan != nullptr && b < work.plan->buffer_count; ++b)
      if (work.plan->buffers[b].kind == kind)
        for (uint32_t table = 0; table < work.tableCount; ++table)
          work.buffers[table * work.entryCount + b] = place(work.plan->buffers[b].index);
  }

  /// Runs the scalar programs that do not read the tensor's own values: for every tensor that `inputs` include, once
  /// for all whose programs read the same, and not at all where nothing that they read can have changed since the last
  /// time.
  void computeShared(const ScalarInputs &inputs);
  /// Runs the scalar program of one tensor if it reads the tensor's own values.
  void computeOwn(const ScalarInputs &inputs, size_t tensor);
  /// Whether any tensor's program reads its own values.
  [[nodiscard]] bool readsOwnValues() const { return readsOwnValues_; }
  /// Whether, for any tensor, something is left to be done when all chunks are.
  [[nodiscard]] bool leavesNumbers() const { return leavesNumbers_; }

  [[nodiscard]] const TensorSweep &operator[](size_t tensor) const { return tensors_[tensor]; }
  /// Whether the tensor's kernel reads or writes a buffer of that kind.
  [[nodiscard]] bool mentions(size_t tensor, uint32_t kind) const;

private:
  void bindOwn(size_t tensor, const SweepContext &context);

  Array<TensorSweep> tensors_;
  Array<void *> buffers_;
  Array<double> slots_;
  bool readsOwnValues_ = false;
  bool leavesNumbers_ = false;
  /// Whether any tensor's program reads what changes with every step.
  bool readsTime_ = false;
  /// The generation of the settings that programs without time were last run for; no settings have generation 0.
  uint64_t settled_ = 0;
};

} // namespace ravine::core
