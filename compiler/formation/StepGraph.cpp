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

static bool isOfElements(Value value) {
  return cast<ir::FieldType>(value.getType()).isOfElements();
}

static unsigned bytesOf(Value value) {
  ir::FieldType type = cast<ir::FieldType>(value.getType());
  return type.isBoolean() ? 0 : type.getNumber().getIntOrFloatBitWidth() / 8;
}

/// Columns and channels run through all tiles of a tensor.
static Scope scopeOf(IndexSet members) {
  if (isOfTiles(members))
    return Scope::Tile;
  return members == IndexSet::Model ? Scope::Model : Scope::Tensor;
}

// ---- what has to come about

using Stores = SmallVector<StepGraph::Store>;

static Value zeroFor(ir::ZeroGradientOp zeroing) {
  OpBuilder builder(zeroing);
  FloatType number = zeroing->getParentOfType<ir::OptimizerOp>().getComputeType();
  auto type = ir::FieldType::get(zeroing.getContext(), number, IndexSet::Element);
  return ir::ConstantOp::create(builder, zeroing.getLoc(), type, builder.getFloatAttr(number, 0.0));
}

/// What a step leaves behind, what it measures and what it asks.
static Stores storesOf(ir::OptimizerOp rule, const Memory &memory) {
  Stores stores;
  auto store = [&](BufferKey buffer, Value value) {
    if (!isOfElements(value))
      stores.push_back({std::nullopt, value});
    else if (!memory.isUnchanged(buffer, value))
      stores.push_back({buffer, value});
  };
  for (Operation &op : llvm::make_early_inc_range(rule.getStep().getBody().front())) {
    llvm::TypeSwitch<Operation *>(&op)
        .Case([&](ir::UpdateOp update) { store({sweep::BufferKind::Parameter, 0}, update.getValue()); })
        .Case([&](ir::NextOp next) { store(memory.ofState(next.getState()), next.getValue()); })
        .Case([&](ir::ZeroGradientOp zeroing) { store({sweep::BufferKind::Gradient, 0}, zeroFor(zeroing)); })
        .Case([&](ir::MeasureOp measure) { stores.push_back({std::nullopt, measure.getValue()}); })
        .Case([&](ir::SkipOp skip) {
          stores.push_back({std::nullopt, skip.getCondition()});
          if (Value culprit = skip.getCulprit())
            stores.push_back({std::nullopt, culprit});
        });
  }
  return stores;
}

// ---- the graph

namespace {

class GraphBuilder {
public:
  GraphBuilder(StepGraph &graph, const Memory &memory, ArrayRef<StepGraph::Store> stores,
               ArrayRef<unsigned> stageOfReduction, FoldingOf foldingOf)
      : graph(graph), memory(memory), stores(stores), stageOfReduction(stageOfReduction), foldingOf(foldingOf) {}

  void build() {
    auto stopsAt = [&](Operation *op) { return isReduction(op) && foldingOf(op) != Folding::Here; };
    auto roots = llvm::map_to_vector(stores, [](const StepGraph::Store &store) { return store.value; });
    for (Operation *op : backwardSlice(roots, stopsAt)) {
      if (isReduction(op))
        addReduction(op);
      if (isOfElements(op->getResult(0)))
        addNode(op);
    }
    for (auto &[key, buffer] : buffers) {
      buffer.bytes = memory.bytesOf(key);
      buffer.isRounded = memory.isRounded(key);
      graph.buffers.push_back(key);
      graph.problem.buffers.push_back(buffer);
    }
  }

private:
  void addNode(Operation *op) {
    Value value = op->getResult(0);
    std::optional<BufferKey> source = memory.readBy(op);
    auto known = source ? buffers.find(*source) : buffers.end();
    if (known != buffers.end() && known->second.begin)
      nodeOf[value] = *known->second.begin;
    else
      nodeOf[value] = addNewNode(op, source);
    for (const StepGraph::Store &store : stores)
      if (store.value == value && store.buffer)
        buffers[*store.buffer].end = nodeOf[value];
  }

  unsigned addNewNode(Operation *op, std::optional<BufferKey> source) {
    auto number = static_cast<unsigned>(graph.values.size());
    Problem::Node node;
    node.bytes = bytesOf(op->getResult(0));
    node.work = workOf(op);
    if (source) {
      node.isInput = true;
      buffers[*source].begin = number;
    } else if (isReduction(op)) {
      node.madeBy = reductionOf.lookup(numberOf(op));
    } else if (isa<ir::BroadcastOp>(op)) {
      node.awaits = awaitedBy(op->getOperand(0));
    } else {
      for (Value operand : op->getOperands())
        node.operands.push_back(nodeOf.lookup(operand));
    }
    graph.values.push_back(op->getResult(0));
    graph.problem.nodes.push_back(std::move(node));
    return number;
  }

  /// The reductions behind a number that have to be awaited.
  SmallVector<unsigned, 2> awaitedBy(Value number) {
    SmallVector<unsigned, 2> awaited;
    for (Operation *reduction : reductionsBehind(number))
      if (foldingOf(reduction) != Folding::Known)
        awaited.push_back(reductionOf.lookup(numberOf(reduction)));
    return awaited;
  }

  void addReduction(Operation *op) {
    Folding folding = foldingOf(op);
    if (folding == Folding::Known)
      return;
    Problem::Reduction reduction;
    reduction.scope = scopeOf(memberSetOf(op));
    reduction.stage = reduction.scope == Scope::Model ? stageOfReduction[numberOf(op)] : 0;
    if (folding == Folding::Here) {
      reduction.isOperation = isOperation(op);
      reduction.keepsField = isa<ir::SearchOp>(op);
      reduction.isOfNumbers = !isOfElements(operandOf(op));
      if (reduction.isOfNumbers)
        reduction.awaits = awaitedBy(operandOf(op));
      else
        reduction.operand = nodeOf.lookup(operandOf(op));
      if (Value argument = argumentOf(op))
        reduction.awaits = awaitedBy(argument);
    }
    reductionOf[numberOf(op)] = static_cast<unsigned>(graph.reductions.size());
    graph.reductions.push_back(op);
    graph.problem.reductions.push_back(std::move(reduction));
  }

  StepGraph &graph;
  const Memory &memory;
  ArrayRef<StepGraph::Store> stores;
  ArrayRef<unsigned> stageOfReduction;
  FoldingOf foldingOf;
  /// In the order in which sweeps list them.
  std::map<BufferKey, Problem::Buffer> buffers;
  llvm::DenseMap<Value, unsigned> nodeOf;
  /// From a reduction's number in the rule to its number in the graph.
  llvm::DenseMap<unsigned, unsigned> reductionOf;
};

} // namespace

StepGraph::StepGraph(ir::OptimizerOp rule, const Memory &memory, ArrayRef<unsigned> stageOfReduction,
                     FoldingOf foldingOf) {
  GraphBuilder(*this, memory, storesOf(rule, memory), stageOfReduction, foldingOf).build();
}

StepGraph::StepGraph(ArrayRef<Store> stores, const Memory &memory) {
  GraphBuilder(*this, memory, stores, {}, [](Operation *) { return Folding::Here; }).build();
}
