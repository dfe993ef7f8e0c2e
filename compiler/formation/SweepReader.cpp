// Reading off a finished program what its sweeps move, fold and wait for.
#include "compiler/formation/SweepReader.h"

#include "compiler/formation/Reductions.h"

#include <map>

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

unsigned formation::lastQuestion(sweep::ProgramOp program) {
  ArrayAttr exits = program.getExits();
  return exits.empty() ? 0 : cast<sweep::ExitAttr>(exits[exits.size() - 1]).getAfterStages();
}

std::vector<GroupTraffic> formation::groupTraffic(ArrayRef<SweepTraffic> sweeps) {
  std::vector<GroupTraffic> sums;
  for (const SweepTraffic &sweep : sweeps)
    for (const GroupTraffic &moved : sweep.groups) {
      auto sum = llvm::find_if(sums, [&](const GroupTraffic &other) { return other.set == moved.set; });
      if (sum == sums.end())
        sum = sums.insert(sums.end(), {moved.set, 0, 0});
      sum->read += moved.read;
      sum->written += moved.written;
    }
  return sums;
}

SweepReader::SweepReader(ir::OptimizerOp rule, sweep::ProgramOp program) : program(program), groups(rule) {
  rule.walk([&](Operation *op) {
    if (isReduction(op))
      reductions[numberOf(op)] = op;
  });
  bool hasGuard = rule.getNonfinite() != ir::NonFinite::Propagate;
  for (auto scalars : program.all<sweep::ScalarsOp>())
    if (scalars.getRole() == sweep::ScalarRole::ExitCondition)
      for (auto value : scalars.getBody().getOps<sweep::ModelValueOp>())
        asked[value.getIndex()] |= hasGuard && scalars.getExit() == 0;
}

FoldedNumber SweepReader::folded(IndexSet set, uint32_t value) const {
  if (set.isOfGroups()) {
    unsigned number = *groups.reductionOf({sweep::BufferKind::Group, value});
    return folded(number, groups.nameOf(value).str(), set);
  }
  ArrayAttr table =
      set == IndexSet::Model ? sweep::ProgramOp(program).getModelValues() : sweep::ProgramOp(program).getTensorValues();
  auto entry = cast<sweep::ValueAttr>(table[value]);
  FoldedNumber number = folded(entry.getIndex(), entry.getName().str(), set);
  number.isAsked = set == IndexSet::Model && asked.contains(value);
  number.isGuard = set == IndexSet::Model && asked.lookup(value);
  return number;
}

FoldedNumber SweepReader::folded(unsigned number, std::string name, IndexSet set) const {
  FoldedNumber result;
  result.name = std::move(name);
  result.set = set;
  if (auto place = reductions.lookup(number)->getLoc()->findInstanceOf<FileLineColLoc>()) {
    result.file = place.getFilename().str();
    result.line = place.getLine();
    result.column = place.getColumn();
  }
  return result;
}

namespace ravine::formation {

/// Gathers what the passes of one traversal do.
class TraversalReader {
public:
  TraversalReader(const SweepReader &reader, unsigned stage) : reader(reader) { traffic.stage = stage; }

  void add(Operation *pass) {
    if (auto sweep = dyn_cast<sweep::SweepOp>(pass))
      add(sweep);
    else
      add(cast<sweep::OperationOp>(pass));
  }

  void addFolds(ArrayAttr reductions) {
    for (auto reduction : reductions.getAsRange<sweep::ReductionAttr>())
      addOnce(made, {reduction.getSet(), reduction.getValue()});
  }

  [[nodiscard]] bool hasElements() const { return traffic.elementPasses() > 0; }

