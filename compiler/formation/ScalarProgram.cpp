// Gathering uniform code into a scalar program.
#include "compiler/formation/ScalarProgram.h"

#include "compiler/formation/ArithmeticEmitter.h"
#include "compiler/formation/Slice.h"

using namespace mlir;
using namespace ravine;

/// Truth values travel in slots as 0 and 1.
static Value toNumber(OpBuilder &builder, Value value) {
  if (!value.getType().isInteger(1))
    return value;
  return arith::UIToFPOp::create(builder, value.getLoc(), builder.getF64Type(), value);
}

static Value emitHyper(OpBuilder &builder, ir::HyperValueOp op, int32_t index) {
  Value value = sweep::HyperOp::create(builder, op.getLoc(), builder.getF64Type(), index);
  if (!cast<ir::FieldType>(op.getResult().getType()).isBoolean())
    return value;
  Value zero = arith::ConstantOp::create(builder, op.getLoc(), builder.getF64FloatAttr(0.0));
  return arith::CmpFOp::create(builder, op.getLoc(), arith::CmpFPredicate::UNE, value, zero);
}

sweep::ScalarsOp ravine::emitScalarProgram(OpBuilder &outer, Location location, StringRef name, sweep::ScalarRole role,
                                           ir::OptimizerOp optimizer, ArrayRef<Value> scalars) {
  llvm::StringMap<int32_t> hyperIndex;
  for (auto [index, hyper] : llvm::enumerate(optimizer.declared<ir::HyperOp>()))
    hyperIndex[hyper.getSymName()] = static_cast<int32_t>(index);

  auto program = sweep::ScalarsOp::create(outer, location, name, role);
  OpBuilder builder(outer.getContext());
  builder.createBlock(&program.getBody());
  IRMapping mapping;
  for (Operation *op : backwardSlice(scalars, [](Operation *) { return false; })) {
    if (auto hyper = dyn_cast<ir::HyperValueOp>(op))
      mapping.map(hyper.getResult(), emitHyper(builder, hyper, hyperIndex.lookup(hyper.getHyper())));
    else if (auto clock = dyn_cast<ir::ClockOp>(op))
      mapping.map(clock.getResult(), sweep::ClockOp::create(builder, op->getLoc(), builder.getF64Type(),
                                                            static_cast<int32_t>(clock.getKind()))
                                         .getResult());
    else if (auto broadcast = dyn_cast<ir::BroadcastOp>(op)) // from scalar to scalar: one number stays one number
      mapping.map(broadcast.getResult(), mapping.lookup(broadcast.getOperand()));
    else
      emitArithmetic(builder, op, mapping);
  }
  auto slots = llvm::map_to_vector(scalars, [&](Value scalar) { return toNumber(builder, mapping.lookup(scalar)); });
  sweep::YieldOp::create(builder, location, slots);
  return program;
}
