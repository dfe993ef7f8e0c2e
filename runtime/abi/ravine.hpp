// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/**
 * ravine.hpp: ravine.h for C++20 hosts. Ownership becomes lifetime, statuses become exceptions, pointer and count
 * become a span; nothing else is added, and everything that ravine.h says holds.
 *
 *     auto library = ravine::Library::open("libadamw.so");
 *     ravine::Optimizer optimizer(library, tensors, {.settings = {{"lr", 1e-3}}});
 *     optimizer.step(parameters, gradients);
 *
 * Link with the dl library where the C library does not contain it (glibc before 2.34).
 */
#pragma once

#include "ravine.h"

#include <cstddef>
#include <cstdint>
#include <dlfcn.h>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ravine {

/// A call that returned a status below 0. what() is the library's sentence.
class Error : public std::runtime_error {
public:
  Error(ravine_status status, const std::string &message) : std::runtime_error(message), status_(status) {}

  [[nodiscard]] ravine_status status() const noexcept { return status_; }

private:
  ravine_status status_;
};

namespace detail {

/// Calls `function` with a place for an error and throws what comes of it.
template <typename Function> void check(Function function) {
  ravine_error error = {};
  error.struct_size = sizeof error;
  if (ravine_status status = function(&error); status < 0)
    throw Error(status, error.message);
}

template <typename Struct> [[nodiscard]] Struct sized() {
  Struct value = {};
  value.struct_size = sizeof value;
  return value;
}

} // namespace detail

/// A compiled library. Copies share it; it stays loaded as long as any copy, or any optimizer made from one, is alive.
class Library {
public:
  /// A library that the program is linked with: the entry point is declared in the header that the compiler wrote
  /// beside it. Throws Error with RAVINE_ERROR_VERSION if it keeps to another version of the contract.
  explicit Library(ravine_entry_point entryPoint) : table_(checked(entryPoint()), [](const ravine_library *) {}) {}

  /// Loads a library from a file, without making its symbols visible to others. Throws Error with RAVINE_ERROR_ARGUMENT
  /// if there is no library or it is none of Ravine's, and with RAVINE_ERROR_VERSION as above.
  [[nodiscard]] static Library open(const std::string &path) {
    std::unique_ptr<void, int (*)(void *)> module(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL), dlclose);
    if (module == nullptr)
      throw Error(RAVINE_ERROR_ARGUMENT, lastLoaderError());
    auto entryPoint = reinterpret_cast<ravine_entry_point>(dlsym(module.get(), RAVINE_ENTRY_POINT));
    if (entryPoint == nullptr)
      throw Error(RAVINE_ERROR_ARGUMENT, lastLoaderError());
    const ravine_library *table = checked(entryPoint());
    std::shared_ptr<void> owner(std::move(module));
    return Library(std::shared_ptr<const ravine_library>(std::move(owner), table));
  }

  /// The table itself: what the library says of itself, and its functions.
  [[nodiscard]] const ravine_library &operator*() const noexcept { return *table_; }
  [[nodiscard]] const ravine_library *operator->() const noexcept { return table_.get(); }

  /// The optimizers in it.
  [[nodiscard]] std::span<const ravine_optimizer_info> optimizers() const noexcept {
    return {table_->optimizers, table_->optimizer_count};
  }

private:
  explicit Library(std::shared_ptr<const ravine_library> table) : table_(std::move(table)) {}

  static const ravine_library *checked(const ravine_library *table) {
    if (table->abi_version != RAVINE_ABI_VERSION)
      throw Error(RAVINE_ERROR_VERSION, std::string(table->name) + " keeps to another version of the contract");
    return table;
  }
  static std::string lastLoaderError() {
    const char *message = dlerror();
    return message != nullptr ? message : "the library cannot be loaded";
  }

  std::shared_ptr<const ravine_library> table_;
};

/// One parameter tensor of the model, contiguous and row-major.
struct Tensor {
  /// Unique among the tensors of one optimizer.
  std::string name;
  /// Extents; empty for one element.
  std::vector<int64_t> shape;
  ravine_dtype parameter = RAVINE_F32;
  ravine_dtype gradient = RAVINE_F32;
  /// The parameter group, below Options::groupCount.
  uint32_t group = 0;
};

