// Lowering of reductions: what is folded is widened to f64, and the norms and means are made of sums. Searches and
// rearrangements have operations of their own.
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

Value ExpressionLowering::widened(const ast::Expr &value, IndexSet folded) {
  return widened(value, lower(value, folded));
}

Value ExpressionLowering::widened(const ast::Expr &place, Value value) {
  auto type = cast<ir::FieldType>(value.getType());
  auto wide = ir::FieldType::get(builder.getContext(), builder.getF64Type(), type.getSet());
  return type == wide ? value : create<ir::WidenOp>(place, wide, value);
}

Value ExpressionLowering::counted(const ast::Expr &condition, bool truth, IndexSet folded) {
  Value holds = lower(condition, folded);
  Value one = constant(condition, truth ? 1 : 0, folded);
  Value other = constant(condition, truth ? 0 : 1, folded);
  return widened(condition, create<ir::SelectOp>(condition, holds, one, other));
}

ArrayAttr ExpressionLowering::casesUnder(const ast::Reduction &reduction) const {
  return reduction.under.empty() ? ArrayAttr() : symbolList(builder, conditions->symbolsUnder(reduction));
}

/// Over what the members vary that a reduction folds: elements where its argument is the same for all of them, as in
/// the `count[model](true)` of a branch.
static IndexSet foldedBy(const ast::Reduction &reduction) {
  IndexSet set = IndexSet::Model;
  for (const ast::ExprPtr &argument : reduction.arguments)
    set = join(set, argument->type.set);
  bool isFiner = set.kind >= IndexSet::Tensor && set != *reduction.set && refines(set, *reduction.set);
  return isFiner ? set : IndexSet::Element;
}

Value ExpressionLowering::fold(const ast::Expr &expression, ir::ReductionKind kind, Value members) {
  const auto &reduction = *expression.as<ast::Reduction>();
  return create<ir::ReduceOp>(expression, fieldType(ast::ValueKind::Real, *reduction.set), kind, members,
                              casesUnder(reduction));
}

Value ExpressionLowering::sum(const ast::Expr &expression, Value members) {
  return fold(expression, ir::ReductionKind::Sum, members);
}

// ---- means

Value ExpressionLowering::memberCountOfShape(const ast::Expr &expression, IndexSet folded) {
  IndexSet set = *expression.as<ast::Reduction>()->set;
  auto read = [&](ir::ClockKind kind) {
    IndexSet of = kind == ir::ClockKind::ModelSize ? IndexSet::Model : IndexSet::Tensor;
    return create<ir::ClockOp>(expression, fieldType(ast::ValueKind::Real, of), kind);
  };
  auto forEachChannel = [&](ir::ClockKind kind) {
    Value all = read(kind), channels = read(ir::ClockKind::Channels);
    return create<ir::DivOp>(expression, all, channels);
  };
  if (folded == IndexSet::Element) {
    switch (set.kind) {
    case IndexSet::Model:
      return read(ir::ClockKind::ModelSize);
    case IndexSet::Tensor:
      return read(ir::ClockKind::Size);
    case IndexSet::Row:
      return read(ir::ClockKind::Cols);
    case IndexSet::Col:
      return read(ir::ClockKind::Rows);
    case IndexSet::Channel:
      return forEachChannel(ir::ClockKind::Size);
    default:
      return {};
    }
  }
  if (folded == IndexSet::Col && set == IndexSet::Channel)
    return forEachChannel(ir::ClockKind::Cols);
  if (set != IndexSet::Tensor)
    return {};
  switch (folded.kind) {
  case IndexSet::Row:
    return read(ir::ClockKind::Rows);
  case IndexSet::Col:
    return read(ir::ClockKind::Cols);
  case IndexSet::Channel:
    return read(ir::ClockKind::Channels);
  default:
    return {};
  }
}

Value ExpressionLowering::memberCount(const ast::Expr &expression, IndexSet folded) {
  const auto &reduction = *expression.as<ast::Reduction>();
  Value known = reduction.under.empty() ? memberCountOfShape(expression, folded) : Value();
  if (known)
    return broadcast(known, *reduction.set);
  auto wide = ir::FieldType::get(builder.getContext(), builder.getF64Type(), folded);
  return sum(expression, create<ir::ConstantOp>(expression, wide, builder.getF64FloatAttr(1)));
}

