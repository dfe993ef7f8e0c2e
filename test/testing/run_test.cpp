// Running cases on a subject that is written out here: gradient descent with a state for the sum of gradients.
#include "test/testing/TestBlock.h"

#include "compiler/testing/Report.h"
#include "compiler/testing/Resolution.h"

namespace ravine::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace ravine::testing;

/// `w' = w - lr*g; total' = total + g; metric norm = …; view doubled = 2*w`, with an error that is planted.
class Descent : public Subject {
public:
  explicit Descent(const Case &tried, double error = 0) : error(error) {
    for (const CaseTensor &tensor : tried.tensors) {
      parameters.push_back(tensor.parameter.numbers);
      totals.emplace_back(tensor.parameter.numbers.size());
    }
  }

  Problem set(const CaseSetting &setting) override {
    if (setting.value > 100)
      return "lr is 1000, too large";
    lr = setting.value;
    return std::nullopt;
  }
  Problem step(const Gradients &gradients) override {
    for (size_t i = 0; i < gradients.size(); ++i)
      for (size_t element = 0; gradients[i] && element < gradients[i]->size(); ++element) {
        parameters[i][element] -= lr * (*gradients[i])[element] * (1 + error);
        totals[i][element] += (*gradients[i])[element];
      }
    ++count;
    return std::nullopt;
  }
  std::vector<double> parameter(size_t tensor) const override { return parameters[tensor]; }
  std::optional<std::vector<double>> state(const CaseState &state, size_t tensor) const override {
    return state.name == "total" ? std::optional(totals[tensor]) : std::nullopt;
  }
  double metric(const ast::MetricDecl &, size_t) const override { return 7; }
  std::vector<double> view(const ast::ViewDecl &, size_t tensor) const override {
    std::vector<double> doubled = parameters[tensor];
    for (double &number : doubled)
      number *= 2;
    return doubled;
  }
  int64_t steps() const override { return count; }
  int64_t skipped() const override { return 0; }

  double lr = 0.1, error;
  int64_t count = 0;
  std::vector<std::vector<double>> parameters, totals;
};

/// What the checker would know of such an optimizer.
std::unique_ptr<ast::OptimizerDecl> descent() {
  auto optimizer = std::make_unique<ast::OptimizerDecl>();
  auto lr = std::make_unique<ast::HyperDecl>();
  lr->name = "lr";
  lr->defaultValue = 0.1;
  lr->lower = {0, true};
  lr->upper = {1e6, false};
  optimizer->hypers.push_back(std::move(lr));
  for (const char *name : {"total", "missing"}) {
    auto state = std::make_unique<ast::StateDecl>();
    state->name = name;
    optimizer->states.push_back(std::move(state));
  }
  auto metric = std::make_unique<ast::MetricDecl>();
  metric->name = "norm";
  metric->value = std::make_unique<ast::Expr>();
  optimizer->metrics.push_back(std::move(metric));
  auto view = std::make_unique<ast::ViewDecl>();
  view->name = "doubled";
  optimizer->views.push_back(std::move(view));
  return optimizer;
}

struct Outcome {
  std::vector<std::string> messages;
  std::vector<Failure> failures;
  std::string text, junit;
};

/// Runs the only test of a text; the compiled run has an error.
Outcome outcomeOf(const std::string &items, double error = 0) {
  TestBlocks blocks("test \"t\" {\n  use descent\n" + items + "\n}\n");
  EXPECT_THAT(blocks.messages(), IsEmpty()) << items;
  auto optimizer = descent();
  const ast::TestDecl &test = *blocks.module.tests.front();
  std::optional<Case> tried = resolve(blocks.sources, test, *optimizer, blocks.diagnostics);
  EXPECT_EQ(tried.has_value(), !blocks.diagnostics.hasErrors());
  Outcome outcome;
  outcome.messages = blocks.messages();
  if (!tried)
    return outcome;
  Descent interpreted(*tried), compiled(*tried, error);
  outcome.failures =
      judge(blocks.sources, *tried, run(blocks.sources, *tried, interpreted), run(blocks.sources, *tried, compiled));
  FileReport report{"tests.rvn", {{test.name, test.nameSpan, outcome.failures}}};
  outcome.text = reportText(blocks.sources, report, Colour::Off);
  outcome.junit = junitSuite(blocks.sources, report);
  return outcome;
}

