// Registration and verifiers of the sweep dialect. The numbers c1, c2 … are those of the constraints in SweepOps.td.
#include "dialect/sweep/Sweep.h"

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

  for (unsigned variant = 0; variant < getVariantCount(); ++variant) {
    unsigned steps = 0, initials = 0;
    for (SweepOp sweep : all<SweepOp>())
      if (sweep.getVariant() == variant)
        ++(sweep.getRole() == SweepRole::Step ? steps : initials);
    if (steps != 1 || initials > 1)
      return emitOpError("c2: variant ") << variant << " needs one step sweep and at most one initial sweep";
  }
  return success();
}

YieldOp ScalarsOp::getYield() {
  return cast<YieldOp>(getBody().front().back());
}

uint32_t ScalarsOp::getClockMask() {
  uint32_t mask = 0;
  getBody().walk([&](ClockOp clock) { mask |= 1u << clock.getIndex(); });
  return mask;
}

YieldOp SweepOp::getYield() {
  return cast<YieldOp>(getBody().front().back());
}

LogicalResult SweepOp::verifyRegions() {
  SmallVector<Type> writes;
  for (BufferAttr buffer : getBufferAttrs()) {
    if (!buffer.getIsWritten())
      continue;
    writes.push_back(buffer.getNumber());
    if (buffer.getKind() == BufferKind::Gradient)
      return emitOpError("c3: writes the gradient");
  }
  if (!llvm::equal(getYield().getValues().getTypes(), writes))
    return emitOpError("c2: must yield one number for each buffer written");
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

static unsigned bytes(BufferAttr buffer) {
  return buffer.getNumber().getIntOrFloatBitWidth() / 8;
}

unsigned SweepOp::getReadBytes() {
  unsigned total = 0;
  for (BufferAttr buffer : getBufferAttrs())
    total += bytes(buffer); // read, or fetched because it is written
  return total;
}

unsigned SweepOp::getWrittenBytes() {
  unsigned total = 0;
  for (BufferAttr buffer : getBufferAttrs())
    total += buffer.getIsWritten() ? bytes(buffer) : 0;
  return total;
}
