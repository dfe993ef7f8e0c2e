// Between steps: settings, states, metrics and counters.
#include "runtime/core/Names.h"
#include "runtime/core/Optimizer.h"

#include <algorithm>

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
  return optimizer->settings.configure({settings, count, "ravine_setting"}, nextStep(*optimizer), error);
}

ravine_status readSetting(const ravine_optimizer *optimizer, const char *name, uint32_t group, double *value,
                          Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"name", name}, {"value", value}}, error))
    return status;
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  return optimizer->settings.read(name, group, nextStep(*optimizer), *value, error);
}

ravine_status readFollowing(const ravine_optimizer *optimizer, const char *name, uint32_t group, int32_t *follows,
                            Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"name", name}, {"follows", follows}}, error))
    return status;
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  bool isFollowing = false;
  if (ravine_status status = optimizer->settings.readFollowing(name, group, isFollowing, error))
    return status;
  *follows = isFollowing ? 1 : 0;
  return RAVINE_OK;
}

ravine_status readTensorSetting(const ravine_optimizer *optimizer, const char *name, size_t tensor, double *value,
                                Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"name", name}, {"value", value}}, error))
    return status;
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  if (ravine_status status = checkTensorIndex(*optimizer, tensor, error))
    return status;
  return optimizer->settings.readForTensor(name, tensor, nextStep(*optimizer), *value, error);
}

ravine_status readMetric(const ravine_optimizer *optimizer, const char *name, size_t tensor, double *value,
                         Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"name", name}, {"value", value}}, error))
    return status;
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  const ravine_optimizer_info &description = *optimizer->description;
  NameList names = NameList::of(description.metrics, description.metric_count);
  size_t metric = names.find(name);
  if (metric == names.count())
    return error(RAVINE_ERROR_NAME, unknownName(description.name, "metric", name, names));
  const ravine_index_set set = description.metrics[metric].index_set;
  auto index = static_cast<size_t>(std::count_if(description.metrics, description.metrics + metric,
                                                 [&](auto &other) { return other.index_set == set; }));
  if (set == RAVINE_PER_TENSOR)
    if (ravine_status status = checkTensorIndex(*optimizer, tensor, error))
      return status;
  *value = set == RAVINE_PER_TENSOR ? optimizer->scalarStates.tensorMetric(tensor, index)
                                    : optimizer->scalarStates.modelMetric(index);
  return RAVINE_OK;
}

StatePlace locateState(ravine_optimizer &optimizer, size_t tensor, size_t state) {
  const ravine_state_info &info = optimizer.description->states[state];
  auto inRow = [&](std::span<const ravine_plan_value> columns, double *row) {
    auto found = std::find_if(columns.begin(), columns.end(),
                              [&](auto &column) { return column.kind == RAVINE_VALUE_STATE && column.index == state; });
    return row + (found - columns.begin());
  };
  if (info.index_set == RAVINE_PER_MODEL) {
    if (!existsInVariant(*optimizer.plan, state, optimizer.settings.variantOfModel()))
      return {};
    return {true, optimizer.isModelInitialized, RAVINE_F64,
            inRow(optimizer.values.modelColumns(), optimizer.values.ofModel()), 1};
  }
  const Tensor &of = optimizer.tensors[tensor];
  if (!existsInVariant(*optimizer.plan, state, optimizer.settings.variant(tensor)))
    return {};
  if (info.index_set == RAVINE_PER_TENSOR)
    return {true, of.isInitialized, RAVINE_F64,
            inRow(optimizer.values.tensorColumns(), optimizer.values.ofTensor(tensor)), 1};
  int64_t count = memberCount(of, info.index_set, info.block_size);
  return {true, of.isInitialized, storageOf(*optimizer.plan, state, of.precision),
          count > 0 ? optimizer.states.data(tensor, state) : nullptr, static_cast<size_t>(count)};
}

ravine_status viewState(const ravine_optimizer *optimizer, size_t tensor, const char *name, ravine_state_view *view,
                        Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"state", name}, {"view", view}}, error))
    return status;
  if (!isReadableSize(view->struct_size))
    return unreadableSize("ravine_state_view", view->struct_size, error);
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  const ravine_optimizer_info &description = *optimizer->description;
  NameList names = NameList::of(description.states, description.state_count);
  size_t state = names.find(name);
  bool isOfModel = state < names.count() && description.states[state].index_set == RAVINE_PER_MODEL;
  if (!isOfModel)
    if (ravine_status status = checkTensorIndex(*optimizer, tensor, error))
      return status;
  if (state == names.count())
    return error(RAVINE_ERROR_NAME, unknownName(description.name, "state", name, names));

  // The host may write to a state between steps; the optimizer is const because this call changes nothing.
  StatePlace place = locateState(const_cast<ravine_optimizer &>(*optimizer), tensor, state);
  ravine_state_view filled = {};
  filled.exists = place.exists ? 1 : 0;
  filled.initialized = place.isInitialized ? 1 : 0;
  filled.dtype = place.dtype;
  filled.data = place.data;
  filled.count = place.count;
  fillHostStruct(view, filled);
  return RAVINE_OK;
}

ravine_status readProgress(const ravine_optimizer *optimizer, size_t tensor, ravine_progress *progress, Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"progress", progress}}, error))
    return status;
  if (!isReadableSize(progress->struct_size))
    return unreadableSize("ravine_progress", progress->struct_size, error);
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  ravine_progress filled = {};
  filled.steps = optimizer->steps;
  filled.skipped = optimizer->skipped;
  filled.model_initialized = optimizer->isModelInitialized ? 1 : 0;
  if (optimizer->tensors.size() > 0) {
    if (ravine_status status = checkTensorIndex(*optimizer, tensor, error))
      return status;
    filled.tensor_steps = optimizer->tensors[tensor].steps;
    filled.tensor_initialized = optimizer->tensors[tensor].isInitialized ? 1 : 0;
  }
  fillHostStruct(progress, filled);
  return RAVINE_OK;
}

ravine_status restoreProgress(ravine_optimizer *optimizer, size_t tensor, const ravine_progress *hostProgress,
                              Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"progress", hostProgress}}, error))
    return status;
  ravine_progress progress;
  if (ravine_status status = readHostStruct(hostProgress, "ravine_progress", progress, error))
    return status;
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  if (optimizer->tensors.size() > 0)
    if (ravine_status status = checkTensorIndex(*optimizer, tensor, error))
      return status;
  if (progress.steps > mostSteps)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << progress.steps << " steps are more than can be counted");
  if (progress.tensor_steps < 0 || progress.tensor_steps > progress.steps)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << "a tensor cannot have taken " << progress.tensor_steps << " of "
                                                   << progress.steps << " steps");
  if (progress.skipped < 0 || progress.skipped > mostSteps)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << progress.skipped << " skipped steps cannot have been counted");
  optimizer->steps = progress.steps;
  optimizer->skipped = progress.skipped;
  optimizer->isModelInitialized = progress.steps > 0 || progress.model_initialized != 0;
  if (optimizer->tensors.size() > 0) {
    optimizer->tensors[tensor].steps = progress.tensor_steps;
    optimizer->tensors[tensor].isInitialized = progress.tensor_steps > 0 || progress.tensor_initialized != 0;
  }
  optimizer->isOrderStale = true;
  return RAVINE_OK;
}

} // namespace ravine::core
