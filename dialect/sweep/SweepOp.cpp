// The verifier of sweep.sweep. The numbers c1, c2 … are those of the constraints in SweepOps.td.
#include "dialect/sweep/Sweep.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace ravine::sweep;
using ravine::IndexSet;

YieldOp SweepOp::getYield() {
  return cast<YieldOp>(getBody().front().back());
}

// Numbers of groups are computed in f64. A sweep over elements that neither reads nor writes elements may compute in
// either type.
Type SweepOp::getComputeType() {
  if (getMembers().isOfGroups())
    return Float64Type::get(getContext());
  unsigned read = 0, written = 0;
  for (BufferAttr buffer : getBufferAttrs()) {
    if (buffer.getIsRead() && buffer.getKind() != BufferKind::Group && read < getBody().getNumArguments())
      return getBody().getArgument(read).getType();
    read += buffer.getIsRead() ? 1 : 0;
    written += buffer.getIsWritten() ? 1 : 0;
  }
  if (written > 0 && !getYield().getValues().empty())
    return getYield().getValues().front().getType();
  return Float32Type::get(getContext());
}

Type SweepOp::getComputeType(BufferAttr buffer) {
  return buffer.getKind() == BufferKind::Group ? Float64Type::get(getContext()) : getComputeType();
}

bool SweepOp::knowsOfGroups() {
  if (getMembers().isOfGroups())
    return false;
  return llvm::any_of(getBufferAttrs(), [](BufferAttr buffer) { return buffer.getKind() == BufferKind::Group; }) ||
         llvm::any_of(getReductionAttrs(), [](ReductionAttr reduction) { return reduction.getSet().isOfGroups(); });
}

namespace {

/// Looks at everything but the scalar program of the sweep.
class SweepVerifier {
public:
  explicit SweepVerifier(SweepOp sweep)
      : sweep(sweep), program(cast<ProgramOp>(sweep->getParentOp())), computed(sweep.getComputeType()) {}

  LogicalResult verify() {
    if (!computed.isF32() && !computed.isF64())
      return sweep.emitOpError("c6: computes in ") << computed << ", neither f32 nor f64";
    if (sweep.getMembers() != IndexSet::Element && !sweep.getMembers().isOfGroups())
      return sweep.emitOpError("c7: is over neither elements nor groups of them");
    for (BufferAttr buffer : sweep.getBufferAttrs())
      if (failed(checkSet(buffer)) || failed(checkNumber(buffer)))
        return failure();
    if (failed(checkResults()))
      return failure();
    for (ReductionAttr reduction : sweep.getReductionAttrs())
      if (failed(checkReduction(reduction)))
        return failure();
    return checkView();
  }

private:
  /// c7, for one buffer
  LogicalResult checkSet(BufferAttr buffer) {
    bool isGroup = buffer.getKind() == BufferKind::Group;
    if (isGroup &&
        (buffer.getIndex() >= program.getGroupSets().size() || groupSet(buffer.getIndex()) != buffer.getSet()))
      return sweep.emitOpError("c7: the program has no group buffer ")
             << buffer.getIndex() << " over " << ravine::spelling(buffer.getSet());
    if (buffer.getKind() == BufferKind::Field && buffer.getIndex() >= program.getFieldCount())
      return sweep.emitOpError("c7: the program has no field ") << buffer.getIndex();
    if (buffer.getSet() == sweep.getMembers())
      return isGroup || buffer.getKind() == BufferKind::State || !sweep.getMembers().isOfGroups()
                 ? success()
                 : sweep.emitOpError("c7: ") << stringifyBufferKind(buffer.getKind()) << " has no numbers of groups";
    if (isGroup && !sweep.getMembers().isOfGroups() && !buffer.getIsWritten())
      return success();
    return sweep.emitOpError("c7: ") << (buffer.getIsWritten() ? "writes" : "reads") << " a buffer over "
                                     << ravine::spelling(buffer.getSet()) << " in a sweep over "
                                     << ravine::spelling(sweep.getMembers());
  }

