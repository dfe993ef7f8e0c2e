// Registration of the sweep dialect, scalar programs, sweeps and stages; programs have a file of their own. The numbers
// c1, c2 … are those of the constraints in SweepOps.td.
#include "dialect/sweep/Sweep.h"

#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ravine::sweep;

#include "dialect/sweep/SweepDialect.cpp.inc"
#include "dialect/sweep/SweepEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/sweep/SweepAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "dialect/sweep/SweepOps.cpp.inc"

void SweepDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/sweep/SweepAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/sweep/SweepOps.cpp.inc"
      >();
}

YieldOp ScalarsOp::getYield() {
  return cast<YieldOp>(getBody().front().back());
}

uint32_t ScalarsOp::getClockMask() {
  uint32_t mask = 0;
  getBody().walk([&](ClockOp clock) { mask |= 1u << clock.getIndex(); });
  return mask;
}

bool ScalarsOp::readsTensorValues() {
  return !getBody().getOps<TensorValueOp>().empty();
}

bool ScalarsOp::readsModelValues() {
  return !getBody().getOps<ModelValueOp>().empty();
}

static ProgramOp programAround(Operation *inScalars) {
  return cast<ProgramOp>(inScalars->getParentOp()->getParentOp());
}

LogicalResult MatchesOp::verify() {
  if (cast<ScalarsOp>((*this)->getParentOp()).getRole() != ScalarRole::Conditions)
    return emitOpError("c2: only conditions compare names");
  if (getIndex() >= programAround(*this).getPatterns().size())
    return emitOpError("c1: the program has no pattern ") << getIndex();
  return success();
}

LogicalResult TensorValueOp::verify() {
  if (getIndex() >= programAround(*this).getTensorValues().size())
    return emitOpError("c1: the table of tensor values has no entry ") << getIndex();
  return success();
}

LogicalResult ModelValueOp::verify() {
  if (getIndex() >= programAround(*this).getModelValues().size())
    return emitOpError("c1: the table of model values has no entry ") << getIndex();
  return success();
}

YieldOp SweepOp::getYield() {
  return cast<YieldOp>(getBody().front().back());
}

static LogicalResult verifyReduction(SweepOp sweep, ReductionAttr reduction) {
  auto program = cast<ProgramOp>(sweep->getParentOp());
  auto set = reduction.getSet();
  if (set != ravine::ir::IndexSet::Tensor && set != ravine::ir::IndexSet::Model)
    return sweep.emitOpError("c4: folds to neither tensors nor the model");
  ArrayAttr table = set == ravine::ir::IndexSet::Model ? program.getModelValues() : program.getTensorValues();
  if (reduction.getValue() >= table.size() ||
      cast<ValueAttr>(table[reduction.getValue()]).getKind() != ValueKind::Reduction)
    return sweep.emitOpError("c4: the table of ")
           << stringifyIndexSet(set) << " values has no reduction at " << reduction.getValue();
  return success();
}

// A sweep that neither reads nor writes elements may compute in either.
Type SweepOp::getComputeType() {
  unsigned written = 0;
  for (BufferAttr buffer : getBufferAttrs()) {
    if (buffer.getIsRead() && getBody().getNumArguments() > 0)
      return getBody().getArgument(0).getType();
    written += buffer.getIsWritten() ? 1 : 0;
  }
  if (written > 0 && getYield().getValues().size() > 0)
    return getYield().getValues().front().getType();
  return Float32Type::get(getContext());
}