TEST(Runs, gradientsStatesMetricsAndViews) {
  Outcome outcome = outcomeOf(R"(
  w = [[1, -2], [3, 4]]
  g = [[1, 1], [0, 2]] then 2*w then none
  steps 3
  after 1 expect w' == [[0.9, -2.1], [3, 3.8]]
  after 1 expect total == g
  after 2 expect w' == 0.8*w
  after 2 expect total' == [[2.8, -3.2], [6, 9.6]]
  expect w' == w
  expect doubled == 2*w'
  expect norm == 7
  expect steps == 3
  expect skipped == 0
  expect lr == 0.1
)");
  EXPECT_THAT(outcome.messages, IsEmpty());
  EXPECT_THAT(outcome.text, ::testing::StrEq("ok      t\n"));
}

TEST(Runs, anObjectiveThatIsMinimized) {
  // w − 1 shrinks by 0.9 in every step.
  Outcome outcome = outcomeOf(R"(
  w = [3, -4]
  minimize sum((w - 1)^2)/2
  steps 50
  at step 50 set lr = 0.5
  after 49 expect w' - 1 == [2, -5]*0.9^49 within 1e-6
  expect loss == 29/2*0.9^98/4 within 0.1%
)");
  EXPECT_THAT(outcome.messages, IsEmpty());
  EXPECT_EQ(outcome.text, "ok      t\n");
}

TEST(Runs, severalTensorsInOneObjective) {
  Outcome outcome = outcomeOf(R"(
  tensor "fc.weight" { w = [1, 2]; expect w' == [0.7, 1.7] }
  tensor "bias" { w = 3; expect w' == 2.7 }
  minimize bias*sum(fc.weight)
  expect loss == 2.7*2.4
)");
  EXPECT_EQ(outcome.text, "ok      t\n");
}

TEST(Runs, theOnlyTensorHasTwoNames) {
  Outcome outcome = outcomeOf(R"(
  tensor "fc" { w = 2; expect w' == 2 - 0.1*(2 + 2) }
  minimize fc*w
)");
  EXPECT_EQ(outcome.text, "ok      t\n");
}

TEST(Runs, whatFailsIsShown) {
  Outcome outcome = outcomeOf(R"(
  w = [[1, 2], [3, 4]]
  g = 1
  expect w' == [[0.9, 1.9], [2.8, 3.9]] within 1e-5
)");
  EXPECT_EQ(outcome.text, R"(FAILED  t

error[E0647]: the test expects `w' == [[0.9, 1.9], [2.8, 3.9]]`
 --> tests.rvn:6:10
  |
6 |   expect w' == [[0.9, 1.9], [2.8, 3.9]] within 1e-5
  |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ at [1, 0]: 2.9 is not 2.8
  interpreter  [[0.9, 1.9], [2.9, 3.9]]
  compiled     [[0.9, 1.9], [2.9, 3.9]]
  expected     == [[0.9, 1.9], [2.8, 3.9]]
  difference   0.1, allowed 1e-05

)");
  EXPECT_THAT(outcome.junit, HasSubstr("<failure type=\"E0647\" message=\"the test expects `w' == [[0.9"));
}

TEST(Runs, disagreementIsAFailureOfItsOwn) {
  Outcome outcome = outcomeOf("  w = [1, 2]\n  g = [1, 1]\n  expect w' == [0.9, 1.9]\n", 1e-3);
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0].diagnostic.code, Code::E0648);
  EXPECT_THAT(outcome.text, HasSubstr("holds in the interpreter and not in compiled code"));
  // An expectation that both meet does not hide it.
  outcome = outcomeOf("  w = [1, 2]\n  g = [1, 1]\n  expect w' < 2\n", 0.1);
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0].diagnostic.code, Code::E0648);
  EXPECT_THAT(outcome.text, HasSubstr("disagree about the parameters after the first step"));
  // Rounding does not count.
  EXPECT_THAT(outcomeOf("  w = [1, 2]\n  g = [1, 1]\n  expect w' < 2\n", 1e-6).failures, IsEmpty());
}

TEST(Runs, statesThatDoNotExistAndStepsThatFail) {
  EXPECT_THAT(outcomeOf("  w = 1\n  g = 1\n  expect missing == 0\n").text,
              HasSubstr("unknown name `missing` in a test"));
  EXPECT_THAT(outcomeOf("  w = 1\n  g = 1\n  steps 3\n  at step 2 set lr = 1000\n  expect w' == 0\n").text,
              HasSubstr("error[E0649]: step 2 failed: lr is 1000, too large"));
}

