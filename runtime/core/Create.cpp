// Making and ending optimizers.
#include "runtime/core/Optimizer.h"

#include "runtime/core/Names.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

namespace ravine::core {

namespace {

struct Destroy {
  void operator()(ravine_optimizer *optimizer) const { destroy(optimizer); }
};

ravine_status checkVersion(const ravine_create_args &args, Error error) {
  if (args.abi_version != RAVINE_ABI_VERSION)
    return error(RAVINE_ERROR_VERSION, Sentence()
                                           << "the host was compiled for version " << args.abi_version
                                           << " of the contract, the library for version " << RAVINE_ABI_VERSION);
  return RAVINE_OK;
}

ravine_status readHost(const ravine_create_args &args, ravine_host &host, Error error) {
  host = {};
  if (args.host == nullptr)
    return RAVINE_OK;
  if (ravine_status status = readHostStruct(args.host, "ravine_host", host, error))
    return status;
  if ((host.allocate == nullptr) != (host.release == nullptr))
    return error(RAVINE_ERROR_ARGUMENT, Sentence()
                                            << "host.allocate and host.release belong together: give both or neither");
  if (host.device != 0)
    return error(RAVINE_ERROR_ARGUMENT,
                 Sentence() << "host.device is " << host.device << ", but the library works in main memory (0) only");
  return RAVINE_OK;
}

ravine_status chooseOptimizer(const ravine_plan_library &library, const char *name, size_t &index, Error error) {
  NameList names = NameList::of(library.descriptions, library.optimizer_count);
  index = 0;
  if (name != nullptr) {
    index = names.find(name);
    if (index == names.count())
      return error(RAVINE_ERROR_NAME, unknownName(library.name, "optimizer", name, names));
  } else if (names.count() != 1) {
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << library.name << " has several optimizers; name one of " << names);
  }
  return RAVINE_OK;
}

ravine_status checkArrays(const ravine_create_args &args, Error error) {
  if (args.group_count == 0)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << "group_count is 0; there is at least one group");
  if (args.tensors == nullptr && args.tensor_count > 0)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << "tensors is null, but tensor_count is " << args.tensor_count);
  if (args.settings == nullptr && args.setting_count > 0)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << "settings is null, but setting_count is " << args.setting_count);
  return RAVINE_OK;
}

bool initializeSweeps(ravine_optimizer &optimizer) {
  const ravine_plan_optimizer &plan = *optimizer.plan;
  auto initialize = [&](Sweep &sweep, const ravine_plan_sweep *variants) {
    return sweep.initialize(variants, optimizer.target, optimizer.library->target_count, optimizer.tensors,
                            optimizer.settings, optimizer.states, optimizer.memory);
  };
  if (!initialize(optimizer.initial, plan.initial))
    return false;
  if (plan.sweep_count == 0)
    return true;
  void *place = optimizer.memory.allocate(plan.sweep_count * sizeof(Sweep), alignof(Sweep));
  if (place == nullptr)
    return false;
  optimizer.sweeps = static_cast<Sweep *>(place);
  for (; optimizer.sweepCount < plan.sweep_count; ++optimizer.sweepCount)
    new (&optimizer.sweeps[optimizer.sweepCount]) Sweep();
  for (size_t sweep = 0; sweep < plan.sweep_count; ++sweep)
    if (!initialize(optimizer.sweeps[sweep], plan.sweeps + (sweep << plan.condition_count)))
      return false;
  return true;
}

/// Everything that is sized by the tensors and needs no check of what the host said.
ravine_status reserveTables(ravine_optimizer &optimizer, Error error) {
  const Memory &memory = optimizer.memory;
  const TensorTable &tensors = optimizer.tensors;
  if (!optimizer.bindings.reserve(tensors.size(), memory) || !optimizer.overlap.reserve(tensors, memory) ||
      !optimizer.chunks.build(tensors, memory) || !optimizer.parallel.reserve(memory) || !initializeSweeps(optimizer) ||
      !optimizer.scalarOrder.allocate(memory, tensors.size()))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the optimizer's tables");
  for (size_t i = 0; i < tensors.size(); ++i)
    optimizer.scalarOrder[i] = i;
  return RAVINE_OK;
}

} // namespace

ravine_status create(const ravine_plan_library &library, const ravine_create_args *hostArgs,
                     ravine_optimizer **optimizer, Error error) {
  if (hostArgs == nullptr)
    return nullArgument("args", error);
  if (optimizer == nullptr)
    return nullArgument("optimizer", error);
  ravine_create_args args;
  ravine_host host;
  size_t index = 0;
  uint32_t target = 0;
  if (ravine_status status = readHostStruct(hostArgs, "ravine_create_args", args, error))
    return status;
  if (ravine_status status = checkVersion(args, error))
    return status;
  if (ravine_status status = readHost(args, host, error))
    return status;
  if (ravine_status status = chooseOptimizer(library, args.optimizer, index, error))
    return status;
  if (ravine_status status = checkArrays(args, error))
    return status;
  if (ravine_status status = chooseTarget(library, supportedTargets(), std::getenv("RAVINE_ISA"), target, error))
    return status;

  void *place = Memory(host).allocate(sizeof(ravine_optimizer), alignof(ravine_optimizer));
  if (place == nullptr)
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the optimizer");
  std::unique_ptr<ravine_optimizer, Destroy> made(new (place) ravine_optimizer(host));
  made->library = &library;
  made->description = &library.descriptions[index];
  made->plan = &library.optimizers[index];
  made->target = target;

  HostStructs<ravine_setting> settings(args.settings, args.setting_count, "ravine_setting");
  HostStructs<ravine_tensor> tensors(args.tensors, args.tensor_count, "ravine_tensor");
  if (ravine_status status =
          made->settings.initialize(*made->description, *made->plan, args.group_count, settings, made->memory, error))
    return status;
  if (ravine_status status =
          made->tensors.initialize(tensors, args.group_count, *made->description, made->memory, error))
    return status;
  if (ravine_status status =
          made->states.initialize(*made->description, *made->plan, made->tensors, made->settings, made->memory, error))
    return status;
  if (ravine_status status = reserveTables(*made, error))
    return status;
  *optimizer = made.release();
  return RAVINE_OK;
}

void destroy(ravine_optimizer *optimizer) {
  if (optimizer == nullptr)
    return;
  Memory memory = optimizer->memory;
  optimizer->~ravine_optimizer();
  memory.release(optimizer, sizeof(ravine_optimizer), alignof(ravine_optimizer));
}

} // namespace ravine::core

ravine_optimizer::~ravine_optimizer() {
  if (sweeps == nullptr)
    return;
  std::destroy_n(sweeps, sweepCount);
  memory.release(sweeps, plan->sweep_count * sizeof(*sweeps), alignof(ravine::core::Sweep));
}
