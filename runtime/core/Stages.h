// A stage of a step: sweeps after which all tensors wait for each other.
#pragma once

#include "runtime/core/FloatingPoint.h"
#include "runtime/core/ModelOperations.h"
#include "runtime/core/Parallel.h"
#include "runtime/core/Runs.h"
#include "runtime/core/Scratch.h"

namespace ravine::core {

/// What a stage works with, besides its own tables.
struct StageContext {
  const ScalarInputs &scalars;
  /// By tensor: whether it goes through the stage.
  std::span<const bool> participants;
  RunContext runs;
  Scratch &scratch;
  Parallel &parallel;
  /// What kernels do about subnormal numbers.
  FloatingPointMode::Subnormals kernelMode;
};

/// A tensor with one run is shared out in chunks, together with all others. Of those with several runs, one that fits
/// into a thread's cache is taken through all of them by one task; the others go run by run, in batches, their chunks
/// shared among the threads. All three ways give the same bits.
class Stage {
public:
  /// `variants` are the plan's forms of this stage. `residentBytes` is what fits into a thread's cache. False where
  /// there is no memory.
  [[nodiscard]] bool initialize(const ravine_plan_optimizer &plan, const ravine_plan_stage *variants,
                                const Settings &settings, size_t residentBytes, const SweepContext &context);

  [[nodiscard]] const ScratchNeeds &scratchNeeds() const { return needs_; }
  /// Says where the scratch is that threads share.
  void bindShared(char *scratch, const TensorTable &tensors);

  /// Tells the kernels where a tensor's parameter and gradient are.
  void bind(size_t tensor, void *parameter, const void *gradient) {
    for (Sweep &pass : passes_)
      pass.bind(tensor, parameter, gradient);
  }
  /// The same for one kind of buffer that the host gives for the time of a call.
  void bindEach(size_t tensor, uint32_t kind, void *memory) {
    for (Sweep &pass : passes_)
      pass.bindEach(tensor, kind, [&](uint32_t) { return memory; });
  }

  /// Whether a tensor goes through any sweep, and whether one of them walks through that kind of buffer.
  [[nodiscard]] bool hasWork(size_t tensor) const { return routes_[tensor].placement != Placement::Nothing; }
  [[nodiscard]] bool mentions(size_t tensor, uint32_t kind) const {
    return std::any_of(passes_.begin(), passes_.end(), [&](auto &pass) { return pass.mentions(tensor, kind); });
  }

  /// Runs the stage. What it folds is in the tables afterwards.
  void run(const StageContext &context);

private:
  enum class Placement : uint8_t { Nothing, Chunked, Resident, Streamed };

  /// How a tensor goes through the stage.
  struct Route {
    Placement placement;
    /// Which sweeps of the plan, without operations over the model.
    Form form;
  };

  /// One parallel region: everything that is not streamed, or one run of a batch of streamed tensors.
  struct Region {
    TaskTable tasks;
    uint32_t run = 0;
    /// The streamed tensors in [first, last) are meant; none in the region for all that is not streamed.
    size_t first = 0, last = 0;

    [[nodiscard]] bool isStreamed() const { return last > first; }
  };

  /// Streamed tensors [first, last) and what they need.
  struct Batch {
    size_t first, last;
    uint32_t runCount;
    size_t scratchBytes;
  };

  [[nodiscard]] Route chooseRoute(const ravine_plan_stage &stage, const Tensor &tensor, size_t residentBytes) const;
  /// A form without the operations over the model, which stand at its end.
  [[nodiscard]] Form withoutModel(Form form) const;
  /// Calls visit(buffer) for each buffer of a route's sweeps, the first time that it occurs.
  template <typename Visit> void forEachBuffer(const Route &route, Visit visit) const;
  /// Bytes of a tensor's scratch buffers whose index is below `index`.
  [[nodiscard]] size_t scratchBelow(const Route &route, int64_t count, uint32_t index) const;
  /// Calls visit(tensor) for each streamed tensor in [first, last).
  template <typename Visit> void forEachStreamed(size_t first, size_t last, Visit visit) const;
  /// The batch that starts at the first streamed tensor from `from` on; one without runs where there is none.
  [[nodiscard]] Batch nextBatch(size_t from, const TensorTable &tensors) const;
  [[nodiscard]] bool initializePasses(const SweepContext &context);
  [[nodiscard]] bool initializeRegions(const SweepContext &context);
  [[nodiscard]] bool layOutTaskScratch(const SweepContext &context);
  [[nodiscard]] bool listModelColumns(const ravine_plan_stage *variants, const Memory &memory);
  [[nodiscard]] Share shareOf(size_t tensor, uint32_t run) const;
  /// A run of a tensor.
  [[nodiscard]] Run runOf(size_t tensor, uint32_t run) const;
  [[nodiscard]] RunKind kindOfRun(const Form &form, uint32_t run) const;

  void computeScalars(const StageContext &context);
  void computeOwn(const StageContext &context, size_t tensor, uint32_t run);
  void runRegion(const StageContext &context, const Region &region);
  void runTask(const StageContext &context, const Region &region, size_t task);
  void runResident(const StageContext &context, size_t tensor, char *scratch);
  void finishStage(const StageContext &context);

  const ravine_plan_optimizer *plan_ = nullptr;
  const ravine_plan_stage *variants_ = nullptr;
  const Settings *settings_ = nullptr;
  std::span<const Cut> cuts_;
  Array<Route> routes_;
  Objects<Sweep> passes_;
  /// Whether any of them does, for any tensor.
  bool readsOwnValues_ = false, leavesNumbers_ = false;
  Objects<Region> regions_;
  /// Elements that complete a batch of streamed tensors; asked for once, since the number of processors may change.
  int64_t batchElements_ = 0;
  /// Columns of the model's table that any variant folds here.
  Array<uint32_t> modelColumns_;
  size_t modelColumnCount_ = 0;
  /// Whether any variant has a program whose numbers are folded over the model, and room for these.
  bool hasFolds_ = false;
  Array<double> foldSlots_;
  ModelOperations modelOperations_;
  ScratchNeeds needs_;
  /// Where each scratch buffer starts in a task's block.
  Array<size_t> taskScratch_;
};

} // namespace ravine::core
