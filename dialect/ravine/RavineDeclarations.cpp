// Verifiers of optimizers and of what they declare. The numbers c1, c2 … are those of the constraints in RavineOps.td.
#include "dialect/ravine/Verification.h"

#include "llvm/ADT/StringSet.h"

#include <cmath>

using namespace mlir;
using namespace ravine::ir;
using ravine::IndexSet;
using ravine::join;
using ravine::refines;

// ---- the optimizer

StepOp OptimizerOp::getStep() {
  return *declared<StepOp>().begin();
}

FloatType OptimizerOp::getComputeType() {
  auto typeOf = [](Value elements) { return cast<FloatType>(cast<FieldType>(elements.getType()).getNumber()); };
  for (Operation &op : getStep().getBody().front()) {
    if (auto update = dyn_cast<UpdateOp>(op))
      return typeOf(update.getValue());
    if (isa<ParameterOp, GradientOp>(op))
      return typeOf(op.getResult(0));
  }
  for (StateOp state : declared<StateOp>())
    if (state.getFieldType().isOfElements())
      return cast<FloatType>(state.getFieldType().getNumber());
  return Float32Type::get(getContext());
}

SmallVector<PrecisionAttr> OptimizerOp::getStorage() {
  if (std::optional<ArrayAttr> given = getPrecisions())
    return llvm::to_vector(given->getAsRange<PrecisionAttr>());
  FloatType compute = getComputeType();
  auto name = StringAttr::get(getContext(), compute.isF64() ? "f64" : "f32");
  return {PrecisionAttr::get(getContext(), name, compute, compute)};
}

static LogicalResult verifyPrecisions(OptimizerOp optimizer) {
  if (!optimizer.getPrecisions())
    return success();
  if (optimizer.getPrecisions()->empty())
    return optimizer.emitOpError("c4: needs a precision");
  FloatType compute = optimizer.getComputeType();
  llvm::StringSet<> names;
  for (PrecisionAttr precision : optimizer.getStorage()) {
    if (!names.insert(precision.getName()).second)
      return optimizer.emitOpError("c4: has the precision ") << precision.getName() << " twice";
    if (precision.getParameter().isF64() != compute.isF64())
      return optimizer.emitOpError("c4: computes in ") << compute << ", which does not fit " << precision.getName();
  }
  return success();
}

/// Whether some schedule needs its own hyper. `path` holds the hypers whose schedules are being followed.
static bool needsItself(HyperOp hyper, llvm::StringSet<> &path) {
  if (!hyper.isScheduled())
    return false;
  if (!path.insert(hyper.getSymName()).second)
    return true;
  for (HyperValueOp read : hyper.getSchedule().getOps<HyperValueOp>()) {
    auto next = SymbolTable::lookupNearestSymbolFrom<HyperOp>(hyper->getParentOp(), read.getHyperAttr());
    if (next && needsItself(next, path))
      return true;
  }
  path.erase(hyper.getSymName());
  return false;
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
  constexpr size_t mostCases = 32;
  if (llvm::range_size(declared<CaseOp>()) > mostCases)
    return emitOpError("c6: has more than ") << mostCases << " cases";
  for (HyperOp hyper : declared<HyperOp>())
    if (llvm::StringSet<> path; needsItself(hyper, path))
      return hyper.emitOpError("c5: is scheduled by itself");
  return verifyPrecisions(*this);
}

LogicalResult OptimizerOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!getWideAttr())
    return success();
  auto wide = symbols.lookupNearestSymbolFrom<OptimizerOp>((*this)->getParentOp(), getWideAttr());
  if (!wide || wide == *this || wide.getWideAttr() || !wide.getComputeType().isF64())
    return emitOpError("c5: ") << getWideAttr() << " is no optimizer that computes in f64";
  auto names = [](OptimizerOp optimizer) {
    SmallVector<StringAttr> result;
    for (Operation &op : optimizer.getBody().front())
      result.push_back(op.getAttrOfType<StringAttr>(mlir::SymbolTable::getSymbolAttrName()));
    return result;
  };
  if (names(*this) != names(wide))
    return emitOpError("c5: ") << getWideAttr() << " does not have the same declarations";
  return success();
}