// ---- searches and rearrangements

Value ExpressionLowering::search(const ast::Expr &expression, ir::SearchKind kind) {
  const auto &reduction = *expression.as<ast::Reduction>();
  Value elements = lower(*reduction.arguments[0], IndexSet::Element), argument = lower(*reduction.arguments[1]);
  return create<ir::SearchOp>(expression, fieldType(ast::ValueKind::Real, *reduction.set), kind, elements, argument,
                              casesUnder(reduction));
}

Value ExpressionLowering::rearrangement(const ast::Expr &expression, ir::RearrangementKind kind) {
  const auto &reduction = *expression.as<ast::Reduction>();
  Value elements = lower(*reduction.arguments[0], IndexSet::Element);
  Value argument =
      reduction.arguments.size() > 1 ? lower(*reduction.arguments[1]) : constant(expression, 0, IndexSet::Model);
  return create<ir::RearrangeOp>(expression, elements.getType(), kind, elements, argument,
                                 ir::IndexSetAttr::get(builder.getContext(), *reduction.set), casesUnder(reduction));
}

// ---- all of them

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Reduction &reduction) {
  IndexSet set = *reduction.set, folded = foldedBy(reduction);
  const ast::Expr &first = *reduction.arguments.front();
  auto compareToZero = [&](ir::Comparison comparison, Value number, IndexSet over) {
    return create<ir::CompareOp>(expression, fieldType(ast::ValueKind::Bool, over), comparison, number,
                                 constant(expression, 0, over));
  };
  switch (reduction.kind) {
  case ReductionKind::Sum:
    return sum(expression, widened(first, folded));
  case ReductionKind::Mean: {
    Value total = sum(expression, widened(first, folded));
    return create<ir::DivOp>(expression, total, memberCount(expression, folded));
  }
  case ReductionKind::Max:
    return fold(expression, ir::ReductionKind::Max, widened(first, folded));
  case ReductionKind::Min:
    return fold(expression, ir::ReductionKind::Min, widened(first, folded));
  case ReductionKind::Norm: {
    Value members = widened(first, folded);
    return create<ir::SqrtOp>(expression, sum(expression, create<ir::MulOp>(expression, members, members)));
  }
  case ReductionKind::Norm1:
    return sum(expression, create<ir::AbsOp>(expression, widened(first, folded)));
  case ReductionKind::NormInf: {
    // The norm of nothing is 0.
    Value magnitudes = create<ir::AbsOp>(expression, widened(first, folded));
    Value largest = fold(expression, ir::ReductionKind::Max, magnitudes);
    return create<ir::MaxOp>(expression, largest, constant(expression, 0, set));
  }
  case ReductionKind::Dot: {
    Value left = widened(first, folded), right = widened(*reduction.arguments[1], folded);
    return sum(expression, create<ir::MulOp>(expression, left, right));
  }
  case ReductionKind::Count:
    return sum(expression, counted(first, true, folded));
  case ReductionKind::Any:
    return compareToZero(ir::Comparison::Greater, sum(expression, counted(first, true, folded)), set);
  case ReductionKind::All:
    return compareToZero(ir::Comparison::Equal, sum(expression, counted(first, false, folded)), set);
  case ReductionKind::KthLargest:
    return search(expression, ir::SearchKind::KthLargest);
  case ReductionKind::Quantile:
    return search(expression, ir::SearchKind::Quantile);
  case ReductionKind::SimplexThreshold:
    return search(expression, ir::SearchKind::SimplexThreshold);
  case ReductionKind::Largest:
    return compareToZero(ir::Comparison::NotEqual, rearrangement(expression, ir::RearrangementKind::Largest),
                         IndexSet::Element);
  case ReductionKind::Difference:
    return rearrangement(expression, ir::RearrangementKind::Difference);
  case ReductionKind::TautString:
    return rearrangement(expression, ir::RearrangementKind::TautString);
  }
  llvm_unreachable("every reduction is listed");
}
