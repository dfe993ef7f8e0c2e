// Lowering of reductions: what is folded is widened to f64, and the norms and means are made of sums.
#include "compiler/lowering/LowerExpression.h"

using namespace mlir;
using namespace ravine;
using ast::IndexSet;
using ast::ReductionKind;

Value ExpressionLowering::constant(const ast::Expr &expression, double value, IndexSet set) {
  Value number = create<ir::ConstantOp>(expression, fieldType(ast::ValueKind::Real, IndexSet::Model),
                                        builder.getF64FloatAttr(value));
  return broadcast(number, set);
}

Value ExpressionLowering::widened(const ast::Expr &value) {
  Value elements = lower(value, IndexSet::Element);
  return widened(value, elements);
}

Value ExpressionLowering::widened(const ast::Expr &place, Value elements) {
  auto wide = ir::FieldType::get(builder.getContext(), builder.getF64Type(), ir::IndexSet::Element);
  return elements.getType() == wide ? elements : create<ir::WidenOp>(place, wide, elements);
}

Value ExpressionLowering::counted(const ast::Expr &condition, bool truth) {
  Value holds = lower(condition, IndexSet::Element);
  Value one = constant(condition, truth ? 1 : 0, IndexSet::Element);
  Value other = constant(condition, truth ? 0 : 1, IndexSet::Element);
  return widened(condition, create<ir::SelectOp>(condition, holds, one, other));
}

ArrayAttr ExpressionLowering::casesUnder(const ast::Reduction &reduction) const {
  return reduction.under.empty() ? ArrayAttr() : symbolList(builder, conditions->symbolsUnder(reduction));
}

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Reduction &reduction) {
  IndexSet set = *reduction.set;
  const ast::Expr &first = *reduction.arguments.front();
  Type number = fieldType(ast::ValueKind::Real, set), truth = fieldType(ast::ValueKind::Bool, set);
  ArrayAttr under = casesUnder(reduction);
  auto fold = [&](ir::ReductionKind kind, Value elements) {
    return create<ir::ReduceOp>(expression, number, kind, elements, under);
  };
  auto sum = [&](Value elements) { return fold(ir::ReductionKind::Sum, elements); };
  auto compareToZero = [&](ir::Comparison comparison, Value count) {
    return create<ir::CompareOp>(expression, truth, comparison, count, constant(expression, 0, set));
  };
  switch (reduction.kind) {
  case ReductionKind::Sum:
    return sum(widened(first));
  case ReductionKind::Mean: {
    Value total = sum(widened(first));
    if (under) {
      auto wide = ir::FieldType::get(builder.getContext(), builder.getF64Type(), ir::IndexSet::Element);
      Value one = create<ir::ConstantOp>(expression, wide, builder.getF64FloatAttr(1));
      return create<ir::DivOp>(expression, total, sum(one));
    }
    auto kind = set == IndexSet::Model ? ir::ClockKind::ModelSize : ir::ClockKind::Size;
    return create<ir::DivOp>(expression, total, create<ir::ClockOp>(expression, number, kind));
  }
  case ReductionKind::Max:
    return fold(ir::ReductionKind::Max, widened(first));
  case ReductionKind::Min:
    return fold(ir::ReductionKind::Min, widened(first));
  case ReductionKind::Norm: {
    Value elements = widened(first);
    return create<ir::SqrtOp>(expression, sum(create<ir::MulOp>(expression, elements, elements)));
  }
  case ReductionKind::Norm1:
    return sum(create<ir::AbsOp>(expression, widened(first)));
  case ReductionKind::NormInf: {
    // The norm of nothing is 0.
    Value largest = fold(ir::ReductionKind::Max, create<ir::AbsOp>(expression, widened(first)));
    return create<ir::MaxOp>(expression, largest, constant(expression, 0, set));
  }
  case ReductionKind::Dot: {
    Value left = widened(first), right = widened(*reduction.arguments[1]);
    return sum(create<ir::MulOp>(expression, left, right));
  }
  case ReductionKind::Count:
    return sum(counted(first, true));
  case ReductionKind::Any:
    return compareToZero(ir::Comparison::Greater, sum(counted(first, true)));
  case ReductionKind::All:
    return compareToZero(ir::Comparison::Equal, sum(counted(first, false)));
  }
  llvm_unreachable("every reduction is listed");
}
