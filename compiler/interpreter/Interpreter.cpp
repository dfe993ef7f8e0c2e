// The interpreter: one step of a model, from what it began with to what it ends with.
#include "compiler/interpreter/Interpreter.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace ravine;

Interpreter::Interpreter(ir::OptimizerOp given, Arithmetic arithmetic, const std::map<std::string, double> &givenHypers)
    : optimizer(std::make_shared<OwningOpRef<ir::OptimizerOp>>(given.clone())), arithmetic(arithmetic),
      hypers(givenHypers) {
  ir::OptimizerOp rule = **optimizer;
  numberReductions(rule);
  conditions = collectConditions(rule);
  for (ir::HyperOp hyper : rule.declared<ir::HyperOp>())
    hypers.try_emplace(hyper.getSymName().str(), hyper.getDefaultValue().convertToDouble());
}

OwningOpRef<ir::OptimizerOp> Interpreter::ruleOf(const InterpretedTensor &tensor) const {
  return specialize(**optimizer, conditions, variant(tensor));
}

static bool isOfModel(Type type) {
  return cast<ir::FieldType>(type).getSet() == ir::IndexSet::Model;
}

static Block &stepOf(ir::OptimizerOp rule) {
  return rule.getStep().getBody().front();
}

// ---- what is computed for the model

/// Gives the states of the model their initial values, at the first step of all.
static void initializeModel(InterpretedModel &model, const Scope &scope, Arithmetic arithmetic) {
  auto rule = scope.optimizer;
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    if (isOfModel(state.getType()) && model.steps == 1)
      model.states[state.getSymName().str()] = Evaluator(scope, arithmetic).yielded(state.getInitial()).front().front();
}

static bool passesGuard(ir::OptimizerOp rule, const Evaluator &evaluator) {
  return llvm::all_of(stepOf(rule).getOps<ir::GuardOp>(),
                      [&](ir::GuardOp guard) { return std::isfinite(evaluator[guard.getValue()].front().front()); });
}

