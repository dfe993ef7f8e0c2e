// Verifiers of the ravine operations. The numbers c1, c2 … are those of the constraints in the .td files.
#include "dialect/ravine/Ravine.h"

#include "llvm/ADT/StringSet.h"

#include <cmath>

using namespace mlir;
using namespace ravine::ir;

#define GET_OP_CLASSES
#include "dialect/ravine/RavineOps.cpp.inc"

// ---- declarations

StepOp OptimizerOp::getStep() {
  return *declared<StepOp>().begin();
}

LogicalResult OptimizerOp::verifyRegions() {
  for (Operation &op : getBody().front())
    if (!isa<HyperOp, StateOp, CaseOp, RequirementOp, MetricOp, ViewOp, StepOp>(op))
      return op.emitOpError("c2: does not belong in the body of an optimizer");
  if (!llvm::hasSingleElement(declared<StepOp>()))
    return emitOpError("c1: needs exactly one step");
  llvm::StringSet<> measured;
  for (MeasureOp measure : getStep().getBody().getOps<MeasureOp>())
    measured.insert(measure.getMetric());
  for (MetricOp metric : declared<MetricOp>())
    if (!measured.contains(metric.getSymName()))
      return metric.emitOpError("c3: is not measured by the step");
  return success();
}

LogicalResult HyperOp::verify() {
  double value = getDefaultValue().convertToDouble();
  double lower = getLower().convertToDouble(), upper = getUpper().convertToDouble();
  bool aboveLower = getLowerOpen() ? value > lower : value >= lower;
  bool belowUpper = getUpperOpen() ? value < upper : value <= upper;
  if (!aboveLower || !belowUpper)
    return emitOpError("c1: the default ") << value << " is outside its range";
  if ((getKind() == HyperKind::Enum) != getChoices().has_value())
    return emitOpError("c2: choices belong to an enum, and an enum has choices");
  if (getChoices() && (value != std::trunc(value) || value < 0 || value >= static_cast<double>(getChoices()->size())))
    return emitOpError("c2: the default is no index of a choice");
  if (getSet() == IndexSet::Element)
    return emitOpError("c3: a hyper does not vary over elements");
  return success();
}

/// The value that a region of declarations yields; null if there is none.
static Value yieldedValue(Region &region) {
  if (region.empty() || region.front().empty())
    return {};
  auto yield = dyn_cast<YieldOp>(region.front().back());
  return yield ? yield.getValue() : Value();
}

/// Whether a region yields one truth value that varies over nothing finer than `finest`.
static bool isCondition(Region &region, IndexSet finest) {
  Value value = yieldedValue(region);
  if (!value)
    return false;
  auto type = cast<FieldType>(value.getType());
  return type.isBoolean() && type.getSet() <= finest;
}

/// Whether an operation reads the clock, and there anything but the tensor's shape.
static bool readsCounters(Operation &op) {
  auto clock = dyn_cast<ClockOp>(op);
  return clock && clock.getKind() != ClockKind::Size && clock.getKind() != ClockKind::Rank;
}

/// The first operation of a condition that reads what is not known when the optimizer is created; null if there is
/// none.
static Operation *readsAfterCreation(Region &condition) {
  for (Operation &op : condition.front())
    if (isa<ParameterOp, GradientOp, CurrentOp, ExistsOp>(op) || readsCounters(op))
      return &op;
  return nullptr;
}

/// A scalar that outlives a step: f64 for each tensor or for the model.
static bool isKeptScalar(FieldType type) {
  return type.getNumber().isF64() && (type.getSet() == IndexSet::Tensor || type.getSet() == IndexSet::Model);
}

LogicalResult StateOp::verifyRegions() {
  Value initial = yieldedValue(getInitial());
  if (!initial || initial.getType() != getType())
    return emitOpError("c1: initial must yield one value of type ") << getType();
  if (isOptional() && !isCondition(getCondition(), IndexSet::Tensor))
    return emitOpError("c2: the condition must yield one truth value, per tensor at the finest");
  FieldType type = getFieldType();
  if (type.isBoolean() || (type.isScalar() && !isKeptScalar(type)))
    return emitOpError("c3: a state holds a real number for each element, or f64 for each tensor or the model");
  if (isOptional() && type.getSet() == IndexSet::Model)
    return emitOpError("c4: a state of the model always exists");
  if (Operation *read = isOptional() ? readsAfterCreation(getCondition()) : nullptr)
    return read->emitOpError("c5: is not known when the optimizer is created");
  for (Operation &op : getInitial().front())
    if (isa<GradientOp, CurrentOp, ReduceOp>(op) || readsCounters(op))
      return op.emitOpError("c6: does not belong in an initial value");
  return success();
}

