// Names, shapes and numbers of a test, before anything is run.
#include "compiler/testing/Resolution.h"

#include "compiler/diagnostics/Suggest.h"
#include "compiler/frontend/Quote.h"

#include <algorithm>
#include <cmath>

namespace ravine::testing {

using namespace ast;

namespace {

/// Of things that are counted: all digits, unless there are too many.
std::string counted(double number) {
  return number < 1e15 ? std::to_string(static_cast<int64_t>(number)) : shown(number);
}

class Resolver {
public:
  Resolver(const SourceManager &sources, const TestDecl &test, const OptimizerDecl &optimizer, Diagnostics &diagnostics)
      : sources(sources), test(test), optimizer(optimizer), diagnostics(diagnostics),
        expressions(sources, diagnostics) {}

  std::optional<Case> run() {
    size_t errorsBefore = diagnostics.errors();
    tried.name = test.name;
    tried.nameSpan = test.nameSpan;
    tried.optimizer = &optimizer;
    resolvePrecision();
    resolveStates();
    resolveTensors();
    if (diagnostics.errors() == errorsBefore)
      resolveSteps();
    if (diagnostics.errors() == errorsBefore)
      resolveGradients();
    resolveSettings();
    if (diagnostics.errors() == errorsBefore)
      resolveExpectations();
    return diagnostics.errors() == errorsBefore ? std::optional(std::move(tried)) : std::nullopt;
  }

private:
  void complain(Code code, SourceSpan span, std::string message, std::string hint = "") {
    diagnostics.add({code, span, std::move(message), "", std::move(hint), {}});
  }

  void resolvePrecision() {
    std::optional<Precision> precision = parsePrecision(test.precision.empty() ? "f32" : test.precision);
    if (precision)
      tried.precision = std::move(*precision);
    else
      complain(Code::E0642, test.precisionSpan, "there is no precision " + quote(test.precision),
               "there are f32, f64, bf16 and f16, and two of them with a slash between, such as bf16/f32");
  }

  void resolveStates() {
    for (const auto &state : optimizer.states)
      tried.states.push_back({state->name, state->set, state->storage});
    bool isNarrow = tried.precision.parameter == RAVINE_BF16 || tried.precision.parameter == RAVINE_F16;
    if (optimizer.hasMaster && isNarrow)
      tried.states.push_back({"master", IndexSet::Element, Storage::F32});
  }

  // ---- tensors

  void resolveTensors() {
    int64_t elements = 0;
    for (const TestTensor &written : test.tensors) {
      std::optional<Array> parameter = expressions.evaluate(*written.parameter, {});
      if (!parameter)
        continue;
      if (parameter->isTruth) {
        complain(Code::E0644, written.parameter->span, "parameters are numbers, not conditions");
        continue;
      }
      elements += static_cast<int64_t>(parameter->numbers.size());
      for (double &number : parameter->numbers)
        number = stored(number, tried.precision.parameter);
      tried.tensors.push_back({written.name, written.group, std::move(*parameter), {}});
      for (const ExprPtr &gradient : written.gradients)
        tried.tensors.back().gradients.push_back(gradient.get());
    }
    if (elements > mostElements)
      complain(Code::E0643, test.nameSpan, "the test has " + std::to_string(elements) + " elements",
               "a test may have " + std::to_string(mostElements));
    tried.objective = test.objective.get();
  }

  void resolveSteps() {
    size_t given = 1, elements = 0;
    for (const CaseTensor &tensor : tried.tensors) {
      given = std::max(given, tensor.gradients.size());
      elements += tensor.parameter.numbers.size();
    }
    tried.steps = static_cast<int64_t>(given);
    SourceSpan span = test.steps ? test.steps->span : test.nameSpan;
    double steps = test.steps ? test.steps->value : static_cast<double>(given);
    double most = std::min(static_cast<double>(mostSteps), std::floor(mostUpdates / static_cast<double>(elements)));
    if (steps > most)
      complain(Code::E0643, span, "a test of " + counted(steps) + " steps",
               "with " + std::to_string(elements) + (elements == 1 ? " element" : " elements") + " a test may have " +
                   counted(most));
    else if (steps < static_cast<double>(given))
      complain(Code::E0645, span,
               "the test has " + counted(steps) + (steps == 1 ? " step" : " steps") + " and gradients for " +
                   std::to_string(given),
               "delete `steps`: there are as many as there are gradients");
    else
      tried.steps = static_cast<int64_t>(steps);
  }

  /// The number of a step that the test names, at least 1.
  std::optional<int64_t> stepOf(const TestNumber &number) {
    if (number.value <= static_cast<double>(tried.steps))
      return static_cast<int64_t>(number.value);
    complain(Code::E0645, number.span,
             "the test has no step " + counted(number.value) + "; it has " + std::to_string(tried.steps),
             "say how many there are: `steps " + counted(number.value) + "`");
    return std::nullopt;
  }

