// The rules that compiled code is tested on.
#include "test/e2e/RuleCase.h"

#include "test/support/RandomNumbers.h"
#include "test/support/Rule.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <numeric>
#include <sstream>

namespace ravine::test {

std::ostream &operator<<(std::ostream &out, const RuleCase &test) {
  out << test.optimizer;
  for (const auto &[name, value] : test.hypers)
    out << " " << name << "=" << value;
  for (const auto &[name, value] : test.odd)
    out << " odd " << name << "=" << value;
  return out;
}

namespace {

/// Where the source of a rule is, and its library.
struct Place {
  std::string sources, libraries;
};

} // namespace

static Place placeOf(const RuleCase &test) {
  const Place places[] = {{RAVINE_SOURCE "/test/e2e/rules/", RAVINE_RULE_LIBRARIES},
                          {RAVINE_SOURCE "/test/stdlib/compositions/", RAVINE_COMPOSITION_LIBRARIES}};
  for (const Place &place : places)
    if (std::filesystem::exists(place.sources + test.file + ".rvn"))
      return place;
  return {RAVINE_SOURCE "/stdlib/optimizers/", RAVINE_STDLIB_LIBRARIES};
}

std::string libraryOf(const RuleCase &test) {
  return placeOf(test).libraries + "/lib" + test.file + ".so";
}

std::string sourceOf(const RuleCase &test) {
  return placeOf(test).sources + test.file + ".rvn";
}

static std::vector<RuleCase> ownRules() {
  return {
      {"arithmetic", "arithmetic"},
      {"arithmetic", "arithmetic", {{"mode", 1}, {"k", 7}}},
      {"arithmetic", "arithmetic", {{"mode", 2}, {"flip", 1}, {"a", -3}}, {{"flip", 0}, {"k", 2}}},
      {"functions", "functions", {}, {}, 1},
      {"functions", "scalar_functions"},
      {"subnormals", "subnormals"},
      {"subnormals", "subnormals", {{"half", 1}, {"factor", 3}}},
      {"kept_subnormals", "kept_subnormals"},
      {"reductions", "reductions"},
      {"reductions", "folded", {}, {{"lr", 0.25}}},
      {"reductions", "standardized"},
      {"scalar_states", "scalar_states", {{"start", 0.5}}, {{"gain", 0.3}, {"lr", 1e-3}}},
      {"scalar_states", "counters"},
      {"cases", "cases", {}, {{"plain", 1}}},
      {"cases", "shared"},
      {"cases", "weighted"},
      {"cases", "of_the_model"},
      {"cases", "of_the_model", {{"fast", 1}}},
      {"metrics_views", "metrics_views", {}, {{"beta", 0.5}}},
      {"nonfinite", "skipping"},
      {"nonfinite", "skipping_clipped"},
      {"nonfinite", "refusing"},
      {"nonfinite", "decaying"},
      {"stages", "trusted", {}, {{"lr", 0.1}}},
      {"stages", "clipped_trusted"},
      {"stages", "thrice"},
      {"stages", "own_thrice"},
      {"stages", "after"},
      {"groups", "row_shrink"},
      {"groups", "col_shrink"},
      {"groups", "channel_shrink"},
      {"groups", "block_shrink", {}, {{"tau", 2}}},
      {"groups", "block_second_moment"},
      {"groups", "factored"},
      {"groups", "channel_scale", {{"start", 0.25}}},
      {"groups", "of_tensors"},
      {"groups", "searched"},
      {"groups", "searched_twice", {}, {{"k", 5}}},
      {"groups", "rearranged", {}, {{"lambda", 2}}},
      {"groups", "global_mask"},
      {"groups", "normalized_start"},
      {"groups", "rows_or_tensor"},
      {"groups", "any_group"},
      {"groups", "channels_twice"},
      {"groups", "balanced"},
      {"groups", "balanced_matrices"},
  };
}

static std::vector<RuleCase> optionsOfStandardLibrary() {
  return {
      {"adabelief", "adabelief", {{"weight_decay", 0.1}}},
      {"adadelta", "adadelta", {{"weight_decay", 0.1}, {"maximize", 1}}},
      {"adagrad", "adagrad", {{"lr_decay", 0.1}, {"initial_accumulator_value", 0.5}, {"maximize", 1}}},
      {"adagrad_norm", "adagrad_norm", {{"form", 1}}, {{"lr", 0.1}}},
      {"adagrad_norm", "adagrad_norm", {{"form", 2}}},
      {"adam", "adam", {{"weight_decay", 0.1}}},
      {"adam_lecture", "adam_lecture", {{"coupled_weight_decay", 0.1}, {"decoupled_weight_decay", 0.2}}},
      {"adamax", "adamax", {{"weight_decay", 0.1}, {"maximize", 1}}},
      {"adamw", "adamw", {{"lr", 0.01}}},
      {"adan", "adan", {{"weight_decay", 0.1}}, {{"proximal", 0}}},
      {"adopt", "adopt", {{"weight_decay", 0.1}, {"clip", 0}}},
      {"adopt", "adopt", {{"weight_decay", 0.1}, {"decoupled_weight_decay", 1}}},
      {"asgd", "asgd", {{"t0", 0}, {"weight_decay", 0.1}, {"maximize", 1}}},
      {"dadapt_adam", "dadapt_adam", {{"d0", 1e-3}, {"weight_decay", 0.1}, {"growth_rate", 1.5}}, {{"decouple", 1}}},
      {"dadapt_adam", "dadapt_adam", {{"use_bias_correction", 1}}},
      {"lamb", "lamb", {{"weight_decay", 0.1}}, {{"lr", 0.1}}},
      {"lars", "lars", {{"weight_decay", 0.1}, {"nesterov", 1}}, {{"momentum", 0.5}}},
      {"lion", "lion", {{"weight_decay", 0.1}}},
      {"mars", "mars", {{"weight_decay", 0.1}}, {{"gamma", 0.5}}},
      {"nadam", "nadam", {{"weight_decay", 0.1}, {"maximize", 1}}, {{"decoupled_weight_decay", 1}}},
      {"norm_clipped_sgd", "norm_clipped_sgd", {{"clip", 1e3}, {"per_tensor", 1}}, {{"clip", 0.5}}},
      {"normalized_sgd", "normalized_sgd", {{"per_tensor", 1}}},
      {"normalized_sgdm", "normalized_sgdm", {{"per_tensor", 1}}},
      {"novograd", "novograd", {{"weight_decay", 0.1}, {"grad_averaging", 1}}, {{"amsgrad", 1}}},
      {"polyak", "polyak", {{"loss", 2}, {"optimum", 0.5}}},
      {"prodigy", "prodigy", {{"d0", 1e-3}, {"weight_decay", 0.1}, {"growth_rate", 1.5}}, {{"decouple", 0}}},
      {"prodigy", "prodigy", {{"beta3", 0.9}, {"use_bias_correction", 1}, {"safeguard_warmup", 1}}},
      {"radam", "radam", {{"beta2", 0.5}, {"weight_decay", 0.1}, {"maximize", 1}}, {{"decoupled_weight_decay", 1}}},
      {"rmsprop", "rmsprop", {{"centered", 1}}},
      {"rmsprop", "rmsprop", {{"momentum", 0.9}}, {{"momentum", 0}}},
      {"rmsprop", "rmsprop", {{"centered", 1}, {"momentum", 0.9}, {"weight_decay", 0.01}}},
      {"rprop", "rprop", {{"step_min", 0.02}, {"step_max", 0.1}, {"maximize", 1}}},
      {"schedule_free_adamw", "schedule_free_adamw", {{"warmup_steps", 2}, {"weight_decay", 0.1}, {"r", 1.5}}},
      {"schedule_free_sgd", "schedule_free_sgd", {{"warmup_steps", 2}, {"weight_decay", 0.1}, {"r", 1.5}}},
      {"sgd", "sgd", {{"momentum", 0.9}, {"nesterov", 1}, {"weight_decay", 0.01}}},
      {"sgd", "sgd", {{"momentum", 0.9}, {"dampening", 0.3}, {"maximize", 1}}},
      {"sgdm", "sgdm", {{"debias", 1}}},
      {"signsgd", "signsgd", {{"weight_decay", 0.1}}},
      {"signum", "signum", {{"weight_decay", 0.1}}},
      {"yogi", "yogi", {{"weight_decay", 0.1}}},
  };
}

/// Every optimizer that is composed for the tests of the standard library.
static std::vector<RuleCase> compositions() {
  std::vector<RuleCase> cases;
  for (std::string file : {"chains", "lookaheads", "selections", "transforms"}) {
    std::ifstream source(RAVINE_SOURCE "/test/stdlib/compositions/" + file + ".rvn");
    for (std::string line; std::getline(source, line);)
      if (std::istringstream words(line); line.starts_with("optimizer ")) {
        std::string keyword, name;
        words >> keyword >> name;
        cases.push_back({file, name});
      }
  }
  return cases;
}

/// How far elements of an entry of the standard library may be apart with its defaults, after the three steps of a
/// scenario: elementary functions of elements may be rounded differently (docs/vector-math.md).
static int64_t ulpsOf(const std::string &entry) {
  // exp(log w − …). For |log w| < 16 one ulp of the logarithm is 2⁻²⁰, 16 ulps of w; then comes the exponential.
  if (entry == "mirror_map")
    return 17;
  // w·exp(…)·…: in each step an ulp of the exponential, which products may make two.
  return entry == "mirror_descent" ? 6 : 0;
}

std::vector<RuleCase> allRuleCases() {
  std::vector<RuleCase> cases = ownRules();
  for (const auto &file : std::filesystem::directory_iterator(RAVINE_SOURCE "/stdlib/optimizers"))
    if (file.path().stem() != "lookahead") // generic: compositions use it
      cases.push_back({file.path().stem(), file.path().stem(), {}, {}, ulpsOf(file.path().stem())});
  for (auto more : {optionsOfStandardLibrary(), compositions()})
    std::ranges::move(more, std::back_inserter(cases));
  std::ranges::sort(cases, {}, &RuleCase::optimizer);
  return cases;
}

// ---- scenarios

static size_t sizeOf(const std::vector<int64_t> &shape) {
  return static_cast<size_t>(std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>()));
}

