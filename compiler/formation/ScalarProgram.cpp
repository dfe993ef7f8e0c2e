// Gathering uniform code into scalar programs.
#include "compiler/formation/ScalarProgram.h"

#include "compiler/formation/ArithmeticEmitter.h"
#include "compiler/formation/Reductions.h"
#include "compiler/formation/Slice.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

Value formation::toNumber(OpBuilder &builder, Value value) {
  if (!value.getType().isInteger(1))
    return value;
  return arith::UIToFPOp::create(builder, value.getLoc(), builder.getF64Type(), value);
}

Value formation::toTruth(OpBuilder &builder, Location location, Value number) {
  Value zero = arith::ConstantOp::create(builder, location, builder.getF64FloatAttr(0.0));
  return arith::CmpFOp::create(builder, location, arith::CmpFPredicate::UNE, number, zero);
}

namespace {

/// Writes what one operation of the rule is in a scalar program.
class ScalarEmitter {
public:
  ScalarEmitter(OpBuilder &builder, ir::OptimizerOp rule, const ValueTables &tables)
      : builder(builder), rule(rule), tables(tables) {
    for (auto [index, hyper] : llvm::enumerate(rule.declared<ir::HyperOp>()))
      hyperIndex[hyper.getSymName()] = static_cast<int32_t>(index);
  }

  void emit(Operation *op) {
    if (auto hyper = dyn_cast<ir::HyperValueOp>(op))
      mapping.map(hyper.getResult(), readHyper(hyper));
    else if (auto clock = dyn_cast<ir::ClockOp>(op))
      mapping.map(clock.getResult(), create<sweep::ClockOp>(op, static_cast<int32_t>(clock.getKind())));
    else if (auto matches = dyn_cast<ir::MatchesOp>(op))
      mapping.map(matches.getResult(), truth(create<sweep::MatchesOp>(op, tables.ofPattern(matches))));
    else if (isReduction(op))
      mapping.map(op->getResult(0), read(op, tables.ofReduction(numberOf(op))));
    else if (auto current = dyn_cast<ir::CurrentOp>(op))
      mapping.map(current.getResult(), read(op, tables.ofState(current.getState())));
    else if (auto exists = dyn_cast<ir::ExistsOp>(op))
      mapping.map(exists.getResult(), decide(exists.getCondition()));
    else if (auto broadcast = dyn_cast<ir::BroadcastOp>(op)) // from scalar to scalar: one number stays one number
      mapping.map(broadcast.getResult(), mapping.lookup(broadcast.getOperand()));
    else
      emitArithmetic(builder, op, mapping);
  }

  Value result(Value scalar) const { return mapping.lookup(scalar); }

  /// Whether a case holds. Variants know their conditions. The programs of the model are common to all variants, so
  /// that they ask: only for conditions that are the same for all tensors, because a number of the model depends on no
  /// other.
  Value decide(StringRef name) {
    auto known = decided.find(name);
    if (known != decided.end())
      return known->second;
    auto choice = SymbolTable::lookupNearestSymbolFrom<ir::CaseOp>(rule, StringAttr::get(rule.getContext(), name));
    Value holds = emitRegion(choice.getCondition());
    if (std::optional<ArrayAttr> under = choice.getUnder())
      for (auto outer : under->getAsRange<FlatSymbolRefAttr>())
        holds = arith::AndIOp::create(builder, choice.getLoc(), decide(outer.getValue()), holds);
    return decided[name] = holds;
  }

  /// The value of a hyper in this step: where the host has set none, that of its schedule.
  Value resolve(ir::HyperOp hyper) {
    auto known = resolved.find(hyper.getSymName());
    if (known != resolved.end())
      return known->second;
    Value value = create<sweep::HyperOp>(hyper, hyperIndex.lookup(hyper.getSymName()));
    if (hyper.isScheduled()) {
      for (ir::HyperValueOp read : hyper.getSchedule().getOps<ir::HyperValueOp>())
        (void)resolve(SymbolTable::lookupNearestSymbolFrom<ir::HyperOp>(rule, read.getHyperAttr()));
      Value scheduled = emitRegion(hyper.getSchedule());
      Value isFree = arith::CmpFOp::create(builder, hyper.getLoc(), arith::CmpFPredicate::UNO, value, value);
      value = arith::SelectOp::create(builder, hyper.getLoc(), isFree, scheduled, value);
    }
    return resolved[hyper.getSymName()] = value;
  }

private:
  Value truth(Value number) { return toTruth(builder, number.getLoc(), number); }

