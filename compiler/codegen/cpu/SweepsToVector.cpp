// The pass ravine-sweeps-to-vector: an element at a time becomes a vector at a time.
#include "compiler/codegen/cpu/Passes.h"

#include "compiler/codegen/cpu/SweepBody.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <bit>

namespace ravine {
#define GEN_PASS_DEF_SWEEPSTOVECTOR
#include "compiler/codegen/cpu/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine;

std::string ravine::functionName(StringRef optimizer, StringRef part) {
  return (optimizer + "_" + part).str();
}

namespace {

/// How memory is walked: the options of the pass.
struct Walk {
  unsigned width;
  unsigned prefetchDistance;
  unsigned streams;
  unsigned streamPrefetchDistance;
};

/// The largest power of two up to `whole` divided among `parts`, at least 1.
unsigned share(unsigned whole, size_t parts) {
  return std::bit_floor(std::max(static_cast<unsigned>(whole / parts), 1u));
}

/// What streams side by side fold into, at most, whatever the number of reductions: enough not to wait for the
/// operation before, and few enough to stay in registers.
constexpr unsigned MaxConcurrentAccumulators = 4;

/// Writes the function of one sweep.
class KernelWriter {
public:
  KernelWriter(OpBuilder &builder, sweep::SweepOp sweep, const Walk &walk)
      : builder(builder), sweep(sweep), location(sweep.getLoc()), walk(walk), body(builder, sweep, walk.width),
        buffers(llvm::to_vector(sweep.getBufferAttrs())) {}

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

    body.writeUniform(slots);
    SmallVector<Value> accumulators;
    for (FoldedValue &reduction : body.reductions())
      accumulators.push_back(reduction.fold.identity());
    if (hasConcurrentStreams())
      accumulators = writeStreams(begin, end, accumulators);
    accumulators = writeLoop(begin, end, accumulators);
    for (auto [place, reduction, accumulator] : llvm::enumerate(body.reductions(), accumulators))
      memref::StoreOp::create(builder, location, reduction.fold.lanes(accumulator), partials,
                              ValueRange(index(static_cast<int64_t>(place))));
    func::ReturnOp::create(builder, location);
  }

private:
  Value index(int64_t value) { return arith::ConstantIndexOp::create(builder, location, value); }
  Value add(Value left, Value right) { return arith::AddIOp::create(builder, location, left, right); }
  Value subtract(Value left, Value right) { return arith::SubIOp::create(builder, location, left, right); }

  /// A sweep that only reads and folds is bound by how many cache lines a core asks for at a time, and one stream does
  /// not ask for enough. Stores bring streams of their own.
  bool hasConcurrentStreams() {
    auto isWritten = [](sweep::BufferAttr buffer) { return buffer.getIsWritten(); };
    return !body.reductions().empty() && !buffers.empty() && llvm::none_of(buffers, isWritten);
  }

  /// Cuts [begin, end) into parts of equal length, whole vectors each, and walks them side by side, so that there are
  /// as many streams of reads as wanted in all buffers together. Moves `begin` past them, to the elements that are
  /// left.
  SmallVector<Value> writeStreams(Value &begin, Value end, ValueRange identities) {
    Value step = index(walk.width);
    unsigned streamCount = share(walk.streams, buffers.size());
    Value rounds = arith::DivUIOp::create(builder, location, subtract(end, begin), index(walk.width * streamCount));
    Value length = arith::MulIOp::create(builder, location, rounds, step);
    Value firstEnd = add(begin, length);
    SmallVector<Value> starts; // of each stream, relative to the first
    for (unsigned stream = 0; stream < streamCount; ++stream)
      starts.push_back(arith::MulIOp::create(builder, location, length, index(stream)));

    size_t count = identities.size();
    size_t setCount = std::min(streamCount, share(MaxConcurrentAccumulators, count));
    SmallVector<Value> initial;
    for (size_t set = 0; set < setCount; ++set)
      llvm::append_range(initial, identities);
    auto loop = scf::ForOp::create(builder, location, begin, firstEnd, step, initial);
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> carried(loop.getRegionIterArgs());
      for (auto [stream, start] : llvm::enumerate(starts)) {
        Value position = add(loop.getInductionVar(), start);
        writePrefetches(position, walk.streamPrefetchDistance);
        auto own = MutableArrayRef(carried).slice(stream % setCount * count, count);
        llvm::copy(body.write(memories, position, Value(), own), own.begin());
      }
      scf::YieldOp::create(builder, location, carried);
    }
    begin = add(begin, arith::MulIOp::create(builder, location, length, index(streamCount)));
    SmallVector<Value> combined;
    for (auto [place, reduction] : llvm::enumerate(body.reductions())) {
      SmallVector<Value> sets;
      for (size_t set = 0; set < setCount; ++set)
        sets.push_back(loop.getResult(static_cast<unsigned>(set * count + place)));
      combined.push_back(reduction.fold.combineAll(sets));
    }
    return combined;
  }

