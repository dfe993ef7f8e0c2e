// The interpreter: one step of a model, from what it began with to what it ends with.
#include "compiler/interpreter/Interpreter.h"

#include "compiler/interpreter/Storage.h"
#include "compiler/transforms/MinimumRank.h"

#include <limits>

using namespace mlir;
using namespace ravine;

Interpreter::Interpreter(ir::OptimizerOp given, Arithmetic arithmetic, const std::map<std::string, double> &givenHypers,
                         ir::PrecisionAttr givenPrecision)
    : optimizer(std::make_shared<OwningOpRef<ir::OptimizerOp>>(given.clone())), arithmetic(arithmetic),
      hypers(givenHypers) {
  ir::OptimizerOp rule = **optimizer;
  precision = givenPrecision ? givenPrecision : rule.getStorage().front();
  if (isNarrow(rule, precision))
    useMaster(rule);
  numberGatherings(rule);
  conditions = collectConditions(rule);
  constexpr double followsSchedule = std::numeric_limits<double>::quiet_NaN();
  for (ir::HyperOp hyper : rule.declared<ir::HyperOp>())
    hypers.try_emplace(hyper.getSymName().str(),
                       hyper.isScheduled() ? followsSchedule : hyper.getDefaultValue().convertToDouble());
}

OwningOpRef<ir::OptimizerOp> Interpreter::ruleOf(const InterpretedTensor &tensor) const {
  return specialize(**optimizer, conditions, conditions.outcomes[outcome(tensor)], precision);
}

Surroundings Interpreter::scopeOf(const std::map<std::string, double> &states, int64_t step) const {
  return {**optimizer, precision, hypers, states, {}, step};
}

static bool isOfModel(Type type) {
  return cast<ir::FieldType>(type).getSet() == IndexSet::Model;
}

static Block &stepOf(ir::OptimizerOp rule) {
  return rule.getStep().getBody().front();
}

// ---- how a step ends

/// The first skip whose condition is true, counted from 0; none where the step goes through.
static std::optional<unsigned> firstSkip(ir::OptimizerOp rule, const Evaluator &evaluator) {
  for (auto [number, skip] : llvm::enumerate(stepOf(rule).getOps<ir::SkipOp>()))
    if (evaluator[skip.getCondition()].front().front() != 0)
      return static_cast<unsigned>(number);
  return std::nullopt;
}

static bool refuses(ir::OptimizerOp rule, unsigned number) {
  auto skips = stepOf(rule).getOps<ir::SkipOp>();
  return (*std::next(skips.begin(), number)).getRefuse();
}

/// Whether something that stands after as many skips comes about in a step that ends at `skip`.
static bool comesAbout(unsigned skipsBefore, std::optional<unsigned> skip) {
  return !skip || skipsBefore <= *skip;
}

// ---- what is computed for the model

/// Gives the states of the model their initial values.
static void initializeModel(InterpretedModel &model, const Surroundings &scope, Arithmetic arithmetic) {
  if (model.isInitialized)
    return;
  model.isInitialized = true;
  auto rule = scope.optimizer;
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    if (isOfModel(state.getType()))
      model.states[state.getSymName().str()] = Evaluator(scope, arithmetic).yielded(state.getInitial()).front().front();
}

/// Where no element takes part, states keep their values and metrics have none.
static void commitModel(InterpretedModel &model, ir::OptimizerOp rule, const Evaluator &evaluator, bool isEmpty,
                        std::optional<unsigned> skip) {
  for (Operation &op : stepOf(rule)) {
    if (auto next = dyn_cast<ir::NextOp>(op); next && isOfModel(next.getValue().getType())) {
      if (!isEmpty && comesAbout(next.getSkipsBefore(), skip))
        model.states[next.getState().str()] = evaluator[next.getValue()].front().front();
    } else if (auto measure = dyn_cast<ir::MeasureOp>(op); measure && isOfModel(measure.getValue().getType())) {
      constexpr double none = std::numeric_limits<double>::quiet_NaN();
      if (!skip)
        model.metrics[measure.getMetric().str()] = isEmpty ? none : evaluator[measure.getValue()].front().front();
    }
  }
}