  template <typename Op> Value create(Operation *op, int32_t index) {
    return Op::create(builder, op->getLoc(), builder.getF64Type(), index);
  }

  Value emitRegion(Region &region) {
    for (Operation &op : region.front().without_terminator())
      emit(&op);
    return mapping.lookup(cast<ir::YieldOp>(region.front().getTerminator()).getValue());
  }

  Value read(Operation *op, Column column) {
    return column.isOfModel ? create<sweep::ModelValueOp>(op, column.index)
                            : create<sweep::TensorValueOp>(op, column.index);
  }

  Value readHyper(ir::HyperValueOp op) {
    Value value = resolved.lookup(op.getHyper());
    if (std::optional<Column> column = tables.ofHyper(op.getHyper()))
      value = read(op, *column);
    else if (!value)
      value = create<sweep::HyperOp>(op, hyperIndex.lookup(op.getHyper()));
    return cast<ir::FieldType>(op.getResult().getType()).isBoolean() ? truth(value) : value;
  }

  OpBuilder &builder;
  ir::OptimizerOp rule;
  const ValueTables &tables;
  llvm::StringMap<int32_t> hyperIndex;
  llvm::StringMap<Value> decided;
  llvm::StringMap<Value> resolved;
  IRMapping mapping;
};

/// Opens a scalar program at the place of `outer` and lets `emitSlots` fill it.
void emitProgram(OpBuilder &outer, const ScalarProgram &program, ir::OptimizerOp rule, const ValueTables &tables,
                 llvm::function_ref<SmallVector<Value>(ScalarEmitter &)> emitSlots) {
  auto op = sweep::ScalarsOp::create(outer, rule.getLoc(), program.name, program.role, program.variant, program.exit);
  OpBuilder builder(outer.getContext());
  builder.createBlock(&op.getBody());
  ScalarEmitter emitter(builder, rule, tables);
  SmallVector<Value> slots = emitSlots(emitter);
  for (Value &slot : slots)
    slot = toNumber(builder, slot);
  sweep::YieldOp::create(builder, rule.getLoc(), slots);
}

} // namespace

void formation::emitScalarProgram(OpBuilder &builder, const ScalarProgram &program, ir::OptimizerOp rule,
                                  const ValueTables &tables, ArrayRef<Value> scalars) {
  emitProgram(builder, program, rule, tables, [&](ScalarEmitter &emitter) {
    for (Operation *needed : backwardSlice(scalars, isReduction))
      emitter.emit(needed);
    return llvm::map_to_vector(scalars, [&](Value scalar) { return emitter.result(scalar); });
  });
}

void formation::emitConditions(OpBuilder &builder, ir::OptimizerOp rule, const ValueTables &tables,
                               ArrayRef<ir::CaseOp> cases) {
  emitProgram(builder, {"conditions", sweep::ScalarRole::Conditions}, rule, tables, [&](ScalarEmitter &emitter) {
    return llvm::map_to_vector(cases, [&](ir::CaseOp choice) { return emitter.decide(choice.getSymName()); });
  });
}

void formation::emitSchedules(OpBuilder &builder, ir::OptimizerOp rule, const ValueTables &tables) {
  auto hypers = llvm::to_vector(rule.declared<ir::HyperOp>());
  if (llvm::none_of(hypers, [](ir::HyperOp hyper) { return hyper.isScheduled(); }))
    return;
  emitProgram(builder, {"schedules", sweep::ScalarRole::Schedules}, rule, tables, [&](ScalarEmitter &emitter) {
    return llvm::map_to_vector(hypers, [&](ir::HyperOp hyper) { return emitter.resolve(hyper); });
  });
}
