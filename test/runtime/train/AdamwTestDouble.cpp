// A test double: a library with an AdamW written by hand in C++, behind just as much of the C contract as a training
// loop uses. It stands in for a compiled library where the compiler is not what is being tested.
#include "runtime/abi/ravine.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#ifndef TEST_DOUBLE_ABI_VERSION
#define TEST_DOUBLE_ABI_VERSION RAVINE_ABI_VERSION
#endif
#ifndef TEST_DOUBLE_OPTIMIZER_COUNT
#define TEST_DOUBLE_OPTIMIZER_COUNT 1
#endif

namespace {

constexpr double infinity = HUGE_VAL;
constexpr std::array<const char *, 2> decayChoices = {"decoupled", "none"};

ravine_hyper_info real(const char *name, double value, double lower, double upper) {
  return {sizeof(ravine_hyper_info), name, "", RAVINE_HYPER_REAL, value, lower, upper, 0, 1, nullptr, 0,
          RAVINE_PER_GROUP,          ""};
}

const std::array hypers = {
    real("lr", 1e-3, 0, infinity),
    real("beta1", 0.9, 0, 1),
    real("beta2", 0.999, 0, 1),
    real("eps", 1e-8, 0, infinity),
    real("weight_decay", 0.01, 0, infinity),
    ravine_hyper_info{sizeof(ravine_hyper_info), "decay", "", RAVINE_HYPER_ENUM, 0, 0, 1, 0, 0, decayChoices.data(),
                      decayChoices.size(), RAVINE_PER_GROUP, ""},
    ravine_hyper_info{sizeof(ravine_hyper_info), "maximize", "", RAVINE_HYPER_BOOL, 0, 0, 1, 0, 0, nullptr, 0,
                      RAVINE_PER_GROUP, ""},
};

template <typename T> struct Moments {
  std::vector<T> first, second;
};

ravine_status refuse(ravine_error *error, ravine_status status, const std::string &message) {
  if (error) {
    error->status = status;
    std::snprintf(error->message, sizeof error->message, "%s", message.c_str());
  }
  return status;
}

size_t countOf(const ravine_tensor &tensor) {
  size_t count = 1;
  for (uint32_t axis = 0; axis < tensor.rank; ++axis)
    count *= static_cast<size_t>(tensor.shape[axis]);
  return count;
}

} // namespace

struct ravine_optimizer {
  std::array<double, hypers.size()> values;
  std::vector<Moments<float>> moments;
  ravine_host host;
  double steps = 0;

  ravine_status set(const ravine_setting &setting, ravine_error *error) {
    for (size_t i = 0; i < hypers.size(); ++i) {
      if (std::string(hypers[i].name) != setting.name)
        continue;
      double value = setting.value;
      for (size_t choice = 0; setting.choice && choice < hypers[i].choice_count; ++choice)
        if (std::string(hypers[i].choices[choice]) == setting.choice)
          value = static_cast<double>(choice);
      if (!(value >= hypers[i].lower && value <= hypers[i].upper))
        return refuse(error, RAVINE_ERROR_RANGE, std::string(setting.name) + " is out of range");
      values[i] = value;
      return RAVINE_OK;
    }
    return refuse(error, RAVINE_ERROR_NAME, std::string("no hyper ") + setting.name);
  }

  void stepTensor(float *w, const float *g, Moments<float> &state) const {
    const auto [lr, beta1, beta2, eps, weightDecay, decay, maximize] = values;
    const double firstCorrection = 1 - std::pow(beta1, steps), secondCorrection = 1 - std::pow(beta2, steps);
    for (size_t i = 0; i < state.first.size(); ++i) {
      const double slope = maximize != 0 ? -g[i] : g[i];
      state.first[i] = static_cast<float>(beta1 * state.first[i] + (1 - beta1) * slope);
      state.second[i] = static_cast<float>(beta2 * state.second[i] + (1 - beta2) * slope * slope);
      const double direction = state.first[i] / firstCorrection / (std::sqrt(state.second[i] / secondCorrection) + eps);
      w[i] -= static_cast<float>(lr * (direction + (decay == 0 ? weightDecay * w[i] : 0)));
    }
  }
};

namespace {

ravine_status create(const ravine_create_args *args, ravine_optimizer **result, ravine_error *error) {
  auto *optimizer = new ravine_optimizer{.values = {}, .moments = {}, .host = *args->host};
  for (size_t i = 0; i < hypers.size(); ++i)
    optimizer->values[i] = hypers[i].default_value;
  for (size_t i = 0; i < args->setting_count; ++i)
    if (const ravine_status status = optimizer->set(args->settings[i], error); status != RAVINE_OK) {
      delete optimizer;
      return status;
    }
  for (size_t i = 0; i < args->tensor_count; ++i) {
    const size_t count = countOf(args->tensors[i]);
    optimizer->moments.push_back({std::vector<float>(count), std::vector<float>(count)});
  }
  *result = optimizer;
  return RAVINE_OK;
}

ravine_status readSetting(const ravine_optimizer *optimizer, const char *name, uint32_t, double *value,
                          ravine_error *error) {
  for (size_t i = 0; i < hypers.size(); ++i)
    if (std::string(hypers[i].name) == name) {
      *value = optimizer->values[i];
      return RAVINE_OK;
    }
  return refuse(error, RAVINE_ERROR_NAME, "no such hyper");
}

ravine_status configure(ravine_optimizer *optimizer, const ravine_setting *settings, size_t count,
                        ravine_error *error) {
  for (size_t i = 0; i < count; ++i)
    if (const ravine_status status = optimizer->set(settings[i], error); status != RAVINE_OK)
      return status;
  return RAVINE_OK;
}

ravine_status step(ravine_optimizer *optimizer, const ravine_step_args *args, ravine_error *) {
  struct Work {
    ravine_optimizer *optimizer;
    const ravine_step_args *args;
  } work{optimizer, args};
  optimizer->steps += 1;
  optimizer->host.parallel_for(
      optimizer->host.context, optimizer->moments.size(),
      [](void *context, size_t tensor) {
        const auto &[self, given] = *static_cast<Work *>(context);
        self->stepTensor(static_cast<float *>(given->parameters[tensor]),
                         static_cast<const float *>(given->gradients[tensor]), self->moments[tensor]);
      },
      &work);
  return RAVINE_OK;
}

void destroy(ravine_optimizer *optimizer) {
  delete optimizer;
}

ravine_optimizer_info describeOptimizer(const char *name) {
  ravine_optimizer_info info{};
  info.struct_size = sizeof info;
  info.name = name;
  info.doc = info.citation = "";
  info.hypers = hypers.data();
  info.hyper_count = hypers.size();
  return info;
}

const std::array optimizers = {describeOptimizer("adamw"), describeOptimizer("adamw_again")};

ravine_library describeLibrary() {
  ravine_library library{};
  library.struct_size = sizeof library;
  library.abi_version = TEST_DOUBLE_ABI_VERSION;
  library.name = "adamw_test_double";
  library.optimizers = optimizers.data();
  library.optimizer_count = TEST_DOUBLE_OPTIMIZER_COUNT;
  library.create = create;
  library.configure = configure;
  library.read_setting = readSetting;
  library.step = step;
  library.destroy = destroy;
  return library;
}

const ravine_library library = describeLibrary();

} // namespace

extern "C" __attribute__((visibility("default"))) const ravine_library *ravine_library_v1() {
  return &library;
}
