// Collecting conditions and specialising a rule to one outcome of them.
#include "compiler/transforms/Specialize.h"

#include "mlir/IR/OperationSupport.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace ravine;

static bool isSame(Region &left, Region &right) {
  return OperationEquivalence::isRegionEquivalentTo(&left, &right, OperationEquivalence::IgnoreLocations);
}

/// The number of a condition, which joins the collection if it is not known.
static int32_t collect(Conditions &conditions, Region &condition, StringRef text) {
  auto *known = llvm::find_if(conditions.regions, [&](Region *other) { return isSame(*other, condition); });
  auto number = static_cast<int32_t>(known - conditions.regions.begin());
  if (known == conditions.regions.end()) {
    conditions.regions.push_back(&condition);
    conditions.texts.push_back(text);
  }
  return number;
}

Conditions ravine::collectConditions(ir::OptimizerOp optimizer) {
  Conditions conditions;
  for (ir::StateOp state : optimizer.declared<ir::StateOp>())
    conditions.ofState.push_back(
        state.isOptional() ? collect(conditions, state.getCondition(), state.getConditionText()) : Conditions::Always);
  for (ir::CaseOp choice : optimizer.declared<ir::CaseOp>())
    conditions.ofCase.push_back(collect(conditions, choice.getCondition(), choice.getText()));
  return conditions;
}

/// What stands in the place of `op` in a variant, or null where it stays.
static Attribute knownValue(Operation *op, const llvm::StringMap<bool> &outcomes) {
  if (auto query = dyn_cast<ir::ExistsOp>(op))
    return BoolAttr::get(op->getContext(), outcomes.lookup(query.getCondition()));
  // The checker has seen to it that an absent state is read only where that read is not chosen; any number will do.
  if (auto current = dyn_cast<ir::CurrentOp>(op); current && !outcomes.lookup(current.getState()))
    return FloatAttr::get(cast<ir::FieldType>(current.getResult().getType()).getNumber(), 0.0);
  return {};
}

OwningOpRef<ir::OptimizerOp> ravine::specialize(ir::OptimizerOp optimizer, const Conditions &conditions,
                                                uint32_t variant) {
  OwningOpRef<ir::OptimizerOp> copy(optimizer.clone());
  llvm::StringMap<bool> outcomes;
  for (auto [index, state] : llvm::enumerate(copy->declared<ir::StateOp>()))
    outcomes[state.getSymName()] = conditions.exists(index, variant);
  for (auto [index, choice] : llvm::enumerate(copy->declared<ir::CaseOp>()))
    outcomes[choice.getSymName()] = conditions.applies(index, variant);

  OpBuilder builder(copy->getContext());
  SmallVector<Operation *> done;
  copy->walk([&](Operation *op) {
    if (Attribute known = knownValue(op, outcomes)) {
      builder.setInsertionPoint(op);
      auto constant = ir::ConstantOp::create(builder, op->getLoc(), op->getResult(0).getType(), cast<TypedAttr>(known));
      op->replaceAllUsesWith(constant);
      done.push_back(op);
    } else if (auto next = dyn_cast<ir::NextOp>(op); next && !outcomes.lookup(next.getState())) {
      done.push_back(next);
    }
  });
  for (Operation *op : done)
    op->erase();

  // Folds the selects that the conditions decide, and with them what was not chosen.
  RewritePatternSet noPatterns(copy->getContext());
  SmallVector<Operation *> ops;
  copy->walk([&](Operation *op) {
    if (op != copy->getOperation())
      ops.push_back(op);
  });
  (void)applyOpPatternsGreedily(ops, std::move(noPatterns));
  return copy;
}
