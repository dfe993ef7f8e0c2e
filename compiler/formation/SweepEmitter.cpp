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

static ir::FieldType typeOf(Value value) {
  return cast<ir::FieldType>(value.getType());
}

namespace {

/// What a sweep computes: the operations behind what it stores and folds, down to those that it reads.
class SweepSlice {
public:
  SweepSlice(const SweepContents &contents, const Memory &memory) : memory(memory) {
    for (const Place &load : contents.loads)
      sources[load.value] = load.buffer;
    SmallVector<Value> roots = llvm::map_to_vector(contents.stores, [](const Place &store) { return store.value; });
    for (ir::ReduceOp reduce : contents.reductions)
      roots.push_back(reduce.getOperand());
    operations = backwardSlice(roots, [&](Operation *op) { return isa<ir::BroadcastOp>(op) || sourceOf(op); });
  }

  [[nodiscard]] ArrayRef<Operation *> ops() const { return operations; }

  /// Where an operation's value is read from, if it is.
  [[nodiscard]] std::optional<BufferKey> sourceOf(Operation *op) const {
    if (std::optional<BufferKey> source = sourceOf(op->getResult(0)))
      return source;
    return memory.readBy(op);
  }
  [[nodiscard]] std::optional<BufferKey> sourceOf(Value value) const {
    auto source = sources.find(value);
    return source == sources.end() ? std::nullopt : std::optional(source->second);
  }

private:
  const Memory &memory;
  llvm::DenseMap<Value, BufferKey> sources;
  SmallVector<Operation *> operations;
};

class SweepEmitter {
public:
  SweepEmitter(const SweepContents &contents, ir::OptimizerOp rule, const Memory &memory, const ValueTables &tables,
               const GroupBuffers &groups)
      : contents(contents), rule(rule), memory(memory), tables(tables), groups(groups), slice(contents, memory) {
    for (const Place &store : contents.stores)
      stores[store.buffer] = store.value;
    for (Operation *op : slice.ops()) {
      if (std::optional<BufferKey> source = slice.sourceOf(op))
        addRead(*source, op->getResult(0));
      else if (auto broadcast = dyn_cast<ir::BroadcastOp>(op))
        addBroadcast(broadcast.getOperand());
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
      buffers.push_back(attributeOf(key));
      if (auto values = reads.find(key); values != reads.end())
        arguments.push_back(loadedType(values->second.front()));
    }
    arguments.append(slots.size(), outer.getF64Type());

    auto over = ir::IndexSetAttr::get(outer.getContext(), contents.over);
    auto op = sweep::SweepOp::create(outer, rule.getLoc(), contents.name, contents.role, contents.variant,
                                     contents.view, over, scalars, outer.getArrayAttr(buffers), reductionAttrs(outer));
    OpBuilder builder(outer.getContext());
    Block *body =
        builder.createBlock(&op.getBody(), {}, arguments, SmallVector<Location>(arguments.size(), rule.getLoc()));
    emitBody(builder, *body, order);
  }

private:
  void addRead(BufferKey key, Value value) {
    SmallVector<Value> &values = reads[key];
    if (!llvm::is_contained(values, value))
      values.push_back(value);
  }

  /// A scalar comes by a slot, a number of groups from the buffer that a sweep before has put it in.
  void addBroadcast(Value operand) {
    if (std::optional<BufferKey> source = slice.sourceOf(operand))
      addRead(*source, operand);
    else
      slots.insert({operand, slots.size()});
  }

  /// Truth values travel as 0 and 1.
  static Type loadedType(Value value) {
    Type number = typeOf(value).getNumber();
    return number.isInteger(1) ? Float64Type::get(value.getContext()) : number;
  }

  Attribute attributeOf(BufferKey key) const {
    auto read = reads.find(key);
    auto store = stores.find(key);
    Value value = read != reads.end() ? read->second.front() : store->second;
    bool isGroup = key.kind == sweep::BufferKind::Group;
    return sweep::BufferAttr::get(
        memory.nameOf(key).getContext(), key.kind, isGroup ? groups.nameOf(key.index) : memory.nameOf(key), key.index,
        typeOf(value).getSet(), memory.typeOf(key), read != reads.end(), store != stores.end());
  }