LogicalResult CaseOp::verifyRegions() {
  if (!isCondition(getCondition(), IndexSet::Tensor))
    return emitOpError("c1: must yield one truth value, per tensor at the finest");
  if (Operation *read = readsAfterCreation(getCondition()))
    return read->emitOpError("c2: is not known when the optimizer is created");
  return success();
}

LogicalResult MetricOp::verify() {
  if (!isKeptScalar(getFieldType()))
    return emitOpError("c1: a metric is an f64 for each tensor or the model");
  return success();
}

LogicalResult ViewOp::verifyRegions() {
  Value value = yieldedValue(getValue());
  auto type = value ? cast<FieldType>(value.getType()) : FieldType();
  if (!type || type.isBoolean() || type.isScalar())
    return emitOpError("c1: must yield one real number for each element");
  for (Operation &op : getValue().front()) {
    auto clock = dyn_cast<ClockOp>(op);
    if (isa<GradientOp, ReduceOp>(op) || (clock && clock.getKind() == ClockKind::ModelSize))
      return op.emitOpError("c2: does not belong in a view");
  }
  return success();
}

LogicalResult RequirementOp::verifyRegions() {
  if (!isCondition(getCondition(), IndexSet::Group))
    return emitOpError("c1: must yield one truth value, per group at the finest");
  for (Operation &op : getCondition().front())
    if (isa<ParameterOp, GradientOp, CurrentOp, ExistsOp, ClockOp>(op))
      return op.emitOpError("c2: does not belong in a requirement");
  return success();
}

LogicalResult StepOp::verifyRegions() {
  bool hasUpdate = false, hasGuard = false;
  llvm::StringSet<> defined, measured;
  for (Operation &op : getBody().front()) {
    if (isa<UpdateOp>(op)) {
      if (hasUpdate)
        return op.emitOpError("c1: w is updated twice");
      hasUpdate = true;
    } else if (auto next = dyn_cast<NextOp>(op)) {
      if (!defined.insert(next.getState()).second)
        return op.emitOpError("c1: the state is defined twice");
    } else if (auto measure = dyn_cast<MeasureOp>(op)) {
      if (!measured.insert(measure.getMetric()).second)
        return op.emitOpError("c1: the metric is measured twice");
    } else if (isa<GuardOp>(op)) {
      if (hasGuard)
        return op.emitOpError("c1: the step is guarded twice");
      hasGuard = true;
    }
  }
  return success();
}

// ---- symbols

/// The declaration that `name` refers to in the optimizer around `op`, or an error on `op`.
template <typename Declaration>
static FailureOr<Declaration> resolve(Operation *op, FlatSymbolRefAttr name, SymbolTableCollection &symbols) {
  auto optimizer = op->getParentOfType<OptimizerOp>();
  auto declaration = optimizer ? symbols.lookupSymbolIn<Declaration>(optimizer, name) : Declaration();
  if (!declaration)
    return op->emitOpError("c1: ") << name << " is no " << Declaration::getOperationName() << " of this optimizer";
  return declaration;
}

static LogicalResult verifyState(Operation *op, FlatSymbolRefAttr name, Type type, SymbolTableCollection &symbols) {
  FailureOr<StateOp> state = resolve<StateOp>(op, name, symbols);
  if (failed(state))
    return failure();
  if (state->getType() != type)
    return op->emitOpError("c1: the state has type ") << state->getType() << ", not " << type;
  return success();
}

LogicalResult MeasureOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<MetricOp> metric = resolve<MetricOp>(*this, getMetricAttr(), symbols);
  if (failed(metric))
    return failure();
  if (metric->getType() != getValue().getType())
    return emitOpError("c1: the metric has type ") << metric->getType() << ", not " << getValue().getType();
  return success();
}

LogicalResult CurrentOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyState(*this, getStateAttr(), getResult().getType(), symbols);
}

LogicalResult NextOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyState(*this, getStateAttr(), getValue().getType(), symbols);
}