  SweepTraffic take() {
    for (auto [set, value] : made)
      traffic.reductions.push_back(reader.folded(set, value));
    for (const Number &number : needed) {
      auto [set, value] = number;
      addNeeded(reader.folded(set, value), llvm::is_contained(made, number) || llvm::is_contained(found, number));
    }
    for (unsigned number : loaded)
      addNeeded(operationNumber(number), llvm::is_contained(replaced, number));
    bool writes = false; // what the step leaves behind
    for (auto &[key, moved] : buffers) {
      writes |= moved.written > 0 && !moved.isScratch && key.kind != sweep::BufferKind::Field;
      traffic.read += moved.isScratch ? 0 : moved.read;
      traffic.written += moved.isScratch ? 0 : moved.written;
      traffic.buffers.push_back(std::move(moved));
    }
    for (auto &[key, moved] : states)
      addToSet(moved);
    writes |= llvm::any_of(traffic.groups, [](const auto &group) { return group.written > 0; });
    traffic.awaitsQuestion = writes && lastQuestion(reader.program) > 0;
    return std::move(traffic);
  }

private:
  void addNeeded(FoldedNumber number, bool isOwn) {
    if (!isOwn)
      traffic.awaits.push_back(std::move(number));
    else if (isOfTiles(number.set))
      traffic.knownByTile.push_back(std::move(number));
  }

  [[nodiscard]] FoldedNumber operationNumber(unsigned number) const {
    Operation *op = reader.reductions.lookup(number);
    return reader.folded(number, describe(op), memberSetOf(op));
  }

  /// What there is one for, and its place in the table or among the group buffers.
  using Number = std::pair<IndexSet, uint32_t>;

  template <typename T> static void addOnce(std::vector<T> &numbers, std::type_identity_t<T> number) {
    if (!llvm::is_contained(numbers, number))
      numbers.push_back(number);
  }

  void add(sweep::SweepOp sweep) {
    IndexSet over = sweep.getMembers();
    traffic.passes.push_back({sweep.getSymName().str(), over, false, false, {}});
    if (traffic.name.empty() || (over == IndexSet::Element && traffic.elementPasses() == 1))
      traffic.name = sweep.getSymName().str();
    for (sweep::BufferAttr buffer : sweep.getBufferAttrs())
      add(buffer, over);
    for (sweep::ReductionAttr reduction : sweep.getReductionAttrs())
      addOnce(made, {reduction.getSet(), reduction.getValue()});
    addNeeds(sweep.getScalarsAttr());
  }

  void add(sweep::BufferAttr buffer, IndexSet over) {
    BufferKey key = {buffer.getKind(), buffer.getIndex()};
    unsigned size = buffer.getNumber().getIntOrFloatBitWidth() / 8;
    if (buffer.getKind() == sweep::BufferKind::Group) {
      if (buffer.getIsRead() && reader.groups.reductionOf(key))
        addOnce(needed, {buffer.getSet(), buffer.getIndex()});
    } else if (over == IndexSet::Element) {
      auto [entry, isNew] =
          buffers.insert({key, {buffer.getName().str(), 0, 0, key.kind == sweep::BufferKind::Scratch}});
      move(entry->second, buffer, size);
      if (key.kind == sweep::BufferKind::Field && buffer.getIsRead())
        addLoaded(*reader.groups.reductionOf(key));
    } else {
      auto [entry, isNew] = states.insert({key, {over, 0, 0}});
      move(entry->second, buffer, size);
    }
  }

  void addLoaded(unsigned number) {
    if (isa<ir::RearrangeOp>(reader.reductions.lookup(number)))
      addOnce(loaded, number);
  }

  /// Each buffer once each way; what a pass has written is in cache for the next.
  template <typename Traffic> static void move(Traffic &moved, sweep::BufferAttr buffer, unsigned size) {
    if (buffer.getIsRead() && moved.written == 0)
      moved.read = size;
    if (buffer.getIsWritten())
      moved.written = size;
  }

