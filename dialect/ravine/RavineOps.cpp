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
    if (!isa<HyperOp, StateOp, RequirementOp, StepOp>(op))
      return op.emitOpError("c2: does not belong in the body of an optimizer");
  if (!llvm::hasSingleElement(declared<StepOp>()))
    return emitOpError("c1: needs exactly one step");
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
  return success();
}

/// The value that a region of declarations yields; null if there is none.
static Value yieldedValue(Region &region) {
  if (region.empty() || region.front().empty())
    return {};
  auto yield = dyn_cast<YieldOp>(region.front().back());
  return yield ? yield.getValue() : Value();
}

static bool isGroupCondition(Region &region) {
  Value value = yieldedValue(region);
  if (!value)
    return false;
  auto type = cast<FieldType>(value.getType());
  return type.isBoolean() && type.getSet() <= IndexSet::Group;
}

LogicalResult StateOp::verifyRegions() {
  Value initial = yieldedValue(getInitial());
  if (!initial || initial.getType() != getType())
    return emitOpError("c1: initial must yield one value of type ") << getType();
  if (isOptional() && !isGroupCondition(getCondition()))
    return emitOpError("c2: the condition must yield one truth value, per group at the finest");
  if (getFieldType().isBoolean() || getFieldType().isScalar())
    return emitOpError("c3: a state holds a real number for each element");
  return success();
}

LogicalResult RequirementOp::verifyRegions() {
  if (!isGroupCondition(getCondition()))
    return emitOpError("c1: must yield one truth value, per group at the finest");
  return success();
}

LogicalResult StepOp::verifyRegions() {
  bool hasUpdate = false;
  llvm::StringSet<> defined;
  for (Operation &op : getBody().front()) {
    if (isa<UpdateOp>(op)) {
      if (hasUpdate)
        return op.emitOpError("c1: w is updated twice");
      hasUpdate = true;
    } else if (auto next = dyn_cast<NextOp>(op)) {
      if (!defined.insert(next.getState()).second)
        return op.emitOpError("c1: the state is defined twice");
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
  return success();
}

LogicalResult ExistsOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<StateOp> state = resolve<StateOp>(*this, getStateAttr(), symbols);
  if (failed(state))
    return failure();
  if (!state->isOptional())
    return emitOpError("c1: ") << getStateAttr() << " always exists";
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
