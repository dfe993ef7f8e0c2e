// The standard library against independent reference trajectories (PyTorch, Optax, NumPy in f64; see
// test/stdlib/generate_vectors.py): the rule itself, interpreted in f64, and the compiled f32 code.
#include "test/support/CompiledOptimizer.h"
#include "test/support/Rule.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

using namespace ravine;
using namespace ravine::test;

namespace {

std::vector<double> numbers(const llvm::json::Value &array) {
  std::vector<double> values;
  for (const llvm::json::Value &value : *array.getAsArray())
    values.push_back(*value.getAsNumber());
  return values;
}

std::vector<std::vector<double>> rows(const llvm::json::Array &array) {
  std::vector<std::vector<double>> values;
  for (const llvm::json::Value &row : array)
    values.push_back(numbers(row));
  return values;
}

/// The index of an enum's choice, a bool as 0 or 1, a number as it is.
double hyperValue(ir::OptimizerOp rule, llvm::StringRef name, const llvm::json::Value &value) {
  if (auto boolean = value.getAsBoolean())
    return *boolean ? 1 : 0;
  if (auto number = value.getAsNumber())
    return *number;
  auto choices = rule.lookupSymbol<ir::HyperOp>(name).getChoices()->getAsValueRange<mlir::StringAttr>();
  return static_cast<double>(std::distance(choices.begin(), llvm::find(choices, *value.getAsString())));
}

class Reference : public testing::TestWithParam<std::string> {};

TEST_P(Reference, TwentySteps) {
  std::string path = RAVINE_SOURCE "/test/stdlib/vectors/" + GetParam() + ".json";
  auto buffer = llvm::MemoryBuffer::getFile(path);
  ASSERT_TRUE(buffer) << path;
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse((*buffer)->getBuffer());
  ASSERT_TRUE(static_cast<bool>(parsed));
  const llvm::json::Object &file = *parsed->getAsObject();
  std::string optimizer = file.getString("optimizer")->str();
  Rule rule(RAVINE_SOURCE "/stdlib/optimizers/" + optimizer + ".rvn");
  ir::OptimizerOp op = rule.optimizer(optimizer);

  for (const llvm::json::Value &value : *file.getArray("cases")) {
    const llvm::json::Object &test = *value.getAsObject();
    SCOPED_TRACE(test.getString("name")->str());
    std::map<std::string, double> hypers;
    for (const auto &[name, hyper] : *test.getObject("hypers"))
      hypers[name.str()] = hyperValue(op, name.str(), hyper);
    std::vector<double> start = numbers(*test.get("w0"));
    const llvm::json::Array *ownGradients = test.getArray("g");
    auto gradients = rows(ownGradients != nullptr ? *ownGradients : *file.getArray("g"));
    auto expected = rows(*test.getArray("w"));
    ASSERT_EQ(gradients.size(), 20u);
    ASSERT_EQ(expected.size(), 20u);

    Interpreter exact(op, Arithmetic::Exact, hypers);
    InterpretedTensor meaning{start, {}, 0};
    CompiledOptimizer compiled(RAVINE_STDLIB_LIBRARIES "/lib" + optimizer + ".so", optimizer,
                               {{std::vector<float>(start.begin(), start.end()), 0}}, hypers, 1, "");
    // What w may differ by: rounding errors of f32 accumulate over steps and with the distance travelled.
    std::vector<double> travelled(start.size());
    std::vector<double> previous = start;
    for (size_t step = 0; step < expected.size(); ++step) {
      exact.step(meaning, gradients[step], static_cast<int64_t>(step) + 1);
      compiled.step({std::vector<float>(gradients[step].begin(), gradients[step].end())});
      for (size_t i = 0; i < start.size(); ++i) {
        double truth = expected[step][i];
        travelled[i] += std::abs(truth - previous[i]);
        double scale = std::max(std::abs(truth), std::abs(start[i])) + travelled[i];
        ASSERT_NEAR(meaning.parameter[i], truth, 1e-12 * scale) << "step " << step + 1 << ", element " << i;
        double unit = 0x1p-24 * scale;
        ASSERT_NEAR(compiled.parameter(0)[i], truth, 4 * static_cast<double>(step + 1) * unit)
            << "step " << step + 1 << ", element " << i;
      }
      previous = expected[step];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Stdlib, Reference,
                         testing::Values("adam", "adamw", "amsgrad", "heavy_ball", "lion", "rmsprop", "sgd", "sgdm"),
                         [](const auto &info) { return info.param; });

} // namespace