  void add(sweep::OperationOp operation) {
    IndexSet set = operation.getSet().getValue();
    unsigned number = *reader.groups.reductionOf({sweep::BufferKind::Field, operation.getField()});
    traffic.passes.push_back({operation.getSymName().str(), set, true, operation.isSearch(), operationNumber(number)});
    if (operation.isSearch())
      addOnce(found, {set, operation.getResult()});
    else
      addOnce(replaced, number);
    addNeeds(operation.getScalarsAttr());
    auto argument = static_cast<int32_t>(operation.getArgument());
    if (argument >= 0 && reader.groups.reductionOf({sweep::BufferKind::Group, operation.getArgument()}))
      addOnce(needed, {set, operation.getArgument()});
  }

  /// The results of reductions that a scalar program computes with.
  void addNeeds(FlatSymbolRefAttr scalars) {
    sweep::ProgramOp program = reader.program;
    program.lookupSymbol<sweep::ScalarsOp>(scalars).walk([&](Operation *op) {
      if (auto value = dyn_cast<sweep::ModelValueOp>(op))
        addNeed(IndexSet::Model, program.getModelValues(), value.getIndex());
      else if (auto value = dyn_cast<sweep::TensorValueOp>(op))
        addNeed(IndexSet::Tensor, program.getTensorValues(), value.getIndex());
    });
  }

  void addNeed(IndexSet set, ArrayAttr table, uint32_t column) {
    if (cast<sweep::ValueAttr>(table[column]).getKind() == sweep::ValueKind::Reduction)
      addOnce(needed, {set, column});
  }

  void addToSet(const GroupTraffic &moved) {
    auto sum = llvm::find_if(traffic.groups, [&](const GroupTraffic &other) { return other.set == moved.set; });
    if (sum == traffic.groups.end())
      sum = traffic.groups.insert(traffic.groups.end(), {moved.set, 0, 0});
    sum->read += moved.read;
    sum->written += moved.written;
  }

  const SweepReader &reader;
  SweepTraffic traffic;
  std::map<BufferKey, BufferTraffic> buffers;
  std::map<BufferKey, GroupTraffic> states;
  std::vector<Number> made, found, needed;
  /// Rearrangements, by number: those that are done, and those whose results are loaded.
  std::vector<unsigned> replaced, loaded;
};

} // namespace ravine::formation

static bool touchesElements(Operation *pass) {
  auto sweep = dyn_cast<sweep::SweepOp>(pass);
  return sweep && sweep.getMembers() == IndexSet::Element;
}

/// Whether it only prepares what the next traversal reads.
static bool isPreparation(Operation *pass) {
  auto sweep = dyn_cast<sweep::SweepOp>(pass);
  return sweep && sweep.getReductions().empty();
}

std::vector<SweepTraffic> SweepReader::read(sweep::StageOp stage, ArrayAttr names, ArrayRef<int32_t> tiles,
                                            unsigned number) {
  std::vector<TraversalReader> traversals;
  SmallVector<Operation *> prepared;
  auto symbols = names.getAsRange<FlatSymbolRefAttr>();
  auto next = symbols.begin();
  for (int32_t count : tiles) {
    SmallVector<Operation *> run;
    for (; count > 0; --count)
      run.push_back(program.lookupSymbol((*next++).getAttr()));
    bool isNew = llvm::any_of(run, touchesElements);
    if (!isNew && (traversals.empty() || llvm::all_of(run, isPreparation))) {
      llvm::append_range(prepared, run);
      continue;
    }
    if (isNew) {
      traversals.emplace_back(*this, number);
      for (Operation *pass : prepared)
        traversals.back().add(pass);
      prepared.clear();
    }
    for (Operation *pass : run)
      traversals.back().add(pass);
  }
  if (traversals.empty() && !prepared.empty())
    traversals.emplace_back(*this, number);
  for (Operation *pass : prepared)
    traversals.back().add(pass);
  if (!traversals.empty())
    traversals.back().addFolds(stage.getFoldReductions());
  std::vector<SweepTraffic> traffic;
  for (TraversalReader &traversal : traversals)
    traffic.push_back(traversal.take());
  return traffic;
}