// ---- regions of declarations

Value ravine::ir::yieldedValue(Region &region) {
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
  return type.isBoolean() && refines(finest, type.getSet());
}

static bool isShape(ClockKind kind) {
  return kind != ClockKind::T && kind != ClockKind::Step && kind != ClockKind::ModelSize;
}

/// Whether an operation reads the clock, and there anything but the tensor's shape.
static bool readsCounters(Operation &op) {
  auto clock = dyn_cast<ClockOp>(op);
  return clock && !isShape(clock.getKind());
}

/// Whether a region needs to see the elements of a step's tensors: one that has to be known without them may not.
static bool readsElements(Operation &op) {
  return isa<ParameterOp, GradientOp, CurrentOp>(op) || gatheredOver(op);
}

// ---- hypers

static LogicalResult verifySchedule(HyperOp hyper) {
  if (!hyper.isScheduled())
    return success();
  Value value = yieldedValue(hyper.getSchedule());
  auto type = value ? cast<FieldType>(value.getType()) : FieldType();
  if (!type || !type.getNumber().isF64() || !refines(indexSetOf(hyper.getSet()), type.getSet()))
    return hyper.emitOpError("c4: the schedule must yield an f64, over nothing finer than the hyper");
  if (hyper.getSet() == HyperSet::Tensor || hyper.getKind() != HyperKind::Real)
    return hyper.emitOpError("c4: only a real hyper of groups or of the model has a schedule");
  for (Operation &op : hyper.getSchedule().front()) {
    auto clock = dyn_cast<ClockOp>(op);
    if (readsElements(op) || isa<ExistsOp, MatchesOp>(op) || (clock && clock.getKind() != ClockKind::Step))
      return op.emitOpError("c4: does not belong in a schedule");
  }
  return success();
}

LogicalResult HyperOp::verifyRegions() {
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
  return verifySchedule(*this);
}

// ---- states and cases

IndexSet ravine::ir::indexSetOf(HyperSet set) {
  switch (set) {
  case HyperSet::Model:
    return IndexSet::Model;
  case HyperSet::Group:
    return IndexSet::Group;
  case HyperSet::Tensor:
    return IndexSet::Tensor;
  }
  llvm_unreachable("every set is listed");
}

bool ravine::ir::isKeptScalar(FieldType type) {
  return type.getNumber().isF64() && (type.getSet() == IndexSet::Tensor || type.getSet() == IndexSet::Model);
}

LogicalResult ravine::ir::verifyUnder(Operation *op, std::optional<ArrayAttr> under, SymbolTableCollection &symbols,
                                      StringRef number) {
  auto optimizer = op->getParentOfType<OptimizerOp>();
  if (under && optimizer)
    for (auto name : under->getAsRange<FlatSymbolRefAttr>())
      if (!symbols.lookupSymbolIn<CaseOp>(optimizer, name.getAttr()))
        return op->emitOpError(number) << ": " << name << " is no case of this optimizer";
  return success();
}

/// The finest index set that one of the cases is decided for.
static IndexSet finestOf(std::optional<ArrayAttr> under, OptimizerOp optimizer, SymbolTableCollection &symbols) {
  IndexSet finest = IndexSet::Model;
  if (under)
    for (auto name : under->getAsRange<FlatSymbolRefAttr>()) {
      auto choice = symbols.lookupSymbolIn<CaseOp>(optimizer, name.getAttr());
      if (Value condition = choice ? yieldedValue(choice.getCondition()) : Value())
        finest = join(finest, cast<FieldType>(condition.getType()).getSet());
    }
  return finest;
}

static LogicalResult verifyMaster(StateOp state, OptimizerOp optimizer) {
  if (!state.getMaster())
    return success();
  if (!state.getFieldType().isOfElements() || state.getSymName() != "master" || state.getUnder())
    return state.emitOpError("c7: a master is over elements, is called `master` and exists under no case");
  if (!SymbolTable::symbolKnownUseEmpty(state, optimizer))
    return state.emitOpError("c7: a master is neither read nor defined");
  return success();
}

