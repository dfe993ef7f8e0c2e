// Computing a view of all tensors into the host's memory.
#include "runtime/core/Names.h"
#include "runtime/core/Optimizer.h"

#include <algorithm>

namespace ravine::core {

namespace {

/// The outputs of one call on one view.
struct Viewing {
  ravine_optimizer &optimizer;
  Stage &view;
  Pointers pointers;
  void *const *outputs;

  [[nodiscard]] bool wants(size_t tensor) const {
    return outputs[tensor] != nullptr && optimizer.tensors[tensor].count > 0;
  }
  /// A tensor without a step has no states yet: what it shows is its parameter. So does a rule that says nothing else.
  [[nodiscard]] bool copiesParameter(size_t tensor) const {
    return optimizer.tensors[tensor].steps == 0 || !view.hasWork(tensor);
  }

  void copyTask(size_t task) const {
    for (const Piece &piece : optimizer.chunks.task(task))
      if (wants(piece.tensor) && copiesParameter(piece.tensor))
        copyChunk(piece.tensor, elementsOf(optimizer.cuts[piece.tensor].chunk(piece.first)));
  }

  void copyChunk(size_t tensor, ElementRange range) const {
    const auto *parameter = static_cast<const char *>(pointers.parameter(tensor));
    auto *output = static_cast<char *>(outputs[tensor]);
    const size_t element = dtypeSize(optimizer.tensors[tensor].parameterDtype);
    const size_t begin = static_cast<size_t>(range.first) * element, end = static_cast<size_t>(range.last) * element;
    if (output != parameter)
      std::memcpy(output + begin, parameter + begin, end - begin);
  }
};

ravine_status checkOutputs(const Viewing &viewing, Error error) {
  ravine_optimizer &optimizer = viewing.optimizer;
  for (size_t i = 0; i < optimizer.tensors.size(); ++i) {
    const Tensor &tensor = optimizer.tensors[i];
    if (!viewing.wants(i))
      continue;
    if (!isAligned(viewing.outputs[i], tensor.parameterDtype))
      return error(RAVINE_ERROR_ARGUMENT, Sentence()
                                              << "the output for tensor " << Quoted{tensor.name}
                                              << " is not aligned to " << dtypeSize(tensor.parameterDtype) << " bytes");
    bool needsParameter = viewing.copiesParameter(i) || viewing.view.mentions(i, RAVINE_BUFFER_PARAMETER);
    const void *parameter = viewing.pointers.parameter(i);
    if (needsParameter && parameter == nullptr)
      return error(RAVINE_ERROR_ARGUMENT, Sentence()
                                              << "the parameter of tensor " << Quoted{tensor.name}
                                              << " is not known: no step has been made, or the last one named none");
    if (needsParameter && !isAligned(parameter, tensor.parameterDtype))
      return error(RAVINE_ERROR_ARGUMENT, Sentence()
                                              << "the parameter of tensor " << Quoted{tensor.name}
                                              << " is not aligned to " << dtypeSize(tensor.parameterDtype) << " bytes");
  }
  return optimizer.overlap.checkOutputs(optimizer.tensors, optimizer.states.block(), optimizer.bindings,
                                        viewing.pointers, viewing.outputs, error);
}

} // namespace

ravine_status readView(ravine_optimizer *optimizer, const char *name, void *const *parameters, void *const *outputs,
                       Error error) {
  if (ravine_status status = refuseNull({{"optimizer", optimizer}, {"name", name}}, error))
    return status;
  if (outputs == nullptr && optimizer->tensors.size() > 0)
    return nullArgument("outputs", error);
  Visit visit(*optimizer);
  if (ravine_status status = visit.status(error))
    return status;
  const ravine_optimizer_info &description = *optimizer->description;
  NameList names = NameList::of(description.views, description.view_count);
  size_t index = names.find(name);
  if (index == names.count())
    return error(RAVINE_ERROR_NAME, unknownName(description.name, "view", name, names));
  ravine_step_args now = {};
  now.parameters = parameters;
  Viewing viewing{*optimizer, optimizer->views[index], Pointers(now, optimizer->bindings), outputs};
  if (ravine_status status = checkOutputs(viewing, error))
    return status;

  // Scheduled hypers belong to the step whose clock the view finds.
  optimizer->settings.recall(std::max<int64_t>(1, optimizer->steps));
  optimizer->values.takeHypers(optimizer->settings);
  ScalarInputs inputs{.tensors = optimizer->tensors,
                      .settings = optimizer->settings,
                      .values = optimizer->values,
                      .order = {optimizer->scalarOrder.data(), optimizer->scalarOrder.size()},
                      .step = optimizer->steps,
                      .ahead = 0,
                      .modelSize = optimizer->modelSize};
  bool anyCopied = false;
  for (size_t i = 0; i < optimizer->tensors.size(); ++i) {
    viewing.view.bindEach(i, RAVINE_BUFFER_PARAMETER, viewing.pointers.parameter(i));
    viewing.view.bindEach(i, RAVINE_BUFFER_VIEW, outputs[i]);
    optimizer->participants[i] = viewing.wants(i) && !viewing.copiesParameter(i);
    anyCopied |= viewing.wants(i) && viewing.copiesParameter(i);
  }
  viewing.view.run(stageContext(*optimizer, inputs));
  if (anyCopied)
    optimizer->parallel.run(
        optimizer->chunks.taskCount(),
        [](void *self, size_t task) { static_cast<const Viewing *>(self)->copyTask(task); }, &viewing);
  return RAVINE_OK;
}

} // namespace ravine::core
