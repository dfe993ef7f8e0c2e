// Kernels of sweeps that go over elements and know of groups of them: a matrix, row by row.
#include "compiler/codegen/cpu/TileKernel.h"

#include "compiler/codegen/cpu/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace ravine;

namespace {

class TileKernelWriter {
public:
  TileKernelWriter(OpBuilder &builder, sweep::SweepOp sweep, const Walk &walk, const TilePasses &passes)
      : builder(builder), location(sweep.getLoc()), sweep(sweep), walk(walk.computingIn(sweep.getComputeType())),
        elements(builder, sweep, this->walk), buffers(llvm::to_vector(sweep.getBufferAttrs())),
        shares(passes.sharesOf(sweep)) {}

  void write(StringRef name) {
    auto groups = static_cast<size_t>(llvm::count_if(
        sweep.getReductionAttrs(), [](sweep::ReductionAttr reduction) { return reduction.getSet().isOfGroups(); }));
    Type numbers = MemRefType::get(ShapedType::kDynamic, builder.getF64Type());
    SmallVector<Type> arguments;
    for (sweep::BufferAttr buffer : buffers)
      arguments.push_back(MemRefType::get(ShapedType::kDynamic, buffer.getNumber()));
    arguments.append(groups + 2, numbers);
    arguments.append(TileFieldCount, builder.getIndexType());

    auto function = func::FuncOp::create(builder, location, name, builder.getFunctionType(arguments, {}));
    function->setAttr(BufferCountAttr, builder.getI64IntegerAttr(static_cast<int64_t>(buffers.size() + groups)));
    function->setAttr(TileAttr, builder.getUnitAttr());
    OpBuilder::InsertionGuard guard(builder);
    Block *entry = function.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    memories = entry->getArguments().take_front(buffers.size());
    folded = entry->getArguments().slice(buffers.size(), groups);
    auto rest = entry->getArguments().drop_front(buffers.size() + groups);
    Value slots = rest[0], partials = rest[1];
    tile = {rest[2], rest[3], rest[4], rest[5], rest[6], rest[7]};

    elements.body.writeUniform(memories, folded, slots);
    writeFetchPlan();
    SmallVector<Value> accumulators;
    if (onlySpreadsRows())
      writeShortOrLongRows();
    else
      accumulators = writeRows();
    for (auto [reduction, accumulator] : llvm::zip(overall(), accumulators))
      elements.writeResult(*reduction, accumulator, partials, elements.index(reduction->place));
    func::ReturnOp::create(builder, location);
  }

private:
  /// Those that are carried from row to row.
  SmallVector<FoldedValue *> overall() {
    SmallVector<FoldedValue *> found;
    for (FoldedValue &reduction : elements.body.reductions())
      if (!isAlongRows(reduction.set))
        found.push_back(&reduction);
    return found;
  }

  /// Whether every element is computed on its own, from numbers of its row and from its own.
  bool onlySpreadsRows() {
    return sweep.getReductions().empty() && llvm::none_of(buffers, [](sweep::BufferAttr buffer) {
             return isAlongColumns(buffer.getSet()) || (isAlongRows(buffer.getSet()) && buffer.getIsWritten());
           });
  }

  /// Of rows shorter than that, one vector after another is faster than one row after another.
  static constexpr int64_t ShortestLongRow = 48;

