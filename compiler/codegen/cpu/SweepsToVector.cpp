// The pass ravine-sweeps-to-vector: an element at a time becomes a vector at a time.
#include "compiler/codegen/cpu/Passes.h"

#include "dialect/ravine/Ravine.h"
#include "dialect/sweep/Sweep.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

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

/// Writes the function of one sweep.
class KernelWriter {
public:
  KernelWriter(OpBuilder &builder, sweep::SweepOp sweep, unsigned width, unsigned prefetchDistance)
      : builder(builder), sweep(sweep), location(sweep.getLoc()), width(width), prefetchDistance(prefetchDistance),
        buffers(llvm::to_vector(sweep.getBufferAttrs())) {}

  void write(StringRef name) {
    SmallVector<Type> arguments;
    for (sweep::BufferAttr buffer : buffers)
      arguments.push_back(MemRefType::get(ShapedType::kDynamic, buffer.getNumber()));
    arguments.push_back(MemRefType::get(ShapedType::kDynamic, builder.getF64Type()));
    arguments.append(2, builder.getIndexType());

    auto function = func::FuncOp::create(builder, location, name, builder.getFunctionType(arguments, {}));
    function->setAttr(BufferCountAttr, builder.getI64IntegerAttr(static_cast<int64_t>(buffers.size())));
    OpBuilder::InsertionGuard guard(builder);
    Block *entry = function.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    bufferArguments = entry->getArguments().take_front(buffers.size());
    writeUniform(entry->getArgument(buffers.size()));
    writeLoops(entry->getArgument(buffers.size() + 1), entry->getArgument(buffers.size() + 2));
    func::ReturnOp::create(builder, location);
  }

private:
  Value index(int64_t value) { return arith::ConstantIndexOp::create(builder, location, value); }

  unsigned slotArgument(unsigned slot) const {
    auto reads = llvm::count_if(buffers, [](sweep::BufferAttr buffer) { return buffer.getIsRead(); });
    return static_cast<unsigned>(reads) + slot;
  }

  /// Whether a value is the same for every element and is made ready before the loop: constants, slots, and slots on
  /// their way to the elements' precision or to a truth value.
  bool isUniform(Value value) const {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return argument.getArgNumber() >= slotArgument(0);
    return isUniform(*value.getDefiningOp());
  }
  bool isUniform(Operation &op) const {
    return isa<arith::ConstantOp>(op) ||
           (isa<arith::TruncFOp, arith::CmpFOp>(op) &&
            llvm::all_of(op.getOperands(), [&](Value operand) { return isUniform(operand); }));
  }

  /// What does not change from element to element is computed once, before the loop.
  void writeUniform(Value slots) {
    Block &body = sweep.getBody().front();
    unsigned slotCount = body.getNumArguments() - slotArgument(0);
    IRMapping single;
    for (unsigned slot = 0; slot < slotCount; ++slot)
      single.map(body.getArgument(slotArgument(slot)),
                 memref::LoadOp::create(builder, location, slots, ValueRange(index(slot))).getResult());
    for (Operation &op : body)
      if (isUniform(op))
        builder.clone(op, single);
    for (auto [inSweep, scalar] : single.getValueMap())
      if (llvm::any_of(inSweep.getUsers(), [&](Operation *user) { return !isUniform(*user); }))
        spread.push_back({inSweep, scalar});
    // The map's order is that of addresses; the order of the program is the same in every run.
    llvm::sort(spread, [](auto &left, auto &right) { return isBefore(left.second, right.second); });
    for (auto &[inSweep, scalar] : spread)
      scalar = vector::BroadcastOp::create(builder, location, vectorType(scalar.getType()), scalar);
  }

  static bool isBefore(Value left, Value right) { return left.getDefiningOp()->isBeforeInBlock(right.getDefiningOp()); }

  VectorType vectorType(Type number) const { return VectorType::get(width, number); }

