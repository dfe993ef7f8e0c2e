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
#include <cstring>
#include <dlfcn.h>
#include <limits>
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
  /// beside it. Throws Error with RAVINE_ERROR_VERSION if it keeps to another version of the contract, or
  /// to an earlier state of this one that lacks functions.
  explicit Library(ravine_entry_point entryPoint) : table_(checked(entryPoint()), [](const ravine_library *) {}) {}

  /// A library that was found in another way; it stays loaded as long as its table has an owner. Throws Error as above.
  explicit Library(std::shared_ptr<const ravine_library> table) : table_(std::move(table)) { checked(table_.get()); }

  /// Loads a library from a file, without making its symbols visible to others. Throws Error with RAVINE_ERROR_ARGUMENT
  /// if there is no library or it is none of Ravine's, and with RAVINE_ERROR_VERSION as above.
  [[nodiscard]] static Library open(const std::string &path) {
    std::unique_ptr<void, int (*)(void *)> module(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL), dlclose);
    if (module == nullptr)
      throw Error(RAVINE_ERROR_ARGUMENT, lastLoaderError());
    auto entryPoint = reinterpret_cast<ravine_entry_point>(dlsym(module.get(), RAVINE_ENTRY_POINT));
    if (entryPoint == nullptr)
      throw Error(RAVINE_ERROR_ARGUMENT, lastLoaderError());
    const ravine_library *table = entryPoint();
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
  static const ravine_library *checked(const ravine_library *table) {
    if (table->abi_version != RAVINE_ABI_VERSION)
      throw Error(RAVINE_ERROR_VERSION, std::string(table->name) + " keeps to another version of the contract");
    if (table->struct_size < sizeof *table)
      throw Error(RAVINE_ERROR_VERSION, std::string(table->name) + " is older than what this program needs of it");
    return table;
  }
  static std::string lastLoaderError() {
    const char *message = dlerror();
    return message != nullptr ? message : "the library cannot be loaded";
  }

  std::shared_ptr<const ravine_library> table_;
};

/// The bits of a number in bfloat16: the upper half of a float.
struct BFloat16 {
  uint16_t bits;
};
/// The bits of a number in IEEE 754 binary16.
struct Float16 {
  uint16_t bits;
};

/// The dtype of an array of float, double, BFloat16 or Float16.
template <typename Element>
inline constexpr ravine_dtype dtypeOf = [] {
  static_assert(std::is_same_v<Element, float> || std::is_same_v<Element, double> ||
                    std::is_same_v<Element, BFloat16> || std::is_same_v<Element, Float16>,
                "arrays hold float, double, BFloat16 or Float16");
  return std::is_same_v<Element, float>      ? RAVINE_F32
         : std::is_same_v<Element, double>   ? RAVINE_F64
         : std::is_same_v<Element, BFloat16> ? RAVINE_BF16
                                             : RAVINE_F16;
}();

/// One parameter tensor of the model, contiguous and row-major. Tensors of one optimizer may differ in their dtypes, as
/// far as the library was built for them.
struct Tensor {
  /// Unique among the tensors of one optimizer.
  std::string name;
  /// Extents; empty for one element.
  std::vector<int64_t> shape;
  ravine_dtype parameter = RAVINE_F32;
  ravine_dtype gradient = RAVINE_F32;
  /// The parameter group, below Options::groupCount.
  uint32_t group = 0;
  /// How many of the leading axes make up the rows, for rules that speak of rows, columns or channels; 0 means 1.
  uint32_t rowAxes = 0;
};

/// A value for a hyperparameter: {"lr", 1e-3}, or {.name = "mode", .choice = "fast"} for an enum, or, for a hyper per
/// tensor, {.name = "scale", .value = 2, .tensor = "head"}.
struct Setting {
  std::string name;
  double value = 0;
  /// The name of an enum's choice; used instead of `value` when not empty.
  std::string choice = {};
  uint32_t group = RAVINE_ALL_GROUPS;
  /// The one tensor that is meant; empty for all of the group.
  std::string tensor = {};
};

