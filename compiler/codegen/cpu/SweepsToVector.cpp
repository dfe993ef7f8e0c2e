// The pass ravine-sweeps-to-vector: an element at a time becomes a vector at a time.
#include "compiler/codegen/cpu/Passes.h"

#include "compiler/codegen/cpu/ElementWalk.h"
#include "compiler/codegen/cpu/FunctionNames.h"
#include "compiler/codegen/cpu/TileKernel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace ravine {
#define GEN_PASS_DEF_SWEEPSTOVECTOR
#include "compiler/codegen/cpu/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine;

namespace {

/// Writes the function of a sweep over consecutive numbers: elements, or members of a set of groups.
class KernelWriter {
public:
  KernelWriter(OpBuilder &builder, sweep::SweepOp sweep, const Walk &walk)
      : builder(builder), sweep(sweep), location(sweep.getLoc()), walk(walk.computingIn(sweep.getComputeType())),
        elements(builder, sweep, this->walk), buffers(llvm::to_vector(sweep.getBufferAttrs())) {}

  void write(StringRef name) {
    Type numbers = MemRefType::get(ShapedType::kDynamic, builder.getF64Type());
    SmallVector<Type> arguments;
    for (sweep::BufferAttr buffer : buffers)
      arguments.push_back(MemRefType::get(ShapedType::kDynamic, buffer.getNumber()));
    arguments.append({numbers, numbers, builder.getIndexType(), builder.getIndexType()});

    auto function = func::FuncOp::create(builder, location, name, builder.getFunctionType(arguments, {}));
    function->setAttr(BufferCountAttr, builder.getI64IntegerAttr(static_cast<int64_t>(buffers.size())));
    OpBuilder::InsertionGuard guard(builder);
    Block *entry = function.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    memories = entry->getArguments().take_front(buffers.size());
    auto rest = entry->getArguments().drop_front(buffers.size());
    Value slots = rest[0], partials = rest[1], begin = rest[2], end = rest[3];

    elements.body.writeUniform(memories, /*folded=*/{}, slots);
    SmallVector<Value> accumulators = elements.identities();
    if (!accumulators.empty())
      accumulators = writeParts(begin, end);
    accumulators = writeRest(begin, end, accumulators);
    for (auto [reduction, accumulator] : llvm::zip_equal(elements.body.reductions(), accumulators))
      elements.writeResult(reduction, accumulator, partials, elements.index(reduction.place));
    func::ReturnOp::create(builder, location);
  }

private:
  /// A sweep that only reads is bound by how many cache lines a core asks for at a time, and one stream does not ask
  /// for enough. Stores bring streams of their own.
  bool onlyReads() {
    return !buffers.empty() && llvm::none_of(buffers, [](sweep::BufferAttr buffer) { return buffer.getIsWritten(); });
  }

  /// Cuts [begin, end) into `parts` of equal length, whole vectors each, folds each part on its own and the parts in
  /// order. Moves `begin` past them, to the elements that are left. Whether the parts are walked side by side or one
  /// after another does not show in the result, so that a reduction gives the same bits in whatever sweep it stands.
  SmallVector<Value> writeParts(Value &begin, Value end) {
    Value rounds = arith::DivUIOp::create(builder, location, elements.subtract(end, begin),
                                          elements.index(walk.width * walk.parts));
    Value length = elements.multiply(rounds, elements.index(walk.width));
    SmallVector<Value> folded =
        onlyReads() ? writePartsSideBySide(begin, length) : writePartsOneAfterAnother(begin, length);
    begin = elements.add(begin, elements.multiply(length, elements.index(walk.parts)));
    return folded;
  }

