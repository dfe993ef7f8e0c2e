// Optimizers made from the parts of the standard library, against independent references (PyTorch, Optax and closed
// forms, in f64; see test/stdlib/generate_compositions.py): interpreted in f64, and compiled for f32.
#include "test/e2e/ReferenceFile.h"
#include "test/e2e/Trajectory.h"
#include "test/support/CompiledOptimizer.h"
#include "test/support/Rule.h"

#include <filesystem>
#include <fstream>
#include <regex>

using namespace ravine;
using namespace ravine::test;

namespace {

const std::string folder = RAVINE_SOURCE "/test/stdlib/compositions/";

/// The files of compositions, and of each the cases.
const std::map<std::string, ReferenceFile> &files() {
  static const auto read = [] {
    std::map<std::string, ReferenceFile> result;
    for (const auto &file : std::filesystem::directory_iterator(folder))
      // What is stored in other formats than f32 has a test of its own.
      if (std::string stem = file.path().stem(); file.path().extension() == ".rvn" && stem != "precisions")
        result.emplace(stem, folder + stem + ".json");
    return result;
  }();
  return read;
}

struct Case {
  std::string file;
  size_t index;
  [[nodiscard]] const ReferenceCase &reference() const { return files().at(file).cases[index]; }
};

std::ostream &operator<<(std::ostream &out, const Case &test) {
  return out << test.file << "/" << test.reference().name;
}

std::vector<Case> allCases() {
  std::vector<Case> cases;
  for (const auto &[name, file] : files())
    for (size_t index = 0; index < file.cases.size(); ++index)
      cases.push_back({name, index});
  return cases;
}

class Composition : public testing::TestWithParam<Case> {
protected:
  const ReferenceFile &file = files().at(GetParam().file);
  const ReferenceCase &test = GetParam().reference();

  /// Those of a step, counted from 0.
  std::map<std::string, double> hypersOf(size_t step) const {
    std::map<std::string, double> hypers;
    for (const auto &[name, values] : test.hypers)
      hypers[name] = std::get<double>(values.at(step));
    return hypers;
  }

