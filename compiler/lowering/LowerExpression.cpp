// Lowering of one expression tree: each node becomes the operation of the same meaning, with explicit broadcasts where
// operands vary over different index sets.
#include "compiler/lowering/LowerExpression.h"

#include "compiler/frontend/Frontend.h"

#include <numbers>
#include <numeric>

using namespace mlir;
using namespace ravine;
using ast::IndexSet;

ArrayAttr ravine::symbolList(Builder builder, ArrayRef<std::string> symbols) {
  if (symbols.empty())
    return {};
  return builder.getArrayAttr(llvm::map_to_vector(symbols, [&](const std::string &symbol) -> Attribute {
    return FlatSymbolRefAttr::get(builder.getContext(), symbol);
  }));
}

ir::FieldType ExpressionLowering::fieldType(ast::ValueKind kind, IndexSet set) const {
  Type number = computeType;
  if (kind == ast::ValueKind::Bool)
    number = builder.getI1Type();
  else if (set != IndexSet::Element)
    number = builder.getF64Type();
  return ir::FieldType::get(builder.getContext(), number, set);
}

Location ExpressionLowering::location(SourceSpan span) const {
  LineColumn place = sources.position(span.file, span.begin);
  return FileLineColLoc::get(builder.getContext(), sources.name(span.file), place.line, place.column);
}

Value ExpressionLowering::lower(const ast::Expr &expression) {
  if (const CreationCondition *condition = conditions ? conditions->equalTo(expression) : nullptr)
    return exists(expression, *condition);
  return std::visit([&](const auto &node) { return lowerNode(expression, node); }, expression.node);
}

Value ExpressionLowering::lower(const ast::Expr &expression, IndexSet set) {
  return broadcast(lower(expression), set);
}

Value ExpressionLowering::broadcast(Value value, IndexSet set) {
  auto type = cast<ir::FieldType>(value.getType());
  if (type.getSet() == set)
    return value;
  ast::ValueKind kind = type.isBoolean() ? ast::ValueKind::Bool : ast::ValueKind::Real;
  return ir::BroadcastOp::create(builder, value.getLoc(), fieldType(kind, set), value);
}

// ---- what is decided at creation

Value ExpressionLowering::exists(const ast::Expr &expression, const CreationCondition &condition) {
  return create<ir::ExistsOp>(expression, fieldType(ast::ValueKind::Bool, condition.set), StringRef(condition.symbol));
}

Value ExpressionLowering::lowerCondition(const ast::Expr &choice, const ast::Expr &condition) {
  IndexSet set = choice.type.set;
  const CreationCondition *known = conditions ? conditions->deciding(choice, condition) : nullptr;
  return known && refines(set, known->set) ? broadcast(exists(condition, *known), set) : lower(condition, set);
}

Value ExpressionLowering::lowerDeclared(const ast::Expr &expression, const ast::ConditionDecl &declaration) {
  if (conditions && conditions->of(declaration).set == expression.type.set)
    return exists(expression, conditions->of(declaration));
  return lower(*declaration.condition, expression.type.set);
}

// ---- leaves

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Number &number) {
  return create<ir::ConstantOp>(expression, fieldType(ast::ValueKind::Real, IndexSet::Model),
                                builder.getF64FloatAttr(number.value));
}

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Boolean &boolean) {
  return create<ir::ConstantOp>(expression, fieldType(ast::ValueKind::Bool, IndexSet::Model),
                                builder.getBoolAttr(boolean.value));
}

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Name &name) {
  if (name.isPrimed)
    return lowerPrimed(expression, name);
  if (const auto *predefined = std::get_if<ast::Predefined>(&name.symbol))
    return lowerPredefined(expression, *predefined);
  if (const auto *declaration = std::get_if<const ast::ConditionDecl *>(&name.symbol))
    return lowerDeclared(expression, **declaration);
  Type type = fieldType(expression.type.kind, expression.type.set);
  if (const auto *hyper = std::get_if<const ast::HyperDecl *>(&name.symbol))
    return create<ir::HyperValueOp>(expression, type, StringRef((*hyper)->name));
  if (const auto *state = std::get_if<const ast::StateDecl *>(&name.symbol))
    return create<ir::CurrentOp>(expression, type, StringRef((*state)->name));
  if (const auto *choice = std::get_if<ast::EnumChoice>(&name.symbol))
    return create<ir::ConstantOp>(expression, fieldType(ast::ValueKind::Real, IndexSet::Model),
                                  builder.getF64FloatAttr(choice->index));
  const auto *let = std::get<const ast::LetDecl *>(name.symbol);
  if (auto known = lets.find(let); known != lets.end())
    return known->second;
  Value value = lower(*let->value);
  return lets[let] = value;
}

