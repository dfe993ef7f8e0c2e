// An optimizer of a compiled library at work.
#include "compiler/testing/CompiledSubject.h"

#include "llvm/ADT/STLExtras.h"

#include <cstring>

namespace ravine::testing {

using namespace ast;

namespace {

size_t bytesOf(ravine_dtype dtype) {
  return dtype == RAVINE_F64 ? 8 : dtype == RAVINE_F32 ? 4 : 2;
}

/// Numbers as memory holds them.
class Memory {
public:
  Memory(ravine_dtype dtype, size_t count) : dtype(dtype), bytes(count * bytesOf(dtype)) {}

  void write(std::span<const double> numbers) {
    for (size_t i = 0; i < numbers.size(); ++i)
      store(numbers[i], bytes.data() + i * bytesOf(dtype));
  }
  [[nodiscard]] std::vector<double> read() const { return load(dtype, bytes.data(), bytes.size() / bytesOf(dtype)); }
  [[nodiscard]] void *data() { return bytes.data(); }

  [[nodiscard]] static std::vector<double> load(ravine_dtype dtype, const void *memory, size_t count) {
    std::vector<double> numbers(count);
    for (size_t i = 0; i < count; ++i)
      numbers[i] = loadOne(dtype, static_cast<const char *>(memory) + i * bytesOf(dtype));
    return numbers;
  }

private:
  template <typename T> static T copied(const void *memory) {
    T value;
    std::memcpy(&value, memory, sizeof value);
    return value;
  }

  void store(double number, char *memory) const {
    if (dtype == RAVINE_F64)
      return void(std::memcpy(memory, &number, sizeof number));
    if (dtype == RAVINE_F32) {
      auto single = static_cast<float>(number);
      return void(std::memcpy(memory, &single, sizeof single));
    }
    uint16_t bits = bitsOf(number, dtype);
    std::memcpy(memory, &bits, sizeof bits);
  }

  static double loadOne(ravine_dtype dtype, const void *memory) {
    switch (dtype) {
    case RAVINE_F64:
      return copied<double>(memory);
    case RAVINE_F32:
      return copied<float>(memory);
    default:
      return numberOf(copied<uint16_t>(memory), dtype);
    }
  }

  ravine_dtype dtype;
  std::vector<char> bytes;
};

class CompiledSubject : public Subject {
public:
  CompiledSubject(Library given, const Case &tried) : library(std::move(given)), tried(tried) {
    for (const CaseTensor &tensor : tried.tensors) {
      size_t count = tensor.parameter.numbers.size();
      parameters.emplace_back(tried.precision.parameter, count).write(tensor.parameter.numbers);
      gradientMemory.emplace_back(tried.precision.gradient, count);
      auto found = llvm::find(groups, tensor.group);
      tensorGroups.push_back(static_cast<uint32_t>(found - groups.begin()));
      if (found == groups.end())
        groups.push_back(tensor.group);
    }
  }
  CompiledSubject(const CompiledSubject &) = delete;
  CompiledSubject &operator=(const CompiledSubject &) = delete;
  ~CompiledSubject() override { library->destroy(instance); }

  /// What `set` means by a group or a tensor is known from here on.
  Problem create(std::span<const CaseSetting> settings) {
    std::vector<ravine_tensor> tensors;
    for (size_t i = 0; i < tried.tensors.size(); ++i) {
      ravine_tensor &tensor = tensors.emplace_back(detail::sized<ravine_tensor>());
      tensor.name = tried.tensors[i].name.c_str();
      tensor.shape = tried.tensors[i].parameter.shape.data();
      tensor.rank = static_cast<uint32_t>(tried.tensors[i].parameter.shape.size());
      tensor.group = tensorGroups[i];
      tensor.parameter_dtype = tried.precision.parameter;
      tensor.gradient_dtype = tried.precision.gradient;
    }
    std::vector<const char *> names;
    for (const std::string &group : groups)
      names.push_back(group.c_str());
    std::vector<ravine_setting> first;
    for (const CaseSetting &setting : settings)
      if (setting.step == 1)
        first.push_back(described(setting));
    auto args = detail::sized<ravine_create_args>();
    args.abi_version = RAVINE_ABI_VERSION;
    args.group_count = static_cast<uint32_t>(groups.size());
    args.optimizer = tried.optimizer->name.c_str();
    args.tensors = tensors.data();
    args.tensor_count = tensors.size();
    args.settings = first.data();
    args.setting_count = first.size();
    args.group_names = names.data();
    return call([&](ravine_error *error) { return library->create(&args, &instance, error); });
  }

