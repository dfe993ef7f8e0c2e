// Initial and next values of scalar states, and metrics.
#include "runtime/core/ScalarStates.h"

#include <algorithm>
#include <limits>

namespace ravine::core {

namespace {

constexpr double notYet = std::numeric_limits<double>::quiet_NaN();

size_t countStates(std::span<const ravine_plan_value> columns) {
  return static_cast<size_t>(
      std::count_if(columns.begin(), columns.end(), [](auto &column) { return column.kind == RAVINE_VALUE_STATE; }));
}

/// Stores what a program gives for the states of a row.
void storeStates(std::span<const ravine_plan_value> columns, const double *given, double *row) {
  for (size_t column = 0; column < columns.size(); ++column)
    if (columns[column].kind == RAVINE_VALUE_STATE)
      row[column] = *given++;
}

} // namespace

bool ScalarStates::initialize(const ravine_plan_optimizer &plan, const ravine_optimizer_info &description,
                              size_t tensorCount, const Memory &memory) {
  plan_ = &plan;
  tensorStateCount_ = countStates({plan.tensor_values, plan.tensor_value_count});
  modelStateCount_ = countStates({plan.model_values, plan.model_value_count});
  for (size_t i = 0; i < description.metric_count; ++i)
    ++(description.metrics[i].index_set == RAVINE_PER_TENSOR ? tensorMetricCount_ : modelMetricCount_);
  tensorStride_ = tensorStateCount_ + tensorMetricCount_;
  if (!tensorNext_.allocate(memory, tensorCount * tensorStride_) ||
      !modelNext_.allocate(memory, modelStateCount_ + modelMetricCount_) ||
      !tensorMetrics_.allocate(memory, tensorCount * tensorMetricCount_) ||
      !modelMetrics_.allocate(memory, modelMetricCount_))
    return false;
  forgetMetrics();
  return true;
}

void ScalarStates::forgetMetrics() {
  std::fill(tensorMetrics_.begin(), tensorMetrics_.end(), notYet);
  std::fill(modelMetrics_.begin(), modelMetrics_.end(), notYet);
}

void ScalarStates::startModel(const ScalarInputs &inputs, ValueTables &values) {
  if (modelStateCount_ == 0)
    return;
  inputs.runForModel(plan_->initial_model, modelNext_.data());
  storeStates(values.modelColumns(), modelNext_.data(), values.ofModel());
}

void ScalarStates::startTensor(const ScalarInputs &inputs, size_t tensor, ValueTables &values) {
  if (tensorStateCount_ == 0)
    return;
  inputs.run(plan_->initial_tensor[inputs.settings.variant(tensor)], tensor, nextOf(tensor));
  storeStates(values.tensorColumns(), nextOf(tensor), values.ofTensor(tensor));
}

void ScalarStates::finishStep(const ScalarInputs &inputs, ValueTables &values) {
  if (tensorStride_ > 0)
    computeTensors(inputs, plan_->end_tensor);
  if (modelNext_.size() > 0)
    inputs.runForModel(plan_->end_model, modelNext_.data());

  const TensorTable &tensors = inputs.tensors;
  for (size_t i = 0; tensorStride_ > 0 && i < tensors.size(); ++i) {
    double *metrics = tensorMetrics_.begin() + i * tensorMetricCount_;
    if (!tensors[i].takesPart) {
      std::fill_n(metrics, tensorMetricCount_, notYet);
      continue;
    }
    storeStates(values.tensorColumns(), nextOf(i), values.ofTensor(i));
    std::copy_n(nextOf(i) + tensorStateCount_, tensorMetricCount_, metrics);
  }
  if (modelNext_.size() == 0)
    return;
  // Of nothing, means are NaN and maxima infinite. No state takes that over for good, only because a host makes a step
  // without gradients.
  if (inputs.modelSize == 0) {
    std::fill(modelMetrics_.begin(), modelMetrics_.end(), notYet);
    return;
  }
  storeStates(values.modelColumns(), modelNext_.data(), values.ofModel());
  std::copy_n(modelNext_.data() + modelStateCount_, modelMetricCount_, modelMetrics_.begin());
}

void ScalarStates::finishAtExit(const ravine_plan_exit &exit, const ScalarInputs &inputs, ValueTables &values) {
  bool endsTensors = tensorStateCount_ > 0 && exit.end_tensor != nullptr;
  bool endsModel = modelStateCount_ > 0 && exit.end_model.function != nullptr && inputs.modelSize > 0;
  if (endsTensors)
    computeTensors(inputs, exit.end_tensor);
  if (endsModel)
    inputs.runForModel(exit.end_model, modelNext_.data());

  for (size_t i = 0; endsTensors && i < inputs.tensors.size(); ++i)
    if (inputs.tensors[i].takesPart && exit.end_tensor[inputs.settings.variant(i)].function != nullptr)
      storeStates(values.tensorColumns(), nextOf(i), values.ofTensor(i));
  if (endsModel)
    storeStates(values.modelColumns(), modelNext_.data(), values.ofModel());
}

void ScalarStates::computeTensors(const ScalarInputs &inputs, const ravine_plan_scalars *programs) {
  for (size_t i = 0; i < inputs.tensors.size(); ++i) {
    const ravine_plan_scalars &program = programs[inputs.settings.variant(i)];
    if (inputs.include(inputs.tensors[i]) && program.function != nullptr)
      inputs.run(program, i, nextOf(i));
  }
}

} // namespace ravine::core
