// A compiled optimizer at work.
#include "test/support/CompiledOptimizer.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>

namespace ravine::test {

static ravine_error noError() {
  ravine_error error{};
  error.struct_size = sizeof(error);
  return error;
}

void CompiledOptimizer::check(ravine_status status, const ravine_error &error) {
  if (status != RAVINE_OK)
    throw CallFailed(status, error.message);
}

static Memory stored(ravine_dtype dtype, const std::vector<float> &numbers) {
  Memory memory(dtype, numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i)
    memory.write(i, numbers[i]);
  return memory;
}

static std::vector<float> narrowed(const std::vector<double> &numbers) {
  return {numbers.begin(), numbers.end()};
}

static const ravine_optimizer_info *describe(const ravine_library &library, const std::string &optimizer) {
  for (size_t i = 0; i < library.optimizer_count; ++i)
    if (library.optimizers[i].name == optimizer)
      return &library.optimizers[i];
  throw CallFailed(RAVINE_ERROR_NAME, "no optimizer named " + optimizer);
}

static ravine_setting setting(const std::string &name, double value, uint32_t group, const char *tensor) {
  return {sizeof(ravine_setting), name.c_str(), group, value, nullptr, tensor};
}

std::vector<ravine_setting> CompiledOptimizer::settings(const std::map<std::string, double> &hypers,
                                                        const std::vector<std::string> &names) const {
  std::vector<ravine_setting> settings;
  for (const auto &[name, value] : hypers)
    settings.push_back(setting(name, value, RAVINE_ALL_GROUPS, nullptr));
  for (size_t i = 0; i < tensors.size(); ++i)
    for (const auto &[name, value] : tensors[i].hypers) {
      auto isNamed = [&](const ravine_hyper_info &hyper) { return hyper.name == name; };
      const auto *hyper = std::find_if(info->hypers, info->hypers + info->hyper_count, isNamed);
      bool isOwn = hyper->index_set == RAVINE_PER_TENSOR;
      settings.push_back(
          setting(name, value, isOwn ? RAVINE_ALL_GROUPS : tensors[i].group, isOwn ? names[i].c_str() : nullptr));
    }
  return settings;
}

CompiledOptimizer::CompiledOptimizer(const std::string &path, const std::string &optimizer,
                                     std::vector<Tensor> givenTensors, const std::map<std::string, double> &hypers,
                                     uint32_t threads, const std::string &isa)
    : tensors(std::move(givenTensors)) {
  handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    throw CallFailed(RAVINE_ERROR_ARGUMENT, dlerror());
  library = reinterpret_cast<ravine_entry_point>(dlsym(handle, RAVINE_ENTRY_POINT))();
  info = describe(*library, optimizer);

  std::vector<std::string> names;
  std::vector<ravine_tensor> described;
  uint32_t groups = 1;
  for (size_t i = 0; i < tensors.size(); ++i) {
    names.push_back(tensors[i].name.empty() ? "tensor" + std::to_string(i) : tensors[i].name);
    if (!tensors[i].shape)
      tensors[i].shape = {static_cast<int64_t>(tensors[i].parameter.size())};
    groups = std::max(groups, tensors[i].group + 1);
  }
  for (size_t i = 0; i < tensors.size(); ++i) {
    const std::vector<int64_t> &shape = *tensors[i].shape;
    described.push_back({sizeof(ravine_tensor), names[i].c_str(), shape.data(), nullptr,
                         static_cast<uint32_t>(shape.size()), tensors[i].group, tensors[i].parameterType,
                         tensors[i].gradientType, tensors[i].rowAxes});
    parameters.push_back(stored(tensors[i].parameterType, tensors[i].parameter));
  }
  std::vector<const char *> groupNames(groups, nullptr);
  for (const Tensor &tensor : tensors)
    groupNames[tensor.group] = tensor.groupName.c_str();
  std::vector<ravine_setting> given = settings(hypers, names);
  ravine_host host{};
  host.struct_size = sizeof(host);
  host.thread_count = threads;
  ravine_create_args args{};
  args.struct_size = sizeof(args);
  args.abi_version = RAVINE_ABI_VERSION;
  args.group_count = groups;
  args.optimizer = optimizer.c_str();
  args.tensors = described.data();
  args.tensor_count = described.size();
  args.settings = given.data();
  args.setting_count = given.size();
  args.host = &host;
  args.group_names = groupNames.data();
  if (isa.empty())
    unsetenv("RAVINE_ISA");
  else
    setenv("RAVINE_ISA", isa.c_str(), 1);
  ravine_error error = noError();
  check(library->create(&args, &instance, &error), error);
}

CompiledOptimizer::~CompiledOptimizer() {
  if (instance != nullptr)
    library->destroy(instance);
  if (handle != nullptr)
    dlclose(handle);
}

void CompiledOptimizer::step(const std::vector<std::vector<float>> &given) {
  gradients.clear();
  for (size_t i = 0; i < tensors.size(); ++i)
    gradients.push_back(stored(tensors[i].gradientType, given[i]));
  std::vector<const void *> g;
  for (size_t i = 0; i < tensors.size(); ++i)
    g.push_back(given[i].empty() ? nullptr : gradients[i].data());
  stepOn(g);
}

void CompiledOptimizer::stepOn(const std::vector<const void *> &given) {
  std::vector<void *> w;
  for (Memory &parameter : parameters)
    w.push_back(parameter.data());
  ravine_step_args args{};
  args.struct_size = sizeof(args);
  args.parameters = w.data();
  args.gradients = given.data();
  ravine_error error = noError();
  check(library->step(instance, &args, &error), error);
}

void CompiledOptimizer::set(const std::string &hyper, double value) {
  ravine_setting change = setting(hyper, value, RAVINE_ALL_GROUPS, nullptr);
  ravine_error error = noError();
  check(library->configure(instance, &change, 1, &error), error);
}

void CompiledOptimizer::save(const std::string &path) {
  ravine_error error = noError();
  check(library->save(instance, path.c_str(), &error), error);
}

void CompiledOptimizer::load(const std::string &path) {
  ravine_error error = noError();
  check(library->load(instance, path.c_str(), &error), error);
}

ravine_state_view CompiledOptimizer::find(size_t tensor, const std::string &name) const {
  ravine_state_view view{};
  view.struct_size = sizeof(view);
  ravine_error error = noError();
  check(library->view_state(instance, tensor, name.c_str(), &view, &error), error);
  return view;
}

static std::span<const float> floatsIn(const Memory &memory) {
  return {static_cast<const float *>(memory.data()), memory.count()};
}

std::span<const float> CompiledOptimizer::parameter(size_t tensor) const {
  return floatsIn(parameters[tensor]);
}

std::span<const float> CompiledOptimizer::gradient(size_t tensor) const {
  return floatsIn(gradients[tensor]);
}

std::vector<double> CompiledOptimizer::stateNumbers(size_t tensor, const std::string &name) const {
  ravine_state_view view = find(tensor, name);
  return view.exists ? Memory::read(view.dtype, view.data, view.count) : std::vector<double>();
}

std::vector<float> CompiledOptimizer::state(size_t tensor, const std::string &name) const {
  return narrowed(stateNumbers(tensor, name));
}

std::optional<double> CompiledOptimizer::scalarState(size_t tensor, const std::string &name) const {
  ravine_state_view view = find(tensor, name);
  if (!view.exists || !view.initialized)
    return std::nullopt;
  return *static_cast<const double *>(view.data);
}

double CompiledOptimizer::metric(size_t tensor, const std::string &name) const {
  double value = 0;
  ravine_error error = noError();
  check(library->read_metric(instance, name.c_str(), tensor, &value, &error), error);
  return value;
}

std::vector<double> CompiledOptimizer::viewNumbers(size_t tensor, const std::string &name) const {
  Memory values(tensors[tensor].parameterType, tensors[tensor].parameter.size());
  std::vector<void *> outputs(tensors.size());
  outputs[tensor] = values.data();
  ravine_error error = noError();
  check(library->read_view(instance, name.c_str(), nullptr, outputs.data(), &error), error);
  return values.read();
}

std::vector<float> CompiledOptimizer::view(size_t tensor, const std::string &name) const {
  return narrowed(viewNumbers(tensor, name));
}

ravine_progress CompiledOptimizer::progress(size_t tensor) const {
  ravine_progress progress{};
  progress.struct_size = sizeof(progress);
  ravine_error error = noError();
  check(library->read_progress(instance, tensor, &progress, &error), error);
  return progress;
}

} // namespace ravine::test
