// The verifiers of sweep.program: what its scalar programs, sweeps, stages and exits are together. The numbers c1, c2 …
// are those of the constraints in SweepOps.td.
#include "dialect/sweep/Sweep.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::sweep;

std::vector<StageOp> ProgramOp::getStages(unsigned variant, int32_t exit) {
  std::vector<StageOp> stages;
  for (StageOp stage : all<StageOp>())
    if (stage.getRole() == SweepRole::Step && stage.getVariant() == variant &&
        static_cast<int32_t>(stage.getExit()) == exit)
      stages.push_back(stage);
  return stages;
}

static StageOp firstStage(ProgramOp program, SweepRole role, unsigned view, unsigned variant) {
  auto stages = program.all<StageOp>();
  auto found = llvm::find_if(stages, [&](StageOp stage) {
    return stage.getRole() == role && stage.getView() == view && stage.getVariant() == variant;
  });
  return found == stages.end() ? StageOp() : *found;
}

StageOp ProgramOp::getInitial(unsigned variant) {
  return firstStage(*this, SweepRole::Initial, /*view=*/0, variant);
}

StageOp ProgramOp::getView(unsigned view, unsigned variant) {
  return firstStage(*this, SweepRole::View, view, variant);
}

bool ProgramOp::hasReduction(IndexSet set, uint32_t place) {
  ArrayAttr table = set == IndexSet::Model ? getModelValues() : getTensorValues();
  return place < table.size() && cast<ValueAttr>(table[place]).getKind() == ValueKind::Reduction;
}

namespace {

/// Looks at everything but the optimizer of the program.
class ProgramVerifier {
public:
  explicit ProgramVerifier(ProgramOp program)
      : program(program), exits(llvm::to_vector(program.getExits().getAsRange<ExitAttr>())) {}

  LogicalResult verify() {
    return success(succeeded(checkOutcomes()) && succeeded(checkCreation()) && succeeded(checkExits()) &&
                   succeeded(checkVariants()) && succeeded(checkModel()) && succeeded(checkEarlyStages()) &&
                   succeeded(checkGroups()));
  }

private:
  static constexpr int32_t theStepItself = -1;

  [[nodiscard]] int32_t exitCount() const { return static_cast<int32_t>(exits.size()); }

  int64_t countScalars(ScalarRole role, unsigned variant, int32_t exit = theStepItself) {
    return llvm::count_if(program.all<ScalarsOp>(), [&](ScalarsOp scalars) {
      return scalars.getRole() == role && scalars.getVariant() == variant &&
             static_cast<int32_t>(scalars.getExit()) == exit;
    });
  }

  /// c3
  LogicalResult checkOutcomes() {
    constexpr uint32_t maxConditions = 32;
    if (program.getConditionCount() > maxConditions)
      return program.emitOpError("c3: has more than ") << maxConditions << " conditions";
    if (program.getOutcomes().empty() || program.getPrecisionCount() == 0)
      return program.emitOpError("c3: needs an outcome and a precision");
    SmallVector<int32_t> outcomes(program.getOutcomes());
    llvm::sort(outcomes);
    if (std::adjacent_find(outcomes.begin(), outcomes.end()) != outcomes.end())
      return program.emitOpError("c3: two outcomes are the same");
    if (program.getMinimumRanks().size() != program.getOutcomes().size())
      return program.emitOpError("c3: needs a minimum rank for each outcome");
    for (auto set : program.getGroupSets().getAsRange<ir::IndexSetAttr>())
      if (!set.getValue().isOfGroups())
        return program.emitOpError("c3: ") << spelling(set.getValue()) << " is no set of groups of elements";
    return success();
  }

  /// c1
  LogicalResult checkCreation() {
    auto countRole = [&](ScalarRole role, size_t results) -> LogicalResult {
      unsigned found = 0;
      for (ScalarsOp scalars : program.all<ScalarsOp>()) {
        if (scalars.getRole() != role)
          continue;
        ++found;
        if (scalars.getYield().getValues().size() != results)
          return scalars.emitOpError("c1: must yield ") << results << " values";
      }
      if (found != 1)
        return program.emitOpError("c1: needs one scalar program for the ") << stringifyScalarRole(role);
      return success();
    };
    if (countScalars(ScalarRole::Schedules, 0) > 1)
      return program.emitOpError("c1: has two scalar programs for the schedules");
    return success(succeeded(countRole(ScalarRole::Conditions, program.getConditionCount())) &&
                   succeeded(countRole(ScalarRole::Requirements, program.getRequirementCount())));
  }

