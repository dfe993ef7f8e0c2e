// Steps, and looking at what they leave.
#include "compiler/testing/Run.h"

#include "compiler/testing/Resolution.h"

namespace ravine::testing {

using namespace ast;

namespace {

class Runner {
public:
  Runner(const SourceManager &sources, const Case &tried, Subject &subject)
      : tried(tried), subject(subject), expressions(sources, messages) {
    result.verdicts.resize(tried.expectations.size());
    for (const CaseTensor &tensor : tried.tensors)
      parameters.push_back(tensor.parameter);
    before = parameters;
  }

  Run run() {
    for (int64_t step = 1; step <= tried.steps && result.problem.empty(); ++step)
      if (applySettings(step) && take(step))
        look(step);
    return std::move(result);
  }

private:
  bool fail(int64_t step, SourceSpan span, std::string problem) {
    result.problem = std::move(problem);
    result.problemStep = step;
    result.problemSpan = span;
    return false;
  }

  bool applySettings(int64_t step) {
    for (const CaseSetting &setting : tried.settings)
      if (setting.step == step) {
        if (Subject::Problem problem = subject.set(setting))
          return fail(step, setting.span, std::move(*problem));
        remember(setting);
      }
    return true;
  }

  void remember(const CaseSetting &setting) {
    for (size_t i = 0; i < tried.tensors.size(); ++i) {
      bool isMeant =
          (!setting.tensor || *setting.tensor == i) && (!setting.group || *setting.group == tried.tensors[i].group);
      if (isMeant)
        hypers[{setting.hyper, i}] = setting.value;
    }
  }

  // ---- gradients

  bool take(int64_t step) {
    gradients = gradientsFor(step);
    before = parameters;
    if (Subject::Problem problem = subject.step(gradients))
      return fail(step, tried.nameSpan, std::move(*problem));
    for (size_t i = 0; i < parameters.size(); ++i)
      parameters[i].numbers = subject.parameter(i);
    if (step == 1)
      result.firstStep = parameters;
    return true;
  }

  Subject::Gradients gradientsFor(int64_t step) {
    if (tried.objective)
      return objectiveGradients(step);
    Subject::Gradients result;
    for (size_t i = 0; i < tried.tensors.size(); ++i) {
      const std::vector<const Expr *> &given = tried.tensors[i].gradients;
      const Expr *expr = given[std::min(given.size(), static_cast<size_t>(step)) - 1];
      result.emplace_back();
      if (!expr)
        continue;
      std::optional<Array> value = expressions.evaluate(*expr, gradientNames(tried, parameters, i, step));
      std::vector<double> numbers;
      for (size_t element = 0; element < parameters[i].numbers.size(); ++element)
        numbers.push_back(stored(value->at(element), tried.precision.gradient));
      result.back() = std::move(numbers);
    }
    return result;
  }

  Subject::Gradients objectiveGradients(int64_t step) {
    Expressions::Derivative derivative = objectiveAt(step);
    Subject::Gradients result;
    for (const CaseTensor &tensor : tried.tensors) {
      std::vector<double> &numbers = derivative.slopes.find(tensor.name)->second.numbers;
      for (double &number : numbers)
        number = stored(number, tried.precision.gradient);
      result.emplace_back(std::move(numbers));
    }
    return result;
  }

  /// The objective at the parameters as they are.
  [[nodiscard]] Expressions::Derivative objectiveAt(int64_t step) const {
    std::vector<std::string> variables;
    for (const CaseTensor &tensor : tried.tensors)
      variables.push_back(tensor.name);
    // The only tensor is also called `w`.
    bool hasTwoNames = onlyTensor() && variables.front() != "w";
    if (hasTwoNames)
      variables.emplace_back("w");
    Expressions::Derivative derivative =
        *expressions.differentiate(*tried.objective, gradientNames(tried, parameters, onlyTensor(), step), variables);
    if (hasTwoNames)
      for (size_t i = 0; i < parameters.front().numbers.size(); ++i)
        derivative.slopes[variables.front()].numbers[i] += derivative.slopes["w"].numbers[i];
    return derivative;
  }