// ---- what is computed for one tensor

/// What memory holds of numbers once they are written to it.
static std::vector<double> narrowed(std::vector<double> numbers, Type computed, Type stored, const Surroundings &scope,
                                    Arithmetic arithmetic) {
  if (arithmetic == Arithmetic::Rounded)
    for (double &number : numbers)
      number = convert(number, computed, stored, flushesSubnormals(scope.optimizer, arithmetic));
  return numbers;
}

static void store(InterpretedTensor &tensor, ir::StateOp state, const std::vector<double> &numbers,
                  const Surroundings &scope, Arithmetic arithmetic) {
  tensor.states[state.getSymName().str()] =
      narrowed(numbers, state.getFieldType().getNumber(), storageOf(state, scope.optimizer), scope, arithmetic);
}

/// Gives the states of a tensor that exist their initial values. What is called a master still does not.
static void initializeTensor(InterpretedTensor &tensor, const Surroundings &scope, Arithmetic arithmetic) {
  if (tensor.isInitialized)
    return;
  tensor.isInitialized = true;
  auto rule = scope.optimizer;
  for (ir::StateOp state : rule.declared<ir::StateOp>())
    if (!isOfModel(state.getType()) && !state.getMaster() && allApply(state.getUnder(), scope, tensor))
      store(tensor, state, Evaluator(scope, arithmetic).yielded(state.getInitial()).front(), scope, arithmetic);
}

static void commitTensor(InterpretedTensor &tensor, const Surroundings &scope, const Evaluator &evaluator,
                         Arithmetic arithmetic, std::optional<unsigned> skip) {
  auto rule = scope.optimizer;
  for (Operation &op : stepOf(rule)) {
    auto numbers = [&] { return evaluator[op.getOperand(0)].front(); };
    if (auto update = dyn_cast<ir::UpdateOp>(op)) {
      if (comesAbout(update.getSkipsBefore(), skip))
        tensor.parameter =
            narrowed(numbers(), rule.getComputeType(), scope.precision.getParameter(), scope, arithmetic);
    } else if (auto next = dyn_cast<ir::NextOp>(op); next && !isOfModel(next.getValue().getType())) {
      if (comesAbout(next.getSkipsBefore(), skip))
        store(tensor, SymbolTable::lookupNearestSymbolFrom<ir::StateOp>(rule, next.getStateAttr()), numbers(), scope,
              arithmetic);
    } else if (auto measure = dyn_cast<ir::MeasureOp>(op); measure && !isOfModel(measure.getValue().getType())) {
      if (!skip)
        tensor.metrics[measure.getMetric().str()] = numbers().front();
    }
  }
}

/// Before what a committed step measures of the tensors that take part in it.
static void forgetMetrics(InterpretedTensor &tensor, ir::OptimizerOp rule) {
  for (ir::MetricOp metric : rule.declared<ir::MetricOp>())
    if (!isOfModel(metric.getType()))
      tensor.metrics[metric.getSymName().str()] = std::numeric_limits<double>::quiet_NaN();
}

// ---- a step

/// The same surroundings for one participant alone, under its own rule.
static Surroundings aloneIn(const Surroundings &scope, const Participant &participant, ir::OptimizerOp rule) {
  Surroundings alone = scope;
  alone.optimizer = rule;
  alone.participants = {participant};
  return alone;
}

/// What was gathered over the model as one of the participants sees it: its own part of what was rearranged.
static std::map<int64_t, Rows> gatheredFor(size_t participant, const std::map<int64_t, Rows> &gathered) {
  std::map<int64_t, Rows> own;
  for (const auto &[number, rows] : gathered)
    own[number] = {rows[rows.size() == 1 ? 0 : participant]};
  return own;
}

static void count(InterpretedModel &model, ArrayRef<InterpretedTensor *> taking, bool isSkipped) {
  ++(isSkipped ? model.skipped : model.steps);
  for (InterpretedTensor *tensor : taking)
    tensor->t += isSkipped ? 0 : 1;
}