  void writeShortOrLongRows() {
    Value width = elements.subtract(tile.lastCol, tile.firstCol);
    auto compare = [&](arith::CmpIPredicate predicate, Value left, Value right) {
      return arith::CmpIOp::create(builder, location, predicate, left, right).getResult();
    };
    Value isShort =
        arith::AndIOp::create(builder, location, compare(arith::CmpIPredicate::eq, width, tile.rowLength),
                              compare(arith::CmpIPredicate::slt, tile.rowLength, elements.index(ShortestLongRow)));
    auto either = scf::IfOp::create(builder, location, isShort, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(either.thenBlock());
    Value begin = elements.multiply(tile.firstRow, tile.rowLength);
    Value end = smaller(elements.multiply(tile.lastRow, tile.rowLength), tile.count);
    elements.body.writeManyRows(tile.firstRow, begin, tile.rowLength);
    writeElements(begin, end, {});
    builder.setInsertionPointToStart(either.elseBlock());
    writeRows();
  }

  Value smaller(Value left, Value right) { return arith::MinSIOp::create(builder, location, left, right); }

  SmallVector<Value> writeRows() {
    SmallVector<Value> initial;
    for (FoldedValue *reduction : overall())
      initial.push_back(reduction->fold.identity());
    auto loop = scf::ForOp::create(builder, location, tile.firstRow, tile.lastRow, elements.index(1), initial);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value row = loop.getInductionVar();
    Value start = elements.multiply(row, tile.rowLength);
    Value begin = elements.add(start, tile.firstCol);
    Value end = smaller(elements.add(start, tile.lastCol), tile.count);
    elements.body.writeRow(row, start);

    SmallVector<Value> accumulators;
    auto carried = loop.getRegionIterArgs().begin();
    for (FoldedValue &reduction : elements.body.reductions())
      accumulators.push_back(isAlongRows(reduction.set) ? reduction.fold.identity() : Value(*carried++));
    accumulators = writeElements(begin, end, accumulators);
    SmallVector<Value> advanced;
    for (auto [reduction, accumulator] : llvm::zip_equal(elements.body.reductions(), accumulators))
      if (isAlongRows(reduction.set))
        elements.writeResult(reduction, accumulator, folded[reduction.place], row);
      else
        advanced.push_back(accumulator);
    if (!advanced.empty())
      scf::YieldOp::create(builder, location, advanced);
    return loop.getResults();
  }

  /// Walks [begin, end), the elements of one row or of many.
  SmallVector<Value> writeElements(Value begin, Value end, ValueRange accumulators) {
    SmallVector<Value> advanced(accumulators);
    if (!paced.empty())
      std::tie(begin, advanced) = writePacedVectors(begin, end, advanced);
    auto fetch = [&](Value position) { writePrefetches(position, end); };
    return elements.writeAll(begin, end, advanced, fetch, fetch);
  }

  // ---- fetching ahead

  /// Numbers of groups are few and in cache; scratch was written a moment ago.
  static bool isFetched(sweep::BufferAttr buffer) {
    return buffer.getKind() != sweep::BufferKind::Scratch && buffer.getKind() != sweep::BufferKind::Group;
  }

  /// The distance at which a buffer is fetched, in elements.
  Value distance(sweep::BufferAttr buffer) {
    return elements.index(walk.prefetchDistance * 32 / buffer.getNumber().getIntOrFloatBitWidth());
  }

  /// A buffer that several passes touch is fetched a tile ahead, a part of the next tile in each pass and both halves
  /// of that part side by side: memory answers two streams faster than one.
  struct Paced {
    Value first, second; // where the halves begin
    int64_t pace;        // elements walked for one that is fetched of each half
  };
  /// Vectors that are walked between two fetches; of two passes, each half gets one line for them.
  static constexpr int64_t PacedVectors = 4;

  void writeFetchPlan() {
    Value width = elements.subtract(tile.lastCol, tile.firstCol);
    skipped = elements.subtract(tile.rowLength, width);
    if (llvm::none_of(shares, [](const Share &share) { return share.count > 1; }))
      return;
    tileBegin = elements.multiply(tile.firstRow, tile.rowLength);
    Value tileEnd = elements.multiply(tile.lastRow, tile.rowLength);
    Value length = elements.subtract(tileEnd, tileBegin);
    isSmall = arith::CmpIOp::create(builder, location, arith::CmpIPredicate::sle, length,
                                    elements.index(walk.largestPacedTile));
    for (auto [buffer, share] : llvm::zip_equal(buffers, shares)) {
      paced.emplace_back();
      if (share.count == 1 || !isFetched(buffer))
        continue;
      int64_t halves = 2 * share.count;
      auto half = [&](int64_t number) {
        Value part = arith::DivUIOp::create(builder, location, elements.multiply(length, elements.index(number)),
                                            elements.index(halves));
        return elements.add(elements.add(tileEnd, part), distance(buffer));
      };
      paced.back() = {half(2 * share.number), half(2 * share.number + 1), halves};
    }
  }

  /// Walks as much of [begin, end) as goes into groups of PacedVectors vectors, and fetches the next tile meanwhile;
  /// nothing of a tile that is too large for it. Where it has come to, and the accumulators there.
  std::pair<Value, SmallVector<Value>> writePacedVectors(Value begin, Value end, ValueRange accumulators) {
    Value step = elements.index(PacedVectors * walk.width);
    Value rest = arith::RemUIOp::create(builder, location, elements.subtract(end, begin), step);
    Value pacedEnd = arith::SelectOp::create(builder, location, isSmall, elements.subtract(end, rest), begin);
    auto loop = scf::ForOp::create(builder, location, begin, pacedEnd, step, accumulators);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value position = loop.getInductionVar();
    for (auto [number, buffer] : llvm::enumerate(buffers))
      if (isFetched(buffer) && paced[number].pace != 0)
        writePacedPrefetches(memories[number], paced[number], position);
    SmallVector<Value> advanced(loop.getRegionIterArgs());
    for (int64_t vector = 0; vector < PacedVectors; ++vector) {
      Value place = elements.add(position, elements.index(vector * walk.width));
      for (auto [number, buffer] : llvm::enumerate(buffers))
        if (isFetched(buffer) && paced[number].pace == 0)
          writePrefetch(number, place, end);
      advanced = elements.body.write(place, std::nullopt, advanced);
    }
    if (!advanced.empty())
      scf::YieldOp::create(builder, location, advanced);
    return {pacedEnd, loop.getResults()};
  }

  void writePacedPrefetches(Value memory, const Paced &plan, Value position) {
    Value gone =
        arith::DivUIOp::create(builder, location, elements.subtract(position, tileBegin), elements.index(plan.pace));
    for (Value start : {plan.first, plan.second})
      elements.prefetch(memory, smaller(elements.add(start, gone), tile.count), /*isNear=*/false);
  }

  void writePrefetches(Value position, Value rowEnd) {
    for (auto [number, buffer] : llvm::enumerate(buffers))
      if (isFetched(buffer))
        writePrefetch(number, position, rowEnd);
  }

  /// As a stream. Behind the end of a row's part stands that of the next row.
  void writePrefetch(size_t number, Value position, Value rowEnd) {
    Value ahead = elements.add(position, distance(buffers[number]));
    Value isBehind = arith::CmpIOp::create(builder, location, arith::CmpIPredicate::sge, ahead, rowEnd);
    Value next = elements.add(ahead, skipped);
    ahead = arith::SelectOp::create(builder, location, isBehind, next, ahead);
    elements.prefetch(memories[number], ahead);
  }

  OpBuilder &builder;
  Location location;
  sweep::SweepOp sweep;
  Walk walk;
  ElementWalk elements;
  SmallVector<sweep::BufferAttr> buffers;
  SmallVector<Share> shares;
  ValueRange memories, folded;
  /// As in ravine_plan_tile.
  struct {
    Value firstRow, lastRow, firstCol, lastCol, rowLength, count;
  } tile;
  /// Elements between the end of a row's part and the beginning of the next one's.
  Value skipped;
  Value tileBegin, isSmall;
  SmallVector<Paced> paced; // for each buffer; empty where none is
};

} // namespace

void ravine::writeTileKernel(OpBuilder &builder, sweep::SweepOp sweep, const Walk &walk, const TilePasses &passes,
                             StringRef name) {
  TileKernelWriter(builder, sweep, walk, passes).write(name);
}
