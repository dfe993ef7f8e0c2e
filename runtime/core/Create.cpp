// Making and ending optimizers.
#include "runtime/core/Optimizer.h"

#include "runtime/core/Cache.h"
#include "runtime/core/Names.h"

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

bool initializeStages(ravine_optimizer &optimizer) {
  const ravine_plan_optimizer &plan = *optimizer.plan;
  const Memory &memory = optimizer.memory;
  SweepContext context{optimizer.target, optimizer.tensors, optimizer.states,
                       optimizer.groups, cutsOf(optimizer), memory};
  ScratchNeeds needs;
  auto prepare = [&](Objects<Stage> &stages, const ravine_plan_stage *forms, size_t count) {
    if (!stages.make(memory, count))
      return false;
    for (size_t i = 0; i < count; ++i) {
      if (!stages[i].initialize(plan, forms + i * variantCount(plan), optimizer.settings, residentBytes(), context))
        return false;
      needs.include(stages[i].scratchNeeds());
    }
    return true;
  };
  if (!optimizer.initial.initialize(plan, plan.initial, optimizer.settings, residentBytes(), context) ||
      !prepare(optimizer.stages, plan.stages, plan.stage_count) ||
      !prepare(optimizer.views, plan.views, optimizer.description->view_count) ||
      !optimizer.exits.make(memory, plan.exit_count))
    return false;
  for (size_t i = 0; i < plan.exit_count; ++i) {
    optimizer.exits[i].plan = &plan.exits[i];
    if (!prepare(optimizer.exits[i].stages, plan.exits[i].stages, plan.exits[i].stage_count))
      return false;
  }
  if (!optimizer.scratch.allocate(needs, memory))
    return false;
  forEachStage(optimizer, [&](Stage &stage) { stage.bindShared(optimizer.scratch.shared(), optimizer.tensors); });
  return true;
}

/// A rule that speaks of rows, columns or channels needs matrices.
ravine_status checkRanks(const ravine_optimizer &optimizer, Error error) {
  const ravine_plan_optimizer &plan = *optimizer.plan;
  for (size_t i = 0; plan.minimum_ranks != nullptr && i < optimizer.tensors.size(); ++i) {
    const Tensor &tensor = optimizer.tensors[i];
    const uint32_t needed = plan.minimum_ranks[optimizer.settings.variant(i) % plan.outcome_count];
    if (tensor.rank < needed)
      return error(RAVINE_ERROR_TENSOR,
                   Sentence() << "tensor " << Quoted{tensor.name} << " has rank " << tensor.rank << ", and "
                              << optimizer.description->name << " speaks of rows, columns or channels, which take "
                              << needed
                              << " axes: let the rule say, by `select` or `case matrix`, what holds for others");
  }
  return RAVINE_OK;
}

bool cutTensors(ravine_optimizer &optimizer) {
  if (!optimizer.cuts.allocate(optimizer.memory, optimizer.tensors.size()))
    return false;
  for (size_t i = 0; i < optimizer.tensors.size(); ++i)
    optimizer.cuts[i] = Cut(optimizer.tensors[i].count, cutNeeds(*optimizer.plan, *optimizer.description,
                                                                 optimizer.settings.variant(i), optimizer.tensors[i]));
  return true;
}

/// Everything that is sized by the tensors and needs no check of what the host said.
ravine_status reserveTables(ravine_optimizer &optimizer, Error error) {
  const Memory &memory = optimizer.memory;
  const TensorTable &tensors = optimizer.tensors;
  const ravine_plan_optimizer &plan = *optimizer.plan;
  bool isReserved =
      optimizer.bindings.reserve(tensors.size(), memory) &&
      optimizer.overlap.reserve(tensors, writesGradient(optimizer), memory) &&
      optimizer.values.initialize(plan, tensors.size(), memory) &&
      optimizer.scalarStates.initialize(plan, *optimizer.description, tensors.size(), memory) &&
      optimizer.partials.initialize(plan, *optimizer.description, tensors, cutsOf(optimizer), optimizer.values,
                                    memory) &&
      optimizer.operationRoom.initialize(plan, tensors, memory) &&
      optimizer.participants.allocate(memory, tensors.size()) &&
      optimizer.chunks.build(cutsOf(optimizer), memory, [](size_t) -> Share { return {Share::Chunks}; }) &&
      initializeStages(optimizer) && optimizer.scalarOrder.allocate(memory, tensors.size());
  if (!isReserved)
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the optimizer's tables");
  for (size_t i = 0; i < tensors.size(); ++i) {
    optimizer.scalarOrder[i] = i;
    optimizer.modelSize += tensors[i].count;
  }
  return RAVINE_OK;
}

} // namespace

ravine_status create(const ravine_plan_library &library, const ravine_create_args *hostArgs,
                     ravine_optimizer **optimizer, Error error) {
  if (ravine_status status = refuseNull({{"args", hostArgs}, {"optimizer", optimizer}}, error))
    return status;
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
          made->tensors.initialize(tensors, args.group_count, *made->description, made->memory, error))
    return status;
  if (ravine_status status = made->settings.initialize(*made->description, *made->plan, args.group_count,
                                                       args.group_names, made->tensors, settings, made->memory, error))
    return status;
  if (ravine_status status = checkRanks(*made, error))
    return status;
  if (ravine_status status =
          made->states.initialize(*made->description, *made->plan, made->tensors, made->settings, made->memory, error))
    return status;
  if (!cutTensors(*made))
    return error(RAVINE_ERROR_MEMORY, Sentence() << "there is no memory for the optimizer's tables");
  if (ravine_status status = made->groups.initialize(*made->description, *made->plan, made->tensors, made->settings,
                                                     cutsOf(*made), made->memory, error))
    return status;
  if (ravine_status status = reserveTables(*made, error))
    return status;
  made->parallel.prepare();
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