  ArrayAttr reductionAttrs(OpBuilder &builder) {
    auto attributes = llvm::map_to_vector(
        contents.reductions, [&](ir::ReduceOp reduce) -> Attribute { return reductionAttr(reduce, tables, groups); });
    return builder.getArrayAttr(attributes);
  }

  void emitBody(OpBuilder &builder, Block &body, ArrayRef<BufferKey> order) {
    IRMapping mapping;
    unsigned argument = 0;
    for (BufferKey key : order)
      if (auto values = reads.find(key); values != reads.end()) {
        for (Value value : values->second)
          mapping.map(value, fromWide(builder, rule.getLoc(), body.getArgument(argument), typeOf(value).getNumber()));
        ++argument;
      }
    unsigned firstSlot = argument;
    for (Operation *op : slice.ops()) {
      if (slice.sourceOf(op))
        continue;
      auto broadcast = dyn_cast<ir::BroadcastOp>(op);
      if (!broadcast) {
        emitArithmetic(builder, op, mapping);
        continue;
      }
      auto slot = slots.find(broadcast.getOperand());
      Value wide = slot != slots.end() ? Value(body.getArgument(firstSlot + slot->second))
                                       : mapping.lookup(broadcast.getOperand());
      mapping.map(broadcast.getResult(),
                  fromWide(builder, broadcast.getLoc(), wide, typeOf(broadcast.getResult()).getNumber()));
    }
    SmallVector<Value> results;
    for (BufferKey key : order)
      if (auto store = stores.find(key); store != stores.end())
        results.push_back(toNumber(builder, mapping.lookup(store->second)));
    for (ir::ReduceOp reduce : contents.reductions)
      results.push_back(mapping.lookup(reduce.getOperand()));
    sweep::YieldOp::create(builder, rule.getLoc(), results);
  }

  /// Numbers coarser than elements are f64: rounds one to the elements' precision, or reads it as a truth value.
  static Value fromWide(OpBuilder &builder, Location location, Value value, Type number) {
    if (value.getType() == number)
      return value;
    if (number.isInteger(1))
      return toTruth(builder, location, value);
    return arith::TruncFOp::create(builder, location, number, value);
  }

  const SweepContents &contents;
  ir::OptimizerOp rule;
  const Memory &memory;
  const ValueTables &tables;
  const GroupBuffers &groups;
  SweepSlice slice;
  std::map<BufferKey, Value> stores;
  std::map<BufferKey, SmallVector<Value>> reads;
  llvm::MapVector<Value, unsigned> slots;
};

} // namespace

sweep::ReductionAttr formation::reductionAttr(ir::ReduceOp reduce, const ValueTables &tables,
                                              const GroupBuffers &groups) {
  IndexSet set = typeOf(reduce.getResult()).getSet();
  unsigned number = numberOf(reduce);
  uint32_t value =
      set.isOfGroups() ? groups.ofReduction(number) : static_cast<uint32_t>(tables.ofReduction(number).index);
  return sweep::ReductionAttr::get(reduce.getContext(), reduce.getKind(), set, value);
}

SmallVector<Value> formation::groupNumbersOf(const SweepContents &contents, const Memory &memory) {
  SweepSlice slice(contents, memory);
  llvm::SmallSetVector<Value, 4> numbers;
  for (Operation *op : slice.ops())
    if (auto broadcast = dyn_cast<ir::BroadcastOp>(op);
        broadcast && !slice.sourceOf(op) && typeOf(broadcast.getOperand()).getSet().isOfGroups())
      numbers.insert(broadcast.getOperand());
  return numbers.takeVector();
}

void formation::emitSweep(OpBuilder &builder, const SweepContents &contents, ir::OptimizerOp rule, const Memory &memory,
                          const ValueTables &tables, const GroupBuffers &groups) {
  SweepEmitter(contents, rule, memory, tables, groups).emit(builder);
}