/// A value for a hyperparameter: {"lr", 1e-3}, or {.name = "mode", .choice = "fast"} for an enum.
struct Setting {
  std::string name;
  double value = 0;
  /// The name of an enum's choice; used instead of `value` when not empty.
  std::string choice = {};
  uint32_t group = RAVINE_ALL_GROUPS;
};

/// What an optimizer is made with, besides its tensors.
struct Options {
  /// Which optimizer of the library; may be empty where there is only one.
  std::string optimizer = {};
  uint32_t groupCount = 1;
  /// Values that differ from the defaults, applied in order.
  std::vector<Setting> settings = {};
  /// Services of the host, or null. Copied; what it points to lives as long as the optimizer.
  const ravine_host *host = nullptr;
};

/// An optimizer at work on the tensors of one model. Ends when it goes out of scope. Use from one thread at a time.
class Optimizer {
public:
  /// Throws Error if the library refuses the tensors or the settings, or there is no memory.
  Optimizer(Library library, std::span<const Tensor> tensors, const Options &options = {})
      : library_(std::move(library)), tensorCount_(tensors.size()) {
    std::vector<ravine_tensor> described;
    for (const Tensor &tensor : tensors) {
      auto &added = described.emplace_back(detail::sized<ravine_tensor>());
      added.name = tensor.name.c_str();
      added.shape = tensor.shape.data();
      added.rank = static_cast<uint32_t>(tensor.shape.size());
      added.group = tensor.group;
      added.parameter_dtype = tensor.parameter;
      added.gradient_dtype = tensor.gradient;
    }
    std::vector<ravine_setting> settings = describe(options.settings);
    auto args = detail::sized<ravine_create_args>();
    args.abi_version = RAVINE_ABI_VERSION;
    args.group_count = options.groupCount;
    args.optimizer = options.optimizer.empty() ? nullptr : options.optimizer.c_str();
    args.tensors = described.data();
    args.tensor_count = described.size();
    args.settings = settings.data();
    args.setting_count = settings.size();
    args.host = options.host;
    detail::check([&](ravine_error *error) { return library_->create(&args, &optimizer_, error); });
  }
  Optimizer(Optimizer &&other) noexcept
      : library_(other.library_), optimizer_(std::exchange(other.optimizer_, nullptr)),
        tensorCount_(other.tensorCount_) {}
  Optimizer &operator=(Optimizer &&other) noexcept {
    if (this != &other) {
      library_->destroy(optimizer_);
      library_ = other.library_;
      optimizer_ = std::exchange(other.optimizer_, nullptr);
      tensorCount_ = other.tensorCount_;
    }
    return *this;
  }
  ~Optimizer() { library_->destroy(optimizer_); }

  /// Sets hyperparameters from the next step on: all of them, or, when it throws, none.
  void configure(std::span<const Setting> settings) {
    std::vector<ravine_setting> values = describe(settings);
    detail::check(
        [&](ravine_error *error) { return library_->configure(optimizer_, values.data(), values.size(), error); });
  }
  /// Sets one hyperparameter, such as a learning rate that follows a schedule; allocates nothing.
  void set(const char *name, double value, uint32_t group = RAVINE_ALL_GROUPS) {
    auto setting = detail::sized<ravine_setting>();
    setting.name = name;
    setting.group = group;
    setting.value = value;
    detail::check([&](ravine_error *error) { return library_->configure(optimizer_, &setting, 1, error); });
  }
  /// The value of a hyperparameter in a group.
  [[nodiscard]] double get(const char *name, uint32_t group = 0) const {
    double value = 0;
    detail::check([&](ravine_error *error) { return library_->read_setting(optimizer_, name, group, &value, error); });
    return value;
  }