TEST(Runs, nanIsEqualToNanAlone) {
  EXPECT_THAT(outcomeOf("  w = [1, 1]\n  g = [nan, 0]\n  expect w' == [nan, 1]\n").failures, IsEmpty());
  EXPECT_EQ(outcomeOf("  w = [1, 1]\n  g = [nan, 0]\n  expect w' == 1\n").failures.size(), 1u);
  EXPECT_EQ(outcomeOf("  w = 1\n  g = nan\n  expect w' < 1\n").failures.size(), 1u);
  EXPECT_THAT(outcomeOf("  w = 1\n  g = -inf\n  expect w' == inf\n").failures, IsEmpty());
}

TEST(Runs, numbersAreStoredInThePrecision) {
  // 1 + 2^-9 is no bf16, and 0.1 no f32.
  EXPECT_THAT(outcomeOf("  precision bf16\n  w = 1.001953125\n  g = 0\n  expect w == 1 within 0\n").failures,
              IsEmpty());
  EXPECT_THAT(outcomeOf("  w = 0.1\n  g = 0\n  expect w == 0.1 within 1e-9\n").failures.size(), 1u);
  EXPECT_THAT(outcomeOf("  precision f64\n  w = 0.1\n  g = 0\n  expect w' == 0.1 within 0\n").failures, IsEmpty());
}

TEST(Resolution, whatCannotBe) {
  auto messageOf = [](const std::string &items) { return outcomeOf(items).messages; };
  EXPECT_THAT(messageOf("  w = [1, 2]\n  g = [1, 2, 3]\n  expect w' == 0"),
              ElementsAre("E0641: the gradient of `w` has the shape [3], the tensor has [2]"));
  EXPECT_THAT(messageOf("  w = [1, 2]\n  g = 1\n  expect w' == [1, 2, 3]"),
              ElementsAre("E0641: what is compared has the shapes [2] and [3]"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1\n  expect momentum == 0"),
              ElementsAre("E0640: unknown name `momentum` in a test"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1\n  expect loss == 0"), ElementsAre("E0640: unknown name `loss` in a test"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1\n  set rl = 1\n  expect w' == 0"),
              ElementsAre("E0640: what the test uses has no hyper `rl`"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1\n  set lr = 0\n  expect w' == 0"), ElementsAre("E0642: `lr` cannot be 0"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1\n  set lr = 1 for \"head\"\n  expect w' == 0"),
              ElementsAre("E0640: no tensor of the test is in the group `head`"));
  EXPECT_THAT(messageOf("  tensor \"a\" { w = 1; g = 1; set lr = 1 }\n  expect steps == 1"),
              ElementsAre("E0642: `lr` is no hyper per tensor"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1\n  steps 200000\n  expect w' == 0"),
              ElementsAre("E0643: a test of 200000 steps"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1 then 2\n  steps 1\n  expect w' == 0"),
              ElementsAre("E0645: the test has 1 step and gradients for 2"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1\n  after 3 expect w' == 0"),
              ElementsAre("E0645: the test has no step 3; it has 1"));
  EXPECT_THAT(messageOf("  w = 1\n  precision fp8\n  g = 1\n  expect w' == 0"),
              ElementsAre("E0642: there is no precision `fp8`"));
  EXPECT_THAT(messageOf("  w = 1\n  g = 1 > 0\n  expect w' == 0"),
              ElementsAre("E0644: gradients are numbers, not conditions"));
  EXPECT_THAT(messageOf("  w = [1, 2]\n  minimize w^2\n  expect w' == 0"),
              ElementsAre("E0644: the objective has the shape [2], not one number"));
  EXPECT_THAT(messageOf("  tensor \"a\" { w = 1; g = 1 }\n  tensor \"b\" { w = 1; g = 1 }\n  expect w' == 1"),
              ElementsAre("E0640: unknown name `w'` in a test"));
}

TEST(Reports, junitIsValidXml) {
  SourceManager sources;
  uint32_t file = sources.add("a&b.rvn", "x");
  FileReport report{"a&b.rvn", {{"<\"\x01\xff>", {file, 0, 1}, {}}}};
  std::string suite = junitSuite(sources, report);
  EXPECT_THAT(suite, HasSubstr("name=\"&lt;&quot;\uFFFD\uFFFD&gt;\""));
  EXPECT_THAT(suite, HasSubstr("classname=\"a&amp;b.rvn\""));
  EXPECT_EQ(suite.find('\x01'), std::string::npos);
}

} // namespace
} // namespace ravine::test
