// A compiled optimizer at work on f32 tensors.
#include "test/support/CompiledOptimizer.h"

#include <cstdlib>
#include <dlfcn.h>

namespace ravine::test {

CompiledOptimizer::CompiledOptimizer(const std::string &path, const std::string &optimizer,
                                     std::vector<Tensor> givenTensors, const std::map<std::string, double> &hypers,
                                     uint32_t threads, const std::string &isa)
    : tensors(std::move(givenTensors)) {
  handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    throw CallFailed(RAVINE_ERROR_ARGUMENT, dlerror());
  library = reinterpret_cast<ravine_entry_point>(dlsym(handle, RAVINE_ENTRY_POINT))();
  error.struct_size = sizeof(error);

  std::vector<std::string> names;
  for (size_t i = 0; i < tensors.size(); ++i)
    names.push_back("tensor" + std::to_string(i));
  std::vector<int64_t> shapes;
  for (const Tensor &tensor : tensors)
    shapes.push_back(static_cast<int64_t>(tensor.parameter.size()));
  std::vector<ravine_tensor> described;
  uint32_t groups = 1;
  for (size_t i = 0; i < tensors.size(); ++i) {
    described.push_back(
        {sizeof(ravine_tensor), names[i].c_str(), &shapes[i], nullptr, 1, tensors[i].group, RAVINE_F32, RAVINE_F32});
    groups = std::max(groups, tensors[i].group + 1);
  }
  std::vector<ravine_setting> settings;
  for (const auto &[name, value] : hypers)
    settings.push_back({sizeof(ravine_setting), name.c_str(), RAVINE_ALL_GROUPS, value, nullptr});
  ravine_host host{};
  host.struct_size = sizeof(host);
  host.thread_count = threads;
  ravine_create_args args{sizeof(args),      RAVINE_ABI_VERSION, groups,
                          optimizer.c_str(), described.data(),   described.size(),
                          settings.data(),   settings.size(),    &host};
  if (isa.empty())
    unsetenv("RAVINE_ISA");
  else
    setenv("RAVINE_ISA", isa.c_str(), 1);
  check(library->create(&args, &instance, &error));
}

CompiledOptimizer::~CompiledOptimizer() {
  if (instance != nullptr)
    library->destroy(instance);
  if (handle != nullptr)
    dlclose(handle);
}

void CompiledOptimizer::check(ravine_status status) const {
  if (status != RAVINE_OK)
    throw CallFailed(status, error.message);
}

void CompiledOptimizer::step(const std::vector<std::vector<float>> &gradients) {
  std::vector<void *> w;
  std::vector<const void *> g;
  for (size_t i = 0; i < tensors.size(); ++i) {
    w.push_back(tensors[i].parameter.data());
    g.push_back(gradients[i].empty() ? nullptr : gradients[i].data());
  }
  ravine_step_args args{};
  args.struct_size = sizeof(args);
  args.parameters = w.data();
  args.gradients = g.data();
  check(library->step(instance, &args, &error));
}

std::span<const float> CompiledOptimizer::state(size_t tensor, const std::string &name) const {
  ravine_state_view view{};
  view.struct_size = sizeof(view);
  ravine_error problem{};
  problem.struct_size = sizeof(problem);
  if (ravine_status status = library->view_state(instance, tensor, name.c_str(), &view, &problem); status != RAVINE_OK)
    throw CallFailed(status, problem.message);
  return {static_cast<const float *>(view.data), view.exists ? view.count : 0};
}

} // namespace ravine::test
