// Moving broadcasts to groups of elements behind the arithmetic on what they spread.
#include "compiler/transforms/Coarsen.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace ravine;

static ir::FieldType typeOf(Value value) {
  return cast<ir::FieldType>(value.getType());
}

/// What a value is before it is spread over groups of elements.
static Value beforeSpreading(Value value) {
  while (auto broadcast = value.getDefiningOp<ir::BroadcastOp>()) {
    if (!typeOf(value).getSet().isOfGroups())
      break;
    value = broadcast.getOperand();
  }
  return value;
}

/// The same number of the same kind over another index set.
static ir::FieldType over(IndexSet set, Type type) {
  return ir::FieldType::get(type.getContext(), cast<ir::FieldType>(type).getNumber(), set);
}

static Value spread(OpBuilder &builder, Location location, Value value, IndexSet set) {
  if (typeOf(value).getSet() == set)
    return value;
  return ir::BroadcastOp::create(builder, location, over(set, value.getType()), value);
}

/// Whether each member's result depends on the operands at that member alone.
static bool isElementwise(Operation *op) {
  return op->getNumResults() == 1 && op->getNumOperands() > 0 && isPure(op) && !ir::gatheredOver(*op) &&
         !isa<ir::BroadcastOp, ir::WidenOp>(op);
}

static void coarsen(Operation *op) {
  IndexSet set = typeOf(op->getResult(0)).getSet();
  if (!set.isOfGroups())
    return;
  // Constants are the same everywhere.
  IndexSet needed = IndexSet::Model;
  for (Value operand : op->getOperands())
    if (!matchPattern(operand, m_Constant()))
      needed = join(needed, typeOf(beforeSpreading(operand)).getSet());
  if (needed == set || !refines(set, needed))
    return;
  OpBuilder builder(op);
  for (OpOperand &operand : op->getOpOperands()) {
    Attribute known;
    if (matchPattern(operand.get(), m_Constant(&known)))
      operand.set(
          ir::ConstantOp::create(builder, op->getLoc(), over(needed, operand.get().getType()), cast<TypedAttr>(known)));
    else
      operand.set(spread(builder, op->getLoc(), beforeSpreading(operand.get()), needed));
  }
  Value result = op->getResult(0);
  result.setType(over(needed, result.getType()));
  builder.setInsertionPointAfter(op);
  Value again = spread(builder, op->getLoc(), result, set);
  result.replaceAllUsesExcept(again, again.getDefiningOp());
}

void ravine::coarsen(ir::OptimizerOp optimizer) {
  SmallVector<Operation *> ops;
  optimizer.walk([&](Operation *op) {
    if (isElementwise(op))
      ops.push_back(op);
  });
  for (Operation *op : ops)
    ::coarsen(op);
}
