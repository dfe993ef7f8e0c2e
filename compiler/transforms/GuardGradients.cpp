// The pass ravine-guard-gradients: a step that happens only if every gradient is finite.
#include "compiler/transforms/Passes.h"
#include "dialect/ravine/Ravine.h"

#include <limits>

namespace ravine {
#define GEN_PASS_DEF_GUARDGRADIENTS
#include "compiler/transforms/Passes.h.inc"
} // namespace ravine

using namespace mlir;
using namespace ravine::ir;
using ravine::IndexSet;

namespace {

/// Whether a value is g in f64 but for its sign, g being in a format whose numbers have squares in f64.
bool isWideGradient(Value value) {
  bool isWidened = false;
  while (Operation *op = value.getDefiningOp()) {
    if (isa<GradientOp>(op))
      return isWidened;
    if (!isa<WidenOp, NegOp, AbsOp>(op))
      return false;
    isWidened |= isa<WidenOp>(op);
    value = op->getOperand(0);
  }
  return false;
}

/// Whether a value is g² or |g| for each element: at least 0, and infinite or NaN exactly where g is.
bool isMagnitudeOfGradient(Value value) {
  if (auto product = value.getDefiningOp<MulOp>())
    return product.getLhs() == product.getRhs() && isWideGradient(product.getLhs());
  Value operand = value;
  if (auto widened = value.getDefiningOp<WidenOp>())
    operand = widened.getOperand();
  return operand.getDefiningOp<AbsOp>() && isWideGradient(value);
}

bool tellsOfGradient(ReduceOp op) {
  return op.getType().getSet() == IndexSet::Model && !op.getUnder() && op.getKind() != ReductionKind::Min &&
         isMagnitudeOfGradient(op.getOperand());
}

struct GuardGradients : ravine::impl::GuardGradientsBase<GuardGradients> {
  void runOnOperation() override {
    OptimizerOp optimizer = getOperation();
    if (optimizer.getNonfinite() == NonFinite::Propagate)
      return;
    Block &body = optimizer.getStep().getBody().front();
    auto known = llvm::find_if(body.getOps<ReduceOp>(), tellsOfGradient);
    // Nothing that a form in f64 folds anyway tells of gradients, and both forms of a rule ask for the same number.
    bool isKnown = known != body.getOps<ReduceOp>().end() && !optimizer.getWideAttr();
    OpBuilder builder = OpBuilder::atBlockEnd(&body);
    ReduceOp culprit = isKnown ? *known : sumOfZeros(builder, body);
    Value isInfinite = isNotFinite(builder, culprit);
    auto others = llvm::to_vector(body.getOps<SkipOp>());
    if (optimizer.getNonfinite() == NonFinite::Error)
      SkipOp::create(builder, culprit.getLoc(), isInfinite, culprit, /*refuse=*/true);
    else
      SkipOp::create(builder, culprit.getLoc(), isInfinite, Value(), /*refuse=*/false);
    standAfterNewSkip(body, others);
  }

  /// Whether a number, which is nowhere less than 0, is +inf or NaN.
  static Value isNotFinite(OpBuilder &builder, ReduceOp number) {
    Location location = number.getLoc();
    auto truth = FieldType::get(builder.getContext(), builder.getI1Type(), IndexSet::Model);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    Value limit = ConstantOp::create(builder, location, number.getType(), builder.getF64FloatAttr(infinity));
    Value isFinite = CompareOp::create(builder, location, truth, Comparison::Less, number, limit);
    return NotOp::create(builder, location, isFinite);
  }

  /// Nothing comes about where the skip at the end of the step ends it: the other skips and all that is defined stand
  /// after it.
  static void standAfterNewSkip(Block &body, ArrayRef<SkipOp> others) {
    for (SkipOp skip : others)
      skip->moveBefore(&body, body.end());
    for (Operation &op : body)
      if (auto update = dyn_cast<UpdateOp>(op))
        update.setSkipsBefore(update.getSkipsBefore() + 1);
      else if (auto next = dyn_cast<NextOp>(op))
        next.setSkipsBefore(next.getSkipsBefore() + 1);
  }

  /// The sum of 0·g over the model: 0, or NaN where an element of g is infinite or NaN.
  static ReduceOp sumOfZeros(OpBuilder &builder, Block &body) {
    Location location = body.getParentOp()->getLoc();
    auto field = [&](IndexSet set) { return FieldType::get(builder.getContext(), builder.getF64Type(), set); };
    FieldType wide = field(IndexSet::Element);
    Value g = gradient(builder, body);
    if (g.getType() != wide)
      g = WidenOp::create(builder, location, wide, g);
    Value zero = ConstantOp::create(builder, location, wide, builder.getF64FloatAttr(0));
    Value product = MulOp::create(builder, location, wide, g, zero);
    return ReduceOp::create(builder, location, field(IndexSet::Model), ReductionKind::Sum, product,
                            /*under=*/ArrayAttr());
  }

  /// g, which a rule that does not use it is made to read. It has the type of w, which every step of a rule updates.
  static Value gradient(OpBuilder &builder, Block &body) {
    auto known = body.getOps<GradientOp>();
    if (!known.empty())
      return *known.begin();
    auto updates = body.getOps<UpdateOp>();
    Type type = updates.empty() ? FieldType::get(builder.getContext(), builder.getF32Type(), IndexSet::Element)
                                : (*updates.begin()).getValue().getType();
    return GradientOp::create(builder, body.getParentOp()->getLoc(), type);
  }
};

} // namespace