  Problem set(const CaseSetting &setting) override {
    if (setting.step == 1)
      return std::nullopt; // was made when the optimizer was
    ravine_setting value = described(setting);
    return call([&](ravine_error *error) { return library->configure(instance, &value, 1, error); });
  }

  Problem step(const Gradients &gradients) override {
    std::vector<void *> parameterPointers;
    std::vector<const void *> gradientPointers;
    for (size_t i = 0; i < parameters.size(); ++i) {
      parameterPointers.push_back(parameters[i].data());
      if (gradients[i])
        gradientMemory[i].write(*gradients[i]);
      gradientPointers.push_back(gradients[i] ? gradientMemory[i].data() : nullptr);
    }
    auto args = detail::sized<ravine_step_args>();
    args.parameters = parameterPointers.data();
    args.gradients = gradientPointers.data();
    return call([&](ravine_error *error) {
      ravine_status status = library->step(instance, &args, error);
      return status == RAVINE_ERROR_NONFINITE ? RAVINE_OK : status; // ended early, as the rule has it
    });
  }

  std::vector<double> parameter(size_t tensor) const override { return parameters[tensor].read(); }

  std::optional<std::vector<double>> state(const CaseState &state, size_t tensor) const override {
    auto view = detail::sized<ravine_state_view>();
    bool isFound = !call(
        [&](ravine_error *error) { return library->view_state(instance, tensor, state.name.c_str(), &view, error); });
    if (!isFound || view.exists == 0 || view.initialized == 0)
      return std::nullopt;
    return Memory::load(view.dtype, view.data, view.count);
  }

  double metric(const MetricDecl &metric, size_t tensor) const override {
    double value = 0;
    (void)call([&](ravine_error *error) {
      return library->read_metric(instance, metric.name.c_str(), tensor, &value, error);
    });
    return value;
  }

  std::vector<double> view(const ViewDecl &view, size_t tensor) const override {
    Memory output(tried.precision.parameter, tried.tensors[tensor].parameter.numbers.size());
    std::vector<void *> outputs(parameters.size());
    outputs[tensor] = output.data();
    (void)call([&](ravine_error *error) {
      return library->read_view(instance, view.name.c_str(), nullptr, outputs.data(), error);
    });
    return output.read();
  }

  int64_t steps() const override { return progress().steps; }
  int64_t skipped() const override { return progress().skipped; }

private:
  [[nodiscard]] ravine_progress progress() const {
    auto progress = detail::sized<ravine_progress>();
    (void)call([&](ravine_error *error) { return library->read_progress(instance, 0, &progress, error); });
    return progress;
  }

  [[nodiscard]] ravine_setting described(const CaseSetting &setting) const {
    auto value = detail::sized<ravine_setting>();
    value.name = setting.hyper.c_str();
    value.value = setting.value;
    value.group = RAVINE_ALL_GROUPS;
    if (setting.group)
      value.group = static_cast<uint32_t>(llvm::find(groups, *setting.group) - groups.begin());
    if (setting.tensor)
      value.tensor = tried.tensors[*setting.tensor].name.c_str();
    return value;
  }

  template <typename Function> Problem call(Function function) const {
    auto error = detail::sized<ravine_error>();
    if (function(&error) >= 0)
      return std::nullopt;
    // What the library calls the optimizer of a test stands in no source.
    llvm::StringRef message = error.message;
    return message.consume_front(tried.optimizer->name) ? ("it" + message).str() : message.str();
  }

  Library library;
  const Case &tried;
  std::vector<std::string> groups;
  std::vector<uint32_t> tensorGroups;
  std::vector<Memory> parameters, gradientMemory;
  ravine_optimizer *instance = nullptr;
};

} // namespace

std::unique_ptr<Subject> compiledSubject(const Library &library, const Case &tried, Subject::Problem &problem) {
  auto subject = std::make_unique<CompiledSubject>(library, tried);
  problem = subject->create(tried.settings);
  return problem ? nullptr : std::move(subject);
}

} // namespace ravine::testing
