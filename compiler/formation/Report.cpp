// What a step costs in memory traffic.
#include "compiler/formation/Report.h"

#include "compiler/formation/LowerBound.h"
#include "compiler/formation/Reductions.h"
#include "compiler/formation/Variants.h"

#include "llvm/ADT/StringMap.h"

#include <set>

using namespace mlir;
using namespace ravine;

static unsigned bytes(Type number) {
  return number.getIntOrFloatBitWidth() / 8;
}

/// The number of stages after which the last of a program's exits is asked; 0 where there is none.
static unsigned lastQuestion(sweep::ProgramOp program) {
  ArrayAttr exits = program.getExits();
  return exits.empty() ? 0 : cast<sweep::ExitAttr>(exits[exits.size() - 1]).getAfterStages();
}

static unsigned bytesOf(ArrayRef<SweepTraffic> sweeps) {
  unsigned total = 0;
  for (const SweepTraffic &sweep : sweeps)
    total += sweep.read + sweep.written;
  return total;
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
    bool hasGuard = rule.getNonfinite() != ir::NonFinite::Propagate;
    for (auto scalars : program.all<sweep::ScalarsOp>())
      if (scalars.getRole() == sweep::ScalarRole::ExitCondition)
        for (auto value : scalars.getBody().getOps<sweep::ModelValueOp>())
          asked[value.getIndex()] |= hasGuard && scalars.getExit() == 0;
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
      BufferTraffic moved = {buffer.getName().str(), buffer.getIsRead() ? size : 0, buffer.getIsWritten() ? size : 0,
                             buffer.getKind() == sweep::BufferKind::Scratch};
      traffic.read += moved.isScratch ? 0 : moved.read;
      traffic.written += moved.isScratch ? 0 : moved.written;
      traffic.buffers.push_back(std::move(moved));
    }
    for (sweep::ReductionAttr reduction : sweep.getReductionAttrs())
      traffic.reductions.push_back(folded(reduction.getSet() == ir::IndexSet::Model, reduction.getValue()));
    traffic.awaits = awaitedBy(sweep);
    traffic.awaitsQuestion = traffic.written > 0 && lastQuestion(program) > 0;
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
    number.isAsked = isOfModel && asked.contains(column);
    number.isGuard = isOfModel && asked.lookup(column);
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

  sweep::ProgramOp program;
  llvm::DenseMap<unsigned, FileLineColLoc> places;
  /// The columns of the model's table that exits ask for, and whether it is to know that gradients are finite.
  llvm::DenseMap<unsigned, bool> asked;
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
static unsigned compulsoryBytes(ir::OptimizerOp rule, const formation::Memory &memory) {
  std::set<formation::BufferKey> read, written;
  auto defines = [&](formation::BufferKey buffer, Value value) {
    if (!memory.isUnchanged(buffer, value) && !cast<ir::FieldType>(value.getType()).isScalar())
      written.insert(buffer);
  };
  // A buffer that ends as it began is not even read for that.
  auto isForNothing = [&](Operation *reader, Operation *user) {
    if (auto next = dyn_cast<ir::NextOp>(user))
      return memory.isUnchanged(memory.ofState(next.getState()), reader->getResult(0));
    return isa<ir::UpdateOp>(user) && memory.isUnchanged({sweep::BufferKind::Parameter, 0}, reader->getResult(0));
  };
  rule.getStep().walk([&](Operation *op) {
    if (std::optional<formation::BufferKey> buffer = memory.readBy(op)) {
      if (!llvm::all_of(op->getUsers(), [&](Operation *user) { return isForNothing(op, user); }))
        read.insert(*buffer);
    } else if (auto update = dyn_cast<ir::UpdateOp>(op)) {
      defines({sweep::BufferKind::Parameter, 0}, update.getValue());
    } else if (auto next = dyn_cast<ir::NextOp>(op)) {
      defines(memory.ofState(next.getState()), next.getValue());
    } else if (isa<ir::ZeroGradientOp>(op)) {
      written.insert({sweep::BufferKind::Gradient, 0});
    }
  });
  unsigned total = 0;
  for (const auto &buffers : {read, written})
    for (formation::BufferKey buffer : buffers)
      total += memory.bytesOf(buffer);
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

namespace {

/// Measures the variants of one rule.
class TrafficMeter {
public:
  TrafficMeter(ir::OptimizerOp rule, sweep::ProgramOp program)
      : rule(rule), program(program), conditions(collectConditions(rule)), space{precisionsOf(rule), conditions, {}},
        variants(formation::specializeAll(space)), reader(rule, program),
        stagesOfReduction(stagesOfReductions(program)) {}

  std::vector<VariantTraffic> measure() {
    std::vector<VariantTraffic> traffic;
    for (uint32_t number = 0; number < variants.size(); ++number)
      traffic.push_back(measure(number));
    return traffic;
  }

private:
  VariantTraffic measure(uint32_t number) {
    VariantTraffic traffic;
    const RulePrecision &precision = space.precisionOf(number);
    const formation::Memory &memory = variants[number].memory;
    traffic.precision = precision.storage.getName().str();
    traffic.conditions = outcomeOf(number);
    for (auto [index, stage] : llvm::enumerate(program.getStages(number))) {
      auto place = static_cast<unsigned>(index);
      std::vector<SweepTraffic> streaming = reader.read(stage.getSweeps(), place);
      std::vector<SweepTraffic> resident = reader.read(stage.getResident(), place);
      traffic.bytesCached += distinctBytes(resident.empty() ? streaming : resident);
      llvm::append_range(traffic.residentSweeps, resident);
      llvm::append_range(traffic.sweeps, streaming);
    }
    traffic.bytesPerParameter = bytesOf(traffic.sweeps);
    traffic.isGuarded = rule.getNonfinite() != ir::NonFinite::Propagate;
    for (auto [index, skip] : llvm::enumerate(rule.getStep().getBody().getOps<ir::SkipOp>()))
      traffic.exits.push_back(measureExit(number, static_cast<int32_t>(index), skip, traffic));
    for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
      if (conditions.exists(index, space.outcomeOf(number), isNarrow(precision.rule, precision.storage)) &&
          !state.getFieldType().isScalar())
        traffic.stateBytes += bytes(memory.typeOfState(index));
    traffic.compulsory = compulsoryBytes(*variants[number].rule, memory);
    traffic.lowerBound = formation::findLowerBound(problemOf(number));
    return traffic;
  }

  ExitTraffic measureExit(uint32_t number, int32_t index, ir::SkipOp skip, const VariantTraffic &step) {
    auto exit = cast<sweep::ExitAttr>(program.getExits()[index]);
    ExitTraffic traffic;
    traffic.isOfGuard = step.isGuarded && index == 0;
    traffic.refuses = exit.getRefuses();
    llvm::copy_if(step.sweeps, std::back_inserter(traffic.sweeps),
                  [&](const SweepTraffic &sweep) { return sweep.stage < exit.getAfterStages(); });
    for (auto [place, stage] : llvm::enumerate(program.getStages(number, index)))
      llvm::append_range(traffic.sweeps,
                         reader.read(stage.getSweeps(), exit.getAfterStages() + static_cast<unsigned>(place)));
    traffic.bytesPerParameter = bytesOf(traffic.sweeps);
    if (auto place = skip.getLoc()->findInstanceOf<FileLineColLoc>(); place && !traffic.isOfGuard) {
      traffic.file = place.getFilename().str();
      traffic.line = place.getLine();
    }
    return traffic;
  }

  std::vector<std::pair<std::string, bool>> outcomeOf(uint32_t number) {
    uint32_t outcome = space.outcomeOf(number);
    std::vector<std::pair<std::string, bool>> texts;
    for (auto [index, choice] : llvm::enumerate(conditions.cases)) {
      ir::CaseOp op = choice;
      bool holds = Conditions::holds(index, outcome);
      bool isAsked = conditions.allHold(op.getUnder(), outcome) && (holds || !op.getChoice());
      if (isAsked)
        texts.push_back({op.getText().str(), holds});
    }
    return texts;
  }

  formation::Problem problemOf(uint32_t number) {
    formation::StepGraph graph(*variants[number].rule, variants[number].memory, stagesOfReduction,
                               [&](ir::ReduceOp reduce) { return space.foldingOf(reduce, number); });
    graph.problem.firstWrite = lastQuestion(program);
    return std::move(graph.problem);
  }

  ir::OptimizerOp rule;
  sweep::ProgramOp program;
  Conditions conditions;
  formation::VariantSpace space;
  std::vector<formation::Variant> variants;
  SweepReader reader;
  SmallVector<unsigned> stagesOfReduction;
};

} // namespace

std::vector<VariantTraffic> ravine::measureTraffic(ir::OptimizerOp rule, sweep::ProgramOp program) {
  return TrafficMeter(rule, program).measure();
}