  /// c5, but for what the stages before an exit write
  LogicalResult checkExits() {
    for (ScalarsOp scalars : program.all<ScalarsOp>()) {
      auto exit = static_cast<int32_t>(scalars.getExit());
      if (exit < theStepItself || exit >= exitCount())
        return scalars.emitOpError("c5: the program has no exit ") << exit;
      if (scalars.getRole() == ScalarRole::ExitCondition && scalars.getYield().getValues().size() != 1)
        return scalars.emitOpError("c5: must yield one value");
    }
    size_t stages = program.getStages(/*variant=*/0).size();
    uint32_t asked = 0;
    for (auto [number, exit] : llvm::enumerate(exits)) {
      if (countScalars(ScalarRole::ExitCondition, 0, static_cast<int32_t>(number)) != 1)
        return program.emitOpError("c5: exit ") << number << " needs one scalar program for its condition";
      if (exit.getAfterStages() < asked || exit.getAfterStages() > stages)
        return program.emitOpError("c5: exit ")
               << number << " is asked before the one in front of it, or after more stages than there are";
      asked = exit.getAfterStages();
      bool hasCulprit =
          exit.getCulprit() >= 0 && exit.getCulprit() < static_cast<int32_t>(program.getModelValues().size());
      if (exit.getRefuses() && !hasCulprit)
        return program.emitOpError("c5: exit ") << number << " refuses, and no model value says what is to blame";
    }
    return success();
  }

  /// c2 and c4
  LogicalResult checkVariants() {
    for (unsigned variant = 0; variant < program.getVariantCount(); ++variant) {
      auto initials = llvm::count_if(program.all<StageOp>(), [&](StageOp stage) {
        return stage.getVariant() == variant && stage.getRole() == SweepRole::Initial;
      });
      if (initials > 1 || countScalars(ScalarRole::InitialTensor, variant) != 1 ||
          countScalars(ScalarRole::EndTensor, variant) != 1)
        return program.emitOpError("c2: variant ")
               << variant << " needs one scalar program for the initial values and one for the "
               << "ends of tensors, and at most one initial stage";
      if (program.getStages(variant).size() != program.getStages(0).size())
        return program.emitOpError("c4: variant ") << variant << " has another number of stages than variant 0";
      for (int32_t exit = 0; exit < exitCount(); ++exit)
        if (failed(checkExitOf(variant, exit)))
          return failure();
    }
    return success();
  }

  LogicalResult checkExitOf(unsigned variant, int32_t exit) {
    bool refuses = exits[exit].getRefuses();
    if (countScalars(ScalarRole::EndTensor, variant, exit) != (refuses ? 0 : 1))
      return program.emitOpError("c2: variant ")
             << variant << " needs " << (refuses ? "no scalar program" : "one scalar program")
             << " for the ends of tensors in exit " << exit;
    size_t stages = program.getStages(variant, exit).size();
    if (stages != (refuses ? 0 : program.getStages(0, exit).size()))
      return program.emitOpError("c4: variant ")
             << variant << " has "
             << (refuses ? "stages in an exit that refuses, " : "another number of stages than variant 0 in exit ")
             << exit;
    return success();
  }

  /// c2
  LogicalResult checkModel() {
    if (countScalars(ScalarRole::InitialModel, 0) != 1 || countScalars(ScalarRole::EndModel, 0) != 1)
      return program.emitOpError(
          "c2: needs one scalar program for the initial values and one for the ends of the model");
    for (int32_t exit = 0; exit < exitCount(); ++exit)
      if (countScalars(ScalarRole::EndModel, 0, exit) != (exits[exit].getRefuses() ? 0 : 1))
        return program.emitOpError("c2: needs ")
               << (exits[exit].getRefuses() ? "no scalar program" : "one scalar program")
               << " for the ends of the model in exit " << exit;
    return success();
  }

