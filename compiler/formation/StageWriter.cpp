// Writing the sweeps of one stage.
#include "compiler/formation/StageWriter.h"

#include "compiler/formation/Reductions.h"
#include "compiler/formation/ScalarProgram.h"
#include "compiler/formation/Slice.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

static IndexSet setOf(Value value) {
  return cast<ir::FieldType>(value.getType()).getSet();
}

/// Whether its numbers are known when the tensor is through.
static bool isAcrossTiles(IndexSet set) {
  return set.isOfGroups() && !isOfTiles(set);
}

/// What a fold of numbers or an operation works on, member by member.
static IndexSet workSetOf(Operation *made) {
  return isOperation(made) ? memberSetOf(made) : setOf(operandOf(made));
}

/// What a fold of numbers needs, or the argument of an operation: coarser than elements.
static Value neededBy(Operation *made) {
  return isOperation(made) ? argumentOf(made) : operandOf(made);
}

static bool foldsElements(Operation *made) {
  return !isOperation(made) && setOf(operandOf(made)) == IndexSet::Element;
}

static bool foldsTensors(Operation *made) {
  return !isOperation(made) && cast<ir::FieldType>(operandOf(made).getType()).isScalar();
}

SweepList StageWriter::write(ArrayRef<ElementPass> passes, ArrayRef<Place> commits) {
  while (!passes.empty()) {
    unsigned sweep = passes.front().sweep;
    ArrayRef<ElementPass> run = passes.take_while([&](const ElementPass &pass) { return pass.sweep == sweep; });
    writeRun(run);
    passes = passes.drop_front(run.size());
  }
  writeCommits(commits);
  for (Operation *operation : overModel) {
    beginRun();
    writeOperation(operation);
  }
  llvm::erase(written.tiles, 0);
  return std::move(written);
}

// ---- a run

void StageWriter::writeRun(ArrayRef<ElementPass> passes) {
  SmallVector<SweepContents> sweeps =
      llvm::map_to_vector(passes, [&](const ElementPass &pass) { return contentsOf(pass); });
  auto numbers = llvm::map_to_vector(
      sweeps, [&](const SweepContents &contents) { return groupNumbersOf(contents, frame.memory); });
  SmallVector<Value> ofRun;
  for (ArrayRef<Value> needed : numbers)
    llvm::append_range(ofRun, needed);
  provide(ofRun, isAcrossTiles);
  beginRun();
  for (auto [pass, contents, needed] : llvm::zip_equal(passes, sweeps, numbers)) {
    provide(needed, isOfTiles);
    writeElements(std::move(contents), needed);
    followUp(pass.made);
  }
  writeDeferred();
}

SweepContents StageWriter::contentsOf(const ElementPass &pass) const {
  SweepContents contents;
  contents.role = frame.role;
  contents.variant = frame.variant;
  contents.view = frame.view;
  contents.loads = pass.loads;
  contents.stores = pass.stores;
  for (Operation *made : pass.made)
    if (foldsElements(made))
      contents.reductions.push_back(cast<ir::ReduceOp>(made));
    else if (isOperation(made))
      contents.stores.push_back(
          {operandOf(made), {sweep::BufferKind::Field, frame.numbers.all().ofOperation(numberOf(made))}});
  return contents;
}

void StageWriter::writeElements(SweepContents contents, ArrayRef<Value> groupNumbers) {
  if (contents.isIdle())
    return;
  auto goByTiles = [&](IndexSet set) {
    if (isOfTiles(set))
      tile = set;
  };
  for (Value number : groupNumbers) {
    contents.loads.push_back({number, frame.numbers.bufferOf(number)});
    goByTiles(setOf(number));
  }
  for (ir::ReduceOp reduce : contents.reductions)
    goByTiles(setOf(reduce.getResult()));
  contents.name = nextName();
  emitSweep(builder, contents, frame.rule, frame.memory, frame.tables, frame.numbers.all());
  list(contents.name);
}

void StageWriter::followUp(ArrayRef<Operation *> made) {
  for (Operation *op : made)
    if (foldsElements(op) && !isOfTiles(memberSetOf(op)))
      completeAfterRun.insert(numberOf(op));
  SmallVector<ir::ReduceOp> folds;
  auto writeFolds = [&] {
    fold(folds);
    folds.clear();
  };
  for (Operation *op : made) {
    if (foldsElements(op))
      continue;
    if (foldsTensors(op)) {
      written.folds.push_back(cast<ir::ReduceOp>(op));
    } else if (memberSetOf(op) == IndexSet::Model && isOperation(op)) {
      overModel.push_back(op);
    } else if (!isOfTiles(workSetOf(op)) || !isComplete(neededBy(op))) {
      completeAfterRun.insert(numberOf(op));
      deferred.push_back(op);
    } else if (isOperation(op)) {
      writeFolds();
      writeOperation(op);
    } else {
      if (!folds.empty() && workSetOf(folds.front()) != workSetOf(op))
        writeFolds();
      completeAfterRun.insert(numberOf(op));
      folds.push_back(cast<ir::ReduceOp>(op));
    }
  }
  writeFolds();
}

bool StageWriter::isComplete(Value number) const {
  return llvm::none_of(reductionsBehind(number),
                       [&](Operation *needed) { return completeAfterRun.contains(numberOf(needed)); });
}

