// The pass ravine-sweeps-to-vector: an element at a time becomes a vector at a time.
#include "compiler/codegen/cpu/Passes.h"

#include "compiler/codegen/cpu/FunctionNames.h"
#include "compiler/codegen/cpu/SweepBody.h"

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

/// How memory is walked: the options of the pass, for f32.
struct Walk {
  unsigned width;
  unsigned prefetchDistance;
  unsigned parts;
  unsigned partPrefetchDistance;

  /// The same number of bytes in registers.
  [[nodiscard]] Walk computingIn(Type number) const {
    Walk walk = *this;
    walk.width = number.isF64() ? width / 2 : width;
    return walk;
  }
};

/// Writes the function of one sweep.
class KernelWriter {
public:
  KernelWriter(OpBuilder &builder, sweep::SweepOp sweep, const Walk &walk)
      : builder(builder), sweep(sweep), location(sweep.getLoc()), walk(walk.computingIn(sweep.getComputeType())),
        body(builder, sweep, this->walk.width), buffers(llvm::to_vector(sweep.getBufferAttrs())) {}

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

    body.writeUniform(memories, slots);
    SmallVector<Value> accumulators = identities();
    if (!accumulators.empty())
      accumulators = writeParts(begin, end);
    accumulators = writeRest(begin, end, accumulators);
    for (auto [place, reduction, accumulator] : llvm::enumerate(body.reductions(), accumulators))
      memref::StoreOp::create(builder, location, reduction.fold.lanes(accumulator), partials,
                              ValueRange(index(static_cast<int64_t>(place))));
    func::ReturnOp::create(builder, location);
  }

