// Folders and canonicalizations of the ravine operations. Folds are exact: they give the same bits for every operand,
// NaN and signed zeros included. (x + 0 is not folded, for it turns −0 into +0, and neither is 0·x, which may be NaN.)
// One liberty is taken, the same that LLVM takes below: x·1, x/1, x − 0, x·(−1), the greater and the lesser of x and x
// or an infinity that decides nothing, and arithmetic on constants keep a subnormal that a kernel would read as zero.
// They fold before the interpreter looks, so it and compiled code still agree.
#include "dialect/ravine/Ravine.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/APFloat.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace ravine::ir;
using llvm::APFloat;

/// The number that a folded operand is known to be.
static std::optional<APFloat> number(Attribute attribute) {
  if (auto value = dyn_cast_if_present<FloatAttr>(attribute))
    return value.getValue();
  return std::nullopt;
}

static std::optional<bool> truth(Attribute attribute) {
  if (auto value = dyn_cast_if_present<BoolAttr>(attribute))
    return value.getValue();
  return std::nullopt;
}

static Attribute numberAttribute(Type field, const APFloat &value) {
  return FloatAttr::get(cast<FieldType>(field).getNumber(), value);
}

static bool isExactly(std::optional<APFloat> value, double expected) {
  return value && value->bitwiseIsEqual([&] {
    APFloat other(expected);
    bool losesInfo;
    other.convert(value->getSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    return other;
  }());
}

/// Evaluates an operation whose operands are all known.
template <typename Evaluate> static OpFoldResult foldUnary(Type type, Attribute operand, Evaluate &&evaluate) {
  std::optional<APFloat> x = number(operand);
  return x ? OpFoldResult(numberAttribute(type, evaluate(*x))) : OpFoldResult();
}

template <typename Evaluate>
static OpFoldResult foldBinary(Type type, Attribute lhs, Attribute rhs, Evaluate &&evaluate) {
  std::optional<APFloat> x = number(lhs), y = number(rhs);
  return x && y ? OpFoldResult(numberAttribute(type, evaluate(*x, *y))) : OpFoldResult();
}

// ---- arithmetic

OpFoldResult AddOp::fold(FoldAdaptor operands) {
  if (isExactly(number(operands.getRhs()), -0.0))
    return getLhs();
  return foldBinary(getType(), operands.getLhs(), operands.getRhs(), std::plus<APFloat>());
}

OpFoldResult SubOp::fold(FoldAdaptor operands) {
  if (isExactly(number(operands.getRhs()), 0.0))
    return getLhs();
  return foldBinary(getType(), operands.getLhs(), operands.getRhs(), std::minus<APFloat>());
}

LogicalResult MulOp::canonicalize(MulOp op, PatternRewriter &rewriter) {
  FloatAttr factor;
  if (!matchPattern(op.getRhs(), m_Constant(&factor)) || !isExactly(number(factor), -1.0))
    return failure();
  rewriter.replaceOpWithNewOp<NegOp>(op, op.getType(), op.getLhs());
  return success();
}

OpFoldResult MulOp::fold(FoldAdaptor operands) {
  if (isExactly(number(operands.getRhs()), 1.0))
    return getLhs();
  return foldBinary(getType(), operands.getLhs(), operands.getRhs(), std::multiplies<APFloat>());
}

OpFoldResult DivOp::fold(FoldAdaptor operands) {
  if (isExactly(number(operands.getRhs()), 1.0))
    return getLhs();
  return foldBinary(getType(), operands.getLhs(), operands.getRhs(), std::divides<APFloat>());
}

OpFoldResult MaxOp::fold(FoldAdaptor operands) {
  if (getLhs() == getRhs() || isExactly(number(operands.getRhs()), -std::numeric_limits<double>::infinity()))
    return getLhs();
  return foldBinary(getType(), operands.getLhs(), operands.getRhs(), llvm::maximum);
}

OpFoldResult MinOp::fold(FoldAdaptor operands) {
  if (getLhs() == getRhs() || isExactly(number(operands.getRhs()), std::numeric_limits<double>::infinity()))
    return getLhs();
  return foldBinary(getType(), operands.getLhs(), operands.getRhs(), llvm::minimum);
}

OpFoldResult NegOp::fold(FoldAdaptor operands) {
  if (auto inner = getOperand().getDefiningOp<NegOp>())
    return inner.getOperand();
  return foldUnary(getType(), operands.getOperand(), [](const APFloat &x) { return -x; });
}

OpFoldResult AbsOp::fold(FoldAdaptor operands) {
  if (getOperand().getDefiningOp<AbsOp>())
    return getOperand();
  return foldUnary(getType(), operands.getOperand(), [](const APFloat &x) { return abs(x); });
}

OpFoldResult SignOp::fold(FoldAdaptor operands) {
  return foldUnary(getType(), operands.getOperand(), [](const APFloat &x) {
    return x.isZero() || x.isNaN() ? x : APFloat::copySign(APFloat::getOne(x.getSemantics()), x);
  });
}

OpFoldResult SqrtOp::fold(FoldAdaptor operands) {
  // The square root of an f32, taken in f64 and rounded, is the correctly rounded one: 53 ≥ 2·24 + 2 bits.
  return foldUnary(getType(), operands.getOperand(), [](const APFloat &x) {
    APFloat root(std::sqrt(x.convertToDouble()));
    bool losesInfo;
    root.convert(x.getSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    return root;
  });
}

/// x to the power n ≥ 1 by repeated squaring, from the highest bit of n down.
static Value repeatedProduct(PatternRewriter &rewriter, Location location, Value x, unsigned n) {
  if (n == 1)
    return x;
  Value half = repeatedProduct(rewriter, location, x, n / 2);
  Value square = MulOp::create(rewriter, location, half, half);
  return n % 2 ? MulOp::create(rewriter, location, square, x).getResult() : square;
}

LogicalResult PowOp::canonicalize(PowOp op, PatternRewriter &rewriter) {
  constexpr double largestExponent = 4;
  FloatAttr exponent;
  if (!matchPattern(op.getRhs(), m_Constant(&exponent)))
    return failure();
  double n = exponent.getValueAsDouble();
  if (n != std::trunc(n) || std::abs(n) > largestExponent)
    return failure();
  auto one = [&] {
    return ConstantOp::create(rewriter, op.getLoc(), op.getType(), FloatAttr::get(op.getType().getNumber(), 1.0));
  };
  if (n == 0) {
    rewriter.replaceOp(op, one());
    return success();
  }
  Value base = op.getLhs();
  if (n < 0)
    base = DivOp::create(rewriter, op.getLoc(), one(), base);
  rewriter.replaceOp(op, repeatedProduct(rewriter, op.getLoc(), base, static_cast<unsigned>(std::abs(n))));
  return success();
}

// ---- truth values and choice

static bool holds(Comparison comparison, const APFloat &x, const APFloat &y) {
  switch (comparison) {
  case Comparison::Less:
    return x < y;
  case Comparison::LessEqual:
    return x <= y;
  case Comparison::Greater:
    return x > y;
  case Comparison::GreaterEqual:
    return x >= y;
  case Comparison::Equal:
    return x == y;
  case Comparison::NotEqual:
    return x != y;
  }
  llvm_unreachable("every comparison is listed");
}

OpFoldResult CompareOp::fold(FoldAdaptor operands) {
  std::optional<APFloat> x = number(operands.getLhs()), y = number(operands.getRhs());
  if (!x || !y)
    return {};
  return BoolAttr::get(getContext(), holds(getComparison(), *x, *y));
}

OpFoldResult AndOp::fold(FoldAdaptor operands) {
  for (auto [known, other] :
       {std::pair(truth(operands.getLhs()), getRhs()), std::pair(truth(operands.getRhs()), getLhs())})
    if (known)
      return *known ? OpFoldResult(other) : OpFoldResult(BoolAttr::get(getContext(), false));
  return getLhs() == getRhs() ? OpFoldResult(getLhs()) : OpFoldResult();
}

OpFoldResult OrOp::fold(FoldAdaptor operands) {
  for (auto [known, other] :
       {std::pair(truth(operands.getLhs()), getRhs()), std::pair(truth(operands.getRhs()), getLhs())})
    if (known)
      return *known ? OpFoldResult(BoolAttr::get(getContext(), true)) : OpFoldResult(other);
  return getLhs() == getRhs() ? OpFoldResult(getLhs()) : OpFoldResult();
}

OpFoldResult NotOp::fold(FoldAdaptor operands) {
  if (auto inner = getOperand().getDefiningOp<NotOp>())
    return inner.getOperand();
  if (std::optional<bool> known = truth(operands.getOperand()))
    return BoolAttr::get(getContext(), !*known);
  return {};
}

OpFoldResult SelectOp::fold(FoldAdaptor operands) {
  if (std::optional<bool> known = truth(operands.getCondition()))
    return *known ? getTrueValue() : getFalseValue();
  return getTrueValue() == getFalseValue() ? OpFoldResult(getTrueValue()) : OpFoldResult();
}

// ---- constants and conversions

OpFoldResult ConstantOp::fold(FoldAdaptor) {
  return getValue();
}

/// A number in the format of a field, rounded to nearest where that format is the narrower one.
static Attribute convertedAttribute(Type field, APFloat value) {
  bool losesInfo;
  auto format = cast<FloatType>(cast<FieldType>(field).getNumber());
  value.convert(format.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
  return numberAttribute(field, value);
}

OpFoldResult BroadcastOp::fold(FoldAdaptor operands) {
  auto type = cast<FieldType>(getResult().getType());
  if (std::optional<APFloat> value = number(operands.getOperand()))
    return convertedAttribute(type, *value);
  if (std::optional<bool> value = truth(operands.getOperand()))
    return BoolAttr::get(getContext(), *value);
  // On the way to something coarser than elements nothing is rounded.
  if (auto inner = getOperand().getDefiningOp<BroadcastOp>()) {
    getOperandMutable().assign(inner.getOperand());
    return getResult();
  }
  return {};
}

OpFoldResult WidenOp::fold(FoldAdaptor operands) {
  std::optional<APFloat> value = number(operands.getOperand());
  return value ? OpFoldResult(convertedAttribute(getType(), *value)) : OpFoldResult();
}
