// From the operations of a step to the graph that schedules are found for.
#include "compiler/formation/StepGraph.h"

#include "compiler/formation/Slice.h"

#include "llvm/ADT/TypeSwitch.h"

#include <map>

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

/// Where a reduction's number is kept. Discardable: only formation reads it.
static constexpr StringRef NumberAttr = "ravine.number";

void formation::numberReductions(ir::OptimizerOp rule) {
  int64_t count = 0;
  rule.getStep().walk([&](ir::ReduceOp reduce) {
    reduce->setAttr(NumberAttr, IntegerAttr::get(IntegerType::get(rule.getContext(), 64), count++));
  });
}

unsigned formation::numberOf(ir::ReduceOp reduce) {
  return static_cast<unsigned>(reduce->getAttrOfType<IntegerAttr>(NumberAttr).getInt());
}

SmallVector<unsigned, 2> formation::reductionsBehind(Value scalar) {
  SmallVector<unsigned, 2> numbers;
  llvm::SmallPtrSet<Operation *, 8> seen;
  SmallVector<Operation *> pending;
  auto visit = [&](Value value) {
    if (Operation *op = value.getDefiningOp(); op && seen.insert(op).second)
      pending.push_back(op);
  };
  visit(scalar);
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (auto reduce = dyn_cast<ir::ReduceOp>(op))
      numbers.push_back(numberOf(reduce));
    else
      llvm::for_each(op->getOperands(), visit);
  }
  llvm::sort(numbers);
  return numbers;
}

llvm::StringMap<uint32_t> formation::numberStates(ir::OptimizerOp rule) {
  llvm::StringMap<uint32_t> numbers;
  for (auto [index, state] : llvm::enumerate(rule.declared<ir::StateOp>()))
    numbers[state.getSymName()] = static_cast<uint32_t>(index);
  return numbers;
}

std::optional<BufferKey> formation::bufferRead(Operation *op, const llvm::StringMap<uint32_t> &stateIndex) {
  if (isa<ir::ParameterOp>(op))
    return BufferKey{sweep::BufferKind::Parameter, 0};
  if (isa<ir::GradientOp>(op))
    return BufferKey{sweep::BufferKind::Gradient, 0};
  if (auto current = dyn_cast<ir::CurrentOp>(op);
      current && !cast<ir::FieldType>(current.getResult().getType()).isScalar())
    return BufferKey{sweep::BufferKind::State, stateIndex.lookup(current.getState())};
  return std::nullopt;
}

/// In simple operations on a full vector, from the throughput of AVX-512: 16 lanes of a division take about 16 cycles,
/// an elementary function 15 to 25 (docs/vector-math.md).
static unsigned workOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, unsigned>(op)
      .Case<ir::DivOp>([](auto) { return 32; })
      .Case<ir::SqrtOp>([](auto) { return 40; })
      .Case<ir::ExpOp, ir::Expm1Op, ir::LogOp, ir::Log1pOp, ir::PowOp, ir::SinOp, ir::CosOp, ir::TanOp, ir::AsinOp,
            ir::AcosOp, ir::AtanOp, ir::SinhOp, ir::CoshOp, ir::TanhOp, ir::ErfOp>([](auto) { return 48; })
      .Case<ir::BroadcastOp, ir::ConstantOp>([](auto) { return 0; })
      .Default([](auto) { return 1; });
}

static bool isElement(Value value) {
  return !cast<ir::FieldType>(value.getType()).isScalar();
}

static unsigned bytesOf(Value value) {
  ir::FieldType type = cast<ir::FieldType>(value.getType());
  return type.isBoolean() ? 0 : type.getNumber().getIntOrFloatBitWidth() / 8;
}

namespace {

/// What a step leaves behind.
struct Store {
  BufferKey buffer;
  Value value;
};

class GraphBuilder {
public:
  GraphBuilder(StepGraph &graph, ir::OptimizerOp rule) : graph(graph), rule(rule), stateIndex(numberStates(rule)) {}