Scenario::Scenario(Shapes givenShapes, Specials specials) : shapes(std::move(givenShapes)) {
  auto seed = static_cast<uint32_t>(shapes.size());
  RandomNumbers ordinary(seed, false), special(seed + 1, true);
  for (const std::vector<int64_t> &shape : shapes)
    parameters.push_back((specials == Specials::Everywhere ? special : ordinary).draw(sizeOf(shape)));
  for (size_t step = 0; step < 3; ++step) {
    bool isSpecial = specials == Specials::Everywhere || (specials == Specials::InSecondStep && step == 1);
    gradients.emplace_back();
    for (size_t tensor = 0; tensor < shapes.size(); ++tensor) {
      bool isAbsent = (step == 1 && tensor + 1 == shapes.size()) || (step == 0 && tensor == shapes.size() / 2);
      size_t size = isAbsent ? 0 : sizeOf(shapes[tensor]);
      gradients.back().push_back((isSpecial ? special : ordinary).draw(size));
    }
  }
}

Results runCompiled(const RuleCase &test, const Scenario &scenario, const Configuration &configuration) {
  std::vector<CompiledOptimizer::Tensor> tensors;
  for (size_t i = 0; i < scenario.shapes.size(); ++i) {
    auto group = static_cast<uint32_t>(i) % configuration.groups;
    tensors.push_back({scenario.parameters[i], group, scenario.shapes[i], i % 2 == 1 ? test.odd : Hypers()});
  }
  CompiledOptimizer compiled(libraryOf(test), test.optimizer, std::move(tensors), test.hypers, configuration.threads,
                             configuration.isa);
  for (const auto &gradients : scenario.gradients)
    try {
      compiled.step(gradients);
    } catch (const CallFailed &failure) {
      if (failure.status != RAVINE_ERROR_NONFINITE)
        throw;
    }
  return resultsOf(compiled);
}