Value ExpressionLowering::clock(const ast::Expr &expression, ir::ClockKind kind) {
  return create<ir::ClockOp>(expression, fieldType(ast::ValueKind::Real, expression.type.set), kind);
}

Value ExpressionLowering::lowerPredefined(const ast::Expr &expression, ast::Predefined predefined) {
  Type type = fieldType(expression.type.kind, expression.type.set);
  switch (predefined) {
  case ast::Predefined::Parameter:
    return create<ir::ParameterOp>(expression, type);
  case ast::Predefined::Gradient:
    return create<ir::GradientOp>(expression, type);
  case ast::Predefined::T:
    return clock(expression, ir::ClockKind::T);
  case ast::Predefined::Step:
    return clock(expression, ir::ClockKind::Step);
  case ast::Predefined::Size:
    return clock(expression, ir::ClockKind::Size);
  case ast::Predefined::Rank:
    return clock(expression, ir::ClockKind::Rank);
  case ast::Predefined::Rows:
    return clock(expression, ir::ClockKind::Rows);
  case ast::Predefined::Cols:
    return clock(expression, ir::ClockKind::Cols);
  case ast::Predefined::Channels:
    return clock(expression, ir::ClockKind::Channels);
  case ast::Predefined::Matrix: {
    Value rank = clock(expression, ir::ClockKind::Rank);
    return create<ir::CompareOp>(expression, type, ir::Comparison::GreaterEqual, rank,
                                 constant(expression, 2, expression.type.set));
  }
  case ast::Predefined::Pi:
    return create<ir::ConstantOp>(expression, type, builder.getF64FloatAttr(std::numbers::pi));
  }
  llvm_unreachable("every predefined name is listed");
}

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Match &match) {
  Type type = fieldType(ast::ValueKind::Bool, IndexSet::Tensor);
  Value matches;
  for (const std::string &pattern : match.patterns) {
    Value one = create<ir::MatchesOp>(expression, type, match.isOfGroup, StringRef(pattern));
    matches = matches ? create<ir::OrOp>(expression, matches, one) : one;
  }
  return matches;
}

Value ExpressionLowering::lowerPrimed(const ast::Expr &expression, const ast::Name &name) {
  if (equationOf.empty())
    for (const ast::Equation &equation : optimizer.equations)
      equationOf[equation.target] = &equation;
  auto equation = equationOf.find(name.text);
  if (equation == equationOf.end()) {
    // No equation defines it, so it keeps its value.
    ast::Name current{name.text, false, name.symbol};
    return lowerNode(expression, current);
  }
  if (auto known = nextValues.find(name.text); known != nextValues.end())
    return known->second;
  Value value = lower(*equation->second->value, expression.type.set);
  return nextValues[name.text] = value;
}

// ---- operations

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Unary &unary) {
  Value operand = lower(*unary.operand);
  if (unary.op == ast::UnaryOp::Not)
    return create<ir::NotOp>(expression, operand);
  return create<ir::NegOp>(expression, operand);
}

