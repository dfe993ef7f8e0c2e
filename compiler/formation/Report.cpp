// What a step costs in memory traffic.
#include "compiler/formation/Report.h"

#include "compiler/formation/LowerBound.h"
#include "compiler/formation/Reductions.h"
#include "compiler/formation/Schedule.h"
#include "compiler/formation/SweepReader.h"
#include "compiler/formation/Variants.h"

#include "llvm/ADT/StringMap.h"

#include <set>

using namespace mlir;
using namespace ravine;

static unsigned bytes(Type number) {
  return number.getIntOrFloatBitWidth() / 8;
}

static unsigned bytesOf(ArrayRef<SweepTraffic> sweeps) {
  unsigned total = 0;
  for (const SweepTraffic &sweep : sweeps)
    total += sweep.read + sweep.written;
  return total;
}

/// Each buffer once each way, however many of the sweeps touch it; what one has written is there for the next.
static unsigned distinctBytes(ArrayRef<SweepTraffic> sweeps) {
  llvm::StringMap<std::pair<unsigned, unsigned>> buffers;
  for (const SweepTraffic &sweep : sweeps)
    for (const BufferTraffic &buffer : sweep.buffers) {
      if (buffer.isScratch)
        continue;
      auto &[read, written] = buffers[buffer.name];
      if (written == 0)
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
    if (!memory.isUnchanged(buffer, value) && cast<ir::FieldType>(value.getType()).isOfElements())
      written.insert(buffer);
  };
  // A buffer that ends as it began is not even read for that.
  auto isForNothing = [&](Operation *reader, Operation *user) {
    if (auto next = dyn_cast<ir::NextOp>(user))
      return memory.isUnchanged(memory.ofState(next.getState()), reader->getResult(0));
    return isa<ir::UpdateOp>(user) && memory.isUnchanged({sweep::BufferKind::Parameter, 0}, reader->getResult(0));
  };
  rule.getStep().walk([&](Operation *op) {
    if (std::optional<formation::BufferKey> buffer = memory.readBy(op);
        buffer && cast<ir::FieldType>(op->getResult(0).getType()).isOfElements()) {
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

/// The stages in which a program makes the reductions over the model, by number.
static SmallVector<unsigned> stagesOfReductions(ir::OptimizerOp rule, sweep::ProgramOp program) {
  formation::GroupBuffers groups(rule);
  SmallVector<unsigned> stages(formation::countReductionsOfStep(rule), 0);
  for (uint32_t variant = 0; variant < program.getVariantCount(); ++variant)
    for (auto [index, stage] : llvm::enumerate(program.getStages(variant))) {
      auto place = static_cast<unsigned>(index);
      auto addAll = [&](ArrayAttr reductions) {
        for (auto reduction : reductions.getAsRange<sweep::ReductionAttr>())
          if (reduction.getSet() == IndexSet::Model)
            stages[cast<sweep::ValueAttr>(program.getModelValues()[reduction.getValue()]).getIndex()] = place;
      };
      addAll(stage.getFoldReductions());
      for (auto name : stage.getSweeps().getAsRange<FlatSymbolRefAttr>())
        if (auto sweep = program.lookupSymbol<sweep::SweepOp>(name.getAttr()))
          addAll(sweep.getReductions());
        else if (auto operation = program.lookupSymbol<sweep::OperationOp>(name.getAttr()))
          stages[*groups.reductionOf({sweep::BufferKind::Field, operation.getField()})] = place;
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
        stagesOfReduction(stagesOfReductions(rule, program)) {}

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
      std::vector<SweepTraffic> streaming = reader.read(stage, stage.getSweeps(), stage.getTiles(), place);
      std::vector<SweepTraffic> resident = reader.read(stage, stage.getResident(), stage.getResidentTiles(), place);
      traffic.bytesCached += distinctBytes(resident.empty() ? streaming : resident);
      llvm::append_range(traffic.residentSweeps, resident);
      llvm::append_range(traffic.sweeps, streaming);
    }
    traffic.bytesPerParameter = bytesOf(traffic.sweeps);
    traffic.isGuarded = rule.getNonfinite() != ir::NonFinite::Propagate;
    for (auto [index, skip] : llvm::enumerate(rule.getStep().getBody().getOps<ir::SkipOp>()))
      traffic.exits.push_back(measureExit(number, static_cast<int32_t>(index), skip, traffic));
    traffic.groups = formation::groupTraffic(traffic.sweeps);
    for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
      if (conditions.exists(index, space.outcomeOf(number), isNarrow(precision.rule, precision.storage)))
        addState(traffic, state.getFieldType().getSet(), bytes(memory.typeOfState(index)));
    traffic.compulsory = compulsoryBytes(*variants[number].rule, memory);
    const formation::Problem problem = problemOf(number);
    traffic.lowerBound = formation::findLowerBound(problem);
    traffic.isExact = formation::isFoundExactly(problem);
    return traffic;
  }

  static void addState(VariantTraffic &traffic, IndexSet set, unsigned bytes) {
    if (set == IndexSet::Element)
      traffic.stateBytes += bytes;
    if (!set.isOfGroups())
      return;
    auto &sums = traffic.stateBytesOfGroups;
    auto sum = llvm::find_if(sums, [&](const auto &other) { return other.first == set; });
    if (sum == sums.end())
      sum = sums.insert(sums.end(), {set, 0});
    sum->second += bytes;
  }

  ExitTraffic measureExit(uint32_t number, int32_t index, ir::SkipOp skip, const VariantTraffic &step) {
    auto exit = cast<sweep::ExitAttr>(program.getExits()[index]);
    ExitTraffic traffic;
    traffic.isOfGuard = step.isGuarded && index == 0;
    traffic.refuses = exit.getRefuses();
    llvm::copy_if(step.sweeps, std::back_inserter(traffic.sweeps),
                  [&](const SweepTraffic &sweep) { return sweep.stage < exit.getAfterStages(); });
    for (auto [place, stage] : llvm::enumerate(program.getStages(number, index)))
      llvm::append_range(traffic.sweeps, reader.read(stage, stage.getSweeps(), stage.getTiles(),
                                                     exit.getAfterStages() + static_cast<unsigned>(place)));
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
                               [&](Operation *reduction) { return space.foldingOf(reduction, number); });
    graph.problem.firstWrite = formation::lastQuestion(program);
    return std::move(graph.problem);
  }

  ir::OptimizerOp rule;
  sweep::ProgramOp program;
  Conditions conditions;
  formation::VariantSpace space;
  std::vector<formation::Variant> variants;
  formation::SweepReader reader;
  SmallVector<unsigned> stagesOfReduction;
};

} // namespace

std::vector<VariantTraffic> ravine::measureTraffic(ir::OptimizerOp rule, sweep::ProgramOp program) {
  return TrafficMeter(rule, program).measure();
}