/// Where no element takes part, states keep their values and metrics have none.
static void commitModel(InterpretedModel &model, ir::OptimizerOp rule, const Evaluator &evaluator, bool isEmpty) {
  for (Operation &op : stepOf(rule)) {
    if (isEmpty) {
      if (auto measure = dyn_cast<ir::MeasureOp>(op); measure && isOfModel(measure.getValue().getType()))
        model.metrics[measure.getMetric().str()] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    if (auto next = dyn_cast<ir::NextOp>(op); next && isOfModel(next.getValue().getType()))
      model.states[next.getState().str()] = evaluator[next.getValue()].front().front();
    else if (auto measure = dyn_cast<ir::MeasureOp>(op); measure && isOfModel(measure.getValue().getType()))
      model.metrics[measure.getMetric().str()] = evaluator[measure.getValue()].front().front();
  }
}

// ---- what is computed for one tensor

/// Gives the states of a tensor their initial values, at its first step.
static void initializeTensor(InterpretedTensor &tensor, const Scope &scope, Arithmetic arithmetic) {
  auto rule = scope.optimizer;
  for (ir::StateOp state : rule.declared<ir::StateOp>()) {
    bool exists = !state.isOptional() || holds(state.getCondition(), scope, tensor);
    if (!isOfModel(state.getType()) && exists && tensor.t == 1)
      tensor.states[state.getSymName().str()] = Evaluator(scope, arithmetic).yielded(state.getInitial()).front();
  }
}

static void commitTensor(InterpretedTensor &tensor, ir::OptimizerOp rule, const Evaluator &evaluator) {
  for (Operation &op : stepOf(rule)) {
    auto numbers = [&] { return evaluator[op.getOperand(0)].front(); };
    if (isa<ir::UpdateOp>(op))
      tensor.parameter = numbers();
    else if (auto next = dyn_cast<ir::NextOp>(op); next && !isOfModel(next.getValue().getType()))
      tensor.states[next.getState().str()] = numbers();
    else if (auto measure = dyn_cast<ir::MeasureOp>(op); measure && !isOfModel(measure.getValue().getType()))
      tensor.metrics[measure.getMetric().str()] = numbers().front();
  }
}

static void forgetMetrics(InterpretedTensor &tensor, ir::OptimizerOp rule) {
  for (ir::MetricOp metric : rule.declared<ir::MetricOp>())
    if (!isOfModel(metric.getType()))
      tensor.metrics[metric.getSymName().str()] = std::numeric_limits<double>::quiet_NaN();
}

// ---- a step

/// The same surroundings for one participant alone, under its own rule.
static Scope aloneIn(const Scope &scope, const Participant &participant, ir::OptimizerOp rule) {
  Scope alone = scope;
  alone.optimizer = rule;
  alone.participants = {participant};
  return alone;
}

bool Interpreter::step(InterpretedModel &model, const Gradients &gradients) const {
  ir::OptimizerOp rule = **optimizer;
  InterpretedModel next = model;
  Scope scope{rule, hypers, next.states, {}, ++next.steps};
  scope.adjustment = adjustment ? &adjustment : nullptr;
  initializeModel(next, scope, arithmetic);
  SmallVector<InterpretedTensor *> taking; // those that take part
  for (auto [tensor, gradient] : llvm::zip_equal(next.tensors, gradients)) {
    forgetMetrics(tensor, rule);
    if (!gradient)
      continue;
    Participant participant{&tensor, *gradient, ++tensor.t};
    initializeTensor(tensor, aloneIn(scope, participant, *ruleOf(tensor)), arithmetic);
    taking.push_back(&tensor);
    scope.participants.push_back(participant);
    scope.modelSize += tensor.size();
  }

  // First the numbers of the model, for which all tensors are needed.
  Evaluator whole(scope, arithmetic);
  whole.run(stepOf(rule));
  bool isEmpty = scope.modelSize == 0;
  if (!isEmpty && !passesGuard(rule, whole)) {
    model.skipped += rule.getNonfinite() == ir::NonFinite::Skip ? 1 : 0;
    return false;
  }
  // Then each tensor by itself. What it reads of the model is as the step began.
  scope.reductions = whole.modelReductions();
  for (auto [participant, tensor] : llvm::zip_equal(scope.participants, taking)) {
    OwningOpRef<ir::OptimizerOp> own = ruleOf(*tensor);
    Evaluator evaluator(aloneIn(scope, participant, *own), arithmetic);
    evaluator.run(stepOf(*own));
    commitTensor(*tensor, *own, evaluator);
  }
  commitModel(next, rule, whole, isEmpty);
  model = std::move(next);
  return true;
}

std::vector<double> Interpreter::view(const InterpretedModel &model, StringRef name, size_t index) const {
  const InterpretedTensor &tensor = model.tensors[index];
  if (tensor.t == 0)
    return tensor.parameter;
  OwningOpRef<ir::OptimizerOp> rule = ruleOf(tensor);
  auto view = cast<ir::ViewOp>(SymbolTable::lookupSymbolIn(*rule, name));
  Scope scope{*rule, hypers, model.states, {{&tensor, {}, tensor.t}}, model.steps};
  scope.adjustment = adjustment ? &adjustment : nullptr;
  return Evaluator(scope, arithmetic).yielded(view.getValue()).front();
}

uint32_t Interpreter::variant(const InterpretedTensor &tensor) const {
  std::map<std::string, double> none;
  Scope scope{**optimizer, hypers, none, {}};
  uint32_t result = 0;
  for (auto [index, condition] : llvm::enumerate(conditions.regions))
    result |= holds(*condition, scope, tensor) ? 1u << index : 0u;
  return result;
}

bool Interpreter::requirementsHold(const InterpretedTensor &tensor) const {
  ir::OptimizerOp rule = **optimizer;
  std::map<std::string, double> none;
  Scope scope{rule, hypers, none, {}};
  return llvm::all_of(rule.declared<ir::RequirementOp>(),
                      [&](ir::RequirementOp op) { return holds(op.getCondition(), scope, tensor); });
}
