// Writing one sweep. What it needs of scalars becomes the slots of a scalar program, what it needs of memory becomes
// its buffers.
#include "compiler/formation/SweepEmitter.h"

#include "compiler/formation/ArithmeticEmitter.h"
#include "compiler/formation/Reductions.h"
#include "compiler/formation/ScalarProgram.h"
#include "compiler/formation/Slice.h"

#include "llvm/ADT/MapVector.h"

#include <map>

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

namespace {

class SweepEmitter {
public:
  SweepEmitter(const SweepContents &contents, ir::OptimizerOp rule, const Memory &memory, const ValueTables &tables)
      : contents(contents), rule(rule), memory(memory), tables(tables) {
    for (const Place &load : contents.loads)
      sources[load.value] = load.buffer;
    SmallVector<Value> roots;
    for (const Place &store : contents.stores) {
      stores[store.buffer] = store.value;
      roots.push_back(store.value);
    }
    for (ir::ReduceOp reduce : contents.reductions)
      roots.push_back(reduce.getOperand());
    slice = backwardSlice(roots, [&](Operation *op) { return isa<ir::BroadcastOp>(op) || sourceOf(op); });
    for (Operation *op : slice) {
      if (std::optional<BufferKey> source = sourceOf(op))
        reads[*source].push_back(op->getResult(0));
      else if (auto broadcast = dyn_cast<ir::BroadcastOp>(op))
        slots.insert({broadcast.getOperand(), slots.size()});
    }
  }

  void emit(OpBuilder &outer) {
    std::string scalars = contents.name + "_scalars";
    auto slotValues = llvm::map_to_vector(slots, [](auto &slot) { return slot.first; });
    emitScalarProgram(outer, {scalars, sweep::ScalarRole::Slots, contents.variant}, rule, tables, slotValues);

    SmallVector<BufferKey> order;
    for (auto &[key, values] : reads)
      order.push_back(key);
    for (auto &[key, value] : stores)
      order.push_back(key);
    llvm::sort(order);
    order.erase(llvm::unique(order), order.end());

    SmallVector<Attribute> buffers;
    SmallVector<Type> arguments;
    for (BufferKey key : order) {
      bool isRead = reads.contains(key), isWritten = stores.contains(key);
      buffers.push_back(sweep::BufferAttr::get(outer.getContext(), key.kind, memory.nameOf(key), key.index,
                                               memory.typeOf(key), isRead, isWritten));
      if (isRead)
        arguments.push_back(cast<ir::FieldType>(reads[key].front().getType()).getNumber());
    }
    arguments.append(slots.size(), outer.getF64Type());

    auto op = sweep::SweepOp::create(outer, rule.getLoc(), contents.name, contents.role, contents.variant,
                                     contents.view, scalars, outer.getArrayAttr(buffers), reductionAttrs(outer));
    OpBuilder builder(outer.getContext());
    Block *body =
        builder.createBlock(&op.getBody(), {}, arguments, SmallVector<Location>(arguments.size(), rule.getLoc()));
    emitBody(builder, *body, order);
  }

private:
  /// Where an operation's value is read from, if it is.
  std::optional<BufferKey> sourceOf(Operation *op) const {
    if (auto source = sources.find(op->getResult(0)); source != sources.end())
      return source->second;
    return memory.readBy(op);
  }

  ArrayAttr reductionAttrs(OpBuilder &builder) {
    auto attributes = llvm::map_to_vector(contents.reductions, [&](ir::ReduceOp reduce) -> Attribute {
      auto column = static_cast<uint32_t>(tables.ofReduction(numberOf(reduce)).index);
      return sweep::ReductionAttr::get(builder.getContext(), reduce.getKind(), reduce.getResult().getType().getSet(),
                                       column);
    });
    return builder.getArrayAttr(attributes);
  }

  void emitBody(OpBuilder &builder, Block &body, ArrayRef<BufferKey> order) {
    IRMapping mapping;
    unsigned argument = 0;
    for (BufferKey key : order)
      if (auto values = reads.find(key); values != reads.end()) {
        for (Value value : values->second)
          mapping.map(value, body.getArgument(argument));
        ++argument;
      }
    unsigned firstSlot = argument;
    for (Operation *op : slice) {
      if (sourceOf(op))
        continue;
      if (auto broadcast = dyn_cast<ir::BroadcastOp>(op))
        emitSlotUse(builder, broadcast, body.getArgument(firstSlot + slots.lookup(broadcast.getOperand())), mapping);
      else
        emitArithmetic(builder, op, mapping);
    }
    SmallVector<Value> results;
    for (BufferKey key : order)
      if (auto store = stores.find(key); store != stores.end())
        results.push_back(mapping.lookup(store->second));
    for (ir::ReduceOp reduce : contents.reductions)
      results.push_back(mapping.lookup(reduce.getOperand()));
    sweep::YieldOp::create(builder, rule.getLoc(), results);
  }

  /// A slot is f64: round it to the elements' precision, or read it as a truth value.
  static void emitSlotUse(OpBuilder &builder, ir::BroadcastOp broadcast, Value slot, IRMapping &mapping) {
    Location location = broadcast.getLoc();
    Type number = cast<ir::FieldType>(broadcast.getResult().getType()).getNumber();
    Value value = slot;
    if (number.isInteger(1)) {
      Value zero = arith::ConstantOp::create(builder, location, builder.getF64FloatAttr(0.0));
      value = arith::CmpFOp::create(builder, location, arith::CmpFPredicate::UNE, slot, zero);
    } else if (number != slot.getType()) {
      value = arith::TruncFOp::create(builder, location, number, slot);
    }
    mapping.map(broadcast.getResult(), value);
  }

  const SweepContents &contents;
  ir::OptimizerOp rule;
  const Memory &memory;
  const ValueTables &tables;
  llvm::DenseMap<Value, BufferKey> sources;
  std::map<BufferKey, Value> stores;
  std::map<BufferKey, SmallVector<Value>> reads;
  SmallVector<Operation *> slice;
  llvm::MapVector<Value, unsigned> slots;
};

} // namespace

void formation::emitSweep(OpBuilder &builder, const SweepContents &contents, ir::OptimizerOp rule, const Memory &memory,
                          const ValueTables &tables) {
  SweepEmitter(contents, rule, memory, tables).emit(builder);
}