  IndexSet groupSet(uint32_t index) { return cast<ravine::ir::IndexSetAttr>(program.getGroupSets()[index]).getValue(); }

  /// c6, for one buffer
  LogicalResult checkNumber(BufferAttr buffer) {
    Type number = buffer.getNumber();
    bool isScratch = buffer.getKind() == BufferKind::Scratch;
    if ((isScratch || buffer.getKind() == BufferKind::Field) && number != computed)
      return sweep.emitOpError("c6: ") << (isScratch ? "scratch" : "a field") << " stores " << computed
                                       << ", as the sweep computes";
    if (buffer.getKind() == BufferKind::Group && !number.isF64())
      return sweep.emitOpError("c6: a group buffer stores 'f64'");
    if (!number.isF32() && !number.isF64() && !number.isBF16() && !number.isF16())
      return sweep.emitOpError("c6: a buffer stores ") << number << ", which no memory holds";
    return success();
  }

  /// c2 and c3
  LogicalResult checkResults() {
    auto yielded = sweep.getYield().getValues();
    SmallVector<Type> expected;
    for (BufferAttr buffer : sweep.getBufferAttrs()) {
      if (!buffer.getIsWritten())
        continue;
      size_t place = expected.size();
      expected.push_back(computed);
      if (buffer.getKind() == BufferKind::Gradient && place < yielded.size() &&
          !matchPattern(yielded[place], m_PosZeroFloat()))
        return sweep.emitOpError("c3: writes something else than 0 to the gradient");
    }
    expected.append(sweep.getReductions().size(), Float64Type::get(sweep.getContext()));
    if (!llvm::equal(yielded.getTypes(), expected))
      return sweep.emitOpError("c2: must yield one number for each buffer written, then an f64 for each reduction");
    return success();
  }

  /// c4, and c7 for one reduction
  LogicalResult checkReduction(ReductionAttr reduction) {
    IndexSet set = reduction.getSet();
    if (set.isOfGroups()) {
      if (sweep.getMembers().isOfGroups())
        return sweep.emitOpError("c7: folds groups to groups");
      if (reduction.getValue() >= program.getGroupSets().size() || groupSet(reduction.getValue()) != set)
        return sweep.emitOpError("c7: the program has no group buffer ")
               << reduction.getValue() << " over " << ravine::spelling(set);
      return success();
    }
    if (set != IndexSet::Tensor && set != IndexSet::Model)
      return sweep.emitOpError("c4: folds to neither groups of elements nor tensors nor the model");
    if (!program.hasReduction(set, reduction.getValue()))
      return sweep.emitOpError("c4: the table of ")
             << ravine::spelling(set) << " values has no reduction at " << reduction.getValue();
    return success();
  }

  /// c5
  LogicalResult checkView() {
    unsigned written = 0, views = 0, lasting = 0;
    for (BufferAttr buffer : sweep.getBufferAttrs()) {
      if (buffer.getKind() == BufferKind::View && (buffer.getIsRead() || !buffer.getIsWritten()))
        return sweep.emitOpError("c5: a view is written and not read");
      views += buffer.getKind() == BufferKind::View ? 1 : 0;
      written += buffer.getIsWritten() ? 1 : 0;
      lasting += buffer.outlivesStep() ? 1 : 0;
    }
    bool isView = sweep.getRole() == SweepRole::View;
    if (views > 0 && (!isView || written != 1 || !sweep.getReductions().empty()))
      return sweep.emitOpError("c5: a view is written by one sweep in that role, which writes nothing else");
    if (isView && lasting > 0)
      return sweep.emitOpError("c5: a view changes no parameter, gradient or state");
    return success();
  }

  SweepOp sweep;
  ProgramOp program;
  Type computed;
};

} // namespace

LogicalResult SweepOp::verifyRegions() {
  return SweepVerifier(*this).verify();
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
      arguments.push_back(getComputeType(buffer));
  arguments.append(scalars.getYield().getValues().size(), Float64Type::get(getContext()));
  if (!llvm::equal(getBody().getArgumentTypes(), arguments))
    return emitOpError("c1: the arguments must be the buffers read, then the slots of the scalar program");
  return success();
}
