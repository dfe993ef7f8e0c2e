// The verifiers of sweep.stage and of the operations that stand in stages. The numbers c1, c2 … are those of the
// constraints in SweepOps.td.
#include "dialect/sweep/Sweep.h"

using namespace mlir;
using namespace ravine::sweep;
using ravine::IndexSet;

bool OperationOp::isSearch() {
  return getKind() == OperationKind::KthLargest || getKind() == OperationKind::Quantile ||
         getKind() == OperationKind::SimplexThreshold;
}

static bool isGroupBuffer(ProgramOp program, uint32_t index, IndexSet set) {
  return index < program.getGroupSets().size() &&
         cast<ravine::ir::IndexSetAttr>(program.getGroupSets()[index]).getValue() == set;
}

LogicalResult OperationOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto program = cast<ProgramOp>((*this)->getParentOp());
  IndexSet set = getMembers();
  auto scalars = symbols.lookupSymbolIn<ScalarsOp>(program, getScalarsAttr());
  if (!scalars)
    return emitOpError("c1: ") << getScalarsAttr() << " is no scalar program";
  auto argument = static_cast<int32_t>(getArgument()), result = static_cast<int32_t>(getResult());
  size_t slots = scalars.getYield().getValues().size();
  bool hasSlot = slots == 1 && argument == -1;
  if (!hasSlot && (slots != 0 || !isGroupBuffer(program, getArgument(), set)))
    return emitOpError("c1: the argument is the one slot of the scalar program, or a group buffer over ")
           << ravine::spelling(set);
  if (!isSearch() && result != -1)
    return emitOpError("c2: finds no number");
  bool hasResult = set.isOfGroups() ? isGroupBuffer(program, getResult(), set) : program.hasReduction(set, getResult());
  if (isSearch() && !hasResult)
    return emitOpError("c2: there is no place for a number over ") << ravine::spelling(set) << " at " << result;
  bool isPossible = set.kind == IndexSet::Block || set == IndexSet::Row || set == IndexSet::Tensor ||
                    (set == IndexSet::Model && (isSearch() || getKind() == OperationKind::Largest));
  if (!isPossible)
    return emitOpError("c4: is not done over ") << ravine::spelling(set);
  if (getField() >= program.getFieldCount() || !(getNumber().isF32() || getNumber().isF64()))
    return emitOpError("c4: the program has no field ") << getField() << " of " << getNumber();
  return success();
}

/// Whether it means nothing to who follows the list: scratch, and numbers of groups that each form prepares for itself.
static bool isOwn(BufferKind kind) {
  return kind == BufferKind::Scratch || kind == BufferKind::Group;
}

/// What a list of sweeps leaves behind: other buffers and what is folded, each in a fixed order.
static auto effects(ArrayRef<Operation *> sweeps) {
  std::vector<std::pair<BufferKind, uint32_t>> buffers;
  std::vector<std::tuple<IndexSet::Kind, uint32_t, ravine::ir::ReductionKind>> folds;
  std::vector<std::pair<OperationKind, uint32_t>> operations;
  for (Operation *part : sweeps) {
    if (auto operation = dyn_cast<OperationOp>(part)) {
      operations.emplace_back(operation.getKind(), operation.isSearch() ? operation.getResult() : operation.getField());
      continue;
    }
    auto sweep = cast<SweepOp>(part);
    for (BufferAttr buffer : sweep.getBufferAttrs())
      if (buffer.getIsWritten() && !isOwn(buffer.getKind()))
        buffers.emplace_back(buffer.getKind(), buffer.getIndex());
    for (ReductionAttr reduction : sweep.getReductionAttrs())
      folds.emplace_back(reduction.getSet().kind, reduction.getValue(), reduction.getKind());
  }
  llvm::sort(buffers);
  llvm::sort(folds);
  llvm::sort(operations);
  return std::tuple(buffers, folds, operations);
}

namespace {

class StageVerifier {
public:
  StageVerifier(StageOp stage, SymbolTableCollection &symbols)
      : stage(stage), program(cast<ProgramOp>(stage->getParentOp())), symbols(symbols) {}

  LogicalResult verify() {
    auto exit = static_cast<int32_t>(stage.getExit()), exits = static_cast<int32_t>(program.getExits().size());
    if (exit < -1 || exit >= exits)
      return stage.emitOpError("c3: the program has no exit ") << exit;
    SmallVector<Operation *> sweeps, resident;
    if (failed(find(stage.getSweeps(), sweeps)) || failed(find(stage.getResident(), resident)) ||
        failed(checkRuns(sweeps, stage.getTiles())) || failed(checkRuns(resident, stage.getResidentTiles())) ||
        failed(checkOrder(sweeps)) || failed(checkOrder(resident)))
      return failure();
    if (!resident.empty() && effects(sweeps) != effects(resident))
      return stage.emitOpError("c2: the two forms write other buffers or fold other numbers");
    return success(succeeded(checkFold()) && (stage.getRole() == SweepRole::Step || succeeded(checkRole(sweeps))));
  }

private:
  /// c1
  LogicalResult find(ArrayAttr names, SmallVector<Operation *> &found) {
    for (auto name : names.getAsRange<FlatSymbolRefAttr>()) {
      Operation *part = symbols.lookupSymbolIn(program, name);
      auto sweep = dyn_cast_or_null<SweepOp>(part);
      auto operation = dyn_cast_or_null<OperationOp>(part);
      bool fits = sweep ? sweep.getRole() == stage.getRole() && sweep.getVariant() == stage.getVariant() &&
                              sweep.getView() == stage.getView()
                        : operation && operation.getVariant() == stage.getVariant();
      if (!fits)
        return stage.emitOpError("c1: ") << name << " is no " << stringifySweepRole(stage.getRole())
                                         << " sweep of variant " << stage.getVariant();
      found.push_back(part);
    }
    return success();
  }