  /// What comes after a step that was ended early is what was before.
  void compareCompiled(uint32_t threads) const {
    std::vector<CompiledOptimizer::Tensor> tensors;
    for (size_t i = 0; i < file.shapes.size(); ++i)
      tensors.push_back({.parameter = {test.start[i].begin(), test.start[i].end()},
                         .group = file.groupOf[i],
                         .shape = file.shapes[i],
                         .name = file.names[i],
                         .groupName = file.groups[file.groupOf[i]]});
    CompiledOptimizer compiled(RAVINE_COMPOSITION_LIBRARIES "/lib" + GetParam().file + ".so", test.name,
                               std::move(tensors), hypersOf(0), threads, "");
    Scale scale(test.start);
    for (size_t step = 0; step < test.gradients.size(); ++step) {
      SCOPED_TRACE("step " + std::to_string(step + 1));
      for (const auto &[name, value] : hypersOf(step))
        compiled.set(name, value);
      std::vector<std::vector<float>> gradients;
      for (const std::vector<double> &gradient : test.gradients[step])
        gradients.emplace_back(gradient.begin(), gradient.end());
      compiled.step(gradients);
      if (!test.weights.empty())
        scale.advance(test.weights[step]);
      expectCompiled(compiled, step, scale);
    }
  }

private:
  void expectCompiled(const CompiledOptimizer &compiled, size_t step, const Scale &scale) const {
    double tolerance = 4 * static_cast<double>(step + 1) * 0x1p-24;
    for (size_t i = 0; i < file.shapes.size(); ++i) {
      if (!test.weights.empty())
        expectNear(compiled.parameter(i), test.weights[step][i], i, scale, tolerance, "w");
      for (const auto &[name, rows] : test.views)
        expectNear(compiled.view(i, name), rows[step][i], i, scale, tolerance, name);
      for (const auto &[name, values] : test.metrics) {
        double truth = values[step][values[step].size() == 1 ? 0 : i];
        // What is made from hypers alone is in f64.
        double allowed = test.weights.empty() ? 1e-12 * std::abs(truth) + 1e-15 : tolerance * std::max(truth, 1.0);
        ASSERT_NEAR(compiled.metric(i, name), truth, allowed) << name << ", tensor " << i;
      }
      if (test.zeroesGradient)
        for (float element : compiled.gradient(i))
          ASSERT_EQ(element, 0) << "gradient of tensor " << i;
    }
    for (const auto &[name, values] : test.states)
      ASSERT_EQ(compiled.scalarState(0, name), values[step]) << name;
    int64_t skipped = test.skipped.empty() ? 0 : test.skipped[step];
    ASSERT_EQ(compiled.progress(0).skipped, skipped);
    ASSERT_EQ(compiled.progress(0).steps, static_cast<int64_t>(step + 1) - skipped);
  }
};

TEST_P(Composition, Interpreted) {
  // Numbers that meet elements are rounded to what those are computed in.
  Rule rule(folder + GetParam().file + ".rvn", {*parsePrecision("f64")});
  ir::OptimizerOp op = rule.optimizer(test.name);
  InterpretedModel model;
  for (size_t i = 0; i < file.shapes.size(); ++i)
    model.tensors.push_back({.shape = file.shapes[i],
                             .parameter = test.start[i],
                             .name = file.names[i],
                             .group = file.groups[file.groupOf[i]]});
  Scale scale(test.start);
  for (size_t step = 0; step < test.gradients.size(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step + 1));
    Interpreter exact(op, Arithmetic::Exact, hypersOf(step));
    exact.step(model, {test.gradients[step].begin(), test.gradients[step].end()});
    if (!test.weights.empty())
      scale.advance(test.weights[step]);
    for (size_t i = 0; i < file.shapes.size(); ++i) {
      if (!test.weights.empty())
        expectNear(model.tensors[i].parameter, test.weights[step][i], i, scale, 1e-12, "w");
      for (const auto &[name, rows] : test.views)
        expectNear(exact.view(model, name, i), rows[step][i], i, scale, 1e-12, name);
      for (const auto &[name, values] : test.metrics) {
        bool isOfModel = model.metrics.contains(name);
        double actual = isOfModel ? model.metrics.at(name) : model.tensors[i].metrics.at(name);
        double truth = values[step][values[step].size() == 1 ? 0 : i];
        ASSERT_NEAR(actual, truth, 1e-12 * std::abs(truth) + 1e-15) << name << ", tensor " << i;
      }
    }
    for (const auto &[name, values] : test.states)
      ASSERT_EQ(model.states.at(name), values[step]) << name;
    int64_t skipped = test.skipped.empty() ? 0 : test.skipped[step];
    ASSERT_EQ(exact.zeroesGradients(), test.zeroesGradient);
    ASSERT_EQ(model.skipped, skipped);
    ASSERT_EQ(model.steps, static_cast<int64_t>(step + 1) - skipped);
  }
}

TEST_P(Composition, Compiled) {
  compareCompiled(1);
}

TEST_P(Composition, CompiledOnSeveralThreads) {
  compareCompiled(3);
}

INSTANTIATE_TEST_SUITE_P(Stdlib, Composition, testing::ValuesIn(allCases()),
                         [](const auto &info) { return info.param.file + "_" + info.param.reference().name; });

/// A part that stands in no composition is not tested.
TEST(Compositions, UseEveryPart) {
  std::string text;
  for (const auto &[name, _] : files()) {
    std::ifstream source(folder + name + ".rvn");
    text += {std::istreambuf_iterator<char>(source), {}};
  }
  for (const char *kind : {"prox", "schedules", "transforms"})
    for (const auto &part : std::filesystem::directory_iterator(RAVINE_SOURCE "/stdlib/" + std::string(kind))) {
      std::string name = part.path().stem();
      if (name != "calculus") // the rules behind `2*l1` and the like
        EXPECT_TRUE(std::regex_search(text, std::regex("(= |\\|> |\\(lr = |<)" + name + "\\b"))) << name;
    }
}

} // namespace
