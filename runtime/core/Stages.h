// A stage of a step: sweeps after which all tensors wait for each other.
#pragma once

#include "runtime/core/FloatingPoint.h"
#include "runtime/core/Parallel.h"
#include "runtime/core/Partials.h"
#include "runtime/core/Scratch.h"

namespace ravine::core {

/// What a stage works with, besides its own tables.
struct StageContext {
  const ScalarInputs &scalars;
  ValueTables &values;
  Partials &partials;
  Scratch &scratch;
  Parallel &parallel;
  /// What kernels do about subnormal numbers.
  FloatingPointMode::Subnormals kernelMode;
};

/// A tensor with one sweep is shared out in chunks, together with all others. Of those with several sweeps, one that
/// fits into a thread's cache is taken through all of them by one task; the others go sweep by sweep, in batches, their
/// chunks shared among the threads. All three ways give the same bits.
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

  /// Runs the stage. What it folds is in the tables afterwards.
  void run(const StageContext &context);

private:
  enum class Placement : uint8_t { Nothing, Chunked, Resident, Streamed };

  /// How a tensor goes through the stage.
  struct Route {
    Placement placement;
    /// Which sweeps of the plan.
    const uint32_t *sweeps;
    uint32_t sweepCount;
  };

  /// One parallel region: everything that is not streamed, or one pass over a batch of streamed tensors.
  struct Region {
    TaskTable tasks;
    uint32_t pass = 0;
    /// The streamed tensors in [first, last) are meant; none in the region for all that is not streamed.
    size_t first = 0, last = 0;
  };

  /// Streamed tensors [first, last) and what they need.
  struct Batch {
    size_t first, last;
    uint32_t passCount;
    size_t scratchBytes;
  };

  [[nodiscard]] Route chooseRoute(const ravine_plan_stage &form, const Tensor &tensor, size_t residentBytes) const;
  /// Calls visit(buffer) for each buffer of a route's sweeps, the first time that it occurs.
  template <typename Visit> void forEachBuffer(const Route &route, Visit visit) const;
  /// Bytes of a tensor's scratch buffers whose index is below `index`.
  [[nodiscard]] size_t scratchBelow(const Route &route, int64_t count, uint32_t index) const;
  /// Calls visit(tensor) for each streamed tensor in [first, last).
  template <typename Visit> void forEachStreamed(size_t first, size_t last, Visit visit) const;
  /// The batch that starts at the first streamed tensor from `from` on; one without passes where there is none.
  [[nodiscard]] Batch nextBatch(size_t from, const TensorTable &tensors) const;
  [[nodiscard]] bool initializePasses(const SweepContext &context);
  [[nodiscard]] bool initializeRegions(const SweepContext &context);
  [[nodiscard]] bool layOutTaskScratch(const SweepContext &context);
  [[nodiscard]] bool listModelColumns(const ravine_plan_stage *variants, const Memory &memory);

  void computeScalars(const StageContext &context);
  void runRegion(const StageContext &context, const Region &region);
  void runTask(const StageContext &context, const Region &region, size_t task);
  void runResident(const StageContext &context, const Chunk &whole, char *scratch);

  const ravine_plan_optimizer *plan_ = nullptr;
  Array<Route> routes_;
  Objects<Sweep> passes_;
  Objects<Region> regions_;
  /// Elements that complete a batch of streamed tensors; asked for once, since the number of processors may change.
  int64_t batchElements_ = 0;
  /// Columns of the model's table that any variant folds here.
  Array<uint32_t> modelColumns_;
  size_t modelColumnCount_ = 0;
  ScratchNeeds needs_;
  /// Where each scratch buffer starts in a task's block.
  Array<size_t> taskScratch_;
};

} // namespace ravine::core
