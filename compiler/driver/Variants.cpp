// The outcomes of an optimizer's conditions that are worth showing.
#include "compiler/driver/Variants.h"

#include "compiler/transforms/Specialize.h"

using namespace mlir;
using namespace ravine;
using namespace ravine::driver;

/// The same number, whatever it varies over.
static Value narrowed(Value value) {
  while (auto broadcast = value.getDefiningOp<ir::BroadcastOp>())
    value = broadcast.getOperand();
  return value;
}

/// Whether two conditions, or parts of them, are written the same way.
static bool isSame(Value left, Value right) {
  Operation *one = narrowed(left).getDefiningOp(), *other = narrowed(right).getDefiningOp();
  return one->getName() == other->getName() && one->getAttrDictionary() == other->getAttrDictionary() &&
         llvm::equal(one->getOperands(), other->getOperands(), isSame);
}

/// What has to hold for the condition to hold.
static void addParts(Value condition, SmallVectorImpl<Value> &parts) {
  auto both = narrowed(condition).getDefiningOp<ir::AndOp>();
  if (both) {
    addParts(both.getLhs(), parts);
    addParts(both.getRhs(), parts);
  } else {
    parts.push_back(condition);
  }
}

static SmallVector<Value> partsOf(Region &condition) {
  SmallVector<Value> parts;
  addParts(cast<ir::YieldOp>(condition.front().getTerminator()).getValue(), parts);
  return parts;
}

/// Whether all parts of one condition are parts of the other.
static bool follows(Region &weaker, Region &stronger) {
  SmallVector<Value> wanted = partsOf(weaker), given = partsOf(stronger);
  return llvm::all_of(
      wanted, [&](Value part) { return llvm::any_of(given, [&](Value other) { return isSame(part, other); }); });
}

static bool isImpossible(ArrayRef<Region *> conditions, const VariantTraffic &variant) {
  for (auto [held, heldOutcome] : llvm::zip_equal(conditions, variant.conditions))
    for (auto [missing, missingOutcome] : llvm::zip_equal(conditions, variant.conditions))
      if (heldOutcome.second && !missingOutcome.second && follows(*missing, *held))
        return true;
  return false;
}

static bool asksForShape(Region &condition) {
  return condition
      .walk([](ir::ClockOp clock) {
        bool isShape = clock.getKind() == ir::ClockKind::Rank || clock.getKind() == ir::ClockKind::Size;
        return isShape ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

std::vector<ShownVariant> ravine::driver::shownVariants(const OptimizerDescription &optimizer) {
  Conditions conditions = collectConditions(optimizer.rule);
  bool ofShape = llvm::any_of(conditions.regions, [](Region *condition) { return asksForShape(*condition); });
  uint32_t chosen = defaultVariant(optimizer.rule);
  std::vector<ShownVariant> shown;
  for (auto [number, variant] : llvm::enumerate(measureTraffic(optimizer.rule, optimizer.program)))
    if (!isImpossible(conditions.regions, variant))
      shown.push_back({std::move(variant), number == chosen, ofShape});
  return shown;
}
