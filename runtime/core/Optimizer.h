// An optimizer at work: everything that one `create` makes.
#pragma once

#include "runtime/core/Chunks.h"
#include "runtime/core/Exits.h"
#include "runtime/core/Overlap.h"
#include "runtime/core/ScalarStates.h"
#include "runtime/core/Target.h"

#include <initializer_list>

struct ravine_optimizer {
  explicit ravine_optimizer(const ravine_host &host) : host(host), memory(host), parallel(host) {}

  ravine_host host;
  ravine::core::Memory memory;
  const ravine_plan_library *library = nullptr;
  const ravine_optimizer_info *description = nullptr;
  const ravine_plan_optimizer *plan = nullptr;
  /// Index of the library's instruction set in use.
  uint32_t target = 0;

  ravine::core::TensorTable tensors;
  ravine::core::Settings settings;
  /// By tensor: how it is cut.
  ravine::core::Array<ravine::core::Cut> cuts;
  ravine::core::States states;
  ravine::core::Groups groups;
  ravine::core::ValueTables values;
  ravine::core::ScalarStates scalarStates;
  ravine::core::Bindings bindings;
  ravine::core::OverlapCheck overlap;
  ravine::core::Partials partials;
  ravine::core::OperationRoom operationRoom;
  ravine::core::Scratch scratch;
  ravine::core::Parallel parallel;

  /// All elements in chunks, for what goes through memory outside stages.
  ravine::core::TaskTable chunks;
  /// Gives the states of a tensor their initial values, before the tensor's first step.
  ravine::core::Stage initial;
  ravine::core::Objects<ravine::core::Stage> stages;
  ravine::core::Objects<ravine::core::Exit> exits;
  ravine::core::Objects<ravine::core::Stage> views;
  /// By tensor: whether it goes through the stage that runs, or ran last.
  ravine::core::Array<bool> participants;
  /// Tensors by group, variant, t and shape.
  ravine::core::Array<size_t> scalarOrder;
  /// Set where counters were restored, which the order has not followed.
  bool isOrderStale = false;

  /// Committed steps.
  int64_t steps = 0;
  /// Steps that ended early.
  int64_t skipped = 0;
  /// Whether the states of the model have their initial values, or later ones.
  bool isModelInitialized = false;
  /// Elements of the tensors that took part in the last committed step; of all before the first.
  int64_t modelSize = 0;
  /// Set while a thread is inside a call.
  mutable std::atomic<bool> isBusy = false;

  ravine_optimizer(const ravine_optimizer &) = delete;
  ravine_optimizer &operator=(const ravine_optimizer &) = delete;
};

namespace ravine::core {

/// Scalar programs read counters as f64, which counts exactly up to this.
inline constexpr int64_t mostSteps = int64_t(1) << 53;

/// The presence of a thread inside an instance; at most one at a time.
class Visit {
public:
  explicit Visit(const ravine_optimizer &optimizer)
      : optimizer_(optimizer), entered_(!optimizer.isBusy.exchange(true, std::memory_order_acquire)) {}
  Visit(const Visit &) = delete;
  Visit &operator=(const Visit &) = delete;
  ~Visit() {
    if (entered_)
      optimizer_.isBusy.store(false, std::memory_order_release);
  }