  void build(ArrayRef<unsigned> stageOfReduction) {
    collectRoots();
    for (Operation *op : backwardSlice(roots, [](Operation *) { return false; })) {
      Value result = op->getResult(0);
      if (auto reduce = dyn_cast<ir::ReduceOp>(op))
        addReduction(reduce, stageOfReduction);
      else if (isElement(result))
        addNode(op, result);
    }
    for (auto &[key, buffer] : buffers) {
      graph.buffers.push_back(key);
      graph.problem.buffers.push_back(buffer);
    }
    if (guard)
      for (auto [index, reduce] : llvm::enumerate(graph.reductions))
        if (reduce.getResult() == guard)
          graph.problem.guard = static_cast<unsigned>(index);
  }

private:
  void collectRoots() {
    for (Operation &op : rule.getStep().getBody().front()) {
      llvm::TypeSwitch<Operation *>(&op)
          .Case([&](ir::UpdateOp update) { addStore({{sweep::BufferKind::Parameter, 0}, update.getValue()}); })
          .Case([&](ir::NextOp next) {
            if (isElement(next.getValue()))
              addStore({{sweep::BufferKind::State, stateIndex.lookup(next.getState())}, next.getValue()});
            else
              roots.push_back(next.getValue());
          })
          .Case([&](ir::MeasureOp measure) { roots.push_back(measure.getValue()); })
          .Case([&](ir::GuardOp op) {
            guard = op.getValue();
            roots.push_back(guard);
          });
    }
  }

  /// A buffer that ends as it began needs no write.
  void addStore(Store store) {
    Operation *source = store.value.getDefiningOp();
    if (source && bufferRead(source, stateIndex) == store.buffer)
      return;
    stores.push_back(store);
    roots.push_back(store.value);
    buffers[store.buffer].bytes = bytesOf(store.value);
  }

  void addNode(Operation *op, Value value) {
    auto number = static_cast<unsigned>(graph.values.size());
    nodeOf[value] = number;
    graph.values.push_back(value);
    Problem::Node node;
    node.bytes = bytesOf(value);
    node.work = workOf(op);
    if (std::optional<BufferKey> key = bufferRead(op, stateIndex)) {
      node.isInput = true;
      Problem::Buffer &buffer = buffers[*key];
      buffer.bytes = node.bytes;
      buffer.begin = number;
    } else if (isa<ir::BroadcastOp>(op)) {
      for (unsigned reduction : reductionsBehind(op->getOperand(0)))
        node.awaits.push_back(reductionOf.lookup(reduction));
    } else {
      for (Value operand : op->getOperands())
        node.operands.push_back(nodeOf.lookup(operand));
    }
    graph.problem.nodes.push_back(std::move(node));
    for (const Store &store : stores)
      if (store.value == value)
        buffers[store.buffer].end = number;
  }

  void addReduction(ir::ReduceOp reduce, ArrayRef<unsigned> stageOfReduction) {
    unsigned number = numberOf(reduce);
    reductionOf[number] = static_cast<unsigned>(graph.reductions.size());
    graph.reductions.push_back(reduce);
    bool isModelWide = reduce.getResult().getType().getSet() == ir::IndexSet::Model;
    graph.problem.reductions.push_back(
        {nodeOf.lookup(reduce.getOperand()), isModelWide, isModelWide ? stageOfReduction[number] : 0});
  }

  StepGraph &graph;
  ir::OptimizerOp rule;
  llvm::StringMap<uint32_t> stateIndex;
  SmallVector<Value> roots;
  SmallVector<Store> stores;
  Value guard;
  /// In the order in which sweeps list them.
  std::map<BufferKey, Problem::Buffer> buffers;
  llvm::DenseMap<Value, unsigned> nodeOf;
  /// From a reduction's number in the rule to its number in the graph.
  llvm::DenseMap<unsigned, unsigned> reductionOf;
};

} // namespace

StepGraph::StepGraph(ir::OptimizerOp rule, ArrayRef<unsigned> stageOfReduction) {
  GraphBuilder(*this, rule).build(stageOfReduction);
}
