// Driving compiled code and the interpreter through the same steps.
#include "test/fuzz/rules/Running.h"

#include "test/fuzz/rules/Expression.h"

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace ravine::fuzz {

using test::CallFailed;
using test::CompiledOptimizer;
using test::Result;
using test::Results;

// ---- compiled

static void setVariable(const char *name, const std::string &value) {
  if (value.empty())
    unsetenv(name);
  else
    setenv(name, value.c_str(), 1);
}

static std::unique_ptr<CompiledOptimizer> create(const std::string &library, const Inputs &inputs,
                                                 const Configuration &configuration, const CompiledOptimizer *before) {
  std::vector<CompiledOptimizer::Tensor> tensors;
  for (size_t i = 0; i < inputs.tensors.size(); ++i) {
    const TensorInput &tensor = inputs.tensors[i];
    std::vector<float> parameter = tensor.parameter();
    if (before)
      parameter.assign(before->parameter(i).begin(), before->parameter(i).end());
    auto group = static_cast<uint32_t>(i) % configuration.groups;
    tensors.push_back({std::move(parameter), group, tensor.shape, inputs.hypersOf(i)});
  }
  setVariable("RAVINE_L2_BYTES", configuration.cacheBytes);
  return std::make_unique<CompiledOptimizer>(library, optimizerName, std::move(tensors), inputs.hypers,
                                             configuration.threads, configuration.isa);
}

static void step(CompiledOptimizer &compiled, const Inputs &inputs, size_t number) {
  std::vector<std::vector<float>> gradients;
  for (const TensorInput &tensor : inputs.tensors)
    gradients.push_back(tensor.isAbsent(number) ? std::vector<float>() : tensor.gradient(number));
  try {
    compiled.step(gradients);
  } catch (const CallFailed &failure) {
    if (failure.status != RAVINE_ERROR_NONFINITE)
      throw;
  }
}

static void setLater(CompiledOptimizer &compiled, const Inputs &inputs) {
  for (const auto &[name, value] : inputs.later)
    try {
      compiled.set(name, value);
    } catch (const CallFailed &failure) {
      if (failure.status != RAVINE_ERROR_REQUIREMENT)
        throw;
    }
}

std::optional<Results> runCompiled(const std::string &library, const Inputs &inputs,
                                   const Configuration &configuration) {
  std::unique_ptr<CompiledOptimizer> compiled;
  try {
    compiled = create(library, inputs, configuration, nullptr);
  } catch (const CallFailed &failure) {
    if (failure.status == RAVINE_ERROR_REQUIREMENT)
      return std::nullopt;
    throw;
  }
  for (size_t number = 0; number < inputs.steps; ++number) {
    if (number == 1 && !configuration.savedTo.empty()) {
      compiled->save(configuration.savedTo);
      compiled = create(library, inputs, configuration, compiled.get());
      compiled->load(configuration.savedTo);
    }
    if (number == 1)
      setLater(*compiled, inputs);
    step(*compiled, inputs, number);
  }
  return test::resultsOf(*compiled);
}

// ---- interpreted

static bool requirementsHold(const Interpreter &interpreter, const InterpretedModel &model) {
  return llvm::all_of(model.tensors,
                      [&](const InterpretedTensor &tensor) { return interpreter.requirementsHold(tensor); });
}

/// The interpreter after the host has set hypers, or as it was if a requirement forbids that.
static std::unique_ptr<Interpreter> setLater(ir::OptimizerOp rule, const Inputs &inputs, InterpretedModel &model) {
  std::map<std::string, double> hypers = inputs.hypers;
  auto made = std::make_unique<Interpreter>(rule, Arithmetic::Rounded, hypers);
  for (const auto &[name, value] : inputs.later) {
    InterpretedModel changed = model;
    std::map<std::string, double> proposed = hypers;
    proposed[name] = value;
    for (InterpretedTensor &tensor : changed.tensors)
      tensor.hypers.erase(name);
    auto next = std::make_unique<Interpreter>(rule, Arithmetic::Rounded, proposed);
    if (!requirementsHold(*next, changed))
      continue;
    hypers = std::move(proposed);
    model = std::move(changed);
    made = std::move(next);
  }
  return made;
}

std::optional<Results> runInterpreted(ir::OptimizerOp rule, const Inputs &inputs, const Adjustment &adjustment) {
  auto interpreter = std::make_unique<Interpreter>(rule, Arithmetic::Rounded, inputs.hypers);
  InterpretedModel model;
  for (size_t i = 0; i < inputs.tensors.size(); ++i) {
    std::vector<float> w = inputs.tensors[i].parameter();
    model.tensors.push_back({inputs.tensors[i].shape, {w.begin(), w.end()}, inputs.hypersOf(i)});
  }
  if (!requirementsHold(*interpreter, model))
    return std::nullopt;
  for (size_t number = 0; number < inputs.steps; ++number) {
    if (number == 1 && !inputs.later.empty())
      interpreter = setLater(rule, inputs, model);
    interpreter->setAdjustment(adjustment);
    Interpreter::Gradients gradients;
    for (const TensorInput &tensor : inputs.tensors) {
      std::vector<float> g = tensor.gradient(number);
      // A tensor without elements has no gradient to be missed.
      bool isAbsent = tensor.isAbsent(number) && !g.empty();
      gradients.push_back(isAbsent ? std::nullopt : std::optional(std::vector<double>(g.begin(), g.end())));
    }
    interpreter->step(model, gradients);
  }
  return test::resultsOf(*interpreter, rule, model);
}

// ---- comparison

bool isSame(double actual, double expected) {
  // An f32 is told from its neighbours as a double, too.
  return std::bit_cast<uint64_t>(actual) == std::bit_cast<uint64_t>(expected) ||
         (std::isnan(actual) && std::isnan(expected));
}

std::vector<Difference> differences(const Results &actual, const Results &expected) {
  std::vector<Difference> found;
  for (const auto &[name, result] : actual)
    if (!expected.contains(name))
      found.push_back({name});
  for (const auto &[name, result] : expected) {
    auto other = actual.find(name);
    if (other == actual.end() || other->second.numbers.size() != result.numbers.size()) {
      found.push_back({name});
      continue;
    }
    for (size_t i = 0; i < result.numbers.size(); ++i)
      if (!isSame(other->second.numbers[i], result.numbers[i]))
        found.push_back({name, i, result.isOfElements, other->second.numbers[i], result.numbers[i]});
  }
  return found;
}

std::string describe(const std::vector<Difference> &differences) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(differences.size(), 4); ++i) {
    const Difference &it = differences[i];
    char line[160];
    std::snprintf(line, sizeof(line), "[%zu] is %.17g = %a, expected %.17g = %a\n", it.index, it.actual, it.actual,
                  it.expected, it.expected);
    text += it.name + line;
  }
  return text + std::to_string(differences.size()) + " in all";
}

uint64_t countNumbers(const Results &results) {
  uint64_t numbers = 0;
  for (const auto &[name, result] : results)
    numbers += static_cast<uint64_t>(llvm::count_if(result.numbers, [](double number) { return !std::isnan(number); }));
  return numbers;
}

} // namespace ravine::fuzz
