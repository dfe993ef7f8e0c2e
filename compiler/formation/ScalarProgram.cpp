// Gathering uniform code into a scalar program.
#include "compiler/formation/ScalarProgram.h"

#include "compiler/formation/ArithmeticEmitter.h"
#include "compiler/formation/Slice.h"
#include "compiler/formation/StepGraph.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

/// Truth values travel in slots as 0 and 1.
static Value toNumber(OpBuilder &builder, Value value) {
  if (!value.getType().isInteger(1))
    return value;
  return arith::UIToFPOp::create(builder, value.getLoc(), builder.getF64Type(), value);
}

namespace {

/// Writes what one operation of the rule is in a scalar program.
class ScalarEmitter {
public:
  ScalarEmitter(OpBuilder &builder, ir::OptimizerOp rule, const ValueTables &tables)
      : builder(builder), tables(tables) {
    for (auto [index, hyper] : llvm::enumerate(rule.declared<ir::HyperOp>()))
      hyperIndex[hyper.getSymName()] = static_cast<int32_t>(index);
  }

  void emit(Operation *op) {
    if (auto hyper = dyn_cast<ir::HyperValueOp>(op))
      mapping.map(hyper.getResult(), readHyper(hyper));
    else if (auto clock = dyn_cast<ir::ClockOp>(op))
      mapping.map(clock.getResult(), create<sweep::ClockOp>(op, static_cast<int32_t>(clock.getKind())));
    else if (auto reduce = dyn_cast<ir::ReduceOp>(op))
      mapping.map(reduce.getResult(), read(op, tables.ofReduction(numberOf(reduce))));
    else if (auto current = dyn_cast<ir::CurrentOp>(op))
      mapping.map(current.getResult(), read(op, tables.ofState(current.getState())));
    else if (auto exists = dyn_cast<ir::ExistsOp>(op))
      mapping.map(exists.getResult(), decide(exists));
    else if (auto broadcast = dyn_cast<ir::BroadcastOp>(op)) // from scalar to scalar: one number stays one number
      mapping.map(broadcast.getResult(), mapping.lookup(broadcast.getOperand()));
    else
      emitArithmetic(builder, op, mapping);
  }

  Value result(Value scalar) { return toNumber(builder, mapping.lookup(scalar)); }

private:
  template <typename Op> Value create(Operation *op, int32_t index) {
    return Op::create(builder, op->getLoc(), builder.getF64Type(), index);
  }

  Value read(Operation *op, Column column) {
    return column.isOfModel ? create<sweep::ModelValueOp>(op, column.index)
                            : create<sweep::TensorValueOp>(op, column.index);
  }

  Value readHyper(ir::HyperValueOp op) {
    std::optional<Column> column = tables.ofHyper(op.getHyper());
    Value value = column ? read(op, *column) : create<sweep::HyperOp>(op, hyperIndex.lookup(op.getHyper()));
    if (!cast<ir::FieldType>(op.getResult().getType()).isBoolean())
      return value;
    Value zero = arith::ConstantOp::create(builder, op.getLoc(), builder.getF64FloatAttr(0.0));
    return arith::CmpFOp::create(builder, op.getLoc(), arith::CmpFPredicate::UNE, value, zero);
  }

  /// Variants know their conditions. The programs of the model are common to all variants, so that they ask: only for
  /// conditions that are the same for all tensors, because a number of the model depends on no other.
  Value decide(ir::ExistsOp op) {
    Block &condition = op.getConditionRegion().front();
    for (Operation &part : condition.without_terminator())
      emit(&part);
    return mapping.lookup(cast<ir::YieldOp>(condition.getTerminator()).getValue());
  }

  OpBuilder &builder;
  const ValueTables &tables;
  llvm::StringMap<int32_t> hyperIndex;
  IRMapping mapping;
};

} // namespace

void formation::emitScalarProgram(OpBuilder &outer, const ScalarProgram &program, ir::OptimizerOp rule,
                                  const ValueTables &tables, ArrayRef<Value> scalars) {
  auto op = sweep::ScalarsOp::create(outer, rule.getLoc(), program.name, program.role, program.variant);
  OpBuilder builder(outer.getContext());
  builder.createBlock(&op.getBody());
  ScalarEmitter emitter(builder, rule, tables);
  for (Operation *needed : backwardSlice(scalars, [](Operation *needed) { return isa<ir::ReduceOp>(needed); }))
    emitter.emit(needed);
  auto slots = llvm::map_to_vector(scalars, [&](Value scalar) { return emitter.result(scalar); });
  sweep::YieldOp::create(builder, rule.getLoc(), slots);
}