  void resolveGradients() {
    std::vector<Array> parameters;
    for (const CaseTensor &tensor : tried.tensors)
      parameters.push_back(tensor.parameter);
    if (tried.objective) {
      (void)expressions.differentiate(*tried.objective, gradientNames(tried, parameters, onlyTensor(), 1), {});
      return;
    }
    for (size_t i = 0; i < tried.tensors.size(); ++i)
      for (const Expr *gradient : tried.tensors[i].gradients)
        if (gradient)
          checkGradient(*gradient, tried.tensors[i], gradientNames(tried, parameters, i, 1));
  }

  void checkGradient(const Expr &gradient, const CaseTensor &tensor, const Names &names) {
    std::optional<Array> value = expressions.evaluate(gradient, names);
    if (!value)
      return;
    if (value->isTruth)
      complain(Code::E0644, gradient.span, "gradients are numbers, not conditions");
    else if (!value->isScalar() && value->shape != tensor.parameter.shape)
      complain(Code::E0641, gradient.span,
               "the gradient of " + quote(tensor.name) + " has the shape " + shownShape(value->shape) +
                   ", the tensor has " + shownShape(tensor.parameter.shape),
               "there is a number for each element of `w`, or one for all");
  }

  [[nodiscard]] std::optional<size_t> onlyTensor() const {
    return tried.tensors.size() == 1 ? std::optional<size_t>(0) : std::nullopt;
  }

  // ---- settings

  void resolveSettings() {
    for (const TestSetting &setting : test.settings)
      resolveSetting(setting, std::nullopt);
    for (size_t i = 0; i < test.tensors.size(); ++i)
      for (const TestSetting &setting : test.tensors[i].settings)
        resolveSetting(setting, i);
  }

  void resolveSetting(const TestSetting &setting, std::optional<size_t> tensor) {
    const HyperDecl *hyper = findHyper(setting);
    if (!hyper)
      return;
    std::optional<double> value = settingValue(*hyper, *setting.value);
    std::optional<int64_t> step = setting.step ? stepOf(*setting.step) : std::optional<int64_t>(1);
    if (!value || !step || !fitsHyper(*hyper, setting, tensor))
      return;
    tried.settings.push_back({*step, hyper->name, *value, setting.group, tensor, setting.hyperSpan});
  }

  const HyperDecl *findHyper(const TestSetting &setting) {
    std::vector<std::string_view> names;
    for (const auto &hyper : optimizer.hypers) {
      if (hyper->name == setting.hyper)
        return hyper.get();
      names.push_back(hyper->name);
    }
    std::optional<std::string_view> near = suggest(setting.hyper, names);
    std::string all;
    for (std::string_view name : names)
      all += (all.empty() ? "there are " : ", ") + quote(name);
    complain(Code::E0640, setting.hyperSpan, "what the test uses has no hyper " + quote(setting.hyper),
             near ? "did you mean " + quote(*near) + "?" : all);
    return nullptr;
  }

  bool fitsHyper(const HyperDecl &hyper, const TestSetting &setting, std::optional<size_t> tensor) {
    if (tensor && hyper.set != IndexSet::Tensor) {
      complain(Code::E0642, setting.hyperSpan, quote(hyper.name) + " is no hyper per tensor",
               "set it outside of the tensor, for all or for one group: `set " + hyper.name + " = … for \"head\"`");
      return false;
    }
    if (!setting.group)
      return true;
    if (hyper.set == IndexSet::Model) {
      complain(Code::E0642, setting.groupSpan, quote(hyper.name) + " is one number for the model, whatever the group",
               "delete `for …`");
      return false;
    }
    bool isKnown = std::ranges::any_of(tried.tensors, [&](const auto &each) { return each.group == *setting.group; });
    if (!isKnown)
      complain(Code::E0640, setting.groupSpan, "no tensor of the test is in the group " + quote(*setting.group),
               "write `group = \"" + *setting.group + "\"` in the braces of a tensor");
    return isKnown;
  }

  std::optional<double> settingValue(const HyperDecl &hyper, const Expr &expr) {
    if (hyper.kind == ValueKind::Enum)
      return choiceOf(hyper, expr);
    std::optional<Array> value = expressions.evaluate(expr, {});
    if (!value)
      return std::nullopt;
    if (!value->isScalar() || value->isTruth != (hyper.kind == ValueKind::Bool)) {
      complain(Code::E0642, expr.span,
               quote(hyper.name) + " is " + (hyper.kind == ValueKind::Bool ? "`true` or `false`" : "one number"));
      return std::nullopt;
    }
    double number = value->numbers.front();
    if (std::isnan(number) && hyper.isScheduled)
      return number; // returns to the schedule
    bool isWhole = hyper.kind != ValueKind::Int || number == std::floor(number);
    bool isAbove = hyper.lower.isOpen ? number > hyper.lower.value : number >= hyper.lower.value;
    bool isBelow = hyper.upper.isOpen ? number < hyper.upper.value : number <= hyper.upper.value;
    bool isInside = hyper.kind == ValueKind::Bool || (isWhole && isAbove && isBelow);
    if (isInside)
      return number;
    std::string range =
        hyper.rangeSpan.end > hyper.rangeSpan.begin ? " in " + std::string(sources.text(hyper.rangeSpan)) : "";
    complain(Code::E0642, expr.span, quote(hyper.name) + " cannot be " + written(*value),
             isWhole ? "it is a number" + range : "it is a whole number" + range);
    return std::nullopt;
  }

