// What a step costs in memory traffic.
#include "compiler/formation/Report.h"

#include "compiler/formation/LowerBound.h"
#include "compiler/formation/StepGraph.h"
#include "compiler/formation/StepPlan.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace ravine;

static unsigned bytes(Type number) {
  return number.getIntOrFloatBitWidth() / 8;
}

// ---- what the sweeps do

namespace {

/// Reads the sweeps of one program.
class SweepReader {
public:
  SweepReader(ir::OptimizerOp rule, sweep::ProgramOp program) : program(program) {
    rule.getStep().walk([&](ir::ReduceOp reduce) {
      if (auto place = reduce.getLoc()->findInstanceOf<FileLineColLoc>())
        places[formation::numberOf(reduce)] = place;
    });
  }

  std::vector<SweepTraffic> read(ArrayAttr names, unsigned stage) {
    std::vector<SweepTraffic> sweeps;
    for (auto name : names.getAsRange<FlatSymbolRefAttr>())
      sweeps.push_back(read(program.lookupSymbol<sweep::SweepOp>(name.getAttr()), stage));
    return sweeps;
  }

private:
  SweepTraffic read(sweep::SweepOp sweep, unsigned stage) {
    SweepTraffic traffic;
    traffic.name = sweep.getSymName().str();
    traffic.stage = stage;
    for (sweep::BufferAttr buffer : sweep.getBufferAttrs()) {
      unsigned size = bytes(buffer.getNumber());
      bool isScratch = buffer.getKind() == sweep::BufferKind::Scratch;
      // Memory that is only written is fetched into cache before it is written: it costs both ways as well.
      bool isFetched = buffer.getIsRead() || !isScratch;
      traffic.buffers.push_back(
          {buffer.getName().str(), isFetched ? size : 0, buffer.getIsWritten() ? size : 0, isScratch});
      if (isScratch)
        continue;
      traffic.read += size;
      traffic.written += buffer.getIsWritten() ? size : 0;
    }
    for (sweep::ReductionAttr reduction : sweep.getReductionAttrs())
      traffic.reductions.push_back(folded(reduction.getSet() == ir::IndexSet::Model, reduction.getValue()));
    traffic.awaits = awaitedBy(sweep);
    traffic.awaitsGuard = guard() >= 0 && traffic.written > 0 &&
                          static_cast<int32_t>(stage) > static_cast<int32_t>(program.getGuardStage());
    return traffic;
  }

  /// The results of reductions that a sweep's scalars are computed from, each once.
  std::vector<FoldedNumber> awaitedBy(sweep::SweepOp sweep) {
    SmallVector<std::pair<bool, uint32_t>> awaited;
    program.lookupSymbol<sweep::ScalarsOp>(sweep.getScalars()).walk([&](Operation *op) {
      std::pair<bool, uint32_t> place;
      if (auto value = dyn_cast<sweep::ModelValueOp>(op))
        place = {true, value.getIndex()};
      else if (auto value = dyn_cast<sweep::TensorValueOp>(op))
        place = {false, value.getIndex()};
      else
        return;
      if (!llvm::is_contained(awaited, place))
        awaited.push_back(place);
    });
    std::vector<FoldedNumber> numbers;
    for (auto [isOfModel, column] : awaited)
      if (valueAt(isOfModel, column).getKind() == sweep::ValueKind::Reduction)
        numbers.push_back(folded(isOfModel, column));
    return numbers;
  }

  FoldedNumber folded(bool isOfModel, uint32_t column) {
    sweep::ValueAttr value = valueAt(isOfModel, column);
    FoldedNumber number;
    number.name = value.getName().str();
    number.isOfModel = isOfModel;
    number.isGuard = isOfModel && static_cast<int32_t>(column) == guard();
    if (FileLineColLoc place = places.lookup(value.getIndex())) {
      number.file = place.getFilename().str();
      number.line = place.getLine();
      number.column = place.getColumn();
    }
    return number;
  }

  sweep::ValueAttr valueAt(bool isOfModel, uint32_t column) {
    ArrayAttr table = isOfModel ? program.getModelValues() : program.getTensorValues();
    return cast<sweep::ValueAttr>(table[column]);
  }

  /// Its column in the table of the model; negative where there is none.
  int32_t guard() { return static_cast<int32_t>(program.getGuard()); }

  sweep::ProgramOp program;
  llvm::DenseMap<unsigned, FileLineColLoc> places;
};

} // namespace

/// Each buffer once each way, however many of the sweeps touch it.
static unsigned distinctBytes(ArrayRef<SweepTraffic> sweeps) {
  llvm::StringMap<std::pair<unsigned, unsigned>> buffers;
  for (const SweepTraffic &sweep : sweeps)
    for (const BufferTraffic &buffer : sweep.buffers) {
      if (buffer.isScratch)
        continue;
      auto &[read, written] = buffers[buffer.name];
      read = std::max(read, buffer.read);
      written = std::max(written, buffer.written);
    }
  unsigned total = 0;
  for (const auto &buffer : buffers)
    total += buffer.second.first + buffer.second.second;
  return total;
}

