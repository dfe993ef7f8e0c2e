// What shape a tensor has to have for a rule.
#include "compiler/transforms/MinimumRank.h"

using namespace mlir;
using namespace ravine;

/// Whether an operation, or one in it, has a number for each row, column or channel, or rearranges them.
static bool needsMatrix(Operation &op) {
  auto isOfMatrix = [](Operation *inner) {
    auto hasType = [](Type type) { return cast<ir::FieldType>(type).getSet().needsMatrix(); };
    std::optional<IndexSet> gathered = ir::gatheredOver(*inner);
    return llvm::any_of(inner->getResultTypes(), hasType) || (gathered && gathered->needsMatrix());
  };
  return op.walk([&](Operation *inner) { return isOfMatrix(inner) ? WalkResult::interrupt() : WalkResult::advance(); })
      .wasInterrupted();
}

/// A tensor is part of what is gathered over the model, whether its own step makes use of that or not.
static void keepGatherings(ir::OptimizerOp optimizer) {
  OpBuilder builder(optimizer.getContext());
  optimizer.getStep().walk([&](Operation *op) {
    if (ir::gatheredOver(*op) != IndexSet::Model)
      return;
    builder.setInsertionPointAfter(op);
    ir::MeasureOp::create(builder, op->getLoc(), "kept", op->getResult(0));
  });
}

unsigned ravine::minimumRank(ir::OptimizerOp optimizer, const Conditions &conditions, uint32_t outcome,
                             ir::PrecisionAttr precision) {
  OwningOpRef<ir::OptimizerOp> copy(optimizer.clone());
  keepGatherings(*copy);
  OwningOpRef<ir::OptimizerOp> rule = specialize(*copy, conditions, outcome, precision);
  bool narrow = isNarrow(*rule, precision);
  return minimumRank(*rule, [&](size_t state) { return conditions.exists(state, outcome, narrow); });
}

unsigned ravine::minimumRank(ir::OptimizerOp specialized, llvm::function_ref<bool(size_t)> exists) {
  bool forMatrices = specialized.getOnMatrices() || needsMatrix(*specialized.getStep());
  for (auto [index, state] : llvm::enumerate(specialized.declared<ir::StateOp>()))
    if (exists(index))
      forMatrices |= state.getFieldType().getSet().needsMatrix() || needsMatrix(*state);
  for (ir::ViewOp view : specialized.declared<ir::ViewOp>())
    forMatrices |= needsMatrix(*view);
  constexpr unsigned axesOfMatrix = 2;
  return forMatrices ? axesOfMatrix : 0;
}