  /// c4 and c5
  LogicalResult checkRuns(ArrayRef<Operation *> sweeps, ArrayRef<int32_t> tiles) {
    for (int32_t count : tiles) {
      if (count <= 0 || static_cast<size_t>(count) > sweeps.size())
        return stage.emitOpError("c4: the runs do not add up to the sweeps");
      if (count > 1 && failed(checkPasses(sweeps.take_front(count))))
        return failure();
      sweeps = sweeps.drop_front(count);
    }
    return sweeps.empty() ? success() : stage.emitOpError("c4: the runs do not add up to the sweeps");
  }

  LogicalResult checkPasses(ArrayRef<Operation *> passes) {
    llvm::SmallDenseSet<uint32_t> folded;
    for (Operation *pass : passes) {
      auto sweep = dyn_cast<SweepOp>(pass);
      IndexSet set = sweep ? sweep.getMembers() : cast<OperationOp>(pass).getMembers();
      if (set != IndexSet::Row && set.kind != IndexSet::Block && !(sweep && set == IndexSet::Element))
        return stage.emitOpError("c5: a pass over ") << ravine::spelling(set) << " cannot go tile by tile";
      if (sweep)
        for (ReductionAttr reduction : sweep.getReductionAttrs())
          if (reduction.getSet() == IndexSet::Tensor)
            folded.insert(reduction.getValue());
    }
    for (Operation *pass : passes) {
      auto name = isa<SweepOp>(pass) ? cast<SweepOp>(pass).getScalarsAttr() : cast<OperationOp>(pass).getScalarsAttr();
      auto scalars = symbols.lookupSymbolIn<ScalarsOp>(program, name);
      if (scalars && llvm::any_of(scalars.getBody().getOps<TensorValueOp>(),
                                  [&](TensorValueOp value) { return folded.contains(value.getIndex()); }))
        return stage.emitOpError("c5: ") << name << " reads what its own run folds";
    }
    return success();
  }

  /// c3 of the operations
  LogicalResult checkOrder(ArrayRef<Operation *> sweeps) {
    bool isBehind = false; // an operation over the model
    for (Operation *part : sweeps) {
      auto operation = dyn_cast<OperationOp>(part);
      bool isOfModel = operation && operation.getMembers() == IndexSet::Model;
      if (isBehind && !isOfModel)
        return part->emitOpError("c3: stands behind an operation over the model");
      isBehind |= isOfModel;
    }
    return success();
  }

  /// c7
  LogicalResult checkFold() {
    size_t slots = 0;
    if (stage.getFold()) {
      auto scalars = symbols.lookupSymbolIn<ScalarsOp>(program, stage.getFoldAttr());
      if (!scalars || scalars.getRole() != ScalarRole::Fold)
        return stage.emitOpError("c7: ") << stage.getFoldAttr() << " is no scalar program for a fold";
      slots = scalars.getYield().getValues().size();
    }
    if (slots != stage.getFoldReductions().size())
      return stage.emitOpError("c7: folds ") << stage.getFoldReductions().size() << " numbers of " << slots;
    for (auto reduction : stage.getFoldReductions().getAsRange<ReductionAttr>())
      if (reduction.getSet() != IndexSet::Model || !program.hasReduction(IndexSet::Model, reduction.getValue()))
        return stage.emitOpError("c7: the table of model values has no reduction at ") << reduction.getValue();
    return success();
  }

  /// c6
  LogicalResult checkRole(ArrayRef<Operation *> sweeps) {
    unsigned viewsWritten = 0;
    bool foldsOverModel = stage.getFold().has_value();
    for (Operation *part : sweeps) {
      if (auto operation = dyn_cast<OperationOp>(part))
        foldsOverModel |= operation.getMembers() == IndexSet::Model;
      if (auto sweep = dyn_cast<SweepOp>(part)) {
        for (ReductionAttr reduction : sweep.getReductionAttrs())
          foldsOverModel |= reduction.getSet() == IndexSet::Model;
        for (BufferAttr buffer : sweep.getBufferAttrs())
          viewsWritten += buffer.getKind() == BufferKind::View ? 1 : 0;
      }
    }
    if (foldsOverModel || !stage.getResident().empty() || static_cast<int32_t>(stage.getExit()) != -1)
      return stage.emitOpError("c6: folds over the model, has a resident form or belongs to an exit");
    if (viewsWritten != (stage.getRole() == SweepRole::View ? 1U : 0U))
      return stage.emitOpError("c6: must write its view once");
    return success();
  }

  StageOp stage;
  ProgramOp program;
  SymbolTableCollection &symbols;
};

} // namespace

LogicalResult StageOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return StageVerifier(*this, symbols).verify();
}
