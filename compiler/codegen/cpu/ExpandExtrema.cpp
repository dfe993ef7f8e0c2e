// The pass ravine-expand-extrema: min and max with a number that is the same for all elements, in two instructions.
#include "compiler/codegen/cpu/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace ravine {
#define GEN_PASS_DEF_EXPANDEXTREMA
#include "compiler/codegen/cpu/Passes.h.inc"
} // namespace ravine

using namespace mlir;

namespace {

/// Of the operands of `operation`, the one that varies and the one that is spread over all lanes; null where it is not
/// one of each. What a constant allows to leave out, LLVM finds itself.
struct Operands {
  explicit Operands(Operation *operation) {
    for (Value operand : operation->getOperands())
      (operand.getDefiningOp<vector::BroadcastOp>() ? bound : value) = operand;
  }

  Value value, bound;
};

/// Writes `select(bound beyond value, bound, value)`, which is one instruction and right but for a NaN in the bound,
/// which gets lost, and for zeros, of which it keeps the sign of the value.
template <typename Operation, arith::CmpFPredicate isBeyond> struct ExpandExtremum : OpRewritePattern<Operation> {
  using OpRewritePattern<Operation>::OpRewritePattern;

  LogicalResult matchAndRewrite(Operation operation, PatternRewriter &rewriter) const override {
    Operands operands(operation);
    auto type = dyn_cast<VectorType>(operation.getType());
    if (!type || !operands.value || !operands.bound)
      return failure();
    ImplicitLocOpBuilder builder(operation.getLoc(), rewriter);
    Value isChosen = arith::CmpFOp::create(builder, isBeyond, operands.bound, operands.value);
    Value chosen = arith::SelectOp::create(builder, isChosen, operands.bound, operands.value);
    rewriter.replaceOp(operation, mended(builder, type, chosen, operands.bound));
    return success();
  }

private:
  /// The bound where it counts as 0 or is NaN, `neutral` elsewhere. Twice the bound is the same there, but for a
  /// subnormal number that counts as 0: it has none of its bits. The same in all rounds of a loop, and so taken out of
  /// it.
  static Value correction(ImplicitLocOpBuilder &builder, VectorType type, Value bound, double neutral) {
    auto splat = [&](double value) -> Value {
      return arith::ConstantOp::create(
          builder, SplatElementsAttr::get(type, builder.getFloatAttr(type.getElementType(), value)));
    };
    Value isPlain = arith::CmpFOp::create(builder, arith::CmpFPredicate::ONE, bound, splat(0.0));
    Value twice = arith::AddFOp::create(builder, bound, bound);
    return arith::SelectOp::create(builder, isPlain, splat(neutral), twice);
  }

  static Value mended(ImplicitLocOpBuilder &builder, VectorType type, Value chosen, Value bound) {
    // -0 + 0 is 0, what is at least 0 stays itself, and so does everything with -0 added to it.
    if constexpr (std::is_same_v<Operation, arith::MaximumFOp>)
      return arith::AddFOp::create(builder, chosen, correction(builder, type, bound, -0.0));
    // What is at most -0 has its sign bit set; a NaN's bits leave a NaN of any number.
    VectorType bits = VectorType::get(type.getShape(), builder.getIntegerType(type.getElementTypeBitWidth()));
    auto bitsOf = [&](Value value) { return arith::BitcastOp::create(builder, bits, value).getResult(); };
    Value either = arith::OrIOp::create(builder, bitsOf(chosen), bitsOf(correction(builder, type, bound, 0.0)));
    return arith::BitcastOp::create(builder, type, either);
  }
};

struct ExpandExtrema : ravine::impl::ExpandExtremaBase<ExpandExtrema> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<ExpandExtremum<arith::MaximumFOp, arith::CmpFPredicate::OGT>,
            ExpandExtremum<arith::MinimumFOp, arith::CmpFPredicate::OLT>>(context);
    patterns = FrozenRewritePatternSet(std::move(set));
    return success();
  }

  void runOnOperation() override { walkAndApplyPatterns(getOperation(), patterns); }

  FrozenRewritePatternSet patterns;
};

} // namespace
