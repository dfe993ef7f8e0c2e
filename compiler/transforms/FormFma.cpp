// The pass ravine-form-fma: the one place that decides where a product and a sum share a rounding.
#include "compiler/transforms/Passes.h"
#include "dialect/ravine/Ravine.h"

namespace ravine {
#define GEN_PASS_DEF_FORMFMA
#include "compiler/transforms/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine::ir;

namespace {

Value negate(OpBuilder &builder, Value value) {
  // A doubled negation is not left for others to clean up: the pass is a single walk.
  if (auto inner = value.getDefiningOp<NegOp>())
    return inner.getOperand();
  return NegOp::create(builder, value.getLoc(), value);
}

struct FormFma : ravine::impl::FormFmaBase<FormFma> {
  void runOnOperation() override {
    // Operands come before their users, so one walk in order sees each sum after the products it adds.
    SmallVector<Operation *> sums;
    getOperation()->walk([&](Operation *op) {
      if (isa<AddOp, SubOp>(op) && cast<FieldType>(op->getResult(0).getType()).isOfElements())
        sums.push_back(op);
    });
    for (Operation *sum : sums)
      fuse(sum);
  }

  static void fuse(Operation *sum) {
    OpBuilder builder(sum);
    bool isDifference = isa<SubOp>(sum);
    Value lhs = sum->getOperand(0), rhs = sum->getOperand(1);
    auto left = lhs.getDefiningOp<MulOp>(), right = rhs.getDefiningOp<MulOp>();
    if (!left && !right)
      return;
    // For a difference the right product comes first: −x·y + z costs no extra instruction on any target.
    MulOp product = isDifference ? (right ? right : left) : (left ? left : right);
    Value addend = product == left ? rhs : lhs;
    Value factor = product.getLhs();
    if (isDifference && product == right)
      factor = negate(builder, factor);
    else if (isDifference)
      addend = negate(builder, addend);
    Value fused = FmaOp::create(builder, sum->getLoc(), sum->getResult(0).getType(), factor, product.getRhs(), addend);
    sum->replaceAllUsesWith(ValueRange(fused));
    sum->erase();
  }
};

} // namespace
