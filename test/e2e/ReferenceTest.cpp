// The standard library against independent reference trajectories (PyTorch, Optax, packages of the methods' authors and
// closed forms, in f64; see test/stdlib/generate_vectors.py): the rule itself, interpreted in f64, and the compiled f32
// code.
#include "test/e2e/ReferenceFile.h"
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

/// How far the elements of a trajectory have come, which is what its errors are measured by: rounding errors accumulate
/// over steps and with the distance travelled.
class Scale {
public:
  explicit Scale(ModelRow start) : start(start), previous(std::move(start)) {
    for (const std::vector<double> &tensor : previous)
      travelled.emplace_back(tensor.size());
  }

  void advance(const ModelRow &row) {
    for (size_t i = 0; i < row.size(); ++i)
      for (size_t k = 0; k < row[i].size(); ++k)
        travelled[i][k] += std::abs(row[i][k] - previous[i][k]);
    previous = row;
  }

  double at(size_t tensor, size_t element) const {
    return std::max(std::abs(previous[tensor][element]), std::abs(start[tensor][element])) + travelled[tensor][element];
  }

private:
  ModelRow start, previous, travelled;
};

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
      ASSERT_TRUE(exact.step(model, gradients));
      scale.advance(test.weights[step]);
      for (size_t i = 0; i < model.tensors.size(); ++i) {
        expectNear(model.tensors[i].parameter, test.weights[step][i], i, scale, 1e-12, "w");
        if (!test.eval.empty())
          expectNear(exact.view(model, "eval", i), test.eval[step][i], i, scale, 1e-12, "eval");
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
        if (!test.eval.empty())
          expectNear(compiled.view(i, "eval"), test.eval[step][i], i, scale, tolerance, "eval");
      }
    }
  }

  ReferenceFile file;
  Rule rule;
  ir::OptimizerOp op;

private:
  template <typename Values>
  static void expectNear(const Values &actual, const std::vector<double> &truth, size_t tensor, const Scale &scale,
                         double tolerance, const char *what) {
    ASSERT_EQ(actual.size(), truth.size());
    for (size_t k = 0; k < truth.size(); ++k)
      ASSERT_NEAR(actual[k], truth[k], tolerance * scale.at(tensor, k))
          << what << ", tensor " << tensor << ", element " << k;
  }
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
    EXPECT_EQ(test.eval.size(), op.lookupSymbol<ir::ViewOp>("eval") ? stepCount : 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Stdlib, Reference, testing::ValuesIn(entries()), [](const auto &info) { return info.param; });

} // namespace