static std::optional<ir::Comparison> comparison(ast::BinaryOp op) {
  switch (op) {
  case ast::BinaryOp::Less:
    return ir::Comparison::Less;
  case ast::BinaryOp::LessEqual:
    return ir::Comparison::LessEqual;
  case ast::BinaryOp::Greater:
    return ir::Comparison::Greater;
  case ast::BinaryOp::GreaterEqual:
    return ir::Comparison::GreaterEqual;
  case ast::BinaryOp::Equal:
    return ir::Comparison::Equal;
  case ast::BinaryOp::NotEqual:
    return ir::Comparison::NotEqual;
  default:
    return std::nullopt;
  }
}

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Binary &binary) {
  IndexSet set = join(binary.left->type.set, binary.right->type.set);
  Value left = lower(*binary.left, set), right = lower(*binary.right, set);
  if (std::optional<ir::Comparison> relation = comparison(binary.op)) {
    if (!cast<ir::FieldType>(left.getType()).isBoolean())
      return create<ir::CompareOp>(expression, fieldType(ast::ValueKind::Bool, set), *relation, left, right);
    // Truth values are compared for equality only: a == b is (a and b) or (not a and not b).
    Value both = create<ir::AndOp>(expression, left, right);
    Value either = create<ir::OrOp>(expression, left, right);
    Value equal = create<ir::OrOp>(expression, both, create<ir::NotOp>(expression, either));
    return *relation == ir::Comparison::Equal ? equal : create<ir::NotOp>(expression, equal);
  }
  switch (binary.op) {
  case ast::BinaryOp::Add:
    return create<ir::AddOp>(expression, left, right);
  case ast::BinaryOp::Subtract:
    return create<ir::SubOp>(expression, left, right);
  case ast::BinaryOp::Multiply:
    return create<ir::MulOp>(expression, left, right);
  case ast::BinaryOp::Divide:
    return create<ir::DivOp>(expression, left, right);
  case ast::BinaryOp::Power:
    return create<ir::PowOp>(expression, left, right);
  case ast::BinaryOp::And:
    return create<ir::AndOp>(expression, left, right);
  case ast::BinaryOp::Or:
    return create<ir::OrOp>(expression, left, right);
  default:
    llvm_unreachable("comparisons are handled above");
  }
}

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::If &conditional) {
  IndexSet set = expression.type.set;
  Value condition = lowerCondition(expression, *conditional.condition);
  Value thenValue = lower(*conditional.thenValue, set), elseValue = lower(*conditional.elseValue, set);
  return create<ir::SelectOp>(expression, condition, thenValue, elseValue);
}

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Case &choice) {
  IndexSet set = expression.type.set;
  Value condition = lowerCondition(expression, *choice.condition);
  Value thenValue = lower(*choice.thenValue, set), elseValue = lower(*choice.elseValue, set);
  return create<ir::SelectOp>(expression, condition, thenValue, elseValue);
}

Value ExpressionLowering::lowerNode(const ast::Expr &, const ast::Block &block) {
  return lower(*block.value);
}

Value ExpressionLowering::lowerNode(const ast::Expr &, const ast::Then &) {
  llvm_unreachable("elaboration has written schedules out");
}

Value ExpressionLowering::lowerNode(const ast::Expr &expression, const ast::Call &call) {
  SmallVector<Value> operands;
  for (const ast::ExprPtr &argument : call.arguments)
    operands.push_back(lower(*argument, expression.type.set));
  Value x = operands.front();
  auto fold = [&](auto combine) { return std::accumulate(operands.begin() + 1, operands.end(), x, combine); };
  switch (*call.function) {
  case ast::Function::Min:
    return fold([&](Value left, Value right) { return create<ir::MinOp>(expression, left, right); });
  case ast::Function::Max:
    return fold([&](Value left, Value right) { return create<ir::MaxOp>(expression, left, right); });
  case ast::Function::Clamp:
    return create<ir::MinOp>(expression, create<ir::MaxOp>(expression, x, operands[1]), operands[2]);
#define UNARY(name)                                                                                                    \
  case ast::Function::name:                                                                                            \
    return create<ir::name##Op>(expression, x);
    UNARY(Abs)
    UNARY(Sign)
    UNARY(Sqrt)
    UNARY(Exp)
    UNARY(Log)
    UNARY(Log1p)
    UNARY(Expm1)
    UNARY(Sin)
    UNARY(Cos)
    UNARY(Tan)
    UNARY(Asin)
    UNARY(Acos)
    UNARY(Atan)
    UNARY(Sinh)
    UNARY(Cosh)
    UNARY(Tanh)
    UNARY(Erf)
    UNARY(Floor)
    UNARY(Ceil)
    UNARY(Round)
#undef UNARY
  }
  llvm_unreachable("every function is listed");
}