/// What an optimizer is made with, besides its tensors.
struct Options {
  /// Which optimizer of the library; may be empty where there is only one.
  std::string optimizer = {};
  uint32_t groupCount = 1;
  /// The names of the groups, for rules that ask; empty where they have none.
  std::vector<std::string> groupNames = {};
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
      : library_(std::move(library)), parameters_(tensors.size()) {
    std::vector<ravine_tensor> described;
    for (const Tensor &tensor : tensors) {
      parameterBytes_.push_back(bytesOf(tensor));
      auto &added = described.emplace_back(detail::sized<ravine_tensor>());
      added.name = tensor.name.c_str();
      added.shape = tensor.shape.data();
      added.rank = static_cast<uint32_t>(tensor.shape.size());
      added.group = tensor.group;
      added.parameter_dtype = tensor.parameter;
      added.gradient_dtype = tensor.gradient;
      added.row_axes = tensor.rowAxes;
    }
    if (!options.groupNames.empty() && options.groupNames.size() != options.groupCount)
      throw Error(RAVINE_ERROR_ARGUMENT, std::to_string(options.groupNames.size()) + " names for " +
                                             std::to_string(options.groupCount) + " groups");
    std::vector<const char *> groupNames;
    for (const std::string &name : options.groupNames)
      groupNames.push_back(name.c_str());
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
    args.group_names = groupNames.empty() ? nullptr : groupNames.data();
    detail::check([&](ravine_error *error) { return library_->create(&args, &optimizer_, error); });
  }
  Optimizer(Optimizer &&other) noexcept
      : library_(other.library_), optimizer_(std::exchange(other.optimizer_, nullptr)),
        parameterBytes_(std::move(other.parameterBytes_)), parameters_(std::move(other.parameters_)) {}
  Optimizer &operator=(Optimizer &&other) noexcept {
    if (this != &other) {
      library_->destroy(optimizer_);
      library_ = other.library_;
      optimizer_ = std::exchange(other.optimizer_, nullptr);
      parameterBytes_ = std::move(other.parameterBytes_);
      parameters_ = std::move(other.parameters_);
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
  /// Sets one hyperparameter, such as a learning rate that the host computes anew at every step; allocates nothing.
  void set(const char *name, double value, uint32_t group = RAVINE_ALL_GROUPS) {
    auto setting = detail::sized<ravine_setting>();
    setting.name = name;
    setting.group = group;
    setting.value = value;
    detail::check([&](ravine_error *error) { return library_->configure(optimizer_, &setting, 1, error); });
  }
  /// Returns a hyperparameter that has a schedule to that; allocates nothing.
  void follow(const char *name, uint32_t group = RAVINE_ALL_GROUPS) {
    set(name, std::numeric_limits<double>::quiet_NaN(), group);
  }
  /// Sets a hyperparameter per tensor for the one tensor of that name; allocates nothing.
  void setFor(const char *tensor, const char *name, double value) {
    auto setting = detail::sized<ravine_setting>();
    setting.name = name;
    setting.group = RAVINE_ALL_GROUPS;
    setting.value = value;
    setting.tensor = tensor;
    detail::check([&](ravine_error *error) { return library_->configure(optimizer_, &setting, 1, error); });
  }
  /// The value that any hyperparameter has for one tensor.
  [[nodiscard]] double getFor(size_t tensor, const char *name) const {
    double value = 0;
    detail::check(
        [&](ravine_error *error) { return library_->read_tensor_setting(optimizer_, name, tensor, &value, error); });
    return value;
  }
  /// The value of a hyperparameter in a group that the next step will use.
  [[nodiscard]] double get(const char *name, uint32_t group = 0) const {
    double value = 0;
    detail::check([&](ravine_error *error) { return library_->read_setting(optimizer_, name, group, &value, error); });
    return value;
  }

  /// Whether a hyperparameter of a group follows its schedule: it has one, and the host has set no value.
  [[nodiscard]] bool follows(const char *name, uint32_t group = 0) const {
    int32_t follows = 0;
    detail::check(
        [&](ravine_error *error) { return library_->read_following(optimizer_, name, group, &follows, error); });
    return follows != 0;
  }

  /// Advances every tensor that has a gradient by one step, in place. One entry per tensor, in the order of creation; a
  /// null gradient leaves its tensor out. Where the optimizer's `writes_gradient` says so, gradients become 0. When it
  /// throws, nothing has changed.
  void step(std::span<void *const> parameters, std::span<const void *const> gradients) {
    if (parameters.size() != parameters_.size() || gradients.size() != parameters_.size())
      throw Error(RAVINE_ERROR_ARGUMENT, "parameters and gradients need one entry for each of the " +
                                             std::to_string(parameters_.size()) + " tensors");
    auto args = detail::sized<ravine_step_args>();
    args.parameters = parameters.data();
    args.gradients = gradients.data();
    step(args);
  }
  /// The same with the pointers of the step before.
  void step() { step(detail::sized<ravine_step_args>()); }
  /// The same with everything that ravine.h offers.
  void step(const ravine_step_args &args) {
    detail::check([&](ravine_error *error) {
      const ravine_status status = library_->step(optimizer_, &args, error);
      // The library has taken over the pointers of a step that its gradients have stopped, too.
      if ((status >= 0 || status == RAVINE_ERROR_NONFINITE) && args.parameters != nullptr)
        parameters_.assign(args.parameters, args.parameters + parameters_.size());
      return status;
    });
  }

  /// A number that the last committed step computed on its way; NaN before the first, and for a tensor that sat it out.
  /// `tensor` is ignored for a metric of the model.
  [[nodiscard]] double metric(const char *name, size_t tensor) const {
    double value = 0;
    detail::check([&](ravine_error *error) { return library_->read_metric(optimizer_, name, tensor, &value, error); });
    return value;
  }
  /// The same for a metric of the model. Throws Error with RAVINE_ERROR_ARGUMENT for one per tensor.
  [[nodiscard]] double metric(const char *name) const {
    try {
      return metric(name, std::numeric_limits<size_t>::max()); // which a metric of the model ignores
    } catch (const Error &error) {
      if (error.status() != RAVINE_ERROR_ARGUMENT || name == nullptr)
        throw;
      throw Error(RAVINE_ERROR_ARGUMENT, std::string(name) + " is a metric per tensor: say for which tensor");
    }
  }

  /// Computes a view into arrays of the host's, one for each tensor, as large as its parameter and of its dtype; a null
  /// entry leaves a tensor out. Parameters are read where the last step found them. See also ViewScope.
  void readView(const char *name, std::span<void *const> outputs) {
    if (outputs.size() != parameters_.size())
      throw Error(RAVINE_ERROR_ARGUMENT,
                  "outputs need one entry for each of the " + std::to_string(parameters_.size()) + " tensors");
    detail::check(
        [&](ravine_error *error) { return library_->read_view(optimizer_, name, nullptr, outputs.data(), error); });
  }
  /// The same with parameters where they are now, as after `load`, before there has been a step.
  void readView(const char *name, std::span<void *const> parameters, std::span<void *const> outputs) {
    if (outputs.size() != parameterBytes_.size() || parameters.size() != parameterBytes_.size())
      throw Error(RAVINE_ERROR_ARGUMENT, "parameters and outputs need one entry for each of the " +
                                             std::to_string(parameterBytes_.size()) + " tensors");
    detail::check([&](ravine_error *error) {
      return library_->read_view(optimizer_, name, parameters.data(), outputs.data(), error);
    });
  }
  /// The same for one tensor. Throws Error with RAVINE_ERROR_ARGUMENT if `output` is not as large as its parameter.
  template <typename Element> void readView(const char *name, size_t tensor, std::span<Element> output) {
    if (tensor >= parameters_.size() || output.size_bytes() != parameterBytes_[tensor])
      throw Error(RAVINE_ERROR_ARGUMENT, "the output is not as large as the parameter");
    std::vector<void *> outputs(parameters_.size());
    outputs[tensor] = output.data();
    readView(name, outputs);
  }

  /// Writes settings, counters and states to a file, which appears complete or not at all.
  void save(const std::string &path) const {
    detail::check([&](ravine_error *error) { return library_->save(optimizer_, path.c_str(), error); });
  }
  /// Takes up where `save` left off, on tensors of the same names and shapes. When it throws, nothing has changed.
  void load(const std::string &path) {
    detail::check([&](ravine_error *error) { return library_->load(optimizer_, path.c_str(), error); });
  }

  /// Where a state of one tensor is; `exists` is 0 if the tensor has none. Valid as long as the optimizer.
  [[nodiscard]] ravine_state_view view(size_t tensor, const char *state) const {
    auto found = detail::sized<ravine_state_view>();
    detail::check([&](ravine_error *error) { return library_->view_state(optimizer_, tensor, state, &found, error); });
    return found;
  }
  /// The numbers of a state of one tensor, to read or, between steps, to write, as float, double, BFloat16 or Float16:
  /// one for each element, row, column, channel or block, in order, or a single one. Empty if the state does not exist.
  /// Throws Error with RAVINE_ERROR_ARGUMENT if it is stored otherwise.
  template <typename Element> [[nodiscard]] std::span<Element> state(size_t tensor, const char *name) const {
    ravine_state_view found = view(tensor, name);
    if (found.exists == 0)
      return {};
    if (found.dtype != dtypeOf<Element>)
      throw Error(RAVINE_ERROR_ARGUMENT, std::string("state ") + name + " is stored in another dtype");
    return {static_cast<Element *>(found.data), found.count};
  }

  /// Committed steps.
  [[nodiscard]] int64_t steps() const { return progress(0).steps; }
  /// Committed steps in which this tensor took part.
  [[nodiscard]] int64_t tensorSteps(size_t tensor) const { return progress(tensor).tensor_steps; }

  /// Steps that the rule ended early: with gradients that were infinite or NaN, or while it gathered them.
  [[nodiscard]] int64_t skipped() const { return progress(0).skipped; }

  /// Sets the optimizer's committed and skipped steps and those of one tensor, to go on from states that were saved.
  void restoreProgress(size_t tensor, int64_t steps, int64_t tensorSteps, int64_t skipped = 0) {
    auto progress = detail::sized<ravine_progress>();
    progress.steps = steps;
    progress.tensor_steps = tensorSteps;
    progress.skipped = skipped;
    restoreProgress(tensor, progress);
  }
  /// The same with everything that `progress` tells.
  void restoreProgress(size_t tensor, const ravine_progress &progress) {
    detail::check(
        [&](ravine_error *error) { return library_->restore_progress(optimizer_, tensor, &progress, error); });
  }
  /// How far the optimizer and one tensor have come, and whether their states have values.
  [[nodiscard]] ravine_progress progress(size_t tensor) const {
    auto progress = detail::sized<ravine_progress>();
    detail::check([&](ravine_error *error) { return library_->read_progress(optimizer_, tensor, &progress, error); });
    return progress;
  }

  [[nodiscard]] const Library &library() const noexcept { return library_; }
  /// For calls that ravine.h has and this class does not. Still owned by this object.
  [[nodiscard]] ravine_optimizer *handle() const noexcept { return optimizer_; }

private:
  friend class ViewScope;

  [[nodiscard]] static size_t bytesOf(const Tensor &tensor) {
    size_t bytes = tensor.parameter == RAVINE_F64 ? 8 : tensor.parameter == RAVINE_F32 ? 4 : 2;
    for (int64_t extent : tensor.shape)
      bytes *= static_cast<size_t>(extent);
    return bytes;
  }
  [[nodiscard]] static std::vector<ravine_setting> describe(std::span<const Setting> settings) {
    std::vector<ravine_setting> values;
    for (const Setting &setting : settings) {
      auto &added = values.emplace_back(detail::sized<ravine_setting>());
      added.name = setting.name.c_str();
      added.group = setting.group;
      added.value = setting.value;
      added.choice = setting.choice.empty() ? nullptr : setting.choice.c_str();
      added.tensor = setting.tensor.empty() ? nullptr : setting.tensor.c_str();
    }
    return values;
  }

  Library library_;
  ravine_optimizer *optimizer_ = nullptr;
  /// By tensor: the size of its parameter, and where the last step found it.
  std::vector<size_t> parameterBytes_;
  std::vector<void *> parameters_;
};

/// A view in the place of the parameters, as long as the scope lasts:
///
///     {
///       ravine::ViewScope averaged(optimizer, "eval");
///       evaluate(model);
///     } // the parameters are what they were, bit for bit
///
/// The parameters are those of the last step. Do not step inside the scope: what it changes is overwritten at the end.
class ViewScope {
public:
  /// Keeps a copy of the parameters and replaces them. When it throws, they are as they were.
  ViewScope(Optimizer &optimizer, const char *view) : parameters_(optimizer.parameters_) {
    for (size_t i = 0; i < parameters_.size(); ++i) {
      auto *bytes = static_cast<const std::byte *>(parameters_[i]);
      saved_.emplace_back(bytes, bytes == nullptr ? bytes : bytes + optimizer.parameterBytes_[i]);
    }
    optimizer.readView(view, parameters_);
  }
  ViewScope(const ViewScope &) = delete;
  ViewScope &operator=(const ViewScope &) = delete;
  ~ViewScope() {
    for (size_t i = 0; i < parameters_.size(); ++i)
      if (!saved_[i].empty())
        std::memcpy(parameters_[i], saved_[i].data(), saved_[i].size());
  }

private:
  std::vector<void *> parameters_;
  std::vector<std::vector<std::byte>> saved_;
};

} // namespace ravine
