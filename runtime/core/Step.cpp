// One step: checks first, then the plan, then the counters.
#include "runtime/core/FloatingPoint.h"
#include "runtime/core/Optimizer.h"

#include <algorithm>

namespace ravine::core {

namespace {

ravine_status readArguments(const ravine_optimizer &optimizer, const ravine_step_args *hostArgs, ravine_step_args &args,
                            Error error) {
  if (hostArgs == nullptr)
    return nullArgument("args", error);
  if (ravine_status status = readHostStruct(hostArgs, "ravine_step_args", args, error))
    return status;
  if (args.stream != nullptr)
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << "stream is not null, but the tensors are in main memory");
  bool needsBoth = !optimizer.bindings.areSet() && optimizer.tensors.size() > 0;
  if (needsBoth && (args.parameters == nullptr || args.gradients == nullptr))
    return error(RAVINE_ERROR_ARGUMENT, Sentence() << (args.parameters == nullptr ? "parameters" : "gradients")
                                                   << " is null, but there is no step before to take them from");
  if (args.tensors != nullptr)
    return optimizer.tensors.checkUnchanged({args.tensors, optimizer.tensors.size(), "ravine_tensor"}, error);
  return RAVINE_OK;
}

bool isAligned(const void *pointer, ravine_dtype dtype) {
  return reinterpret_cast<uintptr_t>(pointer) % dtypeSize(dtype) == 0;
}

ravine_status misaligned(const char *what, const Tensor &tensor, ravine_dtype dtype, Error error) {
  return error(RAVINE_ERROR_ARGUMENT, Sentence() << "the " << what << " of tensor " << Quoted{tensor.name}
                                                 << " is not aligned to " << dtypeSize(dtype) << " bytes");
}

ravine_status checkPointers(const TensorTable &tensors, const Pointers &pointers, Error error) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor &tensor = tensors[i];
    const void *gradient = pointers.gradient(i);
    if (gradient == nullptr || tensor.count == 0)
      continue;
    const void *parameter = pointers.parameter(i);
    if (parameter == nullptr)
      return error(RAVINE_ERROR_ARGUMENT, Sentence()
                                              << "the parameter of tensor " << Quoted{tensor.name} << " is null");
    if (!isAligned(parameter, tensor.parameterDtype))
      return misaligned("parameter", tensor, tensor.parameterDtype, error);
    if (!isAligned(gradient, tensor.gradientDtype))
      return misaligned("gradient", tensor, tensor.gradientDtype, error);
  }
  return RAVINE_OK;
}

void bindTensor(ravine_optimizer &optimizer, size_t tensor, void *parameter, const void *gradient) {
  optimizer.bindings.set(tensor, parameter, gradient);
  optimizer.initial.bind(tensor, parameter, gradient);
  for (size_t sweep = 0; sweep < optimizer.sweepCount; ++sweep)
    optimizer.sweeps[sweep].bind(tensor, parameter, gradient);
}

/// Takes the pointers over and marks the tensors that take part. Returns whether it is the first step of any of them.
bool bind(ravine_optimizer &optimizer, const Pointers &pointers) {
  bool anyFirst = false, differs = optimizer.isOrderStale;
  optimizer.isOrderStale = false;
  for (size_t i = 0; i < optimizer.tensors.size(); ++i) {
    Tensor &tensor = optimizer.tensors[i];
    void *parameter = pointers.parameter(i);
    const void *gradient = pointers.gradient(i);
    if (parameter != optimizer.bindings.parameter(i) || gradient != optimizer.bindings.gradient(i))
      bindTensor(optimizer, i, parameter, gradient);
    bool takesPart = gradient != nullptr || tensor.count == 0;
    differs |= takesPart != tensor.takesPart;
    tensor.takesPart = takesPart;
    anyFirst |= takesPart && tensor.steps == 0;
  }
  optimizer.bindings.markSet();

  // Tensors that keep step with each other stay in order, so that only a change of company calls for sorting.
  if (differs)
    std::sort(optimizer.scalarOrder.begin(), optimizer.scalarOrder.end(), [&](size_t first, size_t second) {
      const Tensor &a = optimizer.tensors[first], &b = optimizer.tensors[second];
      if (a.group != b.group)
        return a.group < b.group;
      if (a.steps != b.steps)
        return a.steps < b.steps;
      return a.count < b.count;
    });
  return anyFirst;
}

/// A sweep over the chunks of every tensor that takes part.
struct Region {
  const ravine_optimizer &optimizer;
  const Sweep &sweep;
  /// Run on a chunk before the sweep if it is the tensor's first step; null where no tensor's is.
  const Sweep *initial;

  void runTask(size_t index) const {
    FloatingPointMode mode(optimizer.plan->flush_subnormals != 0 ? FloatingPointMode::Subnormals::Flush
                                                                 : FloatingPointMode::Subnormals::Keep);
    for (const Chunk &chunk : optimizer.chunks.task(index)) {
      const Tensor &tensor = optimizer.tensors[chunk.tensor];
      if (!tensor.takesPart)
        continue;
      if (initial != nullptr && tensor.steps == 0)
        initial->run(chunk.tensor, chunk.begin, chunk.end);
      sweep.run(chunk.tensor, chunk.begin, chunk.end);
    }
  }
};

void runPlan(ravine_optimizer &optimizer, bool anyFirst) {
  ScalarInputs inputs{optimizer.tensors,
                      optimizer.settings,
                      {optimizer.scalarOrder.data(), optimizer.scalarOrder.size()},
                      optimizer.steps + 1};
  auto computeScalars = [&](Sweep &sweep) {
    FloatingPointMode ordinary(FloatingPointMode::Subnormals::Keep);
    sweep.computeScalars(inputs);
  };
  const Sweep *initial = nullptr;
  if (anyFirst) {
    computeScalars(optimizer.initial);
    initial = &optimizer.initial;
  }
  for (uint32_t i = 0; i < optimizer.plan->instruction_count; ++i) {
    // The one opcode there is: RAVINE_PLAN_SWEEP.
    Sweep &sweep = optimizer.sweeps[optimizer.plan->instructions[i].operand];
    computeScalars(sweep);
    Region region{optimizer, sweep, initial};
    optimizer.parallel.run(
        optimizer.chunks.taskCount(),
        [](void *context, size_t index) { static_cast<const Region *>(context)->runTask(index); }, &region);
    initial = nullptr;
  }
}

void commitCounters(ravine_optimizer &optimizer) {
  ++optimizer.steps;
  for (Tensor &tensor : optimizer.tensors)
    tensor.steps += tensor.takesPart ? 1 : 0;
}

} // namespace

ravine_status step(ravine_optimizer *optimizer, const ravine_step_args *hostArgs, Error error) {
  if (optimizer == nullptr)
    return nullArgument("optimizer", error);
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  ravine_step_args args;
  if (ravine_status status = readArguments(*optimizer, hostArgs, args, error))
    return status;
  Pointers pointers(args, optimizer->bindings);
  if (ravine_status status = checkPointers(optimizer->tensors, pointers, error))
    return status;
  if (ravine_status status =
          optimizer->overlap.check(optimizer->tensors, optimizer->states.block(), optimizer->bindings, pointers, error))
    return status;

  runPlan(*optimizer, bind(*optimizer, pointers));
  commitCounters(*optimizer);
  return RAVINE_OK;
}

} // namespace ravine::core
