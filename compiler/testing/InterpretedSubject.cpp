// An optimizer in the interpreter at work.
#include "compiler/testing/InterpretedSubject.h"

namespace ravine::testing {

using namespace ast;

namespace {

class InterpretedSubject : public Subject {
public:
  InterpretedSubject(ir::OptimizerOp rule, const Case &tried) : rule(rule) {
    for (ir::PrecisionAttr candidate : rule.getStorage())
      if (candidate.getName().getValue() == tried.precision.name)
        precision = candidate;
    for (const CaseTensor &tensor : tried.tensors) {
      InterpretedTensor &added = model.tensors.emplace_back();
      added.shape = tensor.parameter.shape;
      added.parameter = tensor.parameter.numbers;
      added.name = tensor.name;
      added.group = tensor.group;
    }
    remake();
  }

  Problem set(const CaseSetting &setting) override {
    bool isForAll = !setting.group && !setting.tensor;
    for (size_t i = 0; i < model.tensors.size(); ++i) {
      InterpretedTensor &tensor = model.tensors[i];
      if (isForAll)
        tensor.hypers.erase(setting.hyper);
      else if (setting.tensor ? *setting.tensor == i : *setting.group == tensor.group)
        tensor.hypers[setting.hyper] = setting.value;
    }
    if (isForAll) {
      hypers[setting.hyper] = setting.value;
      remake();
    }
    return std::nullopt;
  }

  Problem step(const Gradients &gradients) override {
    for (const InterpretedTensor &tensor : model.tensors) {
      if (!model.isInitialized && tensor.shape.size() < interpreter->minimumRank(tensor))
        return "the rule is for tensors with rows and columns, and `" + tensor.name + "` has fewer than two axes";
      if (!interpreter->requirementsHold(tensor, model.steps + 1))
        return "a `require` of the rule does not hold for the tensor `" + tensor.name + "`";
    }
    (void)interpreter->step(model, gradients);
    return std::nullopt;
  }

  std::vector<double> parameter(size_t tensor) const override { return model.tensors[tensor].parameter; }

  std::optional<std::vector<double>> state(const CaseState &state, size_t tensor) const override {
    if (state.set == IndexSet::Model) {
      auto found = model.states.find(state.name);
      return found == model.states.end() ? std::nullopt : std::optional(std::vector{found->second});
    }
    const auto &states = model.tensors[tensor].states;
    auto found = states.find(state.name);
    return found == states.end() ? std::nullopt : std::optional(found->second);
  }

  double metric(const MetricDecl &metric, size_t tensor) const override {
    const auto &metrics = metric.value->type.set == IndexSet::Model ? model.metrics : model.tensors[tensor].metrics;
    auto found = metrics.find(metric.name);
    return found == metrics.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
  }

  std::vector<double> view(const ViewDecl &view, size_t tensor) const override {
    return interpreter->view(model, view.name, tensor);
  }

  int64_t steps() const override { return model.steps; }
  int64_t skipped() const override { return model.skipped; }

private:
  void remake() { interpreter.emplace(rule, Arithmetic::Exact, hypers, precision); }

  ir::OptimizerOp rule;
  ir::PrecisionAttr precision;
  std::map<std::string, double> hypers;
  std::optional<Interpreter> interpreter;
  InterpretedModel model;
};

} // namespace

std::unique_ptr<Subject> interpretedSubject(ir::OptimizerOp rule, const Case &tried) {
  return std::make_unique<InterpretedSubject>(rule, tried);
}

} // namespace ravine::testing