  /// RAVINE_ERROR_BUSY where another thread is inside.
  [[nodiscard]] ravine_status status(Error error) const {
    if (entered_)
      return RAVINE_OK;
    return error(RAVINE_ERROR_BUSY, Sentence() << "another thread is inside a call on this optimizer");
  }

private:
  const ravine_optimizer &optimizer_;
  bool entered_;
};

/// The step that settings are read for: the next one.
[[nodiscard]] inline int64_t nextStep(const ravine_optimizer &optimizer) {
  return optimizer.steps + 1;
}

/// Whether steps write to gradients.
[[nodiscard]] inline bool writesGradient(const ravine_optimizer &optimizer) {
  return optimizer.description->writes_gradient != 0;
}

[[nodiscard]] inline std::span<const ravine::core::Cut> cutsOf(const ravine_optimizer &optimizer) {
  return {optimizer.cuts.begin(), optimizer.cuts.end()};
}

/// Calls visit(stage) for every stage of the step, those of exits included.
template <typename Visit> void forEachStage(ravine_optimizer &optimizer, Visit visit) {
  for (Stage &stage : optimizer.stages)
    visit(stage);
  for (Exit &exit : optimizer.exits)
    for (Stage &stage : exit.stages)
      visit(stage);
}

/// What kernels of the optimizer do about subnormal numbers.
[[nodiscard]] inline FloatingPointMode::Subnormals kernelMode(const ravine_optimizer &optimizer) {
  return optimizer.plan->flush_subnormals != 0 ? FloatingPointMode::Subnormals::Flush
                                               : FloatingPointMode::Subnormals::Keep;
}

/// What a stage works with, for the tensors that are marked as participants.
[[nodiscard]] inline StageContext stageContext(ravine_optimizer &optimizer, const ScalarInputs &inputs) {
  return {.scalars = inputs,
          .participants = {optimizer.participants.begin(), optimizer.participants.end()},
          .runs = {.tensors = optimizer.tensors,
                   .cuts = cutsOf(optimizer),
                   .groups = optimizer.groups,
                   .partials = optimizer.partials,
                   .values = optimizer.values,
                   .room = optimizer.operationRoom},
          .scratch = optimizer.scratch,
          .parallel = optimizer.parallel,
          .kernelMode = kernelMode(optimizer)};
}

/// Where a state is.
struct StatePlace {
  bool exists = false;
  /// Whether its initial value, or another, has been set.
  bool isInitialized = false;
  ravine_dtype dtype = 0;
  /// Null where it has no elements.
  void *data = nullptr;
  size_t count = 0;
};

/// Finds a state by its index in the description. `tensor` is ignored for a state of the model.
[[nodiscard]] StatePlace locateState(ravine_optimizer &optimizer, size_t tensor, size_t state);

// The functions of `ravine_library`, which say what they do.

[[nodiscard]] ravine_status create(const ravine_plan_library &library, const ravine_create_args *args,
                                   ravine_optimizer **optimizer, Error error);
[[nodiscard]] ravine_status configure(ravine_optimizer *optimizer, const ravine_setting *settings, size_t count,
                                      Error error);
[[nodiscard]] ravine_status readSetting(const ravine_optimizer *optimizer, const char *name, uint32_t group,
                                        double *value, Error error);
[[nodiscard]] ravine_status readFollowing(const ravine_optimizer *optimizer, const char *name, uint32_t group,
                                          int32_t *follows, Error error);
[[nodiscard]] ravine_status step(ravine_optimizer *optimizer, const ravine_step_args *args, Error error);
[[nodiscard]] ravine_status viewState(const ravine_optimizer *optimizer, size_t tensor, const char *state,
                                      ravine_state_view *view, Error error);
[[nodiscard]] ravine_status readProgress(const ravine_optimizer *optimizer, size_t tensor, ravine_progress *progress,
                                         Error error);
[[nodiscard]] ravine_status restoreProgress(ravine_optimizer *optimizer, size_t tensor, const ravine_progress *progress,
                                            Error error);
[[nodiscard]] ravine_status readTensorSetting(const ravine_optimizer *optimizer, const char *name, size_t tensor,
                                              double *value, Error error);
[[nodiscard]] ravine_status readMetric(const ravine_optimizer *optimizer, const char *name, size_t tensor,
                                       double *value, Error error);
[[nodiscard]] ravine_status readView(ravine_optimizer *optimizer, const char *name, void *const *parameters,
                                     void *const *outputs, Error error);
[[nodiscard]] ravine_status save(ravine_optimizer *optimizer, const char *path, Error error);
[[nodiscard]] ravine_status load(ravine_optimizer *optimizer, const char *path, Error error);
void destroy(ravine_optimizer *optimizer);

/// `NAME is null`, for an argument that must not be.
[[nodiscard]] inline ravine_status nullArgument(const char *name, Error error) {
  return error(RAVINE_ERROR_ARGUMENT, Sentence() << name << " is null");
}

/// An argument of a function of the contract, by the name that its declaration gives it.
struct Argument {
  const char *name;
  const void *value;
};

/// Refuses the first argument that is null.
[[nodiscard]] inline ravine_status refuseNull(std::initializer_list<Argument> arguments, Error error) {
  for (const Argument &argument : arguments)
    if (argument.value == nullptr)
      return nullArgument(argument.name, error);
  return RAVINE_OK;
}

} // namespace ravine::core