void StageWriter::writeDeferred() {
  ArrayRef<Operation *> waiting = deferred;
  while (!waiting.empty()) {
    beginRun();
    Operation *first = waiting.front();
    SmallVector<ir::ReduceOp> folds;
    for (Operation *op : waiting) {
      if (isOperation(op) || workSetOf(op) != workSetOf(first) || !isComplete(neededBy(op)))
        break;
      completeAfterRun.insert(numberOf(op));
      folds.push_back(cast<ir::ReduceOp>(op));
    }
    fold(folds);
    if (folds.empty())
      writeOperation(first);
    waiting = waiting.drop_front(std::max<size_t>(folds.size(), 1));
  }
  deferred.clear();
}

// ---- groups

void StageWriter::provide(ArrayRef<Value> numbers, bool isWanted(IndexSet)) {
  SmallVector<Place> stores;
  auto write = [&] {
    if (stores.empty())
      return;
    IndexSet set = setOf(stores.front().value);
    if (isAcrossTiles(set))
      beginRun();
    writeGroups(set, stores, {});
    for (const Place &store : stores)
      provided.insert(store.value);
    stores.clear();
  };
  for (Value number : numbers) {
    if (!isWanted(setOf(number)) || isReady(number))
      continue;
    if (!stores.empty() && setOf(stores.front().value) != setOf(number))
      write();
    stores.push_back({number, frame.numbers.bufferOf(number)});
  }
  write();
}

void StageWriter::fold(ArrayRef<ir::ReduceOp> reductions) {
  if (!reductions.empty())
    writeGroups(workSetOf(ir::ReduceOp(reductions.front())), {}, reductions);
}

void StageWriter::writeCommits(ArrayRef<Place> commits) {
  SmallVector<Place> left(commits);
  while (!left.empty()) {
    IndexSet set = setOf(left.front().value);
    auto *rest = llvm::partition(left, [&](const Place &commit) { return setOf(commit.value) == set; });
    SmallVector<Place> stores(left.begin(), rest);
    bool isKnown = llvm::all_of(stores, [&](const Place &commit) { return isComplete(commit.value); });
    if (tile != set || !isKnown)
      beginRun();
    writeGroups(set, stores, {});
    left.erase(left.begin(), rest);
  }
}

void StageWriter::writeGroups(IndexSet set, ArrayRef<Place> stores, ArrayRef<ir::ReduceOp> reductions) {
  SweepContents contents;
  contents.name = nextName();
  contents.role = frame.role;
  contents.variant = frame.variant;
  contents.view = frame.view;
  contents.over = set;
  contents.stores.assign(stores.begin(), stores.end());
  contents.reductions.assign(reductions.begin(), reductions.end());
  SmallVector<Value> roots = llvm::map_to_vector(stores, [](const Place &store) { return store.value; });
  for (ir::ReduceOp reduce : contents.reductions)
    roots.push_back(reduce.getOperand());
  auto isLeaf = [&](Operation *op) { return isa<ir::BroadcastOp>(op) || isReady(op->getResult(0)); };
  for (Operation *op : backwardSlice(roots, isLeaf))
    if (Value number = op->getResult(0); isReady(number))
      contents.loads.push_back({number, frame.numbers.bufferOf(number)});
  emitSweep(builder, contents, frame.rule, frame.memory, frame.tables, frame.numbers.all());
  if (isOfTiles(set))
    tile = set;
  list(contents.name);
}

// ---- operations

void StageWriter::writeOperation(Operation *operation) {
  IndexSet set = memberSetOf(operation);
  Value argument = argumentOf(operation);
  int32_t argumentBuffer = -1;
  SmallVector<Value> slots;
  if (setOf(argument).isOfGroups()) {
    provide(argument, isOfTiles);
    argumentBuffer = static_cast<int32_t>(frame.numbers.bufferOf(argument).index);
  } else {
    slots.push_back(argument);
  }
  unsigned number = numberOf(operation);
  int32_t result = -1;
  if (isa<ir::SearchOp>(operation))
    result = set.isOfGroups() ? static_cast<int32_t>(frame.numbers.all().ofReduction(number))
                              : frame.tables.ofReduction(number).index;
  std::string name = nextName(), scalars = name + "_scalars";
  emitScalarProgram(builder, {scalars, sweep::ScalarRole::Slots, frame.variant}, frame.rule, frame.tables, slots);
  Type computed = cast<ir::FieldType>(operandOf(operation).getType()).getNumber();
  sweep::OperationKind kind = *sweep::symbolizeOperationKind(wordOf(operation));
  sweep::OperationOp::create(builder, operation->getLoc(), name, kind, frame.variant, scalars,
                             ir::IndexSetAttr::get(builder.getContext(), set), frame.numbers.all().ofOperation(number),
                             computed, argumentBuffer, result);
  if (isOfTiles(set))
    tile = set;
  list(name);
}

// ---- the list

void StageWriter::beginRun() {
  if (written.tiles.empty() || written.tiles.back() > 0)
    written.tiles.push_back(0);
  completeAfterRun.clear();
  tile.reset();
}

std::string StageWriter::nextName() {
  return frame.prefix + std::to_string(written.names.size()) + frame.suffix;
}

void StageWriter::list(StringRef name) {
  written.names.push_back(FlatSymbolRefAttr::get(builder.getContext(), name));
  ++written.tiles.back();
}
