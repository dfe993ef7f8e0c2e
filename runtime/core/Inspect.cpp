// Between steps: settings, states and counters.
#include "runtime/core/Names.h"
#include "runtime/core/Optimizer.h"

namespace ravine::core {

namespace {

ravine_status checkTensorIndex(const ravine_optimizer &optimizer, size_t tensor, Error error) {
  if (tensor < optimizer.tensors.size())
    return RAVINE_OK;
  return error(RAVINE_ERROR_ARGUMENT, Sentence()
                                          << "tensor " << tensor << " is not below the number of tensors, which is "
                                          << optimizer.tensors.size());
}

} // namespace

ravine_status configure(ravine_optimizer *optimizer, const ravine_setting *settings, size_t count, Error error) {
  if (optimizer == nullptr)
    return nullArgument("optimizer", error);
  if (settings == nullptr && count > 0)
    return nullArgument("settings", error);
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  return optimizer->settings.configure({settings, count, "ravine_setting"}, error);
}

ravine_status readSetting(const ravine_optimizer *optimizer, const char *name, uint32_t group, double *value,
                          Error error) {
  if (optimizer == nullptr)
    return nullArgument("optimizer", error);
  if (name == nullptr)
    return nullArgument("name", error);
  if (value == nullptr)
    return nullArgument("value", error);
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  return optimizer->settings.read(name, group, *value, error);
}

ravine_status viewState(const ravine_optimizer *optimizer, size_t tensor, const char *name, ravine_state_view *view,
                        Error error) {
  if (optimizer == nullptr)
    return nullArgument("optimizer", error);
  if (name == nullptr)
    return nullArgument("state", error);
  if (view == nullptr)
    return nullArgument("view", error);
  if (!isReadableSize(view->struct_size))
    return unreadableSize("ravine_state_view", view->struct_size, error);
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  if (ravine_status status = checkTensorIndex(*optimizer, tensor, error))
    return status;
  const ravine_optimizer_info &description = *optimizer->description;
  NameList names = NameList::of(description.states, description.state_count);
  size_t state = names.find(name);
  if (state == names.count())
    return error(RAVINE_ERROR_NAME, unknownName(description.name, "state", name, names));

  ravine_state_view filled = {};
  if (optimizer->states.exists(tensor, state)) {
    const Tensor &of = optimizer->tensors[tensor];
    filled.exists = 1;
    filled.initialized = of.steps > 0 ? 1 : 0;
    filled.dtype = storageOf(description.states[state], description.precisions[of.precision]);
    // The host may write to a state between steps; the optimizer is const because this call changes nothing.
    filled.data = of.count > 0 ? const_cast<void *>(optimizer->states.data(tensor, state)) : nullptr;
    filled.count = static_cast<size_t>(of.count);
  }
  fillHostStruct(view, filled);
  return RAVINE_OK;
}

ravine_status readProgress(const ravine_optimizer *optimizer, size_t tensor, ravine_progress *progress, Error error) {
  if (optimizer == nullptr)
    return nullArgument("optimizer", error);
  if (progress == nullptr)
    return nullArgument("progress", error);
  if (!isReadableSize(progress->struct_size))
    return unreadableSize("ravine_progress", progress->struct_size, error);
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  ravine_progress filled = {};
  filled.steps = optimizer->steps;
  if (optimizer->tensors.size() > 0) {
    if (ravine_status status = checkTensorIndex(*optimizer, tensor, error))
      return status;
    filled.tensor_steps = optimizer->tensors[tensor].steps;
  }
  fillHostStruct(progress, filled);
  return RAVINE_OK;
}

ravine_status restoreProgress(ravine_optimizer *optimizer, size_t tensor, const ravine_progress *hostProgress,
                              Error error) {
  if (optimizer == nullptr)
    return nullArgument("optimizer", error);
  if (hostProgress == nullptr)
    return nullArgument("progress", error);
  ravine_progress progress;
  if (ravine_status status = readHostStruct(hostProgress, "ravine_progress", progress, error))
    return status;
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  if (ravine_status status = checkTensorIndex(*optimizer, tensor, error))
    return status;
  // Scalar programs read the counters as f64, which counts exactly up to 2^53.
  constexpr int64_t mostSteps = int64_t(1) << 53;
  if (progress.steps > mostSteps)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << progress.steps << " steps are more than can be counted");
  if (progress.tensor_steps < 0 || progress.tensor_steps > progress.steps)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << "a tensor cannot have taken " << progress.tensor_steps << " of "
                                                   << progress.steps << " steps");
  optimizer->steps = progress.steps;
  optimizer->tensors[tensor].steps = progress.tensor_steps;
  optimizer->isOrderStale = true;
  return RAVINE_OK;
}

} // namespace ravine::core
