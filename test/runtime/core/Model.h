// What the tests of the core share: a model of f32 tensors, and calls whose outcome can be compared.
#pragma once

#include "runtime/core/Optimizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

extern "C" const ravine_library *ravine_library_v1();

namespace ravine::test {

/// What a call returned, and what it said.
struct Outcome {
  ravine_status status = RAVINE_OK;
  std::string message;

  bool operator==(const Outcome &) const = default;
};

inline const Outcome ok;

inline std::ostream &operator<<(std::ostream &out, const Outcome &outcome) {
  return out << ravine_library_v1()->status_name(outcome.status) << ": " << outcome.message;
}

/// Calls `function` with a ravine_error; a success must leave it alone, a failure must fill it in.
template <typename Function> Outcome outcomeOf(Function function) {
  ravine_error error = {sizeof error, 77, "untouched"};
  ravine_status status = function(&error);
  if (status == RAVINE_OK) {
    EXPECT_EQ(error.status, 77);
    EXPECT_STREQ(error.message, "untouched");
    return ok;
  }
  EXPECT_EQ(error.status, status);
  return {status, error.message};
}

inline ravine_setting setting(const char *name, double value, uint32_t group = RAVINE_ALL_GROUPS) {
  return {sizeof(ravine_setting), name, group, value, nullptr, nullptr};
}

/// For a hyper per tensor.
inline ravine_setting tensorSetting(const char *name, double value, const char *tensor) {
  return {sizeof(ravine_setting), name, RAVINE_ALL_GROUPS, value, nullptr, tensor};
}

inline ravine_setting choice(const char *name, const char *chosen, uint32_t group = RAVINE_ALL_GROUPS) {
  return {sizeof(ravine_setting), name, group, 0, chosen, nullptr};
}

/// One-dimensional f32 tensors named t0, t1, …, all parameters 1 and all gradients 2, and an optimizer for them.
class Model {
public:
  explicit Model(const std::vector<int64_t> &sizes) : shapes(sizes) {
    for (size_t i = 0; i < sizes.size(); ++i) {
      names.push_back("t" + std::to_string(i));
      w.emplace_back(sizes[i], 1.0f);
      g.emplace_back(sizes[i], 2.0f);
    }
    for (size_t i = 0; i < sizes.size(); ++i)
      tensors.push_back({.struct_size = sizeof(ravine_tensor),
                         .name = names[i].c_str(),
                         .shape = &shapes[i],
                         .strides = nullptr,
                         .rank = 1,
                         .group = 0,
                         .parameter_dtype = RAVINE_F32,
                         .gradient_dtype = RAVINE_F32});
    args = {.struct_size = sizeof args,
            .abi_version = RAVINE_ABI_VERSION,
            .group_count = 1,
            .optimizer = "momentum",
            .tensors = tensors.data(),
            .tensor_count = tensors.size(),
            .settings = nullptr,
            .setting_count = 0,
            .host = &host};
  }
  Model(const Model &) = delete;
  ~Model() { library->destroy(optimizer); }

  /// Makes the optimizer from `args`, with these settings.
  Outcome create(const char *name, const std::vector<ravine_setting> &settings = {}) {
    args.optimizer = name;
    args.settings = settings.data();
    args.setting_count = settings.size();
    Outcome outcome = create();
    args.settings = nullptr;
    args.setting_count = 0;
    return outcome;
  }
  Outcome create() {
    library->destroy(optimizer);
    optimizer = nullptr;
    Outcome outcome = outcomeOf([&](ravine_error *error) {
      return plan == nullptr ? library->create(&args, &optimizer, error)
                             : core::create(*plan, &args, &optimizer, core::Error(error));
    });
    EXPECT_EQ(outcome.status == RAVINE_OK, optimizer != nullptr);
    return outcome;
  }

  Outcome configure(const std::vector<ravine_setting> &settings) {
    return outcomeOf(
        [&](ravine_error *error) { return library->configure(optimizer, settings.data(), settings.size(), error); });
  }

  /// Where everything is now; entries of `absent` have no gradient.
  std::vector<void *> parameters() {
    std::vector<void *> pointers;
    for (auto &values : w)
      pointers.push_back(values.data());
    return pointers;
  }
  std::vector<const void *> gradients(const std::vector<size_t> &absent = {}) {
    std::vector<const void *> pointers;
    for (auto &values : g)
      pointers.push_back(values.data());
    for (size_t i : absent)
      pointers[i] = nullptr;
    return pointers;
  }

  Outcome step(const std::vector<void *> &parameters, const std::vector<const void *> &gradients) {
    return step({.struct_size = sizeof(ravine_step_args),
                 .parameters = parameters.data(),
                 .gradients = gradients.data(),
                 .tensors = nullptr,
                 .stream = nullptr});
  }
  Outcome step(const ravine_step_args &stepArgs) {
    return outcomeOf([&](ravine_error *error) { return library->step(optimizer, &stepArgs, error); });
  }
  Outcome step() { return step(parameters(), gradients()); }
  Outcome stepWithout(const std::vector<size_t> &absent) { return step(parameters(), gradients(absent)); }

