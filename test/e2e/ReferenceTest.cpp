// The standard library against independent reference trajectories (PyTorch, Optax, packages of the methods' authors and
// closed forms, in f64; see test/stdlib/generate_vectors.py): the rule itself, interpreted in f64, and the compiled f32
// code.
#include "test/e2e/ReferenceFile.h"
#include "test/e2e/Trajectory.h"
#include "test/support/CompiledOptimizer.h"
#include "test/support/Rule.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace ravine;
using namespace ravine::test;

namespace {

constexpr size_t stepCount = 20;

/// The entries of the standard library. Each has a file of reference trajectories.
std::vector<std::string> entries() {
  std::vector<std::string> names;
  for (const auto &file : std::filesystem::directory_iterator(RAVINE_SOURCE "/stdlib/optimizers"))
    if (file.path().stem() != "lookahead") // no optimizer until it is told around which; see CompositionTest.cpp
      names.push_back(file.path().stem());
  std::ranges::sort(names);
  return names;
}

/// The number that stands for a value: the index of an enum's choice.
double numberOf(ir::OptimizerOp rule, const std::string &hyper, const HyperValue &value) {
  if (const auto *number = std::get_if<double>(&value))
    return *number;
  auto choices = rule.lookupSymbol<ir::HyperOp>(hyper).getChoices()->getAsValueRange<mlir::StringAttr>();
  return static_cast<double>(std::distance(choices.begin(), llvm::find(choices, std::get<std::string>(value))));
}

std::vector<float> rounded(const std::vector<double> &values) {
  return {values.begin(), values.end()};
}

class Reference : public testing::TestWithParam<std::string> {
protected:
  Reference()
      : file(RAVINE_SOURCE "/test/stdlib/vectors/" + GetParam() + ".json"),
        rule(RAVINE_SOURCE "/stdlib/optimizers/" + GetParam() + ".rvn"), op(rule.optimizer(GetParam())) {}

  /// The hypers of a step, counted from 0.
  std::map<std::string, double> hypersOf(const ReferenceCase &test, size_t step) {
    std::map<std::string, double> hypers;
    for (const auto &[name, values] : test.hypers)
      hypers[name] = numberOf(op, name, values[std::min(step, values.size() - 1)]);
    return hypers;
  }

  void interpret(const ReferenceCase &test) {
    InterpretedModel model;
    for (size_t i = 0; i < file.shapes.size(); ++i)
      model.tensors.push_back({.shape = file.shapes[i], .parameter = test.start[i]});
    Scale scale(test.start);
    for (size_t step = 0; step < stepCount; ++step) {
      SCOPED_TRACE("step " + std::to_string(step + 1));
      Interpreter exact(op, Arithmetic::Exact, hypersOf(test, step));
      Interpreter::Gradients gradients;
      for (const std::vector<double> &gradient : test.gradients[step])
        gradients.push_back(gradient.empty() ? std::nullopt : std::optional(gradient));
      ASSERT_EQ(exact.step(model, gradients), StepEnd::Committed);
      scale.advance(test.weights[step]);
      for (size_t i = 0; i < model.tensors.size(); ++i) {
        expectNear(model.tensors[i].parameter, test.weights[step][i], i, scale, 1e-12, "w");
        for (const auto &[name, rows] : test.views)
          expectNear(exact.view(model, name, i), rows[step][i], i, scale, 1e-12, name);
      }
    }
  }

  void runCompiled(const ReferenceCase &test) {
    std::vector<CompiledOptimizer::Tensor> tensors;
    for (size_t i = 0; i < file.shapes.size(); ++i)
      tensors.push_back({.parameter = rounded(test.start[i]), .shape = file.shapes[i]});
    CompiledOptimizer compiled(RAVINE_STDLIB_LIBRARIES "/lib" + GetParam() + ".so", GetParam(), std::move(tensors),
                               hypersOf(test, 0), 1, "");
    Scale scale(test.start);
    for (size_t step = 0; step < stepCount; ++step) {
      SCOPED_TRACE("step " + std::to_string(step + 1));
      for (const auto &[name, values] : test.hypers)
        if (values.size() > 1)
          compiled.set(name, numberOf(op, name, values[step]));
      std::vector<std::vector<float>> gradients;
      for (const std::vector<double> &gradient : test.gradients[step])
        gradients.push_back(rounded(gradient));
      compiled.step(gradients);
      scale.advance(test.weights[step]);
      double tolerance = 4 * static_cast<double>(step + 1) * 0x1p-24;
      for (size_t i = 0; i < file.shapes.size(); ++i) {
        expectNear(compiled.parameter(i), test.weights[step][i], i, scale, tolerance, "w");
        for (const auto &[name, rows] : test.views)
          expectNear(compiled.view(i, name), rows[step][i], i, scale, tolerance, name);
      }
    }
  }

  ReferenceFile file;
  Rule rule;
  ir::OptimizerOp op;
};

TEST_P(Reference, Interpreted) {
  for (const ReferenceCase &test : file.cases) {
    SCOPED_TRACE(test.name);
    interpret(test);
  }
}

TEST_P(Reference, Compiled) {
  for (const ReferenceCase &test : file.cases) {
    SCOPED_TRACE(test.name);
    runCompiled(test);
  }
}

/// No rule divides zero by zero, whatever its options, where weights and gradients vanish.
TEST_P(Reference, ZerosStayFinite) {
  for (const ReferenceCase &test : file.cases) {
    SCOPED_TRACE(test.name);
    std::vector<CompiledOptimizer::Tensor> tensors(2);
    tensors[0].parameter = {0, 0, 0};
    tensors[1].parameter = {0, 1};
    tensors[1].shape = std::vector<int64_t>{1, 2};
    if (std::ranges::all_of(file.shapes, [](const auto &shape) { return shape.size() > 1; })) // a rule for matrices
      tensors[0].shape = std::vector<int64_t>{3, 1};
    CompiledOptimizer compiled(RAVINE_STDLIB_LIBRARIES "/lib" + GetParam() + ".so", GetParam(), std::move(tensors),
                               hypersOf(test, 0), 1, "");
    for (int step = 0; step < 3; ++step) {
      compiled.step({{0, 0, 0}, {0, 0}});
      for (size_t i : {0, 1})
        for (float weight : compiled.parameter(i))
          ASSERT_TRUE(std::isfinite(weight)) << "tensor " << i << " after step " << step + 1;
    }
  }
}

/// An option that no reference was run with is not tested.
TEST_P(Reference, EveryHyperIsSet) {
  for (ir::HyperOp hyper : op.declared<ir::HyperOp>()) {
    std::string name = hyper.getSymName().str();
    EXPECT_TRUE(llvm::any_of(file.cases, [&](const ReferenceCase &test) { return test.hypers.contains(name); }))
        << name;
  }
}

TEST_P(Reference, FileIsComplete) {
  EXPECT_EQ(file.optimizer, GetParam());
  for (const ReferenceCase &test : file.cases) {
    SCOPED_TRACE(test.name);
    EXPECT_EQ(test.gradients.size(), stepCount);
    EXPECT_EQ(test.weights.size(), stepCount);
    auto eval = test.views.find("eval");
    EXPECT_EQ(eval == test.views.end() ? 0 : eval->second.size(), op.lookupSymbol<ir::ViewOp>("eval") ? stepCount : 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Stdlib, Reference, testing::ValuesIn(entries()), [](const auto &info) { return info.param; });

} // namespace
