// Everything that steps have changed in a model.
#include "test/support/Results.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace ravine::test {

static std::string of(const std::string &name, size_t tensor) {
  return name + " of tensor " + std::to_string(tensor);
}

static std::vector<double> orNothing(std::optional<double> number) {
  return number ? std::vector{*number} : std::vector<double>();
}

// ---- compiled

static void addTensor(Results &results, const CompiledOptimizer &compiled, size_t tensor) {
  const ravine_optimizer_info &info = compiled.description();
  results[of("w", tensor)] = {true, compiled.parameterNumbers(tensor)};
  results[of("steps", tensor)] = {false, {static_cast<double>(compiled.progress(tensor).tensor_steps)}};
  bool isInitialized = compiled.progress(tensor).tensor_initialized != 0;
  for (size_t i = 0; i < info.state_count; ++i) {
    const ravine_state_info &state = info.states[i];
    // The memory of a state is there before its numbers are.
    if (state.index_set == RAVINE_PER_TENSOR)
      results[of(state.name, tensor)] = {false, orNothing(compiled.scalarState(tensor, state.name))};
    else if (state.index_set != RAVINE_PER_MODEL)
      results[of(state.name, tensor)] = {true, isInitialized ? compiled.stateNumbers(tensor, state.name)
                                                             : std::vector<double>()};
  }
  for (size_t i = 0; i < info.metric_count; ++i)
    if (info.metrics[i].index_set == RAVINE_PER_TENSOR)
      results[of(info.metrics[i].name, tensor)] = {false, {compiled.metric(tensor, info.metrics[i].name)}};
  for (size_t i = 0; i < info.view_count; ++i)
    results[of(info.views[i].name, tensor)] = {true, compiled.viewNumbers(tensor, info.views[i].name)};
}

Results resultsOf(const CompiledOptimizer &compiled) {
  const ravine_optimizer_info &info = compiled.description();
  ravine_progress progress = compiled.progress(0);
  Results results;
  results["steps"] = {false, {static_cast<double>(progress.steps)}};
  results["skipped"] = {false, {static_cast<double>(progress.skipped)}};
  for (size_t i = 0; i < info.state_count; ++i)
    if (info.states[i].index_set == RAVINE_PER_MODEL)
      results[info.states[i].name] = {false, orNothing(compiled.scalarState(0, info.states[i].name))};
  for (size_t i = 0; i < info.metric_count; ++i)
    if (info.metrics[i].index_set == RAVINE_PER_MODEL)
      results[info.metrics[i].name] = {false, {compiled.metric(0, info.metrics[i].name)}};
  for (size_t tensor = 0; tensor < compiled.tensorCount(); ++tensor)
    addTensor(results, compiled, tensor);
  return results;
}

// ---- interpreted

static double metricOrNaN(const std::map<std::string, double> &metrics, const std::string &name) {
  auto known = metrics.find(name);
  return known != metrics.end() ? known->second : std::numeric_limits<double>::quiet_NaN();
}

static void addTensor(Results &results, const Interpreter &interpreter, ir::OptimizerOp optimizer,
                      const InterpretedModel &model, size_t index) {
  const InterpretedTensor &tensor = model.tensors[index];
  results[of("w", index)] = {true, tensor.parameter};
  results[of("steps", index)] = {false, {static_cast<double>(tensor.t)}};
  for (ir::StateOp state : optimizer.declared<ir::StateOp>()) {
    std::string name = state.getSymName().str();
    auto known = tensor.states.find(name);
    if (state.getFieldType().getSet() != IndexSet::Model)
      results[of(name, index)] = {!state.getFieldType().isScalar(),
                                  known != tensor.states.end() ? known->second : std::vector<double>()};
  }
  for (ir::MetricOp metric : optimizer.declared<ir::MetricOp>())
    if (std::string name = metric.getSymName().str(); metric.getFieldType().getSet() == IndexSet::Tensor)
      results[of(name, index)] = {false, {metricOrNaN(tensor.metrics, name)}};
  for (ir::ViewOp view : optimizer.declared<ir::ViewOp>())
    results[of(view.getSymName().str(), index)] = {true, interpreter.view(model, view.getSymName(), index)};
}

Results resultsOf(const Interpreter &interpreter, ir::OptimizerOp optimizer, const InterpretedModel &model) {
  Results results;
  results["steps"] = {false, {static_cast<double>(model.steps)}};
  results["skipped"] = {false, {static_cast<double>(model.skipped)}};
  for (ir::StateOp state : optimizer.declared<ir::StateOp>()) {
    auto known = model.states.find(state.getSymName().str());
    if (state.getFieldType().getSet() == IndexSet::Model)
      results[state.getSymName().str()] = {false, known != model.states.end() ? std::vector{known->second}
                                                                              : std::vector<double>()};
  }
  for (ir::MetricOp metric : optimizer.declared<ir::MetricOp>())
    if (std::string name = metric.getSymName().str(); metric.getFieldType().getSet() == IndexSet::Model)
      results[name] = {false, {metricOrNaN(model.metrics, name)}};
  for (size_t tensor = 0; tensor < model.tensors.size(); ++tensor)
    addTensor(results, interpreter, optimizer, model, tensor);
  return results;
}

// ---- comparison

/// The distance of two floats in the order of all floats; 0 for two NaNs.
static int64_t distance(float left, float right) {
  if (std::isnan(left) || std::isnan(right))
    return std::isnan(left) && std::isnan(right) ? 0 : INT64_MAX;
  auto order = [](float value) {
    auto bits = std::bit_cast<int32_t>(value);
    return bits < 0 ? static_cast<int64_t>(INT32_MIN) - bits : static_cast<int64_t>(bits);
  };
  if (std::signbit(left) != std::signbit(right) && left == right)
    return 1; // +0 and −0 are different bits
  return std::abs(order(left) - order(right));
}

static bool agree(double actual, double expected, bool isOfElements, Tolerance tolerance) {
  if (isOfElements)
    return distance(static_cast<float>(actual), static_cast<float>(expected)) <= tolerance.ulps;
  if (std::isnan(expected))
    return std::isnan(actual);
  return (actual == expected && std::signbit(actual) == std::signbit(expected)) ||
         std::abs(actual - expected) <= tolerance.relative * std::abs(expected);
}

void expectAgreement(const Results &actual, const Results &expected, Tolerance tolerance) {
  for (const auto &[name, result] : actual)
    EXPECT_TRUE(expected.contains(name)) << name;
  for (const auto &[name, result] : expected) {
    auto found = actual.find(name);
    ASSERT_NE(found, actual.end()) << name;
    const std::vector<double> &numbers = found->second.numbers;
    ASSERT_EQ(numbers.size(), result.numbers.size()) << name;
    for (size_t i = 0; i < numbers.size(); ++i)
      ASSERT_TRUE(agree(numbers[i], result.numbers[i], result.isOfElements, tolerance))
          << name << "[" << i << "] of " << numbers.size() << ": " << testing::PrintToString(numbers[i])
          << ", expected " << testing::PrintToString(result.numbers[i]);
  }
}

} // namespace ravine::test
