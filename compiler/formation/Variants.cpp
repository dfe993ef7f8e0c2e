// Collecting conditions and specialising a step to one outcome of them.
#include "compiler/formation/Variants.h"

#include "mlir/IR/OperationSupport.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace ravine;

static bool isSame(Region &left, Region &right) {
  return OperationEquivalence::isRegionEquivalentTo(&left, &right, OperationEquivalence::IgnoreLocations);
}

Conditions ravine::collectConditions(ir::OptimizerOp optimizer) {
  Conditions conditions;
  for (ir::StateOp state : optimizer.declared<ir::StateOp>()) {
    if (!state.isOptional()) {
      conditions.ofState.push_back(Conditions::Always);
      continue;
    }
    Region &condition = state.getCondition();
    auto *known = llvm::find_if(conditions.regions, [&](Region *other) { return isSame(*other, condition); });
    conditions.ofState.push_back(static_cast<int32_t>(known - conditions.regions.begin()));
    if (known == conditions.regions.end())
      conditions.regions.push_back(&condition);
  }
  return conditions;
}

FailureOr<OwningOpRef<ir::OptimizerOp>> ravine::specialize(ir::OptimizerOp optimizer, const Conditions &conditions,
                                                           uint32_t variant) {
  OwningOpRef<ir::OptimizerOp> copy(optimizer.clone());
  llvm::StringMap<bool> exists;
  for (auto [index, state] : llvm::enumerate(copy->declared<ir::StateOp>()))
    exists[state.getSymName()] = conditions.exists(index, variant);

  OpBuilder builder(copy->getContext());
  SmallVector<Operation *> done;
  copy->walk([&](Operation *op) {
    if (auto query = dyn_cast<ir::ExistsOp>(op)) {
      builder.setInsertionPoint(query);
      auto known = ir::ConstantOp::create(builder, query.getLoc(), query.getResult().getType(),
                                          builder.getBoolAttr(exists.lookup(query.getState())));
      query.replaceAllUsesWith(known.getResult());
      done.push_back(query);
    } else if (auto next = dyn_cast<ir::NextOp>(op); next && !exists.lookup(next.getState())) {
      done.push_back(next);
    }
  });
  for (Operation *op : done)
    op->erase();

  // Folding the selects that the conditions decided is what removes the reads of absent states.
  RewritePatternSet noPatterns(copy->getContext());
  SmallVector<Operation *> ops;
  copy->walk([&](Operation *op) {
    if (op != copy->getOperation())
      ops.push_back(op);
  });
  (void)applyOpPatternsGreedily(ops, std::move(noPatterns));

  WalkResult result = copy->getStep().walk([&](ir::CurrentOp current) {
    if (exists.lookup(current.getState()))
      return WalkResult::advance();
    current.emitError("state '") << current.getState() << "' is read where it does not exist";
    return WalkResult::interrupt();
  });
  if (result.wasInterrupted())
    return failure();
  return copy;
}