  /// Walks [begin, end) as one stream: whole vectors, then the rest under a mask.
  SmallVector<Value> writeLoop(Value begin, Value end, ValueRange accumulators) {
    Value step = index(walk.width);
    Value count = subtract(end, begin);
    Value rest = arith::RemUIOp::create(builder, location, count, step);
    Value fullEnd = subtract(end, rest);
    auto loop = scf::ForOp::create(builder, location, begin, fullEnd, step, accumulators);
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      if (!hasConcurrentStreams())
        writePrefetches(loop.getInductionVar(), walk.prefetchDistance);
      SmallVector<Value> advanced = body.write(memories, loop.getInductionVar(), Value(), loop.getRegionIterArgs());
      if (!advanced.empty()) // a loop that carries nothing has its end already
        scf::YieldOp::create(builder, location, advanced);
    }
    Value hasRest = arith::CmpIOp::create(builder, location, arith::CmpIPredicate::ne, rest, index(0));
    bool isFolding = !accumulators.empty();
    auto tail = scf::IfOp::create(builder, location, accumulators.getTypes(), hasRest, /*addThenBlock=*/true,
                                  /*addElseBlock=*/isFolding);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(tail.thenBlock());
    Value mask =
        vector::CreateMaskOp::create(builder, location, VectorType::get(walk.width, builder.getI1Type()), rest);
    scf::YieldOp::create(builder, location, body.write(memories, fullEnd, mask, loop.getResults()));
    if (isFolding) {
      builder.setInsertionPointToStart(tail.elseBlock());
      scf::YieldOp::create(builder, location, loop.getResults());
    }
    return tail.getResults();
  }

  /// Scratch was written a moment ago and is in cache.
  void writePrefetches(Value position, unsigned distance) {
    Value ahead = add(position, index(distance));
    for (auto [buffer, memory] : llvm::zip_equal(buffers, memories))
      if (buffer.getKind() != sweep::BufferKind::Scratch)
        memref::PrefetchOp::create(builder, location, memory, ValueRange(ahead), /*isWrite=*/false,
                                   /*localityHint=*/3, /*isDataCache=*/true);
  }

  OpBuilder &builder;
  sweep::SweepOp sweep;
  Location location;
  Walk walk;
  SweepBody body;
  SmallVector<sweep::BufferAttr> buffers;
  ValueRange memories;
};

struct SweepsToVector : ravine::impl::SweepsToVectorBase<SweepsToVector> {
  using SweepsToVectorBase::SweepsToVectorBase;

  void runOnOperation() override {
    OpBuilder builder(&getContext());
    Walk walk{width, prefetchDistance, streams, streamPrefetchDistance};
    for (auto program : llvm::make_early_inc_range(getOperation().getOps<sweep::ProgramOp>())) {
      builder.setInsertionPoint(program);
      for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
        KernelWriter(builder, sweep, walk).write(functionName(program.getOptimizer(), sweep.getSymName()));
      program.erase();
    }
    for (auto optimizer : llvm::make_early_inc_range(getOperation().getOps<ir::OptimizerOp>()))
      optimizer.erase();
  }
};

} // namespace