  std::optional<double> choiceOf(const HyperDecl &hyper, const Expr &expr) {
    const auto *name = expr.as<Name>();
    auto found = std::ranges::find(hyper.choices, name ? name->text : "");
    if (found != hyper.choices.end())
      return static_cast<double>(found - hyper.choices.begin());
    std::string choices;
    for (const std::string &choice : hyper.choices)
      choices += (choices.empty() ? "" : ", ") + quote(choice);
    complain(Code::E0642, expr.span, quote(sources.text(expr.span)) + " is no choice of " + quote(hyper.name),
             "there are " + choices);
    return std::nullopt;
  }

  // ---- expectations

  void resolveExpectations() {
    for (const TestExpectation &expectation : test.expectations)
      resolveExpectation(expectation, onlyTensor());
    for (size_t i = 0; i < test.tensors.size(); ++i)
      for (const TestExpectation &expectation : test.tensors[i].expectations)
        resolveExpectation(expectation, i);
  }

  void resolveExpectation(const TestExpectation &expectation, std::optional<size_t> tensor) {
    std::optional<int64_t> after = expectation.after ? stepOf(*expectation.after) : std::optional(tried.steps);
    Names names = placeholders(tensor);
    std::optional<Array> left = expressions.evaluate(*expectation.left, names);
    std::optional<Array> right = expressions.evaluate(*expectation.right, names);
    if (!after || !left || !right)
      return;
    bool fit = left->isScalar() || right->isScalar() || left->shape == right->shape;
    if (left->isTruth != right->isTruth || (left->isTruth && expectation.op != BinaryOp::Equal))
      return complain(Code::E0644, expectation.span, "a condition is compared with `==`, and with a condition");
    if (!fit)
      return complain(Code::E0641, expectation.span,
                      "what is compared has the shapes " + shownShape(left->shape) + " and " + shownShape(right->shape),
                      "elements are compared one by one; only a single number is compared with each of them");
    tried.expectations.push_back({&expectation, *after, tensor});
  }

  /// What an expectation may name, with the right shapes.
  [[nodiscard]] Names placeholders(std::optional<size_t> tensor) const {
    Names names = {{"steps", Array::of(0)}, {"skipped", Array::of(0)}};
    if (tried.objective)
      names.emplace("loss", Array::of(0));
    for (const auto &hyper : optimizer.hypers)
      if (!hyper->isScheduled && (tensor || hyper->set == IndexSet::Model) && hyper->kind != ValueKind::Enum)
        names.insert_or_assign(hyper->name, hyper->kind == ValueKind::Bool ? Array::truth(false) : Array::of(0));
    auto add = [&](const std::string &name, IndexSet set) {
      if (tensor || set == IndexSet::Model)
        names.insert_or_assign(name, tensor ? Array::filled(shapeOver(set, tried.tensors[*tensor].parameter.shape), 0)
                                            : Array::of(0));
    };
    for (const CaseState &state : tried.states) {
      add(state.name, state.set);
      add(state.name + "'", state.set);
    }
    for (const auto &metric : optimizer.metrics)
      add(metric->name, metric->value->type.set == IndexSet::Model ? IndexSet::Model : IndexSet::Tensor);
    for (const auto &view : optimizer.views)
      add(view->name, IndexSet::Element);
    for (const char *name : {"w", "w'", "g"})
      if (tensor)
        add(name, IndexSet::Element);
    return names;
  }

  const SourceManager &sources;
  const TestDecl &test;
  const OptimizerDecl &optimizer;
  Diagnostics &diagnostics;
  Expressions expressions;
  Case tried;
};

} // namespace

std::optional<Case> resolve(const SourceManager &sources, const TestDecl &test, const OptimizerDecl &optimizer,
                            Diagnostics &diagnostics) {
  return Resolver(sources, test, optimizer, diagnostics).run();
}

Names gradientNames(const Case &tried, const std::vector<Array> &parameters, std::optional<size_t> tensor,
                    int64_t step) {
  Names names = {{"step", Array::of(static_cast<double>(step))}};
  for (size_t i = 0; i < parameters.size(); ++i)
    names.insert_or_assign(tried.tensors[i].name, parameters[i]);
  if (tensor)
    names.insert_or_assign("w", parameters[*tensor]);
  return names;
}

} // namespace ravine::testing