StepEnd Interpreter::step(InterpretedModel &model, const Gradients &gradients) const {
  ir::OptimizerOp rule = **optimizer;
  InterpretedModel next = model;
  Surroundings scope = scopeOf(next.states, model.steps + 1);
  scope.adjustment = adjustment ? &adjustment : nullptr;
  initializeModel(next, scope, arithmetic);
  SmallVector<InterpretedTensor *> taking; // those that take part
  for (auto [tensor, gradient] : llvm::zip_equal(next.tensors, gradients)) {
    if (!gradient)
      continue;
    Participant participant{&tensor, *gradient, tensor.t + 1};
    initializeTensor(tensor, aloneIn(scope, participant, *ruleOf(tensor)), arithmetic);
    taking.push_back(&tensor);
    scope.participants.push_back(participant);
    scope.modelSize += tensor.size();
  }

  // First the numbers of the model, for which all tensors are needed.
  Evaluator whole(scope, arithmetic);
  whole.run(stepOf(rule));
  bool isEmpty = scope.modelSize == 0;
  std::optional<unsigned> skip = firstSkip(rule, whole);
  if (skip && refuses(rule, *skip))
    return StepEnd::Refused;
  // Then each tensor by itself. What it reads of the model is as the step began.
  std::map<int64_t, Rows> gathered = whole.gatheredOverModel();
  for (InterpretedTensor &tensor : next.tensors)
    if (!skip)
      forgetMetrics(tensor, rule);
  for (auto [index, participant, tensor] : llvm::enumerate(scope.participants, taking)) {
    OwningOpRef<ir::OptimizerOp> own = ruleOf(*tensor);
    Surroundings alone = aloneIn(scope, participant, *own);
    alone.gathered = gatheredFor(index, gathered);
    Evaluator evaluator(alone, arithmetic);
    evaluator.run(stepOf(*own));
    commitTensor(*tensor, alone, evaluator, arithmetic, skip);
  }
  commitModel(next, rule, whole, isEmpty, skip);
  count(next, taking, skip.has_value());
  model = std::move(next);
  return skip ? StepEnd::Skipped : StepEnd::Committed;
}

bool Interpreter::zeroesGradients() const {
  return !stepOf(**optimizer).getOps<ir::ZeroGradientOp>().empty();
}

// ---- what a host may ask

std::vector<double> Interpreter::view(const InterpretedModel &model, StringRef name, size_t index) const {
  const InterpretedTensor &tensor = model.tensors[index];
  if (tensor.t == 0)
    return tensor.parameter;
  OwningOpRef<ir::OptimizerOp> rule = ruleOf(tensor);
  auto view = cast<ir::ViewOp>(SymbolTable::lookupSymbolIn(*rule, name));
  Surroundings scope = aloneIn(scopeOf(model.states, model.steps), {&tensor, {}, tensor.t}, *rule);
  scope.adjustment = adjustment ? &adjustment : nullptr;
  // A host has it written to memory like that of the parameter.
  return narrowed(Evaluator(scope, arithmetic).yielded(view.getValue()).front(), rule->getComputeType(),
                  precision.getParameter(), scope, arithmetic);
}

size_t Interpreter::outcome(const InterpretedTensor &tensor) const {
  std::map<std::string, double> none;
  Surroundings scope = scopeOf(none, /*step=*/1);
  uint32_t bits = 0;
  for (auto [index, choice] : llvm::enumerate(conditions.cases))
    bits |= applies(choice, scope, tensor) ? 1u << index : 0u;
  return static_cast<size_t>(llvm::find(conditions.outcomes, bits) - conditions.outcomes.begin());
}

unsigned Interpreter::minimumRank(const InterpretedTensor &tensor) const {
  return ravine::minimumRank(**optimizer, conditions, conditions.outcomes[outcome(tensor)], precision);
}

bool Interpreter::requirementsHold(const InterpretedTensor &tensor, int64_t step) const {
  ir::OptimizerOp rule = **optimizer;
  std::map<std::string, double> none;
  Surroundings scope = scopeOf(none, step);
  return llvm::all_of(rule.declared<ir::RequirementOp>(),
                      [&](ir::RequirementOp op) { return holds(op.getCondition(), scope, tensor); });
}
