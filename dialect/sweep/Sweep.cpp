// Registration of the sweep dialect and scalar programs; sweeps, stages and programs have files of their own. The
// numbers c1, c2 … are those of the constraints in SweepOps.td.
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