  void writeLoops(Value begin, Value end) {
    Value step = index(width);
    Value count = arith::SubIOp::create(builder, location, end, begin);
    Value rest = arith::RemUIOp::create(builder, location, count, step);
    Value fullEnd = arith::SubIOp::create(builder, location, end, rest);
    auto loop = scf::ForOp::create(builder, location, begin, fullEnd, step);
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      writePrefetches(loop.getInductionVar());
      writeVector(loop.getInductionVar(), Value());
    }
    Value hasRest = arith::CmpIOp::create(builder, location, arith::CmpIPredicate::ne, rest, index(0));
    auto tail = scf::IfOp::create(builder, location, hasRest);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(tail.thenBlock());
    Value mask = vector::CreateMaskOp::create(builder, location, vectorType(builder.getI1Type()), rest);
    writeVector(fullEnd, mask);
  }

  void writePrefetches(Value position) {
    Value ahead = arith::AddIOp::create(builder, location, position, index(prefetchDistance));
    for (Value buffer : bufferArguments)
      memref::PrefetchOp::create(builder, location, buffer, ValueRange(ahead), /*isWrite=*/false,
                                 /*localityHint=*/3, /*isDataCache=*/true);
  }

  /// One vector of elements at `position`; with a mask, those lanes only.
  void writeVector(Value position, Value mask) {
    Block &body = sweep.getBody().front();
    IRMapping mapping;
    for (auto &[inSweep, vector] : spread)
      mapping.map(inSweep, vector);
    unsigned argument = 0;
    for (auto [buffer, memory] : llvm::zip_equal(buffers, bufferArguments))
      if (buffer.getIsRead())
        mapping.map(body.getArgument(argument++), load(memory, position, vectorType(buffer.getNumber()), mask));
    for (Operation &op : body.without_terminator())
      if (!isUniform(op))
        vectorize(op, mapping);
    unsigned result = 0;
    for (auto [buffer, memory] : llvm::zip_equal(buffers, bufferArguments))
      if (buffer.getIsWritten())
        store(memory, position, mapping.lookup(sweep.getYield().getValues()[result++]), mask);
  }

  Value load(Value memory, Value position, VectorType type, Value mask) {
    if (!mask)
      return vector::LoadOp::create(builder, location, type, memory, ValueRange(position));
    Value zero = arith::ConstantOp::create(builder, location, type, builder.getZeroAttr(type));
    return vector::MaskedLoadOp::create(builder, location, type, memory, ValueRange(position), mask, zero);
  }

  void store(Value memory, Value position, Value vector, Value mask) {
    if (mask)
      vector::MaskedStoreOp::create(builder, location, memory, ValueRange(position), mask, vector);
    else
      vector::StoreOp::create(builder, location, vector, memory, ValueRange(position));
  }

  /// The operations of a sweep mean the same on vectors as on numbers: only the types change.
  void vectorize(Operation &op, IRMapping &mapping) {
    OperationState state(op.getLoc(), op.getName());
    for (Value operand : op.getOperands())
      state.addOperands(mapping.lookup(operand));
    for (Type type : op.getResultTypes())
      state.addTypes(vectorType(type));
    state.addAttributes(op.getAttrDictionary().getValue());
    Operation *vectorized = builder.create(state);
    mapping.map(op.getResults(), vectorized->getResults());
  }

  OpBuilder &builder;
  sweep::SweepOp sweep;
  Location location;
  unsigned width;
  unsigned prefetchDistance;
  SmallVector<sweep::BufferAttr> buffers;
  ValueRange bufferArguments;
  SmallVector<std::pair<Value, Value>> spread;
};

struct SweepsToVector : ravine::impl::SweepsToVectorBase<SweepsToVector> {
  using SweepsToVectorBase::SweepsToVectorBase;

  void runOnOperation() override {
    OpBuilder builder(&getContext());
    for (auto program : llvm::make_early_inc_range(getOperation().getOps<sweep::ProgramOp>())) {
      builder.setInsertionPoint(program);
      for (sweep::SweepOp sweep : program.all<sweep::SweepOp>())
        KernelWriter(builder, sweep, width, prefetchDistance)
            .write(functionName(program.getOptimizer(), sweep.getSymName()));
      program.erase();
    }
    for (auto optimizer : llvm::make_early_inc_range(getOperation().getOps<ir::OptimizerOp>()))
      optimizer.erase();
  }
};

} // namespace