LogicalResult HyperValueOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<HyperOp> hyper = resolve<HyperOp>(*this, getHyperAttr(), symbols);
  if (failed(hyper))
    return failure();
  bool isBool = hyper->getKind() == HyperKind::Bool;
  if (isBool != cast<FieldType>(getResult().getType()).isBoolean())
    return emitOpError("c2: a bool is read as i1, every other hyper as a number");
  IndexSet set = cast<FieldType>(getResult().getType()).getSet();
  if (set != hyper->getSet())
    return emitOpError("c3: the hyper varies over ")
           << stringifyIndexSet(hyper->getSet()) << ", not " << stringifyIndexSet(set);
  return success();
}

LogicalResult ExistsOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto optimizer = (*this)->getParentOfType<OptimizerOp>();
  Operation *declaration = optimizer ? symbols.lookupSymbolIn(optimizer, getConditionAttr()) : nullptr;
  auto state = dyn_cast_or_null<StateOp>(declaration);
  auto choice = dyn_cast_or_null<CaseOp>(declaration);
  if (!choice && !(state && state.isOptional()))
    return emitOpError("c1: ") << getConditionAttr() << " is neither a case nor an optional state of this optimizer";
  Value condition = yieldedValue(choice ? choice.getCondition() : state.getCondition());
  // Where there is none, the declaration's own verifier says so.
  auto type = condition ? cast<FieldType>(condition.getType()) : FieldType();
  if (type && type.getSet() != getResult().getType().getSet())
    return emitOpError("c2: the condition varies over ")
           << stringifyIndexSet(type.getSet()) << ", not " << stringifyIndexSet(getResult().getType().getSet());
  return success();
}

Region &ExistsOp::getConditionRegion() {
  Operation *declaration = SymbolTable::lookupSymbolIn((*this)->getParentOfType<OptimizerOp>(), getConditionAttr());
  auto state = dyn_cast<StateOp>(declaration);
  return state ? state.getCondition() : cast<CaseOp>(declaration).getCondition();
}

LogicalResult ClockOp::verify() {
  bool isOfModel = getKind() == ClockKind::Step || getKind() == ClockKind::ModelSize;
  if (getResult().getType().getSet() != (isOfModel ? IndexSet::Model : IndexSet::Tensor))
    return emitOpError("c1: the result must vary over ") << (isOfModel ? "the model" : "tensors");
  return success();
}

// ---- reductions

LogicalResult WidenOp::verify() {
  FieldType from = getOperand().getType(), to = getResult().getType();
  if (from.isScalar() || from.getNumber().isF64())
    return emitOpError("c1: the operand must be a field over elements that is not f64");
  if (to.isScalar() || !to.getNumber().isF64())
    return emitOpError("c2: the result must be a field of f64 over elements");
  return success();
}

LogicalResult ReduceOp::verify() {
  FieldType from = getOperand().getType(), to = getResult().getType();
  if (from.isScalar() || !from.getNumber().isF64())
    return emitOpError("c1: the operand must be a field of f64 over elements");
  if (!isKeptScalar(to))
    return emitOpError("c2: the result must be a field of f64 over tensors or the model");
  return success();
}

LogicalResult GuardOp::verify() {
  FieldType type = getValue().getType();
  if (type.getSet() != IndexSet::Model)
    return emitOpError("c1: the value must be an f64 of the model");
  return success();
}

// ---- elementwise operations

LogicalResult CompareOp::verify() {
  if (getLhs().getType().getSet() != getResult().getType().getSet())
    return emitOpError("c1: the result must vary over the operands' index set");
  return success();
}

LogicalResult SelectOp::verify() {
  if (getCondition().getType().getSet() != cast<FieldType>(getResult().getType()).getSet())
    return emitOpError("c1: the condition must vary over the values' index set");
  return success();
}

LogicalResult ConstantOp::verify() {
  Type number = cast<FieldType>(getResult().getType()).getNumber();
  if (getValue().getType() != number)
    return emitOpError("c1: the attribute's type must be ") << number;
  return success();
}

LogicalResult BroadcastOp::verify() {
  auto from = cast<FieldType>(getOperand().getType()), to = cast<FieldType>(getResult().getType());
  if (from.getSet() >= to.getSet())
    return emitOpError("c1: the result must vary over a finer index set than the operand");
  if (from.isBoolean() != to.isBoolean())
    return emitOpError("c2: a truth value stays one, a number stays one");
  return success();
}