LogicalResult StateOp::verifyRegions() {
  Value initial = yieldedValue(getInitial());
  if (!initial || initial.getType() != getType())
    return emitOpError("c1: initial must yield one value of type ") << getType();
  FieldType type = getFieldType();
  if (type.isBoolean() || (type.isScalar() && !isKeptScalar(type)))
    return emitOpError(
        "c2: a state holds a real number for each element, or f64 for each group of elements, each tensor "
        "or the model");
  for (Operation &op : getInitial().front()) {
    if (isa<GradientOp, CurrentOp>(op) || readsCounters(op) || gatheredOver(op) == IndexSet::Model)
      return op.emitOpError("c5: does not belong in an initial value");
    if (type.isScalar() && gatheredOver(op))
      return op.emitOpError("c5: does not belong in the initial value of a state over tensors or the model");
  }
  if (Type store = getStore().value_or(Type());
      store && (type.isScalar() || !(store.isF32() || store.isF64() || store.isBF16() || store.isF16())))
    return emitOpError("c6: elements and groups of them are stored in f32, f64, bf16 or f16, single numbers in f64");
  return success();
}

LogicalResult StateOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto optimizer = (*this)->getParentOfType<OptimizerOp>();
  if (failed(verifyUnder(*this, getUnder(), symbols, "c3")))
    return failure();
  if (getFieldType().getSet() == IndexSet::Model && finestOf(getUnder(), optimizer, symbols) != IndexSet::Model)
    return emitOpError("c4: a state of the model cannot depend on a tensor");
  return verifyMaster(*this, optimizer);
}

LogicalResult CaseOp::verifyRegions() {
  if (!isCondition(getCondition(), IndexSet::Tensor))
    return emitOpError("c1: must yield one truth value, per tensor at the finest");
  for (Operation &op : getCondition().front())
    if (readsElements(op) || isa<ExistsOp>(op) || readsCounters(op))
      return op.emitOpError("c2: is not known when the optimizer is created");
  return success();
}

LogicalResult CaseOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto optimizer = (*this)->getParentOfType<OptimizerOp>();
  if (failed(verifyUnder(*this, getUnder(), symbols, "c3")))
    return failure();
  if (getUnder())
    for (auto name : getUnder()->getAsRange<FlatSymbolRefAttr>())
      if (!symbols.lookupSymbolIn<CaseOp>(optimizer, name.getAttr())->isBeforeInBlock(*this))
        return emitOpError("c3: ") << name << " does not stand before";
  Value condition = yieldedValue(getCondition());
  if (condition && !refines(cast<FieldType>(condition.getType()).getSet(), finestOf(getUnder(), optimizer, symbols)))
    return emitOpError("c5: is decided for less than the cases it is under");
  for (CaseOp other : optimizer.declared<CaseOp>())
    if (getChoiceAttr() && other.getChoiceAttr() == getChoiceAttr() && other.getUnderAttr() != getUnderAttr())
      return emitOpError("c4: is not under the cases that ") << other.getSymNameAttr() << " is under";
  return success();
}

// ---- the others

LogicalResult MetricOp::verify() {
  if (!isKeptScalar(getFieldType()))
    return emitOpError("c1: a metric is an f64 for each tensor or the model");
  return success();
}

LogicalResult ViewOp::verifyRegions() {
  Value value = yieldedValue(getValue());
  auto type = value ? cast<FieldType>(value.getType()) : FieldType();
  if (!type || type.isBoolean() || !type.isOfElements())
    return emitOpError("c1: must yield one real number for each element");
  for (Operation &op : getValue().front()) {
    auto clock = dyn_cast<ClockOp>(op);
    if (isa<GradientOp>(op) || gatheredOver(op) == IndexSet::Model ||
        (clock && clock.getKind() == ClockKind::ModelSize))
      return op.emitOpError("c2: does not belong in a view");
  }
  return success();
}

LogicalResult RequirementOp::verifyRegions() {
  if (!isCondition(getCondition(), IndexSet::Group))
    return emitOpError("c1: must yield one truth value, per group at the finest");
  for (Operation &op : getCondition().front())
    if (readsElements(op) || isa<ExistsOp, ClockOp, MatchesOp>(op))
      return op.emitOpError("c2: does not belong in a requirement");
  return success();
}
