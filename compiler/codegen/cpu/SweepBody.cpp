// The body of a sweep on vectors: what is computed for one vector of elements, wherever it stands.
#include "compiler/codegen/cpu/SweepBody.h"

#include "compiler/codegen/cpu/ElementConversion.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace ravine;

/// Twice the 24 bits of an f32 are fewer than the 53 of an f64, and the exponents reach farther than twice as far.
static bool isExactProduct(arith::MulFOp product) {
  return product && llvm::all_of(product->getOperands(), [](Value factor) {
           auto widened = factor.getDefiningOp<arith::ExtFOp>();
           return widened && widened.getIn().getType().isF32();
         });
}

SweepBody::SweepBody(OpBuilder &builder, sweep::SweepOp sweep, unsigned width)
    : builder(builder), sweep(sweep), location(sweep.getLoc()), width(width), hasRows(sweep.knowsOfGroups()),
      buffers(llvm::to_vector(sweep.getBufferAttrs())) {
  auto yielded = sweep.getYield().getValues().take_back(sweep.getReductions().size());
  unsigned groups = 0, others = 0;
  for (auto [reduction, value] : llvm::zip_equal(sweep.getReductionAttrs(), yielded)) {
    FoldedValue folded = foldOf(reduction, value, reduction.getSet().isOfGroups() ? groups++ : others++);
    (isAlongColumns(reduction.getSet()) ? alongColumns : carried).push_back(folded);
  }
}

FoldedValue SweepBody::foldOf(sweep::ReductionAttr reduction, Value yielded, unsigned place) {
  bool isSum = reduction.getKind() == ir::ReductionKind::Sum;
  Value source = yielded;
  // Half the registers, and no conversions in the loop; but what stays in memory is f64.
  auto widened = yielded.getDefiningOp<arith::ExtFOp>();
  if (widened && levelOf(yielded) == Level::Element && !isSum && !isAlongColumns(reduction.getSet()))
    source = widened.getIn();
  auto product = isSum ? yielded.getDefiningOp<arith::MulFOp>() : arith::MulFOp();
  return {reduction.getSet(), place, source, Fold(builder, location, reduction.getKind(), source.getType(), width),
          isExactProduct(product) ? product : arith::MulFOp()};
}

unsigned SweepBody::slotArgument(unsigned slot) const {
  auto reads = llvm::count_if(buffers, [](sweep::BufferAttr buffer) { return buffer.getIsRead(); });
  return static_cast<unsigned>(reads) + slot;
}

SweepBody::Level SweepBody::levelOf(Value value) const {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return levelOf(*value.getDefiningOp());
  unsigned number = argument.getArgNumber();
  for (sweep::BufferAttr buffer : buffers)
    if (buffer.getIsRead() && number-- == 0)
      return hasRows && isAlongRows(buffer.getSet()) ? Level::Row : Level::Element;
  return Level::Call; // a slot
}

/// Constants, and slots and numbers of rows on their way to another precision or to a truth value, are made ready
/// before the loop. All else is done on vectors.
SweepBody::Level SweepBody::levelOf(Operation &op) const {
  if (isa<arith::ConstantOp>(op))
    return Level::Call;
  if (!isa<arith::TruncFOp, arith::ExtFOp, arith::CmpFOp>(op))
    return Level::Element;
  Level level = Level::Call;
  for (Value operand : op.getOperands())
    level = std::max(level, levelOf(operand));
  return level;
}

void SweepBody::writeUniform(ValueRange firstNumbers, ValueRange folded, Value slots) {
  this->firstNumbers.assign(firstNumbers.begin(), firstNumbers.end());
  for (auto [buffer, memory] : llvm::zip_equal(buffers, firstNumbers)) {
    memories.emplace_back();
    if (!hasRows || !isAlongRows(buffer.getSet()))
      memories.back().emplace(builder, location, memory, buffer.getNumber(), width);
  }
  for (FoldedValue &reduction : alongColumns)
    columnMemories.emplace_back(builder, location, folded[reduction.place], builder.getF64Type(), width);
  Block &body = sweep.getBody().front();
  unsigned slotCount = body.getNumArguments() - slotArgument(0);
  for (unsigned slot = 0; slot < slotCount; ++slot) {
    Value place = arith::ConstantIndexOp::create(builder, location, slot);
    scalars.map(body.getArgument(slotArgument(slot)),
                memref::LoadOp::create(builder, location, slots, ValueRange(place)).getResult());
  }
  for (Operation &op : body)
    if (levelOf(op) == Level::Call)
      builder.clone(op, scalars);
  ofCall = spread(scalars, Level::Call);
}

void SweepBody::writeRow(Value row, Value start) {
  rowStart = start;
  manyRows.reset();
  Block &body = sweep.getBody().front();
  IRMapping mapping = scalars;
  unsigned argument = 0;
  for (auto [buffer, memory, vectors] : llvm::zip_equal(buffers, firstNumbers, memories)) {
    if (!buffer.getIsRead())
      continue;
    if (!vectors)
      mapping.map(body.getArgument(argument),
                  memref::LoadOp::create(builder, location, memory, ValueRange(row)).getResult());
    ++argument;
  }
  for (Operation &op : body)
    if (levelOf(op) == Level::Row)
      builder.clone(op, mapping);
  ofRow = spread(mapping, Level::Row);
}

void SweepBody::writeManyRows(Value first, Value start, Value rowLength) {
  Type f64 = builder.getF64Type();
  Value length = arith::SIToFPOp::create(
      builder, location, f64, arith::IndexCastOp::create(builder, location, builder.getI64Type(), rowLength));
  Value one = arith::ConstantOp::create(builder, location, builder.getF64FloatAttr(1));
  Value perElement = arith::DivFOp::create(builder, location, one, length);
  rowStart = Value();
  ofRow.clear();
  manyRows = {first, start, vector::BroadcastOp::create(builder, location, vectorType(f64), perElement)};
}

