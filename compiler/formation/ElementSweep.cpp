// Writing one sweep for values that vary over elements. What they need of scalars becomes the slots of a scalar
// program, what they need of memory becomes the buffers of the sweep.
#include "compiler/formation/ElementSweep.h"

#include "compiler/formation/ArithmeticEmitter.h"
#include "compiler/formation/ScalarProgram.h"
#include "compiler/formation/Slice.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace ravine;

namespace {

/// A buffer's place in the order in which sweeps list them: w, g, then states as declared.
using BufferKey = std::pair<sweep::BufferKind, uint32_t>;

class ElementSweep {
public:
  ElementSweep(ir::OptimizerOp optimizer, ArrayRef<Store> allStores) {
    for (ir::StateOp state : optimizer.declared<ir::StateOp>()) {
      stateIndex[state.getSymName()] = static_cast<uint32_t>(stateNames.size());
      stateNames.push_back(state.getSymNameAttr());
    }
    for (const Store &store : allStores)
      if (!isPassThrough(store))
        stores[{store.kind, store.state}] = store.value;
    auto roots = llvm::map_to_vector(stores, [](auto &store) { return store.second; });
    slice = backwardSlice(roots, [](Operation *op) { return isa<ir::BroadcastOp>(op); });
    for (Operation *op : slice) {
      if (std::optional<BufferKey> key = bufferRead(op))
        reads[*key].push_back(op->getResult(0));
      else if (auto broadcast = dyn_cast<ir::BroadcastOp>(op))
        slots.insert({broadcast.getOperand(), slots.size()});
    }
  }

  ArrayRef<Value> slotValues() {
    slotOrder = llvm::map_to_vector(slots, [](auto &slot) { return slot.first; });
    return slotOrder;
  }

  void emit(OpBuilder &outer, Location location, StringRef name, sweep::SweepRole role, uint32_t variant,
            StringRef scalars) {
    SmallVector<Attribute> buffers;
    SmallVector<Type> argumentTypes;
    SmallVector<BufferKey> order;
    for (auto &[key, values] : reads)
      order.push_back(key);
    for (auto &[key, value] : stores)
      order.push_back(key);
    llvm::sort(order);
    order.erase(llvm::unique(order), order.end());

    for (BufferKey key : order) {
      bool isRead = reads.contains(key), isWritten = stores.contains(key);
      Value any = isRead ? reads[key].front() : stores[key];
      Type number = cast<ir::FieldType>(any.getType()).getNumber();
      buffers.push_back(sweep::BufferAttr::get(outer.getContext(), key.first, nameOf(outer, key), key.second, number,
                                               isRead, isWritten));
      if (isRead)
        argumentTypes.push_back(number);
    }
    argumentTypes.append(slots.size(), outer.getF64Type());

    auto op = sweep::SweepOp::create(outer, location, name, role, variant, scalars, outer.getArrayAttr(buffers));
    OpBuilder builder(outer.getContext());
    Block *body =
        builder.createBlock(&op.getBody(), {}, argumentTypes, SmallVector<Location>(argumentTypes.size(), location));
    emitBody(builder, location, *body, order);
  }

private:
  /// A state or w that ends as it began needs no write.
  bool isPassThrough(const Store &store) const {
    Operation *source = store.value.getDefiningOp();
    return source && bufferRead(source) == BufferKey{store.kind, store.state};
  }

  std::optional<BufferKey> bufferRead(Operation *op) const {
    if (isa<ir::ParameterOp>(op))
      return BufferKey{sweep::BufferKind::Parameter, 0};
    if (isa<ir::GradientOp>(op))
      return BufferKey{sweep::BufferKind::Gradient, 0};
    if (auto current = dyn_cast<ir::CurrentOp>(op))
      return BufferKey{sweep::BufferKind::State, stateIndex.lookup(current.getState())};
    return std::nullopt;
  }

  StringAttr nameOf(OpBuilder &builder, BufferKey key) {
    switch (key.first) {
    case sweep::BufferKind::Parameter:
      return builder.getStringAttr("w");
    case sweep::BufferKind::Gradient:
      return builder.getStringAttr("g");
    case sweep::BufferKind::State:
      return stateNames[key.second];
    }
    llvm_unreachable("every kind is listed");
  }

  void emitBody(OpBuilder &builder, Location location, Block &body, ArrayRef<BufferKey> order) {
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
      if (auto broadcast = dyn_cast<ir::BroadcastOp>(op))
        emitSlotUse(builder, broadcast, body.getArgument(firstSlot + slots.lookup(broadcast.getOperand())), mapping);
      else if (!bufferRead(op))
        emitArithmetic(builder, op, mapping);
    }
    SmallVector<Value> results;
    for (BufferKey key : order)
      if (auto store = stores.find(key); store != stores.end())
        results.push_back(mapping.lookup(store->second));
    sweep::YieldOp::create(builder, location, results);
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

  llvm::StringMap<uint32_t> stateIndex;
  SmallVector<StringAttr> stateNames;
  std::map<BufferKey, Value> stores;
  std::map<BufferKey, SmallVector<Value>> reads;
  SmallVector<Operation *> slice;
  llvm::MapVector<Value, unsigned> slots;
  SmallVector<Value> slotOrder;
};

} // namespace

void ravine::emitElementSweep(OpBuilder &builder, Location location, StringRef name, sweep::SweepRole role,
                              uint32_t variant, ir::OptimizerOp optimizer, ArrayRef<Store> stores) {
  ElementSweep sweep(optimizer, stores);
  std::string scalars = (name + "_scalars").str();
  emitScalarProgram(builder, location, scalars, sweep::ScalarRole::Slots, optimizer, sweep.slotValues());
  sweep.emit(builder, location, name, role, variant, scalars);
}
