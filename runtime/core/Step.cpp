// One step: checks first, then the plan, then what it commits.
#include "runtime/core/FloatingPoint.h"
#include "runtime/core/Optimizer.h"

#include <algorithm>
#include <cmath>
#include <tuple>

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

/// Counters that were restored for some tensors only do not fit together.
ravine_status checkCounters(const ravine_optimizer &optimizer, Error error) {
  if (!optimizer.isOrderStale)
    return RAVINE_OK;
  for (const Tensor &tensor : optimizer.tensors)
    if (tensor.steps > optimizer.steps)
      return error(RAVINE_ERROR_ARGUMENT, Sentence() << "tensor " << Quoted{tensor.name} << " has taken "
                                                     << tensor.steps << " steps and the optimizer " << optimizer.steps
                                                     << ": restore the progress of every tensor");
  return RAVINE_OK;
}

void bindTensor(ravine_optimizer &optimizer, size_t tensor, void *parameter, const void *gradient) {
  optimizer.bindings.set(tensor, parameter, gradient);
  optimizer.initial.bind(tensor, parameter, gradient);
  forEachStage(optimizer, [&](Stage &stage) { stage.bind(tensor, parameter, gradient); });
  for (Stage &view : optimizer.views)
    view.bind(tensor, parameter, gradient);
}

/// Takes the pointers over and marks the tensors that take part. Returns how many elements these have.
int64_t bind(ravine_optimizer &optimizer, const Pointers &pointers) {
  bool differs = optimizer.isOrderStale;
  int64_t modelSize = 0;
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
    modelSize += takesPart ? tensor.count : 0;
  }
  optimizer.bindings.markSet();

  // Tensors that keep step with each other stay in order, so that only a change of company calls for sorting.
  if (differs)
    std::sort(optimizer.scalarOrder.begin(), optimizer.scalarOrder.end(), [&](size_t first, size_t second) {
      const Tensor &a = optimizer.tensors[first], &b = optimizer.tensors[second];
      uint32_t ofA = optimizer.settings.variant(first), ofB = optimizer.settings.variant(second);
      return std::tie(a.group, ofA, a.steps, a.count, a.rank, a.rows, a.cols, a.channels) <
             std::tie(b.group, ofB, b.steps, b.count, b.rank, b.rows, b.cols, b.channels);
    });
  return modelSize;
}

/// Gives what takes part for the first time its initial values.
void start(ravine_optimizer &optimizer, const ScalarInputs &inputs) {
  if (!optimizer.isModelInitialized)
    optimizer.scalarStates.startModel(inputs, optimizer.values);
  bool anyNew = false;
  for (size_t i = 0; i < optimizer.tensors.size(); ++i) {
    const Tensor &tensor = optimizer.tensors[i];
    optimizer.participants[i] = tensor.takesPart && !tensor.isInitialized;
    if (!optimizer.participants[i])
      continue;
    optimizer.scalarStates.startTensor(inputs, i, optimizer.values);
    anyNew |= optimizer.initial.hasWork(i);
  }
  if (anyNew)
    optimizer.initial.run(stageContext(optimizer, inputs));
}

/// What a step that is refused for its gradients answers. Initial values that it has set do not count: they will be set
/// again.
ravine_status refuse(const ravine_optimizer &optimizer, const Exit &exit, Error error) {
  const TensorTable &tensors = optimizer.tensors;
  for (size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].takesPart && tensors[i].count > 0 && !std::isfinite(optimizer.partials.part(exit.plan->culprit, i)))
      return error(RAVINE_ERROR_NONFINITE,
                   Sentence() << "the gradient of tensor " << Quoted{tensors[i].name} << " holds an infinity or a NaN");
  return error(RAVINE_ERROR_NONFINITE, Sentence() << "the gradients are too large: what " << optimizer.description->name
                                                  << " folds of them is not finite");
}

/// What has taken part has got its initial values for good.
void keepInitialValues(ravine_optimizer &optimizer) {
  optimizer.isModelInitialized = true;
  for (Tensor &tensor : optimizer.tensors)
    tensor.isInitialized |= tensor.takesPart;
}

void leave(ravine_optimizer &optimizer, Exit &exit, const StageContext &context) {
  for (Stage &stage : exit.stages)
    stage.run(context);
  optimizer.scalarStates.finishAtExit(*exit.plan, context.scalars, optimizer.values);
  keepInitialValues(optimizer);
  ++optimizer.skipped;
}

void commit(ravine_optimizer &optimizer, const ScalarInputs &inputs) {
  optimizer.scalarStates.finishStep(inputs, optimizer.values);
  keepInitialValues(optimizer);
  ++optimizer.steps;
  optimizer.modelSize = inputs.modelSize;
  for (Tensor &tensor : optimizer.tensors)
    tensor.steps += tensor.takesPart ? 1 : 0;
}

ravine_status runPlan(ravine_optimizer &optimizer, int64_t modelSize, Error error) {
  optimizer.values.takeHypers(optimizer.settings);
  ScalarInputs inputs{.tensors = optimizer.tensors,
                      .settings = optimizer.settings,
                      .values = optimizer.values,
                      .order = {optimizer.scalarOrder.data(), optimizer.scalarOrder.size()},
                      .step = nextStep(optimizer),
                      .ahead = 1,
                      .modelSize = modelSize};
  start(optimizer, inputs);
  for (size_t i = 0; i < optimizer.tensors.size(); ++i)
    optimizer.participants[i] = optimizer.tensors[i].takesPart;
  StageContext context = stageContext(optimizer, inputs);
  size_t done = 0;
  for (Exit &exit : optimizer.exits) {
    while (done < exit.plan->after_stages)
      optimizer.stages[done++].run(context);
    if (!exit.isTaken(inputs))
      continue;
    if (exit.plan->refuses != 0)
      return refuse(optimizer, exit, error);
    leave(optimizer, exit, context);
    return RAVINE_OK;
  }
  while (done < optimizer.stages.size())
    optimizer.stages[done++].run(context);
  commit(optimizer, inputs);
  return RAVINE_OK;
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
  if (ravine_status status = checkCounters(*optimizer, error))
    return status;
  Pointers pointers(args, optimizer->bindings);
  if (ravine_status status = checkPointers(optimizer->tensors, pointers, error))
    return status;
  // Before the check of overlaps, which remembers what it has seen.
  if (ravine_status status = optimizer->settings.takeEffect(nextStep(*optimizer), error))
    return status;
  if (ravine_status status =
          optimizer->overlap.check(optimizer->tensors, optimizer->states.block(), optimizer->bindings, pointers, error))
    return status;

  int64_t modelSize = bind(*optimizer, pointers);
  return runPlan(*optimizer, modelSize, error);
}

} // namespace ravine::core