  /// Advances every tensor that has a gradient by one step, in place. One entry per tensor, in the order of creation; a
  /// null gradient leaves its tensor out. When it throws, nothing has changed.
  void step(std::span<void *const> parameters, std::span<const void *const> gradients) {
    if (parameters.size() != tensorCount_ || gradients.size() != tensorCount_)
      throw Error(RAVINE_ERROR_ARGUMENT, "parameters and gradients need one entry for each of the " +
                                             std::to_string(tensorCount_) + " tensors");
    auto args = detail::sized<ravine_step_args>();
    args.parameters = parameters.data();
    args.gradients = gradients.data();
    step(args);
  }
  /// The same with the pointers of the step before.
  void step() { step(detail::sized<ravine_step_args>()); }
  /// The same with everything that ravine.h offers.
  void step(const ravine_step_args &args) {
    detail::check([&](ravine_error *error) { return library_->step(optimizer_, &args, error); });
  }

  /// Where a state of one tensor is; `exists` is 0 if its group has none. Valid as long as the optimizer.
  [[nodiscard]] ravine_state_view view(size_t tensor, const char *state) const {
    auto found = detail::sized<ravine_state_view>();
    detail::check([&](ravine_error *error) { return library_->view_state(optimizer_, tensor, state, &found, error); });
    return found;
  }
  /// The elements of a state of one tensor, to read or, between steps, to write: float for f32, double for f64,
  /// uint16_t for the bits of bf16 and f16. Empty if the state does not exist. Throws Error with RAVINE_ERROR_ARGUMENT
  /// if it is stored otherwise.
  template <typename Element> [[nodiscard]] std::span<Element> state(size_t tensor, const char *name) const {
    static_assert(std::is_same_v<Element, float> || std::is_same_v<Element, double> ||
                  std::is_same_v<Element, uint16_t>);
    ravine_state_view found = view(tensor, name);
    if (found.exists == 0)
      return {};
    bool matches = std::is_same_v<Element, float>    ? found.dtype == RAVINE_F32
                   : std::is_same_v<Element, double> ? found.dtype == RAVINE_F64
                                                     : found.dtype == RAVINE_BF16 || found.dtype == RAVINE_F16;
    if (!matches)
      throw Error(RAVINE_ERROR_ARGUMENT, std::string("state ") + name + " is stored in another dtype");
    return {static_cast<Element *>(found.data), found.count};
  }

  /// Committed steps.
  [[nodiscard]] int64_t steps() const { return progress(0).steps; }
  /// Committed steps in which this tensor took part.
  [[nodiscard]] int64_t tensorSteps(size_t tensor) const { return progress(tensor).tensor_steps; }

  /// Sets the optimizer's committed steps and those of one tensor, to go on from states that were saved.
  void restoreProgress(size_t tensor, int64_t steps, int64_t tensorSteps) {
    auto progress = detail::sized<ravine_progress>();
    progress.steps = steps;
    progress.tensor_steps = tensorSteps;
    detail::check(
        [&](ravine_error *error) { return library_->restore_progress(optimizer_, tensor, &progress, error); });
  }

  [[nodiscard]] const Library &library() const noexcept { return library_; }
  /// For calls that ravine.h has and this class does not. Still owned by this object.
  [[nodiscard]] ravine_optimizer *handle() const noexcept { return optimizer_; }

private:
  [[nodiscard]] static std::vector<ravine_setting> describe(std::span<const Setting> settings) {
    std::vector<ravine_setting> values;
    for (const Setting &setting : settings) {
      auto &added = values.emplace_back(detail::sized<ravine_setting>());
      added.name = setting.name.c_str();
      added.group = setting.group;
      added.value = setting.value;
      added.choice = setting.choice.empty() ? nullptr : setting.choice.c_str();
    }
    return values;
  }
  [[nodiscard]] ravine_progress progress(size_t tensor) const {
    auto progress = detail::sized<ravine_progress>();
    detail::check([&](ravine_error *error) { return library_->read_progress(optimizer_, tensor, &progress, error); });
    return progress;
  }

  Library library_;
  ravine_optimizer *optimizer_ = nullptr;
  size_t tensorCount_ = 0;
};

} // namespace ravine