LogicalResult SweepOp::verifyRegions() {
  Type computed = getComputeType();
  if (!computed.isF32() && !computed.isF64())
    return emitOpError("c6: computes in ") << computed << ", neither f32 nor f64";
  SmallVector<Type> writes;
  unsigned views = 0;
  for (BufferAttr buffer : getBufferAttrs()) {
    views += buffer.getKind() == BufferKind::View ? 1 : 0;
    if (buffer.getKind() == BufferKind::View && (buffer.getIsRead() || !buffer.getIsWritten()))
      return emitOpError("c5: a view is written and not read");
    if (buffer.getKind() == BufferKind::Scratch && buffer.getNumber() != computed)
      return emitOpError("c6: scratch stores ") << computed << ", as the sweep computes";
    if (!buffer.getNumber().isF32() && !buffer.getNumber().isF64() && !buffer.getNumber().isBF16() &&
        !buffer.getNumber().isF16())
      return emitOpError("c6: a buffer stores ") << buffer.getNumber() << ", which no memory holds";
    if (!buffer.getIsWritten())
      continue;
    size_t place = writes.size();
    writes.push_back(computed);
    if (buffer.getKind() == BufferKind::Gradient && place < getYield().getValues().size() &&
        !matchPattern(getYield().getValues()[place], m_PosZeroFloat()))
      return emitOpError("c3: writes something else than 0 to the gradient");
  }
  writes.append(getReductions().size(), Float64Type::get(getContext()));
  if (!llvm::equal(getYield().getValues().getTypes(), writes))
    return emitOpError("c2: must yield one number for each buffer written, then an f64 for each reduction");
  for (ReductionAttr reduction : getReductionAttrs())
    if (failed(verifyReduction(*this, reduction)))
      return failure();
  bool isView = getRole() == SweepRole::View;
  if (views != (isView ? 1 : 0) || (isView && writes.size() != 1))
    return emitOpError("c5: a view is written by one sweep in that role, which writes nothing else");
  return success();
}

// The arguments depend on another operation, the scalar program, which is known to be right only by the time symbols
// are looked at.
LogicalResult SweepOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto scalars = symbols.lookupSymbolIn<ScalarsOp>((*this)->getParentOp(), getScalarsAttr());
  if (!scalars)
    return emitOpError("c1: ") << getScalarsAttr() << " is no scalar program";
  SmallVector<Type> arguments;
  for (BufferAttr buffer : getBufferAttrs())
    if (buffer.getIsRead())
      arguments.push_back(getComputeType());
  arguments.append(scalars.getYield().getValues().size(), Float64Type::get(getContext()));
  if (!llvm::equal(getBody().getArgumentTypes(), arguments))
    return emitOpError("c1: the arguments must be the buffers read, then the slots of the scalar program");
  return success();
}

/// What a list of sweeps leaves behind: buffers other than scratch and what is folded, each in a fixed order.
static auto effects(ArrayRef<SweepOp> sweeps) {
  std::vector<std::pair<BufferKind, uint32_t>> buffers;
  std::vector<std::tuple<ravine::ir::IndexSet, uint32_t, ravine::ir::ReductionKind>> folds;
  for (SweepOp sweep : sweeps) {
    for (BufferAttr buffer : sweep.getBufferAttrs())
      if (buffer.getIsWritten() && buffer.getKind() != BufferKind::Scratch)
        buffers.emplace_back(buffer.getKind(), buffer.getIndex());
    for (ReductionAttr reduction : sweep.getReductionAttrs())
      folds.emplace_back(reduction.getSet(), reduction.getValue(), reduction.getKind());
  }
  llvm::sort(buffers);
  llvm::sort(folds);
  return std::pair(buffers, folds);
}

LogicalResult StageOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto exits = static_cast<int32_t>(cast<ProgramOp>((*this)->getParentOp()).getExits().size());
  if (auto exit = static_cast<int32_t>(getExit()); exit < -1 || exit >= exits)
    return emitOpError("c3: the program has no exit ") << exit;
  SmallVector<SweepOp> sweeps, resident;
  for (auto [list, found] : {std::pair(getSweeps(), &sweeps), std::pair(getResident(), &resident)})
    for (auto name : list.getAsRange<FlatSymbolRefAttr>()) {
      auto sweep = symbols.lookupSymbolIn<SweepOp>((*this)->getParentOp(), name);
      if (!sweep || sweep.getRole() != SweepRole::Step || sweep.getVariant() != getVariant())
        return emitOpError("c1: ") << name << " is no step sweep of variant " << getVariant();
      found->push_back(sweep);
    }
  if (!resident.empty() && effects(sweeps) != effects(resident))
    return emitOpError("c2: the two forms write other buffers or fold other numbers");
  return success();
}