Results runInterpreted(const RuleCase &test, const Scenario &scenario) {
  Rule rule(sourceOf(test));
  ir::OptimizerOp optimizer = rule.optimizer(test.optimizer);
  Interpreter interpreter(optimizer, Arithmetic::Rounded, test.hypers);
  InterpretedModel model;
  for (size_t i = 0; i < scenario.shapes.size(); ++i) {
    const std::vector<float> &w = scenario.parameters[i];
    model.tensors.push_back({scenario.shapes[i], {w.begin(), w.end()}, i % 2 == 1 ? test.odd : Hypers()});
  }
  for (const auto &step : scenario.gradients) {
    Interpreter::Gradients gradients;
    for (size_t i = 0; i < step.size(); ++i) {
      // A tensor without elements has no gradient to be missed.
      bool isAbsent = step[i].empty() && model.tensors[i].size() > 0;
      gradients.push_back(isAbsent ? std::nullopt : std::optional(std::vector<double>(step[i].begin(), step[i].end())));
    }
    interpreter.step(model, gradients);
  }
  return resultsOf(interpreter, optimizer, model);
}

std::vector<std::string> availableInstructionSets() {
  std::vector<std::string> sets = {"x86-64-v3"};
  if (__builtin_cpu_supports("avx512dq"))
    sets.emplace_back("x86-64-v4");
  else
    std::cout << "SKIP x86-64-v4: not on this processor\n";
  return sets;
}

/// Shapes that the rule takes: where it takes no vectors, these become columns.
static Shapes takenBy(const RuleCase &test, Shapes shapes) {
  Rule rule(sourceOf(test));
  Interpreter interpreter(rule.optimizer(test.optimizer), Arithmetic::Rounded, test.hypers);
  for (std::vector<int64_t> &shape : shapes)
    if (size_t axes = interpreter.minimumRank({.shape = shape}); shape.size() < axes)
      shape.resize(axes, 1);
  return shapes;
}

static const Shapes small = {{0}, {}, {15}, {3, 0, 2}, {4, 4}, {0, 4}, {17}, {2, 3, 0}, {13, 315}};
static const Shapes large = {{70001}, {5}, {1, 100003, 1}};

Shapes smallShapes(const RuleCase &test) {
  return takenBy(test, small);
}

Shapes allShapes(const RuleCase &test) {
  Shapes shapes = small;
  shapes.insert(shapes.end(), large.begin(), large.end());
  return takenBy(test, shapes);
}

} // namespace ravine::test
