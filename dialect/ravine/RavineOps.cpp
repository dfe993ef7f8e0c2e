// Verifiers of steps and of the operations in them. The numbers c1, c2 … are those of the constraints in the .td files.
#include "dialect/ravine/Verification.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace ravine::ir;
using ravine::IndexSet;
using ravine::refines;

#define GET_OP_CLASSES
#include "dialect/ravine/RavineOps.cpp.inc"

// ---- the step

LogicalResult StepOp::verifyRegions() {
  Block &body = getBody().front();
  auto skipCount = static_cast<uint32_t>(llvm::range_size(body.getOps<SkipOp>()));
  bool hasUpdate = false, zeroes = false;
  llvm::StringSet<> defined, measured;
  for (Operation &op : body) {
    if (auto update = dyn_cast<UpdateOp>(op)) {
      if (std::exchange(hasUpdate, true))
        return op.emitOpError("c1: w is updated twice");
      if (update.getSkipsBefore() > skipCount)
        return op.emitOpError("c2: comes after more skips than there are");
    } else if (auto next = dyn_cast<NextOp>(op)) {
      if (!defined.insert(next.getState()).second)
        return op.emitOpError("c1: the state is defined twice");
      if (next.getSkipsBefore() > skipCount)
        return op.emitOpError("c2: comes after more skips than there are");
    } else if (auto measure = dyn_cast<MeasureOp>(op)) {
      if (!measured.insert(measure.getMetric()).second)
        return op.emitOpError("c1: the metric is measured twice");
    } else if (isa<ZeroGradientOp>(op)) {
      if (std::exchange(zeroes, true))
        return op.emitOpError("c1: the gradient is zeroed twice");
    }
  }
  return success();
}

LogicalResult SkipOp::verify() {
  if (getCondition().getType().getSet() != IndexSet::Model)
    return emitOpError("c1: the condition must be a truth value of the model");
  if (getRefuse() != static_cast<bool>(getCulprit()))
    return emitOpError("c2: a skip that refuses has a culprit, and no other has");
  if (!getRefuse())
    return success();
  auto reduction = getCulprit().getDefiningOp<ReduceOp>();
  if (!reduction || reduction.getType().getSet() != IndexSet::Model)
    return emitOpError("c2: the culprit must be a reduction to the model");
  auto skips = (*this)->getBlock()->getOps<SkipOp>();
  if (*skips.begin() != *this)
    return emitOpError("c2: a skip that refuses stands before all others");
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
  if (set != indexSetOf(hyper->getSet()))
    return emitOpError("c3: the hyper varies over ") << stringifyHyperSet(hyper->getSet()) << ", not " << spelling(set);
  return success();
}

LogicalResult ExistsOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<CaseOp> choice = resolve<CaseOp>(*this, getConditionAttr(), symbols);
  if (failed(choice))
    return failure();
  // Where the condition yields nothing, its own verifier says so.
  Value condition = yieldedValue(choice->getCondition());
  IndexSet set = getResult().getType().getSet();
  if (condition && cast<FieldType>(condition.getType()).getSet() != set)
    return emitOpError("c2: the condition varies over ")
           << spelling(cast<FieldType>(condition.getType()).getSet()) << ", not " << spelling(set);
  return success();
}

LogicalResult MatchesOp::verify() {
  if (getResult().getType().getSet() != IndexSet::Tensor)
    return emitOpError("c1: the result must vary over tensors");
  return success();
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
  if (!from.isOfElements() || from.getNumber().isF64())
    return emitOpError("c1: the operand must be a field over elements that is not f64");
  if (!to.isOfElements() || !to.getNumber().isF64())
    return emitOpError("c2: the result must be a field of f64 over elements");
  return success();
}