  SmallVector<Value> writePartsSideBySide(Value begin, Value length) {
    SmallVector<Value> starts; // of each part, relative to the first
    SmallVector<Value> initial;
    for (unsigned part = 0; part < walk.parts; ++part) {
      starts.push_back(elements.multiply(length, elements.index(part)));
      llvm::append_range(initial, elements.identities());
    }
    size_t count = elements.body.reductions().size();
    auto loop =
        scf::ForOp::create(builder, location, begin, elements.add(begin, length), elements.index(walk.width), initial);
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> carried;
      for (auto [part, start] : llvm::enumerate(starts)) {
        Value position = elements.add(loop.getInductionVar(), start);
        writePrefetches(position, walk.partPrefetchDistance);
        auto own = loop.getRegionIterArgs().slice(part * count, count);
        llvm::append_range(carried, elements.body.write(position, std::nullopt, own));
      }
      scf::YieldOp::create(builder, location, carried);
    }
    SmallVector<Value> folded = elements.identities();
    for (unsigned part = 0; part < walk.parts; ++part)
      folded = elements.combine(folded, loop.getResults().slice(part * count, count));
    return folded;
  }

  SmallVector<Value> writePartsOneAfterAnother(Value begin, Value length) {
    auto loop = scf::ForOp::create(builder, location, elements.index(0), elements.index(walk.parts), elements.index(1),
                                   elements.identities());
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value start = elements.add(begin, elements.multiply(length, loop.getInductionVar()));
    SmallVector<Value> part = elements.writeVectors(start, elements.add(start, length), elements.identities(),
                                                    [&](Value position) { writeStreamPrefetches(position); });
    scf::YieldOp::create(builder, location, elements.combine(loop.getRegionIterArgs(), part));
    return loop.getResults();
  }

  /// Walks what is left behind the parts: little, which has been fetched with the last of them. Without reductions
  /// there are no parts, and it is everything.
  SmallVector<Value> writeRest(Value begin, Value end, ValueRange accumulators) {
    return elements.writeAll(begin, end, accumulators, [&](Value position) {
      if (accumulators.empty())
        writeStreamPrefetches(position);
    });
  }

  /// Scratch was written a moment ago and is in cache.
  static bool isFetched(sweep::BufferAttr buffer) { return buffer.getKind() != sweep::BufferKind::Scratch; }

  void writeStreamPrefetches(Value position) {
    if (llvm::count_if(buffers, isFetched) > 1)
      return writePrefetches(position, walk.prefetchDistance);
    // One stream alone keeps the first-level cache waiting for lines, which holds up the arithmetic: they are brought
    // into the second level from farther away and from there a moment before they are needed.
    writePrefetches(position, walk.lonePrefetchDistance, /*isNear=*/false);
    writePrefetches(position, walk.nearPrefetchDistance);
  }

  /// `distance` counts f32: as many bytes ahead in every buffer.
  void writePrefetches(Value position, unsigned distance, bool isNear = true) {
    for (auto [buffer, memory] : llvm::zip_equal(buffers, memories)) {
      if (!isFetched(buffer))
        continue;
      Value ahead = elements.add(position, elements.index(distance * 32 / buffer.getNumber().getIntOrFloatBitWidth()));
      elements.prefetch(memory, ahead, isNear);
    }
  }

  OpBuilder &builder;
  sweep::SweepOp sweep;
  Location location;
  Walk walk;
  ElementWalk elements;
  SmallVector<sweep::BufferAttr> buffers;
  ValueRange memories;
};

struct SweepsToVector : ravine::impl::SweepsToVectorBase<SweepsToVector> {
  using SweepsToVectorBase::SweepsToVectorBase;

  void runOnOperation() override {
    OpBuilder builder(&getContext());
    const Walk walk{.width = width,
                    .prefetchDistance = prefetchDistance,
                    .lonePrefetchDistance = lonePrefetchDistance,
                    .nearPrefetchDistance = nearPrefetchDistance,
                    .parts = parts,
                    .partPrefetchDistance = partPrefetchDistance,
                    .largestPacedTile = largestPacedTile};
    for (auto program : llvm::make_early_inc_range(getOperation().getOps<sweep::ProgramOp>())) {
      builder.setInsertionPoint(program);
      FunctionNames names(program);
      TilePasses passes(program);
      for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
        if (names.isFirst(sweep) && sweep.knowsOfGroups())
          writeTileKernel(builder, sweep, walk, passes, names.of(sweep));
        else if (names.isFirst(sweep))
          KernelWriter(builder, sweep, walk).write(names.of(sweep));
      program.erase();
    }
    for (auto optimizer : llvm::make_early_inc_range(getOperation().getOps<ir::OptimizerOp>()))
      optimizer.erase();
  }
};

} // namespace