private:
  Value index(int64_t value) { return arith::ConstantIndexOp::create(builder, location, value); }
  Value add(Value left, Value right) { return arith::AddIOp::create(builder, location, left, right); }
  Value subtract(Value left, Value right) { return arith::SubIOp::create(builder, location, left, right); }

  SmallVector<Value> identities() {
    SmallVector<Value> values;
    for (FoldedValue &reduction : body.reductions())
      values.push_back(reduction.fold.identity());
    return values;
  }

  SmallVector<Value> combine(ValueRange left, ValueRange right) {
    SmallVector<Value> combined;
    for (auto [reduction, one, other] : llvm::zip_equal(body.reductions(), left, right))
      combined.push_back(reduction.fold.combine(one, other));
    return combined;
  }

  /// A sweep that only reads is bound by how many cache lines a core asks for at a time, and one stream does not ask
  /// for enough. Stores bring streams of their own.
  bool onlyReads() {
    return !buffers.empty() && llvm::none_of(buffers, [](sweep::BufferAttr buffer) { return buffer.getIsWritten(); });
  }

  /// Cuts [begin, end) into `parts` of equal length, whole vectors each, folds each part on its own and the parts in
  /// order. Moves `begin` past them, to the elements that are left. Whether the parts are walked side by side or one
  /// after another does not show in the result, so that a reduction gives the same bits in whatever sweep it stands.
  SmallVector<Value> writeParts(Value &begin, Value end) {
    Value rounds = arith::DivUIOp::create(builder, location, subtract(end, begin), index(walk.width * walk.parts));
    Value length = arith::MulIOp::create(builder, location, rounds, index(walk.width));
    SmallVector<Value> folded =
        onlyReads() ? writePartsSideBySide(begin, length) : writePartsOneAfterAnother(begin, length);
    begin = add(begin, arith::MulIOp::create(builder, location, length, index(walk.parts)));
    return folded;
  }

  SmallVector<Value> writePartsSideBySide(Value begin, Value length) {
    SmallVector<Value> starts; // of each part, relative to the first
    SmallVector<Value> initial;
    for (unsigned part = 0; part < walk.parts; ++part) {
      starts.push_back(arith::MulIOp::create(builder, location, length, index(part)));
      llvm::append_range(initial, identities());
    }
    size_t count = body.reductions().size();
    auto loop = scf::ForOp::create(builder, location, begin, add(begin, length), index(walk.width), initial);
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> carried;
      for (auto [part, start] : llvm::enumerate(starts)) {
        Value position = add(loop.getInductionVar(), start);
        writePrefetches(position, walk.partPrefetchDistance);
        auto own = loop.getRegionIterArgs().slice(part * count, count);
        llvm::append_range(carried, body.write(position, std::nullopt, own));
      }
      scf::YieldOp::create(builder, location, carried);
    }
    SmallVector<Value> folded = identities();
    for (unsigned part = 0; part < walk.parts; ++part)
      folded = combine(folded, loop.getResults().slice(part * count, count));
    return folded;
  }

  SmallVector<Value> writePartsOneAfterAnother(Value begin, Value length) {
    auto loop = scf::ForOp::create(builder, location, index(0), index(walk.parts), index(1), identities());
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value start = add(begin, arith::MulIOp::create(builder, location, length, loop.getInductionVar()));
    SmallVector<Value> part = writeVectors(start, add(start, length), identities(), /*fetchesAhead=*/true);
    scf::YieldOp::create(builder, location, combine(loop.getRegionIterArgs(), part));
    return loop.getResults();
  }

  /// Walks [begin, end), which is whole vectors.
  SmallVector<Value> writeVectors(Value begin, Value end, ValueRange accumulators, bool fetchesAhead) {
    auto loop = scf::ForOp::create(builder, location, begin, end, index(walk.width), accumulators);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    if (fetchesAhead)
      writePrefetches(loop.getInductionVar(), walk.prefetchDistance);
    SmallVector<Value> advanced = body.write(loop.getInductionVar(), std::nullopt, loop.getRegionIterArgs());
    if (!advanced.empty()) // a loop that carries nothing has its end already
      scf::YieldOp::create(builder, location, advanced);
    return loop.getResults();
  }

  /// Walks [begin, end): whole vectors, then what is left under a mask.
  SmallVector<Value> writeRest(Value begin, Value end, ValueRange accumulators) {
    Value count = subtract(end, begin);
    Value rest = arith::RemUIOp::create(builder, location, count, index(walk.width));
    Value fullEnd = subtract(end, rest);
    bool isFolding = !accumulators.empty();
    // Behind parts there is little left, which has been fetched with the last of them.
    SmallVector<Value> advanced = writeVectors(begin, fullEnd, accumulators, /*fetchesAhead=*/!isFolding);
    Value hasRest = arith::CmpIOp::create(builder, location, arith::CmpIPredicate::ne, rest, index(0));
    auto tail = scf::IfOp::create(builder, location, accumulators.getTypes(), hasRest, /*addThenBlock=*/true,
                                  /*addElseBlock=*/isFolding);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(tail.thenBlock());
    Value mask =
        vector::CreateMaskOp::create(builder, location, VectorType::get(walk.width, builder.getI1Type()), rest);
    scf::YieldOp::create(builder, location, body.write(fullEnd, Rest{rest, mask}, advanced));
    if (isFolding) {
      builder.setInsertionPointToStart(tail.elseBlock());
      scf::YieldOp::create(builder, location, advanced);
    }
    return tail.getResults();
  }

  /// `distance` counts f32: as many bytes ahead in every buffer. Scratch was written a moment ago and is in cache.
  void writePrefetches(Value position, unsigned distance) {
    for (auto [buffer, memory] : llvm::zip_equal(buffers, memories)) {
      if (buffer.getKind() == sweep::BufferKind::Scratch)
        continue;
      Value ahead = add(position, index(distance * 32 / buffer.getNumber().getIntOrFloatBitWidth()));
      memref::PrefetchOp::create(builder, location, memory, ValueRange(ahead), /*isWrite=*/false,
                                 /*localityHint=*/3, /*isDataCache=*/true);
    }
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
    Walk walk{width, prefetchDistance, parts, partPrefetchDistance};
    for (auto program : llvm::make_early_inc_range(getOperation().getOps<sweep::ProgramOp>())) {
      builder.setInsertionPoint(program);
      FunctionNames names(program);
      for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
        if (names.isFirst(sweep))
          KernelWriter(builder, sweep, walk).write(names.of(sweep));
      program.erase();
    }
    for (auto optimizer : llvm::make_early_inc_range(getOperation().getOps<ir::OptimizerOp>()))
      optimizer.erase();
  }
};

} // namespace
