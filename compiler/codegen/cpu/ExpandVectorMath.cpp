// The pass ravine-expand-vector-math: one pattern per operation of the math dialect.
#include "compiler/codegen/cpu/Passes.h"
#include "compiler/codegen/cpu/VectorMathFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace ravine {
#define GEN_PASS_DEF_EXPANDVECTORMATH
#include "compiler/codegen/cpu/Passes.h.inc"
} // namespace ravine

using namespace mlir;

namespace ravine {
namespace {

using namespace vector_math;

/// The type as one this pass computes on: one-dimensional, of fixed width, of f32 or f64.
VectorType computedType(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || vector.getRank() != 1 || vector.isScalable() ||
      !(vector.getElementType().isF32() || vector.getElementType().isF64()))
    return nullptr;
  return vector;
}

/// Replaces Operation by `function` of its operands as lanes: f32 is extended to f64, computed there and rounded once.
template <typename Operation, auto function> struct Expand : OpRewritePattern<Operation> {
  using OpRewritePattern<Operation>::OpRewritePattern;

  LogicalResult matchAndRewrite(Operation operation, PatternRewriter &rewriter) const override {
    VectorType type = computedType(operation.getType());
    if (!type)
      return rewriter.notifyMatchFailure(operation, "not a one-dimensional vector of f32 or f64");
    VectorBuilder builder(rewriter, operation.getLoc(), type.getDimSize(0));
    const bool single = type.getElementType().isF32();

    auto widened = [&](Value operand) {
      if (single)
        operand = arith::ExtFOp::create(builder.operations(), builder.floatType(), operand);
      return builder.lanes(operand);
    };
    const Precision precision = single ? Precision::Single : Precision::Double;
    Value result;
    if constexpr (std::is_invocable_v<decltype(function), Lanes, Lanes, Precision>) {
      Lanes first = widened(operation->getOperand(0)), second = widened(operation->getOperand(1));
      result = function(first, second, precision).value;
    } else {
      result = function(widened(operation->getOperand(0)), precision).value;
    }
    if (single)
      result = arith::TruncFOp::create(builder.operations(), type, result);
    rewriter.replaceOp(operation, result);
    return success();
  }
};

template <typename... Operations> bool isAnyOf(Operation *operation) {
  return isa<Operations...>(operation);
}

constexpr auto isExpanded =
    isAnyOf<math::ExpOp, math::ExpM1Op, math::LogOp, math::Log1pOp, math::PowFOp, math::SinOp, math::CosOp, math::TanOp,
            math::AsinOp, math::AcosOp, math::AtanOp, math::SinhOp, math::CoshOp, math::TanhOp, math::ErfOp>;

struct ExpandVectorMath : ravine::impl::ExpandVectorMathBase<ExpandVectorMath> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<Expand<math::ExpOp, exponential>, Expand<math::ExpM1Op, exponentialMinusOne>,
            Expand<math::LogOp, logarithm>, Expand<math::Log1pOp, logarithmOfOnePlus>, Expand<math::PowFOp, power>,
            Expand<math::SinOp, sine>, Expand<math::CosOp, cosine>, Expand<math::TanOp, tangent>,
            Expand<math::AsinOp, arcSine>, Expand<math::AcosOp, arcCosine>, Expand<math::AtanOp, arcTangent>,
            Expand<math::SinhOp, hyperbolicSine>, Expand<math::CoshOp, hyperbolicCosine>,
            Expand<math::TanhOp, hyperbolicTangent>, Expand<math::ErfOp, errorFunction>>(context);
    patterns = FrozenRewritePatternSet(std::move(set));
    return success();
  }

  void runOnOperation() override {
    walkAndApplyPatterns(getOperation(), patterns);
    WalkResult remaining = getOperation()->walk([](Operation *operation) {
      if (!isExpanded(operation) || !isa<VectorType>(operation->getResult(0).getType()))
        return WalkResult::advance();
      operation->emitError(
          "expected a one-dimensional vector of f32 or f64 of fixed width: any other would become scalar "
          "library calls");
      return WalkResult::interrupt();
    });
    if (remaining.wasInterrupted())
      signalPassFailure();
  }

  FrozenRewritePatternSet patterns;
};

} // namespace

} // namespace ravine
