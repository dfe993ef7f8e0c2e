// The one symbol that a library exports, and the table behind it.
#include "runtime/core/Optimizer.h"

#include <pthread.h>

extern "C" __attribute__((visibility("hidden"))) const ravine_plan_library ravine_plan;

namespace ravine::core {

namespace {

const char *statusName(ravine_status status) {
  switch (status) {
  case RAVINE_OK:
    return "RAVINE_OK";
  case RAVINE_ERROR_VERSION:
    return "RAVINE_ERROR_VERSION";
  case RAVINE_ERROR_ARGUMENT:
    return "RAVINE_ERROR_ARGUMENT";
  case RAVINE_ERROR_TENSOR:
    return "RAVINE_ERROR_TENSOR";
  case RAVINE_ERROR_OVERLAP:
    return "RAVINE_ERROR_OVERLAP";
  case RAVINE_ERROR_NAME:
    return "RAVINE_ERROR_NAME";
  case RAVINE_ERROR_RANGE:
    return "RAVINE_ERROR_RANGE";
  case RAVINE_ERROR_REQUIREMENT:
    return "RAVINE_ERROR_REQUIREMENT";
  case RAVINE_ERROR_FIXED:
    return "RAVINE_ERROR_FIXED";
  case RAVINE_ERROR_PRECISION:
    return "RAVINE_ERROR_PRECISION";
  case RAVINE_ERROR_MEMORY:
    return "RAVINE_ERROR_MEMORY";
  case RAVINE_ERROR_TARGET:
    return "RAVINE_ERROR_TARGET";
  case RAVINE_ERROR_BUSY:
    return "RAVINE_ERROR_BUSY";
  case RAVINE_ERROR_NONFINITE:
    return "RAVINE_ERROR_NONFINITE";
  case RAVINE_ERROR_FILE:
    return "RAVINE_ERROR_FILE";
  default:
    return "unknown status";
  }
}

ravine_library table;
pthread_once_t tableIsFilled = PTHREAD_ONCE_INIT;

void fillTable() {
  table = {
      .struct_size = sizeof table,
      .abi_version = RAVINE_ABI_VERSION,
      .name = ravine_plan.name,
      .compiler = ravine_plan.compiler,
      .source_hash = ravine_plan.source_hash,
      .targets = ravine_plan.target_names,
      .target_count = ravine_plan.target_count,
      .manifest = ravine_plan.manifest,
      .optimizers = ravine_plan.descriptions,
      .optimizer_count = ravine_plan.optimizer_count,
      .status_name = statusName,
      .create = [](const ravine_create_args *args, ravine_optimizer **optimizer,
                   ravine_error *error) { return create(ravine_plan, args, optimizer, Error(error)); },
      .configure = [](ravine_optimizer *optimizer, const ravine_setting *settings, size_t count,
                      ravine_error *error) { return configure(optimizer, settings, count, Error(error)); },
      .read_setting = [](const ravine_optimizer *optimizer, const char *name, uint32_t group, double *value,
                         ravine_error *error) { return readSetting(optimizer, name, group, value, Error(error)); },
      .step = [](ravine_optimizer *optimizer, const ravine_step_args *args,
                 ravine_error *error) { return step(optimizer, args, Error(error)); },
      .view_state = [](const ravine_optimizer *optimizer, size_t tensor, const char *state, ravine_state_view *view,
                       ravine_error *error) { return viewState(optimizer, tensor, state, view, Error(error)); },
      .read_progress = [](const ravine_optimizer *optimizer, size_t tensor, ravine_progress *progress,
                          ravine_error *error) { return readProgress(optimizer, tensor, progress, Error(error)); },
      .restore_progress =
          [](ravine_optimizer *optimizer, size_t tensor, const ravine_progress *progress, ravine_error *error) {
            return restoreProgress(optimizer, tensor, progress, Error(error));
          },
      .destroy = destroy,
      .read_tensor_setting =
          [](const ravine_optimizer *optimizer, const char *name, size_t tensor, double *value, ravine_error *error) {
            return readTensorSetting(optimizer, name, tensor, value, Error(error));
          },
      .read_metric = [](const ravine_optimizer *optimizer, const char *name, size_t tensor, double *value,
                        ravine_error *error) { return readMetric(optimizer, name, tensor, value, Error(error)); },
      .read_view = [](ravine_optimizer *optimizer, const char *name, void *const *parameters, void *const *outputs,
                      ravine_error *error) { return readView(optimizer, name, parameters, outputs, Error(error)); },
      .save = [](ravine_optimizer *optimizer, const char *path,
                 ravine_error *error) { return save(optimizer, path, Error(error)); },
      .load = [](ravine_optimizer *optimizer, const char *path,
                 ravine_error *error) { return load(optimizer, path, Error(error)); },
      .read_following =
          [](const ravine_optimizer *optimizer, const char *name, uint32_t group, int32_t *follows,
             ravine_error *error) { return readFollowing(optimizer, name, group, follows, Error(error)); },
  };
}

} // namespace

} // namespace ravine::core

extern "C" __attribute__((visibility("default"))) const ravine_library *ravine_library_v1() {
  pthread_once(&ravine::core::tableIsFilled, ravine::core::fillTable);
  return &ravine::core::table;
}