// ---- what the rule asks for

/// Counts on the rule itself, before and independently of any formation: what its live values read, and what it
/// changes.
static unsigned compulsoryBytes(ir::OptimizerOp rule) {
  llvm::StringMap<unsigned> read, written;
  auto sizeOf = [](Value value) { return bytes(cast<ir::FieldType>(value.getType()).getNumber()); };
  rule.getStep().walk([&](Operation *op) {
    if (op->getNumResults() == 1 && op->use_empty())
      return;
    if (isa<ir::ParameterOp, ir::GradientOp>(op)) {
      read[isa<ir::ParameterOp>(op) ? "w" : "g"] = sizeOf(op->getResult(0));
    } else if (auto current = dyn_cast<ir::CurrentOp>(op)) {
      // A state whose next value is its present one is not even read for that.
      bool isUsed = !llvm::all_of(current->getUsers(), [&](Operation *user) {
        auto next = dyn_cast<ir::NextOp>(user);
        return next && next.getState() == current.getState();
      });
      if (isUsed && !cast<ir::FieldType>(current.getResult().getType()).isScalar())
        read[("state " + current.getState()).str()] = sizeOf(current.getResult());
    } else if (auto update = dyn_cast<ir::UpdateOp>(op)) {
      if (!update.getValue().getDefiningOp<ir::ParameterOp>())
        written["w"] = sizeOf(update.getValue());
    } else if (auto next = dyn_cast<ir::NextOp>(op)) {
      auto source = next.getValue().getDefiningOp<ir::CurrentOp>();
      bool keeps = source && source.getState() == next.getState();
      if (!keeps && !cast<ir::FieldType>(next.getValue().getType()).isScalar())
        written[("state " + next.getState()).str()] = sizeOf(next.getValue());
    }
  });
  unsigned total = 0;
  for (const auto &buffer : written) {
    read[buffer.first()] = buffer.second; // fetched before it is written
    total += buffer.second;
  }
  for (const auto &buffer : read)
    total += buffer.second;
  return total;
}

/// The stages in which a program makes the reductions of the rule, by number.
static SmallVector<unsigned> stagesOfReductions(sweep::ProgramOp program) {
  SmallVector<unsigned> stages;
  for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant)
    for (auto [number, stage] : llvm::enumerate(program.getStages(variant)))
      for (auto name : stage.getSweeps().getAsRange<FlatSymbolRefAttr>())
        for (sweep::ReductionAttr reduction :
             program.lookupSymbol<sweep::SweepOp>(name.getAttr()).getReductionAttrs()) {
          bool isOfModel = reduction.getSet() == ir::IndexSet::Model;
          ArrayAttr table = isOfModel ? program.getModelValues() : program.getTensorValues();
          uint32_t index = cast<sweep::ValueAttr>(table[reduction.getValue()]).getIndex();
          stages.resize(std::max<size_t>(stages.size(), index + 1), 0);
          stages[index] = static_cast<unsigned>(number);
        }
  return stages;
}

std::vector<VariantTraffic> ravine::measureTraffic(ir::OptimizerOp rule, sweep::ProgramOp program) {
  Conditions conditions = collectConditions(rule);
  SweepReader reader(rule, program);
  SmallVector<unsigned> stagesOfReduction = stagesOfReductions(program);
  std::vector<OwningOpRef<ir::OptimizerOp>> specialized = formation::specializeAll(rule, conditions);
  std::vector<VariantTraffic> variants(program.getVariantCount());
  for (uint32_t number = 0; number < variants.size(); ++number) {
    VariantTraffic &variant = variants[number];
    for (auto [condition, text] : llvm::enumerate(conditions.texts))
      variant.conditions.push_back({text.str(), (number >> condition & 1u) != 0});
    for (auto [index, stage] : llvm::enumerate(program.getStages(number))) {
      auto place = static_cast<unsigned>(index);
      std::vector<SweepTraffic> streaming = reader.read(stage.getSweeps(), place);
      std::vector<SweepTraffic> resident = reader.read(stage.getResident(), place);
      variant.bytesCached += distinctBytes(resident.empty() ? streaming : resident);
      llvm::append_range(variant.residentSweeps, resident);
      llvm::append_range(variant.sweeps, streaming);
    }
    for (const SweepTraffic &sweep : variant.sweeps)
      variant.bytesPerParameter += sweep.read + sweep.written;
    variant.isGuarded = static_cast<int32_t>(program.getGuard()) >= 0;
    for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
      if (conditions.exists(index, number) && !state.getFieldType().isScalar())
        variant.stateBytes += bytes(state.getFieldType().getNumber());
    variant.compulsory = compulsoryBytes(*specialized[number]);
    variant.lowerBound =
        formation::findLowerBound(formation::StepGraph(*specialized[number], stagesOfReduction).problem);
  }
  return variants;
}