  [[nodiscard]] std::optional<size_t> onlyTensor() const {
    return tried.tensors.size() == 1 ? std::optional<size_t>(0) : std::nullopt;
  }

  // ---- expectations

  void look(int64_t step) {
    for (size_t i = 0; i < tried.expectations.size(); ++i)
      if (tried.expectations[i].after == step)
        result.verdicts[i] = judge(tried.expectations[i], step);
  }

  [[nodiscard]] Verdict judge(const CaseExpectation &expectation, int64_t step) const {
    Diagnostics problems;
    Expressions here(expressions.sourceManager(), problems);
    Names names = namesAfter(expectation, step);
    std::optional<Array> left = here.evaluate(*expectation.written->left, names);
    std::optional<Array> right = here.evaluate(*expectation.written->right, names);
    Verdict verdict;
    if (!left || !right) {
      verdict.problem = problems.all().empty() ? "it has no value" : problems.all().front().message;
      return verdict;
    }
    verdict.comparison = compare(expectation.written->op, *left, *right, toleranceOf(*expectation.written, tried));
    verdict.left = std::move(*left);
    verdict.right = std::move(*right);
    return verdict;
  }

  [[nodiscard]] Names namesAfter(const CaseExpectation &expectation, int64_t step) const {
    std::optional<size_t> tensor = expectation.tensor;
    Names names = {{"steps", Array::of(static_cast<double>(subject.steps()))},
                   {"skipped", Array::of(static_cast<double>(subject.skipped()))}};
    if (tried.objective)
      names.emplace("loss", Array::of(objectiveAt(step).value));
    addHypers(names, tensor);
    addStates(names, tensor);
    for (const auto &metric : tried.optimizer->metrics)
      if (tensor || metric->value->type.set == IndexSet::Model)
        names.insert_or_assign(metric->name, Array::of(subject.metric(*metric, tensor.value_or(0))));
    if (!tensor)
      return names;
    Array shaped = parameters[*tensor];
    auto addArray = [&](const std::string &name, std::vector<double> numbers) {
      shaped.numbers = std::move(numbers);
      names.insert_or_assign(name, shaped);
    };
    for (const auto &view : tried.optimizer->views)
      addArray(view->name, subject.view(*view, *tensor));
    addArray("w", before[*tensor].numbers);
    addArray("w'", parameters[*tensor].numbers);
    if (gradients[*tensor])
      addArray("g", *gradients[*tensor]);
    return names;
  }

  void addHypers(Names &names, std::optional<size_t> tensor) const {
    for (const auto &hyper : tried.optimizer->hypers) {
      if (hyper->isScheduled || (!tensor && hyper->set != IndexSet::Model))
        continue;
      auto set = hypers.find({hyper->name, tensor.value_or(0)});
      double value = set != hypers.end() ? set->second : hyper->defaultValue;
      names.insert_or_assign(hyper->name, hyper->kind == ValueKind::Bool ? Array::truth(value != 0) : Array::of(value));
    }
  }

  void addStates(Names &names, std::optional<size_t> tensor) const {
    for (const CaseState &state : tried.states) {
      if (!tensor && state.set != IndexSet::Model)
        continue;
      std::optional<std::vector<double>> numbers = subject.state(state, tensor.value_or(0));
      if (!numbers)
        continue;
      Array value;
      if (tensor)
        value.shape = shapeOver(state.set, parameters[*tensor].shape);
      value.numbers = std::move(*numbers);
      names.insert_or_assign(state.name, value);
      names.insert_or_assign(state.name + "'", std::move(value));
    }
  }

  const Case &tried;
  Subject &subject;
  /// Stays empty: the case has been evaluated before.
  Diagnostics messages;
  Expressions expressions;
  std::vector<Array> before, parameters;
  Subject::Gradients gradients;
  /// What was set, by hyper and tensor.
  std::map<std::pair<std::string, size_t>, double> hypers;
  Run result;
};

} // namespace

Run run(const SourceManager &sources, const Case &tried, Subject &subject) {
  return Runner(sources, tried, subject).run();
}

} // namespace ravine::testing