/// The row is that of the middle of the element, so that no rounding takes it to another: a tile's elements are few.
Value SweepBody::gather(Value memory, Value position, std::optional<Rest> rest) {
  VectorType numbers = vectorType(builder.getF64Type()), truths = vectorType(builder.getI1Type());
  SmallVector<double> middles;
  for (unsigned lane = 0; lane < width; ++lane)
    middles.push_back(lane + 0.5);
  Value lanes = arith::ConstantOp::create(builder, location, DenseElementsAttr::get(numbers, ArrayRef(middles)));
  Value gone = arith::SubIOp::create(builder, location, position, manyRows->start);
  gone = arith::SIToFPOp::create(builder, location, builder.getF64Type(),
                                 arith::IndexCastOp::create(builder, location, builder.getI64Type(), gone));
  gone = arith::AddFOp::create(builder, location, vector::BroadcastOp::create(builder, location, numbers, gone), lanes);
  Value rows = arith::FPToSIOp::create(builder, location, vectorType(builder.getI32Type()),
                                       arith::MulFOp::create(builder, location, gone, manyRows->perElement));
  Value all = arith::ConstantOp::create(builder, location, DenseElementsAttr::get(truths, true));
  Value zero = arith::ConstantOp::create(builder, location, numbers, builder.getZeroAttr(numbers));
  return vector::GatherOp::create(builder, location, numbers, memory, ValueRange(manyRows->first), rows,
                                  rest ? rest->mask : all, zero);
}

SweepBody::Spread SweepBody::spread(const IRMapping &scalars, Level level) {
  Spread found;
  for (auto [inSweep, scalar] : scalars.getValueMap())
    if (levelOf(inSweep) == level &&
        llvm::any_of(inSweep.getUsers(), [&](Operation *user) { return levelOf(*user) > level; }))
      found.push_back({inSweep, scalar});
  // The map's order is that of addresses; the order of the program is the same in every run.
  llvm::sort(found, [](auto &left, auto &right) {
    return left.second.getDefiningOp()->isBeforeInBlock(right.second.getDefiningOp());
  });
  for (auto &[inSweep, scalar] : found)
    scalar = vector::BroadcastOp::create(builder, location, vectorType(scalar.getType()), scalar);
  return found;
}

SmallVector<Value> SweepBody::write(Value position, std::optional<Rest> rest, ValueRange accumulators) {
  Block &body = sweep.getBody().front();
  IRMapping mapping;
  for (const Spread &level : {ofCall, ofRow})
    for (auto &[inSweep, vector] : level)
      mapping.map(inSweep, vector);
  Value column = rowStart ? arith::SubIOp::create(builder, location, position, rowStart).getResult() : Value();
  unsigned argument = 0;
  for (auto [buffer, first, memory] : llvm::zip_equal(buffers, firstNumbers, memories)) {
    if (!buffer.getIsRead())
      continue;
    if (memory) {
      bool isByColumn = column && isAlongColumns(buffer.getSet());
      Value stored = memory->load(builder, isByColumn ? column : position, rest);
      mapping.map(body.getArgument(argument), widened(builder, location, stored, sweep.getComputeType(buffer)));
    } else if (manyRows) {
      mapping.map(body.getArgument(argument), gather(first, position, rest));
    }
    ++argument;
  }
  for (Operation &op : body.without_terminator())
    if (Level level = levelOf(op); level == Level::Element || (manyRows && level == Level::Row))
      vectorize(op, mapping);
  unsigned result = 0;
  for (auto [buffer, memory] : llvm::zip_equal(buffers, memories))
    if (buffer.getIsWritten()) {
      Value computed = mapping.lookup(sweep.getYield().getValues()[result++]);
      memory->store(builder, narrowed(builder, location, computed, buffer.getNumber()), position, rest);
    }
  for (auto [reduction, memory] : llvm::zip_equal(alongColumns, columnMemories)) {
    Value before = memory.load(builder, column, rest);
    memory.store(builder, take(reduction, before, mapping, rest), column, rest);
  }
  SmallVector<Value> advanced;
  for (auto [reduction, accumulator] : llvm::zip_equal(carried, accumulators))
    advanced.push_back(take(reduction, accumulator, mapping, rest));
  return advanced;
}

Value SweepBody::take(FoldedValue &reduction, Value accumulator, IRMapping &mapping, std::optional<Rest> rest) {
  if (reduction.exactProduct && !rest)
    return math::FmaOp::create(builder, location, mapping.lookup(reduction.exactProduct.getLhs()),
                               mapping.lookup(reduction.exactProduct.getRhs()), accumulator);
  Value value = mapping.lookup(reduction.value);
  if (rest)
    value = arith::SelectOp::create(builder, location, rest->mask, value, reduction.fold.identity());
  return reduction.fold.combine(accumulator, value);
}

/// The operations of a sweep mean the same on vectors as on numbers: only the types change.
void SweepBody::vectorize(Operation &op, IRMapping &mapping) {
  OperationState state(op.getLoc(), op.getName());
  for (Value operand : op.getOperands())
    state.addOperands(mapping.lookup(operand));
  for (Type type : op.getResultTypes())
    state.addTypes(vectorType(type));
  state.addAttributes(op.getAttrDictionary().getValue());
  Operation *vectorized = builder.create(state);
  mapping.map(op.getResults(), vectorized->getResults());
}
