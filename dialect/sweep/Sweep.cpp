// Registration and verifiers of the sweep dialect. The numbers c1, c2 … are those of the constraints in SweepOps.td.
#include "dialect/sweep/Sweep.h"

#include "mlir/IR/DialectImplementation.h"
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

/// The rest of what `guard` has to be once the stages of every variant are known to be as many.
static LogicalResult verifyGuard(ProgramOp program) {
  if (program.getGuard() == static_cast<uint32_t>(-1))
    return success();
  if (program.getGuard() >= program.getModelValues().size() ||
      program.getGuardStage() >= program.getStages(/*variant=*/0).size())
    return program.emitOpError("c5: the guard names no model value, or no stage");
  for (unsigned variant = 0; variant < program.getVariantCount(); ++variant) {
    std::vector<StageOp> stages = program.getStages(variant);
    stages.resize(program.getGuardStage() + 1);
    for (StageOp stage : stages)
      for (ArrayAttr list : {stage.getSweeps(), stage.getResident()})
        for (auto name : list.getAsRange<FlatSymbolRefAttr>()) {
          auto sweep = program.lookupSymbol<SweepOp>(name); // what else it can be is for the stage to say
          if (sweep && llvm::any_of(sweep.getBufferAttrs(), [](BufferAttr buffer) {
                return buffer.getIsWritten() && buffer.getKind() != BufferKind::Scratch;
              }))
            return sweep.emitOpError("c5: writes before the step is known to happen");
        }
  }
  return success();
}

LogicalResult ProgramOp::verifyRegions() {
  constexpr int32_t maxConditions = 8;
  if (getConditionCount() > static_cast<uint32_t>(maxConditions))
    return emitOpError("c3: has more than ") << maxConditions << " conditions";
  auto countRole = [&](ScalarRole role, size_t results) -> LogicalResult {
    unsigned found = 0;
    for (ScalarsOp scalars : all<ScalarsOp>()) {
      if (scalars.getRole() != role)
        continue;
      ++found;
      if (scalars.getYield().getValues().size() != results)
        return scalars.emitOpError("c1: must yield ") << results << " values";
    }
    if (found != 1)
      return emitOpError("c1: needs one scalar program for the ") << stringifyScalarRole(role);
    return success();
  };
  if (failed(countRole(ScalarRole::Conditions, getConditionCount())) ||
      failed(countRole(ScalarRole::Requirements, getRequirementCount())))
    return failure();

  auto countScalars = [&](ScalarRole role, unsigned variant) {
    return llvm::count_if(all<ScalarsOp>(), [&](ScalarsOp scalars) {
      return scalars.getRole() == role && scalars.getVariant() == variant;
    });
  };
  for (unsigned variant = 0; variant < getVariantCount(); ++variant) {
    auto initials = llvm::count_if(all<SweepOp>(), [&](SweepOp sweep) {
      return sweep.getVariant() == variant && sweep.getRole() == SweepRole::Initial;
    });
    if (initials > 1 || countScalars(ScalarRole::InitialTensor, variant) != 1 ||
        countScalars(ScalarRole::EndTensor, variant) != 1)
      return emitOpError("c2: variant ") << variant
                                         << " needs one scalar program for the initial values and one for the "
                                         << "ends of tensors, and at most one initial sweep";
    if (getStages(variant).size() != getStages(0).size())
      return emitOpError("c4: variant ") << variant << " has another number of stages than variant 0";
  }
  if (countScalars(ScalarRole::InitialModel, 0) != 1 || countScalars(ScalarRole::EndModel, 0) != 1)
    return emitOpError("c2: needs one scalar program for the initial values and one for the ends of the model");
  return verifyGuard(*this);
}

LogicalResult ProgramOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto optimizer = symbols.lookupNearestSymbolFrom<ir::OptimizerOp>((*this)->getParentOp(), getOptimizerAttr());
  if (!optimizer)
    return success();
  auto hypers = static_cast<uint32_t>(llvm::range_size(optimizer.declared<ir::HyperOp>()));
  auto states = static_cast<uint32_t>(llvm::range_size(optimizer.declared<ir::StateOp>()));
  if (getStateConditions().size() != states)
    return emitOpError("c6: the optimizer has ") << states << " states";
  for (ArrayAttr table : {getTensorValues(), getModelValues()})
    for (auto value : table.getAsRange<ValueAttr>())
      if ((value.getKind() == ValueKind::Hyper && value.getIndex() >= hypers) ||
          (value.getKind() == ValueKind::State && value.getIndex() >= states))
        return emitOpError("c6: the optimizer has no ")
               << stringifyValueKind(value.getKind()) << " " << value.getIndex();
  for (ScalarsOp scalars : all<ScalarsOp>())
    for (auto hyper : scalars.getBody().getOps<HyperOp>())
      if (hyper.getIndex() >= hypers)
        return hyper.emitOpError("c6: the optimizer has no such hyper");
  for (SweepOp sweep : all<SweepOp>())
    for (BufferAttr buffer : sweep.getBufferAttrs())
      if (buffer.getKind() == BufferKind::State && buffer.getIndex() >= states)
        return sweep.emitOpError("c6: the optimizer has no state ") << buffer.getIndex();
  return success();
}

std::vector<StageOp> ProgramOp::getStages(unsigned variant) {
  std::vector<StageOp> stages;
  for (StageOp stage : all<StageOp>())
    if (stage.getVariant() == variant)
      stages.push_back(stage);
  return stages;
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

LogicalResult SweepOp::verifyRegions() {
  SmallVector<Type> writes;
  unsigned views = 0;
  for (BufferAttr buffer : getBufferAttrs()) {
    views += buffer.getKind() == BufferKind::View ? 1 : 0;
    if (buffer.getKind() == BufferKind::View && (buffer.getIsRead() || !buffer.getIsWritten()))
      return emitOpError("c5: a view is written and not read");
    if (!buffer.getIsWritten())
      continue;
    writes.push_back(buffer.getNumber());
    if (buffer.getKind() == BufferKind::Gradient)
      return emitOpError("c3: writes the gradient");
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
      arguments.push_back(buffer.getNumber());
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