  double read(const char *name, uint32_t group = 0) {
    double value = 0;
    EXPECT_EQ(library->read_setting(optimizer, name, group, &value, nullptr), RAVINE_OK);
    return value;
  }
  bool follows(const char *name, uint32_t group = 0) {
    int32_t follows = -1;
    EXPECT_EQ(library->read_following(optimizer, name, group, &follows, nullptr), RAVINE_OK);
    EXPECT_TRUE(follows == 0 || follows == 1) << follows;
    return follows == 1;
  }
  double readTensor(const char *name, size_t tensor) {
    double value = 0;
    EXPECT_EQ(library->read_tensor_setting(optimizer, name, tensor, &value, nullptr), RAVINE_OK);
    return value;
  }
  double metric(const char *name, size_t tensor = 0) {
    double value = 0;
    EXPECT_EQ(library->read_metric(optimizer, name, tensor, &value, nullptr), RAVINE_OK);
    return value;
  }
  Outcome readView(const char *name, const std::vector<void *> &outputs) {
    return outcomeOf(
        [&](ravine_error *error) { return library->read_view(optimizer, name, nullptr, outputs.data(), error); });
  }
  Outcome readViewOf(const std::vector<void *> &parameters, const char *name, const std::vector<void *> &outputs) {
    return outcomeOf([&](ravine_error *error) {
      return library->read_view(optimizer, name, parameters.data(), outputs.data(), error);
    });
  }
  ravine_state_view view(size_t tensor, const char *state) {
    ravine_state_view view = {.struct_size = sizeof view};
    EXPECT_EQ(library->view_state(optimizer, tensor, state, &view, nullptr), RAVINE_OK);
    return view;
  }
  std::vector<float> state(size_t tensor, const char *name) {
    ravine_state_view found = view(tensor, name);
    EXPECT_EQ(found.dtype, RAVINE_F32);
    auto *values = static_cast<const float *>(found.data);
    return {values, values + found.count};
  }
  /// A state that is a single number.
  double number(const char *name, size_t tensor = 0) {
    ravine_state_view found = view(tensor, name);
    EXPECT_EQ(found.dtype, RAVINE_F64);
    EXPECT_EQ(found.count, 1u);
    return *static_cast<const double *>(found.data);
  }
  ravine_progress progress(size_t tensor = 0) {
    ravine_progress progress = {.struct_size = sizeof progress};
    EXPECT_EQ(library->read_progress(optimizer, tensor, &progress, nullptr), RAVINE_OK);
    return progress;
  }

  /// Every byte that the optimizer may change: parameters, gradients, states, settings and counters.
  std::string everything() {
    std::string bytes;
    auto append = [&](const void *data, size_t size) { bytes.append(static_cast<const char *>(data), size); };
    auto &description = *optimizer->description;
    for (size_t i = 0; i < tensors.size(); ++i) {
      append(w[i].data(), w[i].size() * sizeof(float));
      append(g[i].data(), g[i].size() * sizeof(float));
      ravine_progress counters = progress(i);
      append(&counters, sizeof counters);
      for (size_t s = 0; s < description.state_count; ++s) {
        ravine_state_view found = view(i, description.states[s].name);
        append(&found, sizeof found);
        append(found.data, found.count * core::dtypeSize(found.exists != 0 ? found.dtype : RAVINE_F32));
      }
      for (size_t h = 0; h < description.hyper_count; ++h) {
        double value = readTensor(description.hypers[h].name, i);
        append(&value, sizeof value);
      }
      for (size_t m = 0; m < description.metric_count; ++m) {
        double value = metric(description.metrics[m].name, i);
        append(&value, sizeof value);
      }
    }
    for (uint32_t group = 0; group < args.group_count; ++group)
      for (size_t h = 0; h < description.hyper_count; ++h) {
        if (description.hypers[h].index_set == RAVINE_PER_TENSOR)
          continue;
        double value = read(description.hypers[h].name, group);
        append(&value, sizeof value);
      }
    return bytes;
  }

  const ravine_library *library = ravine_library_v1();
  /// Another library than the one in this program, or null.
  const ravine_plan_library *plan = nullptr;
  std::vector<std::string> names;
  std::vector<int64_t> shapes;
  std::vector<ravine_tensor> tensors;
  std::vector<std::vector<float>> w, g;
  ravine_host host = {.struct_size = sizeof(ravine_host), .thread_count = 1};
  ravine_create_args args;
  ravine_optimizer *optimizer = nullptr;
};

} // namespace ravine::test
