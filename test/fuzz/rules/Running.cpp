// Driving compiled code and the interpreter through the same steps.
#include "test/fuzz/rules/Running.h"

#include "test/fuzz/rules/Composition.h"

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

/// Tensors with odd numbers are in groups with odd numbers.
static std::string groupName(size_t number) {
  return (number % 2 == 1 ? "odd." : "even.") + std::to_string(number);
}

static std::unique_ptr<CompiledOptimizer> create(const std::string &library, const Inputs &inputs,
                                                 const Configuration &configuration) {
  std::vector<CompiledOptimizer::Tensor> tensors;
  for (size_t i = 0; i < inputs.tensors.size(); ++i) {
    const TensorInput &tensor = inputs.tensors[i];
    auto group = static_cast<uint32_t>(i) % configuration.groups;
    Precision precision = *parsePrecision(tensor.precision);
    auto rowAxes = static_cast<uint32_t>(tensor.shape.size() < 2 ? 0 : tensor.rowAxes);
    tensors.push_back({tensor.parameter(), group, tensor.shape, inputs.hypersOf(i), inputs.nameOf(i), groupName(group),
                       precision.parameter, precision.gradient, rowAxes});
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
    if (failure.status != RAVINE_ERROR_NONFINITE && failure.status != RAVINE_ERROR_REQUIREMENT)
      throw;
  }
}

static void set(CompiledOptimizer &compiled, const Inputs &inputs, size_t number) {
  for (const auto &[name, value] : inputs.changesBefore(number))
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
    compiled = create(library, inputs, configuration);
  } catch (const CallFailed &failure) {
    if (failure.status == RAVINE_ERROR_REQUIREMENT)
      return std::nullopt;
    throw;
  }
  for (size_t number = 0; number < inputs.steps; ++number) {
    if (number == 1 && !configuration.savedTo.empty()) {
      compiled->save(configuration.savedTo);
      auto loaded = create(library, inputs, configuration);
      loaded->takeParameters(*compiled);
      loaded->load(configuration.savedTo);
      compiled = std::move(loaded);
    }
    set(*compiled, inputs, number);
    step(*compiled, inputs, number);
  }
  Results results = test::resultsOf(*compiled);
  for (size_t i = 0; i < inputs.tensors.size(); ++i)
    results["g of tensor " + std::to_string(i)] = {true, compiled->gradientNumbers(i)};
  return results;
}

// ---- interpreted

namespace {

/// The interpreter between steps, as the host sets hypers.
class Interpreted {
public:
  Interpreted(ir::OptimizerOp rule, const Inputs &inputs) : rule(rule), inputs(inputs), hypers(inputs.hypers) {
    for (ir::PrecisionAttr candidate : rule.getStorage())
      if (candidate.getName().getValue() == inputs.tensors.front().precision)
        precision = candidate;
    for (size_t i = 0; i < inputs.tensors.size(); ++i) {
      InterpretedTensor &tensor = model.tensors.emplace_back();
      std::vector<float> w = inputs.tensors[i].parameter();
      tensor.shape = inputs.tensors[i].shape;
      tensor.rowAxes = inputs.tensors[i].rowAxes;
      tensor.parameter.assign(w.begin(), w.end());
      tensor.hypers = inputs.hypersOf(i);
      tensor.name = inputs.nameOf(i);
      tensor.group = groupName(i % Configuration().groups);
    }
    interpreter = make(hypers);
  }

  [[nodiscard]] bool requirementsHold() const { return requirementsHold(*interpreter, model); }

  /// Whether every tensor has as many axes as the rule needs.
  [[nodiscard]] bool shapesFit() const {
    return llvm::all_of(model.tensors, [&](const InterpretedTensor &tensor) {
      return interpreter->minimumRank(tensor) <= tensor.shape.size();
    });
  }

  /// All that a requirement does not forbid.
  void set(const std::map<std::string, double> &changes) {
    for (const auto &[name, value] : changes) {
      InterpretedModel changed = model;
      std::map<std::string, double> proposed = hypers;
      proposed[name] = value;
      for (InterpretedTensor &tensor : changed.tensors)
        tensor.hypers.erase(name);
      auto next = make(proposed);
      if (!requirementsHold(*next, changed))
        continue;
      hypers = std::move(proposed);
      model = std::move(changed);
      interpreter = std::move(next);
    }
  }

  void step(size_t number, const Adjustment &adjustment) {
    interpreter->setAdjustment(adjustment);
    Interpreter::Gradients given;
    for (const TensorInput &tensor : inputs.tensors) {
      std::vector<float> g = tensor.gradient(number);
      // A tensor without elements has no gradient to be missed.
      bool isAbsent = tensor.isAbsent(number) && !g.empty();
      given.push_back(isAbsent ? std::nullopt : std::optional(std::vector<double>(g.begin(), g.end())));
    }
    bool isZeroed =
        requirementsHold() && interpreter->step(model, given) != StepEnd::Refused && interpreter->zeroesGradients();
    gradients.clear();
    for (const std::optional<std::vector<double>> &gradient : given) {
      gradients.push_back(gradient.value_or(std::vector<double>()));
      if (isZeroed)
        std::ranges::fill(gradients.back(), 0.0);
    }
  }

  [[nodiscard]] Results results() const {
    Results results = test::resultsOf(*interpreter, rule, model);
    for (size_t i = 0; i < gradients.size(); ++i)
      results["g of tensor " + std::to_string(i)] = {true, gradients[i]};
    return results;
  }

private:
  [[nodiscard]] std::unique_ptr<Interpreter> make(const std::map<std::string, double> &values) const {
    return std::make_unique<Interpreter>(rule, Arithmetic::Rounded, values, precision);
  }

  static bool requirementsHold(const Interpreter &interpreter, const InterpretedModel &model) {
    return llvm::all_of(model.tensors, [&](const InterpretedTensor &tensor) {
      return interpreter.requirementsHold(tensor, model.steps + 1);
    });
  }

  ir::OptimizerOp rule;
  const Inputs &inputs;
  std::map<std::string, double> hypers;
  ir::PrecisionAttr precision;
  std::unique_ptr<Interpreter> interpreter;
  InterpretedModel model;
  /// As the last step left them.
  std::vector<std::vector<double>> gradients;
};

} // namespace

bool isOfOnePrecision(const Inputs &inputs) {
  return inputs.precisions().size() == 1;
}

bool shapesFit(ir::OptimizerOp rule, const Inputs &inputs) {
  return Interpreted(rule, inputs).shapesFit();
}

std::optional<Results> runInterpreted(ir::OptimizerOp rule, const Inputs &inputs, const Adjustment &adjustment) {
  Interpreted interpreted(rule, inputs);
  if (!interpreted.requirementsHold())
    return std::nullopt;
  for (size_t number = 0; number < inputs.steps; ++number) {
    interpreted.set(inputs.changesBefore(number));
    interpreted.step(number, adjustment);
  }
  return interpreted.results();
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
