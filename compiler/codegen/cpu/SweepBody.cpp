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
    : builder(builder), sweep(sweep), location(sweep.getLoc()), width(width),
      buffers(llvm::to_vector(sweep.getBufferAttrs())) {
  auto yielded = sweep.getYield().getValues().take_back(sweep.getReductions().size());
  for (auto [reduction, value] : llvm::zip_equal(sweep.getReductionAttrs(), yielded)) {
    bool isSum = reduction.getKind() == ir::ReductionKind::Sum;
    Value source = value;
    // Half the registers, and no conversions in the loop.
    auto widened = value.getDefiningOp<arith::ExtFOp>();
    if (widened && !isUniform(value) && !isSum)
      source = widened.getIn();
    auto product = isSum ? value.getDefiningOp<arith::MulFOp>() : arith::MulFOp();
    folded.push_back({source, Fold(builder, location, reduction.getKind(), source.getType(), width),
                      isExactProduct(product) ? product : arith::MulFOp()});
  }
}

unsigned SweepBody::slotArgument(unsigned slot) const {
  auto reads = llvm::count_if(buffers, [](sweep::BufferAttr buffer) { return buffer.getIsRead(); });
  return static_cast<unsigned>(reads) + slot;
}

/// Whether a value is the same for every element and is made ready before the loop: constants, slots, and slots on
/// their way to another precision or to a truth value.
bool SweepBody::isUniform(Value value) const {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.getArgNumber() >= slotArgument(0);
  return isUniform(*value.getDefiningOp());
}

bool SweepBody::isUniform(Operation &op) const {
  return isa<arith::ConstantOp>(op) ||
         (isa<arith::TruncFOp, arith::ExtFOp, arith::CmpFOp>(op) &&
          llvm::all_of(op.getOperands(), [&](Value operand) { return isUniform(operand); }));
}

void SweepBody::writeUniform(ValueRange firstElements, Value slots) {
  for (auto [buffer, memory] : llvm::zip_equal(buffers, firstElements))
    memories.emplace_back(builder, location, memory, buffer.getNumber(), width);
  Block &body = sweep.getBody().front();
  unsigned slotCount = body.getNumArguments() - slotArgument(0);
  IRMapping single;
  for (unsigned slot = 0; slot < slotCount; ++slot) {
    Value place = arith::ConstantIndexOp::create(builder, location, slot);
    single.map(body.getArgument(slotArgument(slot)),
               memref::LoadOp::create(builder, location, slots, ValueRange(place)).getResult());
  }
  for (Operation &op : body)
    if (isUniform(op))
      builder.clone(op, single);
  for (auto [inSweep, scalar] : single.getValueMap())
    if (llvm::any_of(inSweep.getUsers(), [&](Operation *user) { return !isUniform(*user); }))
      spread.push_back({inSweep, scalar});
  // The map's order is that of addresses; the order of the program is the same in every run.
  llvm::sort(spread, [](auto &left, auto &right) {
    return left.second.getDefiningOp()->isBeforeInBlock(right.second.getDefiningOp());
  });
  for (auto &[inSweep, scalar] : spread)
    scalar = vector::BroadcastOp::create(builder, location, vectorType(scalar.getType()), scalar);
}

SmallVector<Value> SweepBody::write(Value position, std::optional<Rest> rest, ValueRange accumulators) {
  Block &body = sweep.getBody().front();
  IRMapping mapping;
  for (auto &[inSweep, vector] : spread)
    mapping.map(inSweep, vector);
  unsigned argument = 0;
  for (auto [buffer, memory] : llvm::zip_equal(buffers, memories))
    if (buffer.getIsRead()) {
      Value stored = memory.load(builder, position, rest);
      mapping.map(body.getArgument(argument++), widened(builder, location, stored, sweep.getComputeType()));
    }
  for (Operation &op : body.without_terminator())
    if (!isUniform(op))
      vectorize(op, mapping);
  unsigned result = 0;
  for (auto [buffer, memory] : llvm::zip_equal(buffers, memories))
    if (buffer.getIsWritten()) {
      Value computed = mapping.lookup(sweep.getYield().getValues()[result++]);
      memory.store(builder, narrowed(builder, location, computed, buffer.getNumber()), position, rest);
    }
  SmallVector<Value> advanced;
  for (auto [reduction, accumulator] : llvm::zip_equal(folded, accumulators))
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
