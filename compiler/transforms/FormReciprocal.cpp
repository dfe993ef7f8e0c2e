// The pass ravine-form-reciprocal: division of elements by something coarser becomes multiplication by its reciprocal.
#include "compiler/transforms/Passes.h"
#include "dialect/ravine/Ravine.h"

namespace ravine {
#define GEN_PASS_DEF_FORMRECIPROCAL
#include "compiler/transforms/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine::ir;

namespace {

struct FormReciprocal : ravine::impl::FormReciprocalBase<FormReciprocal> {
  // One plain walk rather than a greedy rewrite, which would fold the broadcast of a constant, and with it the
  // constant's precision, before this pattern sees it.
  void runOnOperation() override { getOperation()->walk(&FormReciprocal::rewrite); }

  static void rewrite(DivOp op) {
    auto broadcast = op.getRhs().getDefiningOp<BroadcastOp>();
    if (!op.getType().isOfElements() || !broadcast)
      return;
    OpBuilder builder(op);
    Value divisor = broadcast.getOperand();
    auto type = cast<FieldType>(divisor.getType());
    Value one = ConstantOp::create(builder, op.getLoc(), type, FloatAttr::get(type.getNumber(), 1.0));
    Value reciprocal = DivOp::create(builder, op.getLoc(), one, divisor);
    Value spread = BroadcastOp::create(builder, op.getLoc(), op.getType(), reciprocal);
    Value product = MulOp::create(builder, op.getLoc(), op.getLhs(), spread);
    op->replaceAllUsesWith(ValueRange(product));
    op->erase();
  }
};

} // namespace
