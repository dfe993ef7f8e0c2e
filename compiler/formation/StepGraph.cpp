// From the operations of a step to the graph that schedules are found for.
#include "compiler/formation/StepGraph.h"

#include "compiler/formation/Reductions.h"
#include "compiler/formation/Slice.h"

#include "llvm/ADT/TypeSwitch.h"

#include <map>

using namespace mlir;
using namespace ravine;
using namespace ravine::formation;

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
  GraphBuilder(StepGraph &graph, ir::OptimizerOp rule, const Memory &memory,
               llvm::function_ref<Folding(ir::ReduceOp)> foldingOf)
      : graph(graph), rule(rule), memory(memory), foldingOf(foldingOf) {}

  void build(ArrayRef<unsigned> stageOfReduction) {
    collectRoots();
    auto stopsAt = [&](Operation *op) {
      auto reduce = dyn_cast<ir::ReduceOp>(op);
      return reduce && foldingOf(reduce) != Folding::Here;
    };
    for (Operation *op : backwardSlice(roots, stopsAt)) {
      Value result = op->getResult(0);
      if (auto reduce = dyn_cast<ir::ReduceOp>(op))
        addReduction(reduce, stageOfReduction);
      else if (isElement(result))
        addNode(op, result);
    }
    for (auto &[key, buffer] : buffers) {
      buffer.bytes = memory.bytesOf(key);
      buffer.isRounded = memory.isRounded(key);
      graph.buffers.push_back(key);
      graph.problem.buffers.push_back(buffer);
    }
  }

private:
  void collectRoots() {
    for (Operation &op : llvm::make_early_inc_range(rule.getStep().getBody().front())) {
      llvm::TypeSwitch<Operation *>(&op)
          .Case([&](ir::UpdateOp update) { addStore({{sweep::BufferKind::Parameter, 0}, update.getValue()}); })
          .Case([&](ir::NextOp next) {
            if (isElement(next.getValue()))
              addStore({memory.ofState(next.getState()), next.getValue()});
            else
              roots.push_back(next.getValue());
          })
          .Case([&](ir::ZeroGradientOp zeroing) { addStore({{sweep::BufferKind::Gradient, 0}, zeroFor(zeroing)}); })
          .Case([&](ir::MeasureOp measure) { roots.push_back(measure.getValue()); })
          .Case([&](ir::SkipOp skip) {
            roots.push_back(skip.getCondition());
            if (Value culprit = skip.getCulprit())
              roots.push_back(culprit);
          });
    }
  }

  Value zeroFor(ir::ZeroGradientOp zeroing) {
    OpBuilder builder(zeroing);
    FloatType number = rule.getComputeType();
    auto type = ir::FieldType::get(rule.getContext(), number, ir::IndexSet::Element);
    return ir::ConstantOp::create(builder, zeroing.getLoc(), type, builder.getFloatAttr(number, 0.0));
  }

  void addStore(Store store) {
    if (memory.isUnchanged(store.buffer, store.value))
      return;
    stores.push_back(store);
    roots.push_back(store.value);
  }

  void addNode(Operation *op, Value value) {
    auto number = static_cast<unsigned>(graph.values.size());
    nodeOf[value] = number;
    graph.values.push_back(value);
    Problem::Node node;
    node.bytes = bytesOf(value);
    node.work = workOf(op);
    if (std::optional<BufferKey> key = memory.readBy(op)) {
      node.isInput = true;
      buffers[*key].begin = number;
    } else if (isa<ir::BroadcastOp>(op)) {
      for (ir::ReduceOp reduce : reductionsBehind(op->getOperand(0)))
        if (foldingOf(reduce) != Folding::Known)
          node.awaits.push_back(reductionOf.lookup(numberOf(reduce)));
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
    Folding folding = foldingOf(reduce);
    if (folding == Folding::Known)
      return;
    unsigned number = numberOf(reduce);
    reductionOf[number] = static_cast<unsigned>(graph.reductions.size());
    graph.reductions.push_back(reduce);
    Problem::Reduction reduction;
    if (folding == Folding::Here)
      reduction.operand = nodeOf.lookup(reduce.getOperand());
    reduction.isModelWide = isOverModel(reduce);
    reduction.stage = reduction.isModelWide ? stageOfReduction[number] : 0;
    graph.problem.reductions.push_back(reduction);
  }

  StepGraph &graph;
  ir::OptimizerOp rule;
  const Memory &memory;
  llvm::function_ref<Folding(ir::ReduceOp)> foldingOf;
  SmallVector<Value> roots;
  SmallVector<Store> stores;
  /// In the order in which sweeps list them.
  std::map<BufferKey, Problem::Buffer> buffers;
  llvm::DenseMap<Value, unsigned> nodeOf;
  /// From a reduction's number in the rule to its number in the graph.
  llvm::DenseMap<unsigned, unsigned> reductionOf;
};

} // namespace

StepGraph::StepGraph(ir::OptimizerOp rule, const Memory &memory, ArrayRef<unsigned> stageOfReduction,
                     llvm::function_ref<Folding(ir::ReduceOp)> foldingOf) {
  GraphBuilder(*this, rule, memory, foldingOf).build(stageOfReduction);
}