LogicalResult ReduceOp::verify() {
  FieldType from = getOperand().getType(), to = getResult().getType();
  if (!from.getNumber().isF64() || !refines(from.getSet(), IndexSet::Tensor))
    return emitOpError("c1: the operand must be a field of f64 over elements, groups of elements or tensors");
  if (!to.getNumber().isF64() || to.getSet() == IndexSet::Group || from.getSet() == to.getSet() ||
      !refines(from.getSet(), to.getSet()))
    return emitOpError("c2: the result must be a field of f64 over an index set that is coarser than ")
           << spelling(from.getSet()) << " and not group";
  return success();
}

std::optional<IndexSet> ravine::ir::gatheredOver(Operation &op) {
  if (auto reduction = dyn_cast<ReduceOp>(op))
    return reduction.getType().getSet();
  if (auto search = dyn_cast<SearchOp>(op))
    return search.getType().getSet();
  if (auto rearrangement = dyn_cast<RearrangeOp>(op))
    return rearrangement.getSet().getValue();
  return std::nullopt;
}

/// `under` belongs to what is gathered over the model.
static LogicalResult verifyGatheredUnder(Operation *op, std::optional<ArrayAttr> under, SymbolTableCollection &symbols,
                                         StringRef number) {
  if (under && *gatheredOver(*op) != IndexSet::Model)
    return op->emitOpError(number) << ": only what is gathered over the model is under cases";
  return verifyUnder(op, under, symbols, number);
}

LogicalResult ReduceOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyGatheredUnder(*this, getUnder(), symbols, "c3");
}

// ---- searches and rearrangements

/// An argument is one f64 for each member of `set`, or for something coarser.
static bool isArgument(FieldType argument, IndexSet set) {
  return argument.getNumber().isF64() && refines(set, argument.getSet());
}

static bool isElements(FieldType type) {
  return type.isOfElements() && !type.isBoolean();
}

LogicalResult SearchOp::verify() {
  if (!isElements(getOperand().getType()))
    return emitOpError("c1: the operand must be a field of f32 or f64 over elements");
  IndexSet set = getType().getSet();
  bool isSearched =
      set.kind == IndexSet::Block || set == IndexSet::Row || set == IndexSet::Tensor || set == IndexSet::Model;
  if (!getType().getNumber().isF64() || !isSearched)
    return emitOpError("c2: the result must be a field of f64 over blocks, rows, tensors or the model");
  if (!isArgument(getArgument().getType(), set))
    return emitOpError("c3: the argument must be a field of f64 that has one number for each ") << spelling(set);
  return success();
}

LogicalResult SearchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyGatheredUnder(*this, getUnder(), symbols, "c4");
}

LogicalResult RearrangeOp::verify() {
  if (!isElements(getOperand().getType()))
    return emitOpError("c1: the operand must be a field of f32 or f64 over elements");
  IndexSet set = getSet().getValue();
  bool mayBeModel = getKind() == RearrangementKind::Largest;
  bool isRearranged = set.kind == IndexSet::Block || set == IndexSet::Row || set == IndexSet::Tensor;
  if (!isRearranged && !(mayBeModel && set == IndexSet::Model))
    return emitOpError("c2: rearranges blocks, rows or tensors") << (mayBeModel ? ", or the model" : "");
  if (!isArgument(getArgument().getType(), set))
    return emitOpError("c3: the argument must be a field of f64 that has one number for each ") << spelling(set);
  FloatAttr known;
  bool isZero = matchPattern(getArgument(), m_Constant(&known)) && known.getValue().isZero();
  if (getKind() == RearrangementKind::Difference && !isZero)
    return emitOpError("c3: the argument of a difference is the constant 0");
  return success();
}

LogicalResult RearrangeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyGatheredUnder(*this, getUnder(), symbols, "c4");
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
  if (from.getSet() == to.getSet() || !refines(to.getSet(), from.getSet()))
    return emitOpError("c1: the result must vary over a finer index set than the operand");
  if (from.isBoolean() != to.isBoolean())
    return emitOpError("c2: a truth value stays one, a number stays one");
  return success();
}