  /// c5: exits are in the order in which they are asked, so that the last one counts.
  LogicalResult checkEarlyStages() {
    if (exits.empty())
      return success();
    for (unsigned variant = 0; variant < program.getVariantCount(); ++variant) {
      std::vector<StageOp> stages = program.getStages(variant);
      for (StageOp stage : llvm::ArrayRef(stages).take_front(exits.back().getAfterStages()))
        for (ArrayAttr list : {stage.getSweeps(), stage.getResident()})
          for (auto name : list.getAsRange<FlatSymbolRefAttr>())
            if (auto sweep = program.lookupSymbol<SweepOp>(name);
                sweep && llvm::any_of(sweep.getBufferAttrs(), std::mem_fn(&BufferAttr::outlivesStep)))
              return sweep.emitOpError("c5: writes before the step is known to happen");
    }
    return success();
  }

  /// c8 of the sweeps
  LogicalResult checkGroups() {
    for (unsigned variant = 0; variant < program.getVariantCount(); ++variant) {
      SmallVector<IndexSet> found;
      auto check = [&](Operation *part, IndexSet set) -> LogicalResult {
        if (!set.isOfGroups() || llvm::is_contained(found, set))
          return success();
        for (IndexSet other : found)
          if ((set == IndexSet::Row) == (other == IndexSet::Row) || set.kind == IndexSet::Block ||
              other.kind == IndexSet::Block)
            return part->emitOpError("c8: ") << spelling(set) << " and " << spelling(other) << " in one variant";
        found.push_back(set);
        return success();
      };
      for (Operation &part : program.getBody().front()) {
        LogicalResult fits = success();
        if (auto operation = dyn_cast<OperationOp>(part); operation && operation.getVariant() == variant)
          fits = check(&part, operation.getMembers());
        if (auto sweep = dyn_cast<SweepOp>(part); sweep && sweep.getVariant() == variant) {
          fits = check(&part, sweep.getMembers());
          for (BufferAttr buffer : sweep.getBufferAttrs())
            fits = success(succeeded(fits) && succeeded(check(&part, buffer.getSet())));
          for (ReductionAttr reduction : sweep.getReductionAttrs())
            fits = success(succeeded(fits) && succeeded(check(&part, reduction.getSet())));
        }
        if (failed(fits))
          return failure();
      }
    }
    return success();
  }

  ProgramOp program;
  SmallVector<ExitAttr> exits;
};

} // namespace

LogicalResult ProgramOp::verifyRegions() {
  return ProgramVerifier(*this).verify();
}

static LogicalResult checkUses(ProgramOp program, uint32_t hypers, MutableArrayRef<ir::StateOp> states) {
  for (ArrayAttr table : {program.getTensorValues(), program.getModelValues()})
    for (auto value : table.getAsRange<ValueAttr>())
      if ((value.getKind() == ValueKind::Hyper && value.getIndex() >= hypers) ||
          (value.getKind() == ValueKind::State && value.getIndex() >= states.size()))
        return program.emitOpError("c6: the optimizer has no ")
               << stringifyValueKind(value.getKind()) << " " << value.getIndex();
  for (ScalarsOp scalars : program.all<ScalarsOp>()) {
    if (scalars.getRole() == ScalarRole::Schedules && scalars.getYield().getValues().size() != hypers)
      return scalars.emitOpError("c1: must yield ") << hypers << " values";
    for (auto hyper : scalars.getBody().getOps<HyperOp>())
      if (hyper.getIndex() >= hypers)
        return hyper.emitOpError("c6: the optimizer has no such hyper");
  }
  for (SweepOp sweep : program.all<SweepOp>())
    for (BufferAttr buffer : sweep.getBufferAttrs())
      if (buffer.getKind() == BufferKind::State &&
          (buffer.getIndex() >= states.size() || states[buffer.getIndex()].getFieldType().getSet() != buffer.getSet()))
        return sweep.emitOpError("c6: the optimizer has no state ")
               << buffer.getIndex() << " over " << spelling(buffer.getSet());
  return success();
}

LogicalResult ProgramOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto optimizer = symbols.lookupNearestSymbolFrom<ir::OptimizerOp>((*this)->getParentOp(), getOptimizerAttr());
  if (!optimizer)
    return success();
  auto hypers = static_cast<uint32_t>(llvm::range_size(optimizer.declared<ir::HyperOp>()));
  SmallVector<ir::StateOp> states(optimizer.declared<ir::StateOp>());
  if (getStateExists().size() != states.size() * getVariantCount() ||
      getStateTypes().size() != states.size() * getPrecisionCount())
    return emitOpError("c6: the optimizer has ") << states.size() << " states";
  return checkUses(*this, hypers, states);
}
